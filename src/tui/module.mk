noinst_LIBRARIES += libtui.a
libtui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
libtui_a_SOURCES = \
	src/tui/app.c \
	src/tui/app.h \
	src/tui/box.c \
	src/tui/box.h \
	src/tui/canvas.c \
	src/tui/canvas.h \
	src/tui/dialog.c \
	src/tui/dialog.h \
	src/tui/frame.c \
	src/tui/frame.h \
	src/tui/help.c \
	src/tui/help.h \
	src/tui/keyboard.c \
	src/tui/keyboard.h \
	src/tui/keys.c \
	src/tui/keys.h \
	src/tui/look.h \
	src/tui/palette.c \
	src/tui/palette.h \
	src/tui/request.h \
	src/tui/rescue.c \
	src/tui/rescue.h \
	src/tui/screen.c \
	src/tui/screen.h \
	src/tui/signals.c \
	src/tui/signals.h \
	src/tui/steering.c \
	src/tui/steering.h \
	src/tui/terminfo.c \
	src/tui/terminfo.h \
	src/tui/title.c \
	src/tui/title.h \
	src/tui/view.h
