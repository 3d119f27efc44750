// SPDX-License-Identifier: MIT
/*
 * Kernels for convolutions by planes: the images and the kernels of a convolution are transformed
 * so that it becomes products of numbers in the same place ("planes"), and for many images and
 * channels a matrix product a plane,
 *
 *     y = A'[ sum over channels of (G g) (B' x) ]
 *
 * with far fewer multiplications than the definition has (Winograd's algorithm: Lavin, Gray, "Fast
 * algorithms for convolutional neural networks", 2016; or a discrete Fourier transform). The
 * backward passes are the exact adjoints: with U = G g, V = B' x, D = A dy,
 *
 *     dx = B [ sum over output channels of U D ],   dg = G'[ sum over images of D V' ].
 *
 * Activations are N x H x W x C. The channels of a plane are cut in panels of PANEL, each
 * images x PANEL, which both matrix products read in order; so nothing is packed.
 *
 * The kernels are written once, in the headers of this folder, and compiled for each instruction
 * set in a file of its own. All arrays are aligned to 64 bytes; channels are multiples of PANEL.
 * Kernels are called from any thread and touch only what they are given.
 */
#ifndef FMNIST_NN_PLANES_PLANES_H
#define FMNIST_NN_PLANES_PLANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PANEL = 32,
    DIRECT_KERNEL = 5,
    DIRECT_SIDE = 28,
    DIRECT_PADDING = 2,
    DIRECT_CHANNELS = 96, /* output channels are a multiple of it */
    NORM_CHANNELS_MAX = 512,
    POOL_KERNEL = 3,
    POOL_STRIDE = 2,
    POOL_NO_WINNER = 255, /* the largest value was not above 0: no gradient passes */
};

/* A transform of whole images of side x side, for convolutions with stride 1 whose padding keeps
 * the size. Planes come in groups: a group of G g is made and used while it is in the cache.
 * Pointers to single images are to the first of PANEL channels; their pixels are `pixel_stride`
 * numbers apart, those of `pixels` PANEL. */
struct plane_transform {
    size_t side, kernel, planes, groups;
    size_t slice;         /* images that are worked on at a time, at most */
    size_t filter_panels; /* panels of input channels whose U of one group fits in a core's cache */

    /* The first plane of a group; `planes` for the number of groups. */
    size_t (*group_first)(size_t group);

    /* V = B' x: number p goes to planes[p * plane_stride]. */
    void (*input)(const float *image, size_t pixel_stride, float *planes, size_t plane_stride);

    /* y = A' M. */
    void (*output)(const float *planes, size_t plane_stride, float *pixels);

    /* D = A dy. */
    void (*output_gradient)(const float *pixels, float *planes, size_t plane_stride);

    /* dx = B E. */
    void (*input_gradient)(const float *planes, size_t plane_stride, float *image,
                           size_t pixel_stride);

    /* U = G g for one group: taps are rows x kernel^2 x PANEL, each plane of U rows x PANEL. */
    void (*filter)(size_t group, const float *taps, size_t rows, float *planes,
                   size_t plane_stride);

    /* Adds G' W of one group to the taps' gradient; shapes as above. */
    void (*filter_gradient)(size_t group, const float *planes, size_t plane_stride, size_t rows,
                            float *taps);
};

struct plane_kernels {
    const struct plane_transform *winograd; /* 6x6 images, 3x3 kernels */
    const struct plane_transform *fourier;  /* 13x13 images, 5x5 kernels */

    /* product (images x PANEL) = or += the sum over `panels` panels of a U, where panel p of a is
     * images x PANEL at a + p * panel_stride and U is panels * PANEL x PANEL. */
    void (*multiply)(const float *a, size_t panel_stride, size_t panels, size_t images,
                     const float *filter, bool add, float *product);

    /* product (PANEL x PANEL) = a' b, with a and b images x PANEL; what is behind a and at next_b
     * is brought to the cache. */
    void (*correlate)(const float *a, const float *b, const float *next_b, size_t images,
                      float *product);

    /* to = max(from + bias, 0) for `count` pixels of PANEL channels, `stride` numbers apart. */
    void (*rectify)(const float *from, size_t count, const float *bias, float *to, size_t stride);

    /* to = gradient where output is above 0 (or no number), else 0; sum += to. */
    void (*rectify_gradient)(const float *output, const float *gradient, size_t stride,
                             size_t count, float *to, float *sum);

    /* pooled = max(largest of each 3x3 window at stride 2 + bias, 0); pixels are side x side x
     * `channels`, pooled pixels `stride` numbers apart, winners likewise: which of the nine it is,
     * row by row, the first of equals. `winners` may be NULL. */
    void (*pool)(const float *pixels, size_t side, size_t channels, const float *bias,
                 float *pooled, uint8_t *winners, size_t stride);

    /* The gradient of pool's `pixels` (side x side x channels); sum += that over all pixels. */
    void (*pool_gradient)(const float *gradient, const uint8_t *winners, size_t stride, size_t side,
                          size_t channels, float *pixels, float *sum);

    /* Local response normalization of `count` pixels of `channels` channels. */
    void (*normalize)(const float *from, size_t count, size_t channels, float *to);

    /* Turns the gradient of normalize's `to` into that of `from`, in place. */
    void (*normalize_gradient)(const float *from, size_t count, size_t channels, float *gradient);

    /* Convolution of one image of one channel, 28x28, by the definition: 5x5 taps (tap x channels),
     * padding 2; pixels are 28 x 28 x channels, without bias. */
    void (*direct)(const float *image, const float *taps, size_t channels, float *pixels);

    /* Adds to the taps' gradient. */
    void (*direct_taps)(const float *image, const float *gradient, size_t channels, float *taps);
};

#endif
