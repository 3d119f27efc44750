# Tests of this part.
check_PROGRAMS += test_comm
test_comm_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_comm_SOURCES = tests/comm/crew.c tests/comm/crew.h tests/comm/test_comm.c
test_comm_LDADD = libcomm.a libbase.a $(TEST_LIBS)
