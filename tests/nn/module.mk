# Tests of this part.
nn_test_libs = libnntest.a libnn.a libcomm.a libbase.a $(OPENBLAS_LIBS) $(TEST_LIBS)

check_LIBRARIES += libnntest.a
libnntest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
libnntest_a_SOURCES = \
	tests/nn/fixture.c \
	tests/nn/fixture.h \
	tests/nn/formula.c \
	tests/nn/formula.h \
	tests/nn/rig.c \
	tests/nn/rig.h

check_PROGRAMS += \
	test_adam \
	test_batches \
	test_blas \
	test_dropout \
	test_fast_path \
	test_interruption \
	test_lanes \
	test_layers \
	test_loss \
	test_networks \
	test_parameters \
	test_planes \
	test_poison \
	test_probe \
	test_ranks \
	test_threads \
	test_times
test_adam_SOURCES = tests/nn/test_adam.c
test_adam_LDADD = $(nn_test_libs)
test_batches_SOURCES = tests/nn/test_batches.c
test_batches_LDADD = $(nn_test_libs)
test_blas_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS)
test_blas_SOURCES = tests/nn/test_blas.c
test_blas_LDADD = $(nn_test_libs)
test_dropout_SOURCES = tests/nn/test_dropout.c
test_dropout_LDADD = $(nn_test_libs)
test_fast_path_SOURCES = tests/nn/test_fast_path.c
test_fast_path_LDADD = $(nn_test_libs)
test_interruption_SOURCES = tests/nn/test_interruption.c
test_interruption_LDADD = $(nn_test_libs)
test_lanes_CPPFLAGS = $(libnn_a_CPPFLAGS) $(CMOCKA_CFLAGS)
test_lanes_SOURCES = tests/nn/test_lanes.c
test_lanes_LDADD = $(nn_test_libs)
test_layers_SOURCES = tests/nn/test_layers.c
test_layers_LDADD = $(nn_test_libs)
test_loss_SOURCES = tests/nn/test_loss.c
test_loss_LDADD = $(nn_test_libs)
test_networks_SOURCES = tests/nn/test_networks.c
test_networks_LDADD = $(nn_test_libs)
test_parameters_SOURCES = tests/nn/test_parameters.c
test_parameters_LDADD = $(nn_test_libs)
test_planes_CPPFLAGS = $(libnn_a_CPPFLAGS) $(CMOCKA_CFLAGS)
test_planes_SOURCES = tests/nn/test_planes.c
test_planes_LDADD = $(nn_test_libs)
test_poison_SOURCES = tests/nn/test_poison.c
test_poison_LDADD = $(nn_test_libs)
test_probe_SOURCES = tests/nn/test_probe.c
test_probe_LDADD = $(nn_test_libs)
test_ranks_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_ranks_SOURCES = tests/comm/crew.c tests/comm/crew.h tests/nn/test_ranks.c
test_ranks_LDADD = $(nn_test_libs)
test_threads_SOURCES = tests/nn/test_threads.c
test_threads_LDADD = $(nn_test_libs)
test_times_SOURCES = tests/nn/test_times.c
test_times_LDADD = $(nn_test_libs)

# The gradients' check runs the engine in double precision, and so do its helpers.
check_PROGRAMS += test_differences
test_differences_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) -DFMNIST_DOUBLE
test_differences_SOURCES = \
	tests/nn/formula.c \
	tests/nn/formula.h \
	tests/nn/rig.c \
	tests/nn/rig.h \
	tests/nn/test_differences.c
test_differences_LDADD = libnn_double.a libcomm.a libbase.a $(OPENBLAS_LIBS) $(TEST_LIBS)

# Without kernels for x86 some instruction sets are missing on every CPU.
check_PROGRAMS += test_isa
test_isa_CPPFLAGS = $(test_differences_CPPFLAGS)
test_isa_SOURCES = tests/nn/test_isa.c
test_isa_LDADD = $(test_differences_LDADD)

# Compares hundreds of losses with PyTorch's; by hand, see compare_losses.py.
EXTRA_PROGRAMS += loss_trace
loss_trace_SOURCES = \
	tests/nn/formula.c \
	tests/nn/formula.h \
	tests/nn/loss_trace.c
loss_trace_LDADD = libnn.a libdata.a libcomm.a libbase.a $(OPENBLAS_LIBS) $(ZLIB_LIBS) $(NETTLE_LIBS)

# What the tests compare with, computed by PyTorch.
EXTRA_DIST += \
	tests/nn/compare_losses.py \
	tests/nn/fixtures.py \
	tests/nn/fixtures/alexnet.txt \
	tests/nn/fixtures/layers.txt \
	tests/nn/fixtures/lenet.txt \
	tests/nn/reference.py \
	tests/nn/torch_networks.py

PYTHON = python3
fixtures:
	$(PYTHON) $(srcdir)/tests/nn/fixtures.py $(srcdir)/tests/nn/fixtures
.PHONY: fixtures
