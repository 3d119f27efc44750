# Tests of this part.
export_test_libs = libexport.a libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a \
	$(SQLITE_LIBS) $(PNG_LIBS) $(JANSSON_LIBS) $(OPENBLAS_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) \
	$(TEST_LIBS)
EXTRA_DIST += tests/export/readers.py

check_PROGRAMS += test_crc32c test_formats test_short_memory
test_crc32c_SOURCES = tests/export/test_crc32c.c
test_crc32c_LDADD = libexport.a $(TEST_LIBS)
test_formats_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
test_formats_SOURCES = \
	tests/export/staged_run.c \
	tests/export/staged_run.h \
	tests/export/test_formats.c
test_formats_LDADD = $(export_test_libs)
test_short_memory_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/base
test_short_memory_SOURCES = \
	tests/base/allocations.c \
	tests/base/allocations.h \
	tests/export/staged_run.c \
	tests/export/staged_run.h \
	tests/export/test_short_memory.c
test_short_memory_LDADD = $(export_test_libs)
