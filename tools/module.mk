# Pictures of the screen for README.md, made anew by `make pictures`.
pictures = doc/live.svg doc/matrix.svg doc/mistakes.svg doc/run.svg
EXTRA_DIST += $(pictures)
if HAVE_CMOCKA
if HAVE_VTERM
EXTRA_PROGRAMS += make_pictures
make_pictures_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/tui $(CMOCKA_CFLAGS) $(VTERM_CFLAGS)
make_pictures_SOURCES = tools/pictures.c
make_pictures_LDADD = libterminal.a libbase.a $(VTERM_LIBS) $(TEST_LIBS)
endif
endif

pictures: make_pictures fmnist-tui
	$(AM_TESTS_ENVIRONMENT) FMNIST_PICTURES='$(abs_top_srcdir)/doc' ./make_pictures
