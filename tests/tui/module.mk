tui_test_libs = libtui.a libnn.a libcomm.a libbase.a $(NCURSES_LIBS) $(TEST_LIBS)

# The screen on a staged run, for tests of what views draw.
check_LIBRARIES += libsession.a
libsession_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(CMOCKA_CFLAGS)
libsession_a_SOURCES = \
	tests/tui/session.c \
	tests/tui/session.h \
	tests/tui/staged.c \
	tests/tui/staged.h \
	tests/tui/staged_layers.c \
	tests/tui/staged_layers.h \
	tests/tui/stored.c \
	tests/tui/stored.h
session_libs = libsession.a libtui.a libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a $(NCURSES_LIBS) \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(PNG_LIBS) $(OPENBLAS_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) $(TEST_LIBS)

check_PROGRAMS += \
	test_canvas \
	test_chart \
	test_compare_view \
	test_editor \
	test_export \
	test_filter \
	test_frame \
	test_keeping \
	test_keys \
	test_live \
	test_matrix_view \
	test_mistakes_view \
	test_network_view \
	test_picture \
	test_print \
	test_rescue \
	test_run_table \
	test_runs_view \
	test_steering \
	test_title
test_canvas_SOURCES = tests/tui/test_canvas.c
test_canvas_LDADD = $(tui_test_libs)
test_chart_SOURCES = tests/tui/test_chart.c
test_chart_LDADD = $(session_libs)
test_compare_view_SOURCES = tests/tui/test_compare_view.c
test_compare_view_LDADD = $(session_libs)
test_editor_SOURCES = tests/tui/test_editor.c
test_editor_LDADD = $(session_libs)
test_export_CPPFLAGS = $(AM_CPPFLAGS) $(PNG_CFLAGS) $(CMOCKA_CFLAGS)
test_export_SOURCES = tests/tui/test_export.c
test_export_LDADD = $(session_libs)
test_filter_SOURCES = tests/tui/test_filter.c
test_filter_LDADD = $(session_libs)
test_frame_SOURCES = tests/tui/test_frame.c
test_frame_LDADD = $(session_libs)
test_keeping_SOURCES = tests/tui/test_keeping.c
test_keeping_LDADD = $(session_libs)
test_keys_SOURCES = tests/tui/test_keys.c
test_keys_LDADD = $(session_libs)
test_live_SOURCES = tests/tui/test_live.c
test_live_LDADD = $(session_libs)
test_matrix_view_SOURCES = tests/tui/test_matrix_view.c
test_matrix_view_LDADD = $(session_libs)
test_mistakes_view_SOURCES = tests/tui/test_mistakes_view.c
test_mistakes_view_LDADD = $(session_libs)
test_network_view_SOURCES = tests/tui/test_network_view.c
test_network_view_LDADD = $(session_libs)
test_picture_SOURCES = tests/tui/test_picture.c
test_picture_LDADD = $(session_libs)
test_run_table_SOURCES = tests/tui/test_run_table.c
test_run_table_LDADD = $(session_libs)
test_runs_view_SOURCES = tests/tui/test_runs_view.c
test_runs_view_LDADD = $(session_libs)
golden_screens = \
	tests/tui/golden/ascii-120x40.txt \
	tests/tui/golden/ascii-200x60.txt \
	tests/tui/golden/ascii-40x12.txt \
	tests/tui/golden/ascii-80x24.txt \
	tests/tui/golden/close-ascii-80x24.txt \
	tests/tui/golden/close-utf8-40x12.txt \
	tests/tui/golden/close-utf8-80x24.txt \
	tests/tui/golden/compare-ascii-120x40.txt \
	tests/tui/golden/compare-ascii-200x60.txt \
	tests/tui/golden/compare-ascii-40x12.txt \
	tests/tui/golden/compare-ascii-80x24.txt \
	tests/tui/golden/compare-small-accuracy-40x12.txt \
	tests/tui/golden/compare-small-agreement-40x12.txt \
	tests/tui/golden/compare-small-figures-40x12.txt \
	tests/tui/golden/compare-small-images-40x12.txt \
	tests/tui/golden/compare-small-loss-40x12.txt \
	tests/tui/golden/compare-utf8-120x40.txt \
	tests/tui/golden/compare-utf8-200x60.txt \
	tests/tui/golden/compare-utf8-40x12.txt \
	tests/tui/golden/compare-utf8-80x24.txt \
	tests/tui/golden/colors-live-ascii.txt \
	tests/tui/golden/colors-live-utf8.txt \
	tests/tui/golden/colors-matrix-ascii.txt \
	tests/tui/golden/colors-matrix-utf8.txt \
	tests/tui/golden/colors-mistakes-ascii.txt \
	tests/tui/golden/colors-mistakes-utf8.txt \
	tests/tui/golden/colors-compare-ascii.txt \
	tests/tui/golden/colors-compare-utf8.txt \
	tests/tui/golden/colors-network-ascii.txt \
	tests/tui/golden/colors-network-utf8.txt \
	tests/tui/golden/early-80x24.txt \
	tests/tui/golden/layer-ascii-120x40.txt \
	tests/tui/golden/layer-ascii-200x60.txt \
	tests/tui/golden/layer-ascii-40x12.txt \
	tests/tui/golden/layer-ascii-80x24.txt \
	tests/tui/golden/layer-first-80x24.txt \
	tests/tui/golden/layer-maps-80x24.txt \
	tests/tui/golden/layer-plain-120x40.txt \
	tests/tui/golden/layer-plain-200x60.txt \
	tests/tui/golden/layer-plain-40x12.txt \
	tests/tui/golden/layer-plain-80x24.txt \
	tests/tui/golden/loading-80x24.txt \
	tests/tui/golden/matrix-ascii-40x12.txt \
	tests/tui/golden/matrix-ascii-80x24.txt \
	tests/tui/golden/matrix-utf8-120x40.txt \
	tests/tui/golden/matrix-utf8-200x60.txt \
	tests/tui/golden/matrix-utf8-40x12.txt \
	tests/tui/golden/matrix-utf8-80x24.txt \
	tests/tui/golden/mistakes-ascii-120x40.txt \
	tests/tui/golden/mistakes-ascii-80x24.txt \
	tests/tui/golden/mistakes-filter-80x24.txt \
	tests/tui/golden/mistakes-fit-80x24.txt \
	tests/tui/golden/mistakes-fit-ascii-80x24.txt \
	tests/tui/golden/mistakes-inverted-80x24.txt \
	tests/tui/golden/mistakes-inverted-ascii-80x24.txt \
	tests/tui/golden/mistakes-large-80x24.txt \
	tests/tui/golden/mistakes-utf8-plain-120x40.txt \
	tests/tui/golden/mistakes-utf8-plain-200x60.txt \
	tests/tui/golden/mistakes-utf8-plain-40x12.txt \
	tests/tui/golden/mistakes-utf8-plain-80x24.txt \
	tests/tui/golden/network-ascii-120x40.txt \
	tests/tui/golden/network-ascii-200x60.txt \
	tests/tui/golden/network-ascii-40x12.txt \
	tests/tui/golden/network-ascii-80x24.txt \
	tests/tui/golden/network-lenet-40x12.txt \
	tests/tui/golden/network-lenet-80x24.txt \
	tests/tui/golden/network-utf8-120x40.txt \
	tests/tui/golden/network-utf8-200x60.txt \
	tests/tui/golden/network-utf8-40x12.txt \
	tests/tui/golden/network-utf8-80x24.txt \
	tests/tui/golden/screens-ascii-120x40.txt \
	tests/tui/golden/screens-ascii-200x60.txt \
	tests/tui/golden/screens-ascii-40x12.txt \
	tests/tui/golden/screens-utf8-120x40.txt \
	tests/tui/golden/screens-utf8-200x60.txt \
	tests/tui/golden/screens-utf8-40x12.txt \
	tests/tui/golden/runs-ascii-120x40.txt \
	tests/tui/golden/runs-ascii-40x12.txt \
	tests/tui/golden/runs-ascii-80x24.txt \
	tests/tui/golden/runs-empty-80x24.txt \
	tests/tui/golden/runs-many-80x24.txt \
	tests/tui/golden/runs-marked-ascii-120x40.txt \
	tests/tui/golden/runs-marked-ascii-80x24.txt \
	tests/tui/golden/runs-marked-utf8-120x40.txt \
	tests/tui/golden/runs-marked-utf8-80x24.txt \
	tests/tui/golden/runs-one-80x24.txt \
	tests/tui/golden/runs-small-accuracy-40x12.txt \
	tests/tui/golden/runs-small-details-40x12.txt \
	tests/tui/golden/runs-small-list-40x12.txt \
	tests/tui/golden/runs-small-loss-40x12.txt \
	tests/tui/golden/runs-utf8-120x40.txt \
	tests/tui/golden/runs-utf8-200x60.txt \
	tests/tui/golden/runs-utf8-40x12.txt \
	tests/tui/golden/runs-utf8-80x24.txt \
	tests/tui/golden/small-accuracy-40x12.txt \
	tests/tui/golden/small-loss-40x12.txt \
	tests/tui/golden/small-matrix-40x12.txt \
	tests/tui/golden/small-mistakes-40x12.txt \
	tests/tui/golden/utf8-120x40.txt \
	tests/tui/golden/utf8-200x60.txt \
	tests/tui/golden/utf8-40x12.txt \
	tests/tui/golden/utf8-80x24.txt \
	tests/tui/golden/utf8-plain-120x40.txt \
	tests/tui/golden/utf8-plain-80x24.txt
EXTRA_DIST += $(golden_screens)
test_print_SOURCES = tests/tui/test_print.c
test_print_LDADD = $(tui_test_libs)
test_rescue_SOURCES = tests/tui/test_rescue.c
test_rescue_LDADD = $(tui_test_libs)
test_steering_SOURCES = tests/tui/test_steering.c
test_steering_LDADD = libtui.a libnn.a libcomm.a libbase.a $(NCURSES_LIBS) $(OPENBLAS_LIBS) $(TEST_LIBS)
test_title_SOURCES = tests/tui/test_title.c
test_title_LDADD = libtui.a libnn.a libcomm.a libbase.a $(NCURSES_LIBS) $(OPENBLAS_LIBS) $(TEST_LIBS)

# The real program in a terminal.
if HAVE_VTERM
check_LIBRARIES += libterminal.a
libterminal_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(VTERM_CFLAGS)
libterminal_a_SOURCES = \
	tests/tui/dashboard.c \
	tests/tui/dashboard.h \
	tests/tui/terminal.c \
	tests/tui/terminal.h
terminal_test_libs = libterminal.a libbase.a $(PNG_LIBS) $(VTERM_LIBS) $(TEST_LIBS)

check_PROGRAMS += \
	test_answers \
	test_colors \
	test_dashboard \
	test_ending \
	test_layers_shown \
	test_log \
	test_mouse \
	test_plain \
	test_preferences \
	test_storm \
	test_undisturbed \
	test_watch
test_watch_SOURCES = tests/tui/test_watch.c
test_watch_LDADD = libterminal.a $(session_libs) $(VTERM_LIBS)
test_undisturbed_SOURCES = tests/tui/test_undisturbed.c
test_undisturbed_LDADD = libterminal.a $(session_libs) $(VTERM_LIBS)
test_colors_SOURCES = tests/tui/test_colors.c
test_colors_LDADD = libterminal.a $(session_libs) $(VTERM_LIBS)
test_log_SOURCES = tests/tui/test_log.c
test_log_LDADD = $(terminal_test_libs)
test_mouse_SOURCES = tests/tui/test_mouse.c
test_mouse_LDADD = $(terminal_test_libs)
test_plain_SOURCES = tests/tui/test_plain.c
test_plain_LDADD = $(terminal_test_libs)
test_preferences_SOURCES = tests/tui/test_preferences.c
test_preferences_LDADD = libterminal.a $(session_libs) $(VTERM_LIBS)
test_answers_SOURCES = tests/tui/test_answers.c
test_answers_LDADD = $(terminal_test_libs)
test_dashboard_CPPFLAGS = $(AM_CPPFLAGS) $(PNG_CFLAGS) $(CMOCKA_CFLAGS) $(VTERM_CFLAGS)
test_dashboard_SOURCES = tests/tui/test_dashboard.c
test_dashboard_LDADD = $(terminal_test_libs)
test_ending_SOURCES = tests/tui/test_ending.c
test_ending_LDADD = $(terminal_test_libs)
test_layers_shown_SOURCES = tests/tui/test_layers_shown.c
test_layers_shown_LDADD = $(terminal_test_libs)
# Measures keys, frames and the main thread; by hand.
EXTRA_PROGRAMS += key_latency
key_latency_SOURCES = tests/tui/key_latency.c
key_latency_LDADD = $(terminal_test_libs)
test_storm_SOURCES = tests/tui/test_storm.c
test_storm_LDADD = $(terminal_test_libs)
endif
