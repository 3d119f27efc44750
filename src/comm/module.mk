noinst_LIBRARIES += libcomm.a
comm_sources = \
	include/fmnist/comm/comm.h \
	include/fmnist/comm/unite.h \
	src/comm/comm.c \
	src/comm/hosts.c \
	src/comm/parts.h \
	src/comm/share.c \
	src/comm/transport.h \
	src/comm/unite.c
libcomm_a_SOURCES = $(comm_sources) src/comm/single.c

if HAVE_MPI
noinst_LIBRARIES += libcomm_mpi.a
libcomm_mpi_a_CPPFLAGS = $(AM_CPPFLAGS) $(MPI_CFLAGS)
libcomm_mpi_a_SOURCES = $(comm_sources) src/comm/mpi.c
endif
