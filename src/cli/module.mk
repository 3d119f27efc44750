bin_PROGRAMS += fmnist-tui
fmnist_tui_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
fmnist_tui_SOURCES = \
	src/cli/bench.c \
	src/cli/bench.h \
	src/cli/bench_json.c \
	src/cli/bench_text.c \
	src/cli/command.c \
	src/cli/command.h \
	src/cli/completion.c \
	src/cli/completion.h \
	src/cli/completion_bash.c \
	src/cli/completion_fish.c \
	src/cli/completion_zsh.c \
	src/cli/config.c \
	src/cli/dashboard.c \
	src/cli/document.c \
	src/cli/document.h \
	src/cli/evaluate.c \
	src/cli/export.c \
	src/cli/import.c \
	src/cli/interrupt.c \
	src/cli/interrupt.h \
	src/cli/main.c \
	src/cli/model.c \
	src/cli/model.h \
	src/cli/option.c \
	src/cli/option.h \
	src/cli/option_value.c \
	src/cli/option_value.h \
	src/cli/options.h \
	src/cli/parse.c \
	src/cli/portrait.c \
	src/cli/portrait.h \
	src/cli/predict.c \
	src/cli/progress.c \
	src/cli/progress.h \
	src/cli/ranks.c \
	src/cli/ranks.h \
	src/cli/recording.c \
	src/cli/recording.h \
	src/cli/report.c \
	src/cli/report.h \
	src/cli/report_json.c \
	src/cli/resuming.c \
	src/cli/resuming.h \
	src/cli/runs.c \
	src/cli/runs.h \
	src/cli/runs_json.c \
	src/cli/runs_text.c \
	src/cli/settings.c \
	src/cli/settings.h \
	src/cli/settings_file.c \
	src/cli/settings_file.h \
	src/cli/shell_word.c \
	src/cli/shell_word.h \
	src/cli/summary.c \
	src/cli/summary.h \
	src/cli/train.c \
	src/cli/usage.c \
	src/cli/usage.h \
	src/cli/version.c \
	src/cli/version.h \
	src/cli/watch.c
fmnist_tui_LDADD = libbench.a libtui.a libexport.a libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a \
	$(NCURSES_LIBS) $(SQLITE_LIBS) $(PNG_LIBS) $(JANSSON_LIBS) $(OPENBLAS_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS)

# The same program for several ranks.
if HAVE_MPI
bin_PROGRAMS += fmnist-tui-mpi
fmnist_tui_mpi_CPPFLAGS = $(fmnist_tui_CPPFLAGS)
fmnist_tui_mpi_SOURCES = $(fmnist_tui_SOURCES)
fmnist_tui_mpi_LDADD = libbench.a libtui.a libexport.a libstore.a libtrain.a libnn.a libdata.a libcomm_mpi.a libbase.a \
	$(NCURSES_LIBS) $(SQLITE_LIBS) $(PNG_LIBS) $(JANSSON_LIBS) $(OPENBLAS_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) \
	$(MPI_LIBS)
endif
