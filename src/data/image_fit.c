// SPDX-License-Identifier: MIT
/*
 * Scaling in both directions apart: a pixel of the result is a weighted mean of pixels of the
 * image, whose weight is that of the row by that of the column. With s = pixels of the image for
 * one of the result, s > 1:  the result's pixel i covers [i s, (i + 1) s); a weight is the part of
 * that in a pixel s <= 1: its centre is at (i + 1/2) s, between the centres of two pixels, which it
 * interpolates
 */
#include <math.h>
#include <string.h>

#include "fmnist/data/image.h"

enum { SIDE = DATASET_WIDTH };

_Static_assert((int)DATASET_WIDTH == (int)DATASET_HEIGHT, "images are square");

/* One direction: `from` pixels become `to`. */
struct axis {
    size_t from, to;
    double scale; /* from / to */
};

static struct axis axis_make(size_t from, size_t longer)
{
    size_t to = (from * SIDE + longer / 2) / longer;
    to = to > 0 ? to : 1;
    return (struct axis){from, to, (double)from / (double)to};
}

/* The first pixel of the image that counts for one of the result. */
static size_t axis_first(const struct axis *axis, size_t target)
{
    double first =
        axis->scale > 1 ? (double)target * axis->scale : ((double)target + 0.5) * axis->scale - 0.5;
    return first > 0 ? (size_t)first : 0;
}

/* How much pixel `source` of the image counts for `target` of the result; 0 from some place on. */
static double axis_weight(const struct axis *axis, size_t target, size_t source)
{
    double place = (double)source;
    if (source >= axis->from)
        return 0;
    if (axis->scale > 1) {
        double start = (double)target * axis->scale, end = start + axis->scale;
        return fmax(fmin(end, place + 1) - fmax(start, place), 0) / axis->scale;
    }
    /* Beyond the outermost centres there is nothing to interpolate with. */
    double centre = ((double)target + 0.5) * axis->scale - 0.5;
    centre = fmin(fmax(centre, 0), (double)axis->from - 1);
    return fmax(1 - fabs(centre - place), 0);
}

/* Adds `weight` times a row of the image, scaled to `columns->to` pixels, to `sums`. */
static void add_row(const struct axis *columns, const uint8_t *row, double weight, double *sums)
{
    for (size_t target = 0; target < columns->to; target++) {
        double sum = 0, part;
        for (size_t source = axis_first(columns, target);
             (part = axis_weight(columns, target, source)) > 0; source++)
            sum += part * row[source];
        sums[target] += weight * sum;
    }
}

void image_fit(const struct image *image, uint8_t pixels[DATASET_PIXELS])
{
    size_t longer = image->height > image->width ? image->height : image->width;
    const struct axis rows = axis_make(image->height, longer);
    const struct axis columns = axis_make(image->width, longer);
    size_t top = (SIDE - rows.to) / 2, left = (SIDE - columns.to) / 2;
    memset(pixels, 0, DATASET_PIXELS);
    for (size_t target = 0; target < rows.to; target++) {
        double sums[SIDE] = {0}, weight;
        for (size_t source = axis_first(&rows, target);
             (weight = axis_weight(&rows, target, source)) > 0; source++)
            add_row(&columns, image->pixels + source * image->width, weight, sums);
        uint8_t *row = pixels + (top + target) * SIDE + left;
        for (size_t column = 0; column < columns.to; column++)
            row[column] = (uint8_t)fmin(sums[column] + 0.5, UINT8_MAX);
    }
}
