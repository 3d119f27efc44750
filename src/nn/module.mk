noinst_LIBRARIES += libnn.a
libnn_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS)
libnn_a_SOURCES = \
	include/fmnist/nn/adam.h \
	include/fmnist/nn/loss.h \
	include/fmnist/nn/network.h \
	include/fmnist/nn/real.h \
	src/nn/adam.c \
	src/nn/chunk.h \
	src/nn/gemm.c \
	src/nn/gemm.h \
	src/nn/im2col.c \
	src/nn/im2col.h \
	src/nn/layer.h \
	src/nn/layers/average_pool.c \
	src/nn/layers/conv.c \
	src/nn/layers/dropout.c \
	src/nn/layers/linear.c \
	src/nn/layers/local_response_norm.c \
	src/nn/layers/max_pool.c \
	src/nn/layers/relu.c \
	src/nn/layers/tanh.c \
	src/nn/loss.c \
	src/nn/network.c \
	src/nn/networks/alexnet.c \
	src/nn/networks/lenet.c \
	src/nn/networks/table.c \
	src/nn/networks/table.h \
	src/nn/pooling.h

# The same engine in double precision, for finite differences in the tests.
check_LIBRARIES += libnn_double.a
libnn_double_a_CPPFLAGS = $(libnn_a_CPPFLAGS) -DFMNIST_DOUBLE
libnn_double_a_SOURCES = $(libnn_a_SOURCES)
