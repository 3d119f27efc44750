# Runs and checkpoints that last.
noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS)
libstore_a_SOURCES = \
	include/fmnist/store/checkpoint_file.h \
	include/fmnist/store/safetensors.h \
	src/store/atomic_file.c \
	src/store/atomic_file.h \
	src/store/checkpoint_load.c \
	src/store/checkpoint_names.h \
	src/store/checkpoint_save.c \
	src/store/checkpoint_state.c \
	src/store/checkpoint_state.h \
	src/store/safetensors_format.c \
	src/store/safetensors_format.h \
	src/store/safetensors_header.c \
	src/store/safetensors_header.h \
	src/store/safetensors_read.c \
	src/store/safetensors_write.c
