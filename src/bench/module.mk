noinst_LIBRARIES += libbench.a
libbench_a_SOURCES = \
	src/bench/machine.c \
	src/bench/machine.h \
	src/bench/measurement.c \
	src/bench/measurement.h \
	src/bench/peak.c \
	src/bench/peak.h \
	src/bench/peak_kernel.h \
	src/bench/rounds.c \
	src/bench/rounds.h \
	src/bench/workload.c \
	src/bench/workload.h
libbench_a_CPPFLAGS = $(AM_CPPFLAGS)
libbench_a_CFLAGS = $(AM_CFLAGS) -Wno-psabi
if HAVE_X86_KERNELS
libbench_a_CPPFLAGS += -DHAVE_X86_KERNELS
endif
