noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	include/fmnist/base/error.h \
	include/fmnist/base/pool.h \
	src/base/clock.c \
	src/base/clock.h \
	src/base/error.c \
	src/base/memory.c \
	src/base/memory.h \
	src/base/board.c \
	src/base/board.h \
	src/base/patience.c \
	src/base/patience.h \
	src/base/pool.c \
	src/base/random.c \
	src/base/random.h \
	src/base/thread.c \
	src/base/thread.h \
	src/base/ticks.c \
	src/base/ticks.h \
	src/base/utf8.c \
	src/base/utf8.h
