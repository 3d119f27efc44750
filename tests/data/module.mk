# Tests of this part.
data_test_libs = libdata.a libbase.a $(ZLIB_LIBS) $(NETTLE_LIBS) $(TEST_LIBS)

check_PROGRAMS += test_dataset test_idx test_image test_split
test_dataset_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS) $(CMOCKA_CFLAGS)
test_dataset_SOURCES = tests/data/files.c tests/data/files.h tests/data/test_dataset.c
test_dataset_LDADD = $(data_test_libs)
test_idx_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS) $(CMOCKA_CFLAGS)
test_idx_SOURCES = tests/data/files.c tests/data/files.h tests/data/test_idx.c
test_idx_LDADD = $(data_test_libs)
test_image_CPPFLAGS = $(AM_CPPFLAGS) $(PNG_CFLAGS) $(ZLIB_CFLAGS) $(CMOCKA_CFLAGS)
test_image_SOURCES = tests/data/files.c tests/data/files.h tests/data/test_image.c
test_image_LDADD = libdata.a libbase.a $(PNG_LIBS) $(ZLIB_LIBS) $(NETTLE_LIBS) $(TEST_LIBS)
test_split_SOURCES = tests/data/test_split.c
test_split_LDADD = $(data_test_libs)
