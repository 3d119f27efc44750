# Tests of this part.
check_PROGRAMS += \
	test_comm \
	test_unite
test_comm_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_comm_SOURCES = tests/comm/crew.c tests/comm/crew.h tests/comm/test_comm.c
test_comm_LDADD = libcomm.a libbase.a $(TEST_LIBS)
test_unite_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unite_SOURCES = tests/comm/crew.c tests/comm/crew.h tests/comm/test_unite.c
test_unite_LDADD = libcomm.a libbase.a $(TEST_LIBS)
