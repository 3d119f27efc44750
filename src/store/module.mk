# Runs and checkpoints that last.
noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS) $(SQLITE_CFLAGS) \
	$(ZLIB_CFLAGS)
libstore_a_SOURCES = \
	include/fmnist/store/checkpoint_file.h \
	include/fmnist/store/run.h \
	include/fmnist/store/run_recorder.h \
	include/fmnist/store/safetensors.h \
	include/fmnist/store/store.h \
	src/store/answers.c \
	src/store/answers.h \
	src/store/atomic_file.c \
	src/store/atomic_file.h \
	src/store/checkpoint_load.c \
	src/store/checkpoint_names.h \
	src/store/checkpoint_save.c \
	src/store/checkpoint_state.c \
	src/store/checkpoint_state.h \
	src/store/bytes.h \
	src/store/database.c \
	src/store/database.h \
	src/store/recorder_inbox.c \
	src/store/recorder_parts.h \
	src/store/recorder_rows.c \
	src/store/recorder_saves.c \
	src/store/recorder_writer.c \
	src/store/rows.c \
	src/store/rows.h \
	src/store/run_lock.c \
	src/store/run_lock.h \
	src/store/run_recorder.c \
	src/store/safetensors_format.c \
	src/store/safetensors_format.h \
	src/store/safetensors_header.c \
	src/store/safetensors_header.h \
	src/store/safetensors_read.c \
	src/store/safetensors_write.c \
	src/store/schema.c \
	src/store/schema.h \
	src/store/schema_tables.c \
	src/store/store.c \
	src/store/store_anatomy.c \
	src/store/store_anatomy.h \
	src/store/store_checkpoints.c \
	src/store/store_checkpoints.h \
	src/store/store_commands.c \
	src/store/store_commands.h \
	src/store/store_curves.c \
	src/store/store_curves.h \
	src/store/store_evaluations.c \
	src/store/store_evaluations.h \
	src/store/store_parts.h \
	src/store/store_past.c \
	src/store/store_remove.c \
	src/store/store_runs.c \
	src/store/store_runs.h
