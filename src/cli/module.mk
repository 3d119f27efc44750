bin_PROGRAMS += fmnist-tui
fmnist_tui_SOURCES = \
	src/cli/main.c
fmnist_tui_LDADD = libbase.a
