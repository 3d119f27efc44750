# Tests of this part.
base_test_libs = libbase.a $(TEST_LIBS)

check_PROGRAMS += \
	test_error \
	test_memory \
	test_partners \
	test_pool \
	test_random \
	test_utf8
test_error_SOURCES = tests/base/test_error.c
test_error_LDADD = $(base_test_libs)
test_memory_SOURCES = tests/base/test_memory.c
test_memory_LDADD = $(base_test_libs)
test_partners_SOURCES = tests/base/test_partners.c
test_partners_LDADD = $(base_test_libs)
test_pool_SOURCES = tests/base/test_pool.c
test_pool_LDADD = $(base_test_libs)
test_random_SOURCES = tests/base/test_random.c
test_random_LDADD = $(base_test_libs)
test_utf8_SOURCES = tests/base/test_utf8.c
test_utf8_LDADD = $(base_test_libs)
