# Tests of this part, which drive the program from outside.
trained_sources = tests/cli/run.c tests/cli/run.h tests/cli/trained.c tests/cli/trained.h \
	tests/data/files.c tests/data/files.h
trained_libs = libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a $(JANSSON_LIBS) $(OPENBLAS_LIBS) \
	$(NETTLE_LIBS) $(PNG_LIBS) $(SQLITE_LIBS) $(ZLIB_LIBS) $(TEST_LIBS)
check_PROGRAMS += test_bench test_completion test_evaluate_command test_export_command test_import test_limits \
	test_manual test_options test_predict test_runs test_settings test_train test_usage
test_bench_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
test_bench_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_bench.c
test_bench_LDADD = libnn.a libcomm.a libbase.a $(JANSSON_LIBS) $(TEST_LIBS)
test_completion_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_completion.c
test_completion_LDADD = libbase.a $(TEST_LIBS)
test_evaluate_command_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/data $(JANSSON_CFLAGS) \
	$(ZLIB_CFLAGS)
test_evaluate_command_SOURCES = $(trained_sources) tests/cli/test_evaluate_command.c
test_evaluate_command_LDADD = $(trained_libs)
test_export_command_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
test_export_command_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_export_command.c
test_export_command_LDADD = libtraintest.a libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(OPENBLAS_LIBS) $(NETTLE_LIBS) $(PNG_LIBS) $(ZLIB_LIBS) $(TEST_LIBS)
test_import_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/data $(JANSSON_CFLAGS) $(ZLIB_CFLAGS)
test_import_SOURCES = $(trained_sources) tests/cli/test_import.c
test_import_LDADD = $(trained_libs)
test_limits_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_limits.c
test_limits_LDADD = libbase.a $(TEST_LIBS)
test_manual_SOURCES = tests/cli/test_manual.c
test_manual_LDADD = $(session_libs)
test_options_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_options.c
test_options_LDADD = libnn.a libcomm.a libbase.a $(TEST_LIBS)
test_settings_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_settings.c
test_settings_LDADD = libbase.a $(TEST_LIBS)
test_predict_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/data $(JANSSON_CFLAGS) $(PNG_CFLAGS) \
	$(ZLIB_CFLAGS)
test_predict_SOURCES = $(trained_sources) tests/cli/test_predict.c
test_predict_LDADD = $(trained_libs)
test_runs_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/tui $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_runs_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_runs.c
test_runs_LDADD = $(session_libs)
test_train_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
test_train_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_train.c
test_train_LDADD = libbase.a $(JANSSON_LIBS) $(TEST_LIBS)
test_usage_SOURCES = tests/cli/run.c tests/cli/run.h tests/cli/test_usage.c
test_usage_LDADD = libbase.a $(TEST_LIBS)

# The program on emulated CPUs.
dist_check_SCRIPTS += tests/cli/emulated.sh tests/cli/killed.sh

# PyTorch as a judge, where it is.
dist_check_SCRIPTS += tests/cli/pytorch_peer.sh
EXTRA_DIST += tests/cli/pytorch_peer.py
