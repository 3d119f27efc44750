tui_test_libs = libtui.a libbase.a $(NCURSES_LIBS) $(TEST_LIBS)

check_PROGRAMS += test_canvas test_keys test_steering test_title
test_canvas_SOURCES = tests/tui/test_canvas.c
test_canvas_LDADD = $(tui_test_libs)
test_keys_SOURCES = tests/tui/test_keys.c
test_keys_LDADD = $(tui_test_libs)
test_steering_SOURCES = tests/tui/test_steering.c
test_steering_LDADD = libtui.a libnn.a libbase.a $(OPENBLAS_LIBS) $(TEST_LIBS)
test_title_SOURCES = tests/tui/test_title.c
test_title_LDADD = $(tui_test_libs)
