# Tests of this part.
check_PROGRAMS += test_random
test_random_SOURCES = tests/base/test_random.c
test_random_LDADD = libbase.a $(TEST_LIBS)
