noinst_LIBRARIES += libexport.a
libexport_a_CPPFLAGS = $(AM_CPPFLAGS) $(PNG_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS)
libexport_a_SOURCES = \
	src/export/buffer.c \
	src/export/buffer.h \
	src/export/crc32c.c \
	src/export/crc32c.h \
	src/export/confusion_json.c \
	src/export/confusion_json.h \
	src/export/csv.c \
	src/export/csv.h \
	src/export/event_file.c \
	src/export/event_file.h \
	src/export/folder.c \
	src/export/folder.h \
	src/export/formats.c \
	src/export/formats.h \
	src/export/html.c \
	src/export/html.h \
	src/export/html_chart.c \
	src/export/html_classes.c \
	src/export/html_gallery.c \
	src/export/html_head.c \
	src/export/html_parts.h \
	src/export/html_summary.c \
	src/export/html_tables.c \
	src/export/number.c \
	src/export/number.h \
	src/export/pictures.c \
	src/export/pictures.h \
	src/export/png.c \
	src/export/png.h \
	src/export/protobuf.c \
	src/export/protobuf.h \
	src/export/run.c \
	src/export/run.h \
	src/export/run_json.c \
	src/export/run_json.h \
	src/export/run_load.c \
	src/export/tensorboard.c \
	src/export/tensorboard.h
