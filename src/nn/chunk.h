// SPDX-License-Identifier: MIT
/*
 * How work is cut. A batch is cut in CHUNKS runs of images, whatever its size and the number of
 * threads; a row of features is cut in panels. Each chunk or panel is one task, and sums over
 * chunks are made in the order of the chunks.
 */
#ifndef FMNIST_NN_CHUNK_H
#define FMNIST_NN_CHUNK_H

#include <stddef.h>

enum { CHUNKS = 16 };

struct range {
    size_t first, end;
};

/* The images of chunk `index`; none where the batch is smaller than the number of chunks. */
static inline struct range chunk_range(size_t batch, size_t index)
{
    return (struct range){batch * index / CHUNKS, batch * (index + 1) / CHUNKS};
}

/* Panels are wide enough for an efficient matrix product and few enough to share. */
enum { PANEL_MIN = 64, PANELS_MAX = 16 };

static inline size_t panel_width(size_t features)
{
    size_t width = (features + PANELS_MAX - 1) / PANELS_MAX;
    return width < PANEL_MIN ? PANEL_MIN : width;
}

static inline size_t panel_count(size_t features)
{
    return (features + panel_width(features) - 1) / panel_width(features);
}

static inline struct range panel_range(size_t features, size_t index)
{
    size_t width = panel_width(features);
    size_t end = (index + 1) * width;
    return (struct range){index * width, end < features ? end : features};
}

#endif
