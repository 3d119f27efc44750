noinst_LIBRARIES += libnn.a
libnn_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS)
nn_sources = \
	include/fmnist/nn/adam.h \
	include/fmnist/nn/blas.h \
	include/fmnist/nn/isa.h \
	include/fmnist/nn/loss.h \
	include/fmnist/nn/network.h \
	include/fmnist/nn/probe.h \
	include/fmnist/nn/real.h \
	src/nn/adam.c \
	src/nn/blas.c \
	src/nn/chunk.h \
	src/nn/gemm.c \
	src/nn/gemm.h \
	src/nn/im2col.c \
	src/nn/im2col.h \
	src/nn/isa.c \
	src/nn/layer.h \
	src/nn/layer_clock.c \
	src/nn/layer_clock.h \
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
	src/nn/network_parts.h \
	src/nn/network_pass.c \
	src/nn/network_team.c \
	src/nn/networks/alexnet.c \
	src/nn/networks/lenet.c \
	src/nn/networks/table.c \
	src/nn/networks/table.h \
	src/nn/parameters.c \
	src/nn/pooling.h \
	src/nn/probe.c \
	src/nn/team.h

libnn_a_SOURCES = $(nn_sources) \
	src/nn/lanes/generic.c \
	src/nn/lanes/dense.h \
	src/nn/lanes/kernels.h \
	src/nn/lanes/lanes.h \
	src/nn/lanes/plan.c \
	src/nn/lanes/plan.h \
	src/nn/lanes/row_conv.h \
	src/nn/lanes/runner.c \
	src/nn/lanes/runner.h \
	src/nn/lanes/small.h \
	src/nn/lanes/tables.c \
	src/nn/lanes/team.c \
	src/nn/lanes/team.h \
	src/nn/lanes/tables.h \
	src/nn/lanes/tile_conv.h \
	src/nn/lanes/vector.h \
	src/nn/lanes/winograd.h \
	src/nn/planes/direct.h \
	src/nn/planes/direct_stage.c \
	src/nn/planes/fourier.h \
	src/nn/planes/generic.c \
	src/nn/planes/kernels.h \
	src/nn/planes/multiply.h \
	src/nn/planes/norm.h \
	src/nn/planes/planes.h \
	src/nn/planes/pool.h \
	src/nn/planes/runner.c \
	src/nn/planes/runner.h \
	src/nn/planes/stage.c \
	src/nn/planes/stage_exchange.c \
	src/nn/planes/stage.h \
	src/nn/planes/tables.c \
	src/nn/planes/tables.h \
	src/nn/planes/transform_stage.c \
	src/nn/planes/vector.h \
	src/nn/planes/winograd.h \
	src/nn/planes/work.h

# Kernels for one instruction set each. Contraction makes multiplication and addition one
# instruction.
LANE_CFLAGS = $(AM_CFLAGS) -ffp-contract=fast -fno-math-errno -fno-trapping-math
libnn_a_CFLAGS = $(AM_CFLAGS) -Wno-psabi
libnn_a_LIBADD =
if HAVE_X86_KERNELS
noinst_LIBRARIES += libnn_avx2.a libnn_avx512.a
libnn_avx2_a_CFLAGS = $(LANE_CFLAGS) -mavx2 -mfma
libnn_avx2_a_SOURCES = src/nn/lanes/avx2.c src/nn/planes/avx2.c
libnn_avx512_a_CFLAGS = $(LANE_CFLAGS) -mavx2 -mfma -mavx512f -mavx512vl -mavx512dq \
	-mprefer-vector-width=256
libnn_avx512_a_SOURCES = src/nn/lanes/avx512.c src/nn/planes/avx512.c
libnn_a_CPPFLAGS += -DHAVE_X86_KERNELS
libnn_a_LIBADD += $(libnn_avx2_a_OBJECTS) $(libnn_avx512_a_OBJECTS)
endif
libnn_a_DEPENDENCIES = $(libnn_a_LIBADD)

# The same engine in double precision, for finite differences in the tests.
check_LIBRARIES += libnn_double.a
libnn_double_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS) -DFMNIST_DOUBLE
libnn_double_a_SOURCES = $(nn_sources) src/nn/lanes/absent.c \
	src/nn/lanes/lanes.h src/nn/lanes/runner.h src/nn/lanes/tables.h \
	src/nn/planes/absent.c src/nn/planes/runner.h
