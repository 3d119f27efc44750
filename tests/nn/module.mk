# Tests of this part.
nn_test_libs = libnntest.a libnn.a libbase.a $(OPENBLAS_LIBS) $(TEST_LIBS)

check_LIBRARIES += libnntest.a
libnntest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
libnntest_a_SOURCES = \
	tests/nn/fixture.c \
	tests/nn/fixture.h \
	tests/nn/formula.c \
	tests/nn/formula.h \
	tests/nn/rig.c \
	tests/nn/rig.h

check_PROGRAMS += test_networks test_layers
test_networks_SOURCES = tests/nn/test_networks.c
test_networks_LDADD = $(nn_test_libs)
test_layers_SOURCES = tests/nn/test_layers.c
test_layers_LDADD = $(nn_test_libs)

# What the tests compare with, computed by PyTorch.
EXTRA_DIST += \
	tests/nn/fixtures.py \
	tests/nn/fixtures/alexnet.txt \
	tests/nn/fixtures/layers.txt \
	tests/nn/fixtures/lenet.txt \
	tests/nn/reference.py

PYTHON = python3
fixtures:
	$(PYTHON) $(srcdir)/tests/nn/fixtures.py $(srcdir)/tests/nn/fixtures
.PHONY: fixtures
