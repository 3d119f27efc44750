# Tests of this part.
check_PROGRAMS += test_data
test_data_SOURCES = tests/data/test_data.c
test_data_LDADD = libdata.a libbase.a $(ZLIB_LIBS) $(NETTLE_LIBS) $(TEST_LIBS)
