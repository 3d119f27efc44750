noinst_LIBRARIES += libcomm.a
comm_sources = \
	include/fmnist/comm/comm.h \
	src/comm/comm.c \
	src/comm/transport.h
libcomm_a_SOURCES = $(comm_sources) src/comm/single.c
