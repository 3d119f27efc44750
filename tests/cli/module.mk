# Tests of this part.

check_PROGRAMS += test_manual
test_manual_SOURCES = tests/cli/test_manual.c
test_manual_LDADD = libtui.a libbase.a $(NCURSES_LIBS) $(TEST_LIBS)
