// SPDX-License-Identifier: MIT
#include "tui/export.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tui/facts.h"
#include "tui/ink.h"

enum { IMAGE_SCALE = 8, PAGE_SCALE = 4, PAGE_GAP = 4, GAP_GREY = 128, SLUG_SIZE = 24 };

/* A class as part of a file's name: its letters and digits in lower case, a dash for all between. A
 * name without any is told by its number. */
static void write_slug(const struct scene *scene, size_t label, char *slug)
{
    size_t length = 0;
    for (const char *at = dataset_class_name(scene->snapshot->dataset, label); *at; at++) {
        bool plain = (unsigned char)*at < 0x80 && isalnum((unsigned char)*at);
        if (length + 1 >= SLUG_SIZE || (!plain && (length == 0 || slug[length - 1] == '-')))
            continue;
        slug[length++] = plain ? (char)tolower((unsigned char)*at) : '-';
    }
    while (length > 0 && slug[length - 1] == '-')
        length--;
    slug[length] = '\0';
    if (length == 0)
        (void)snprintf(slug, SLUG_SIZE, "class%zu", label);
}

static const char *part_name(const struct evaluation *evaluation)
{
    return evaluation->part == EVALUATION_TEST ? "test" : "validation";
}

static bool create_picture(struct png_picture *picture, size_t width, size_t height,
                           struct error *err)
{
    picture->width = (uint32_t)width;
    picture->height = (uint32_t)height;
    picture->pixels = memory_array(height, width, err);
    if (picture->pixels)
        memset(picture->pixels, GAP_GREY, height * width);
    return picture->pixels;
}

/* Paints image `index` of the list with its top left corner at (top, left), a pixel of it `scale`
 * pixels wide. */
static void paint(const struct png_picture *picture, const struct facts *facts, size_t top,
                  size_t left, size_t scale)
{
    uint8_t fitted[DATASET_PIXELS];
    const uint8_t *pixels = facts_pixels(facts);
    if (facts->scene->look.fit) {
        ink_fit(pixels, fitted);
        pixels = fitted;
    }
    for (size_t y = 0; y < DATASET_HEIGHT * scale; y++) {
        uint8_t *row = picture->pixels + (top + y) * picture->width + left;
        for (size_t x = 0; x < DATASET_WIDTH * scale; x++) {
            uint8_t pixel = pixels[y / scale * DATASET_WIDTH + x / scale];
            row[x] = facts->scene->look.inverted ? (uint8_t)(255 - pixel) : pixel;
        }
    }
}

bool export_image(const struct gallery_list *list, const struct gallery *gallery,
                  const struct scene *scene, char name[PNG_FILE_NAME_SIZE], struct error *err)
{
    const struct evaluation *evaluation = list->evaluation;
    const struct facts facts = {scene, evaluation, list->places[gallery->selected]};
    size_t label = evaluation->labels[facts.place], answer = evaluation->predicted[facts.place];
    char stem[PNG_FILE_NAME_SIZE], truth[SLUG_SIZE], taken[SLUG_SIZE];
    struct png_picture picture;
    write_slug(scene, label, truth);
    write_slug(scene, answer, taken);
    (void)snprintf(stem, sizeof stem, "fmnist-%s-%u-%s%s%s-%s-step%llu", part_name(evaluation),
                   (unsigned)evaluation->images[facts.place], truth, label != answer ? "-as-" : "",
                   label != answer ? taken : "", scene_learner(scene)->name,
                   (unsigned long long)evaluation->step);
    if (!create_picture(&picture, (size_t)DATASET_WIDTH * IMAGE_SCALE,
                        (size_t)DATASET_HEIGHT * IMAGE_SCALE, err))
        return false;
    paint(&picture, &facts, 0, 0, IMAGE_SCALE);
    bool good = png_file_create(stem, &picture, name, err);
    free(picture.pixels);
    return good;
}

bool export_page(const struct gallery_list *list, const struct gallery *gallery,
                 const struct scene *scene, char name[PNG_FILE_NAME_SIZE], struct error *err)
{
    const size_t tile = (size_t)DATASET_WIDTH * PAGE_SCALE + PAGE_GAP;
    size_t left = list->count - gallery->first;
    size_t count = gallery->shown < left ? gallery->shown : left;
    size_t across = count < gallery->across ? count : gallery->across;
    size_t down = (count + across - 1) / across;
    char stem[PNG_FILE_NAME_SIZE];
    struct png_picture picture;
    (void)snprintf(stem, sizeof stem, "fmnist-%s-%zu-to-%zu-of-%zu-%s-step%llu",
                   part_name(list->evaluation), gallery->first + 1, gallery->first + count,
                   list->count, scene_learner(scene)->name,
                   (unsigned long long)list->evaluation->step);
    if (!create_picture(&picture, across * tile - PAGE_GAP, down * tile - PAGE_GAP, err))
        return false;
    for (size_t index = 0; index < count; index++) {
        const struct facts facts = {scene, list->evaluation, list->places[gallery->first + index]};
        paint(&picture, &facts, index / across * tile, index % across * tile, PAGE_SCALE);
    }
    bool good = png_file_create(stem, &picture, name, err);
    free(picture.pixels);
    return good;
}
