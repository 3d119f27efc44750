# Sources and library of this part.
noinst_LIBRARIES += libdata.a
libdata_a_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS) $(NETTLE_CFLAGS) $(PNG_CFLAGS)
libdata_a_CCASFLAGS = $(AM_CCASFLAGS) -I$(top_srcdir)
libdata_a_SOURCES = \
	include/fmnist/data/dataset.h \
	include/fmnist/data/idx.h \
	include/fmnist/data/image.h \
	include/fmnist/data/split.h \
	src/data/classes.c \
	src/data/classes.h \
	src/data/content.c \
	src/data/content.h \
	src/data/dataset.c \
	src/data/dataset_copy.c \
	src/data/dataset_parts.h \
	src/data/idx.c \
	src/data/image.c \
	src/data/image_fit.c \
	src/data/image_format.h \
	src/data/image_pgm.c \
	src/data/image_png.c \
	src/data/sample.S \
	src/data/sample.h \
	src/data/split.c

sample_files = \
	data/sample/t10k-images-idx3-ubyte.gz \
	data/sample/t10k-labels-idx1-ubyte.gz \
	data/sample/train-images-idx3-ubyte.gz \
	data/sample/train-labels-idx1-ubyte.gz
src/data/libdata_a-sample.$(OBJEXT): $(sample_files)
EXTRA_DIST += data/make-sample data/sample/LICENSE $(sample_files)
