// SPDX-License-Identifier: MIT
#include "export/pictures.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/png.h"

enum { CELL = 24, CHANNELS = 3, ACROSS = 10, SCALE = 2, GAP = 4 };

static bool encode(const struct png_pixels *picture, struct event_image *image, struct error *err)
{
    size_t size = 0;
    uint8_t *bytes = png_encode(picture, &size, err);
    *image = (struct event_image){.width = picture->width,
                                  .height = picture->height,
                                  .color = picture->color,
                                  .bytes = bytes,
                                  .size = size};
    return bytes;
}

/* White for none of the class to dark blue for all of it. */
static void paint_cell(uint8_t *pixels, size_t side, size_t row, size_t column, double share)
{
    static const uint8_t full[CHANNELS] = {8, 48, 107};
    for (size_t y = row * CELL; y < row * CELL + CELL - 1; y++)
        for (size_t x = column * CELL; x < column * CELL + CELL - 1; x++)
            for (size_t channel = 0; channel < CHANNELS; channel++)
                pixels[(y * side + x) * CHANNELS + channel] =
                    (uint8_t)(UINT8_MAX - share * (UINT8_MAX - full[channel]));
}

bool picture_confusion(const struct run_evaluation *evaluation, struct event_image *image,
                       struct error *err)
{
    const size_t side = (size_t)CELL * DATASET_CLASSES - 1;
    uint8_t *pixels = memory_array(side * side, CHANNELS, err);
    if (!pixels)
        return false;
    memset(pixels, UINT8_MAX / 2, side * side * CHANNELS);
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        size_t support = evaluation->classes[label].support;
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++) {
            size_t count = evaluation->confusion[label][predicted];
            double share = support > 0 ? (double)count / (double)support : 0;
            paint_cell(pixels, side, label, predicted, share < 1 ? share : 1);
        }
    }
    const struct png_pixels picture = {(uint32_t)side, (uint32_t)side, true, pixels};
    bool good = encode(&picture, image, err);
    free(pixels);
    return good;
}

/* An image enlarged, its top left corner at x, y. */
static void paint_image(const struct png_pixels *picture, uint8_t *pixels, size_t x, size_t y,
                        const uint8_t *image)
{
    for (size_t row = 0; row < (size_t)DATASET_HEIGHT * SCALE; row++)
        for (size_t column = 0; column < (size_t)DATASET_WIDTH * SCALE; column++)
            pixels[(y + row) * picture->width + x + column] =
                image[row / SCALE * DATASET_WIDTH + column / SCALE];
}

bool picture_mistakes(const struct export_run *run, const struct evaluation *evaluation,
                      struct event_image *image, struct error *err)
{
    const size_t tile = (size_t)DATASET_WIDTH * SCALE + GAP;
    size_t count =
        evaluation->mistake_count < PICTURE_MISTAKES ? evaluation->mistake_count : PICTURE_MISTAKES;
    size_t down = (count + ACROSS - 1) / ACROSS;
    *image = (struct event_image){0};
    if (count == 0 || !run->dataset)
        return true;
    struct png_pixels picture = {(uint32_t)(ACROSS * tile - GAP), (uint32_t)(down * tile - GAP),
                                 false, NULL};
    uint8_t *pixels = memory_array(picture.width, picture.height, err);
    if (!pixels)
        return false;
    memset(pixels, UINT8_MAX / 2, (size_t)picture.width * picture.height);
    for (size_t index = 0; index < count; index++) {
        const uint8_t *source = export_run_pixels(run, evaluation, evaluation->mistakes[index]);
        if (source)
            paint_image(&picture, pixels, index % ACROSS * tile, index / ACROSS * tile, source);
    }
    picture.pixels = pixels;
    bool good = encode(&picture, image, err);
    free(pixels);
    return good;
}
