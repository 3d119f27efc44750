// SPDX-License-Identifier: MIT
#include "export/html_parts.h"

#include <stdlib.h>

#include <nettle/base64.h>

#include "base/memory.h"
#include "export/png.h"

enum { PICTURES_MAX = 60 };

/* The image as a PNG within the document. */
static bool write_picture(struct buffer *out, const uint8_t *pixels, struct error *err)
{
    const struct png_pixels picture = {DATASET_WIDTH, DATASET_HEIGHT, false, pixels};
    size_t size = 0;
    uint8_t *png = png_encode(&picture, &size, err);
    char *text = png ? memory_array(BASE64_ENCODE_RAW_LENGTH(size), 1, err) : NULL;
    bool good = text != NULL;
    if (good) {
        base64_encode_raw(text, size, png);
        buffer_text(out, "data:image/png;base64,");
        buffer_add(out, text, BASE64_ENCODE_RAW_LENGTH(size));
    }
    free(text);
    free(png);
    return good;
}

static bool write_mistake(struct buffer *out, const struct export_run *run,
                          const struct evaluation *evaluation, size_t place, struct error *err)
{
    const uint8_t *pixels = export_run_pixels(run, evaluation, place);
    size_t predicted = evaluation->predicted[place];
    const char *truth = run->class_names[evaluation->labels[place]];
    double probability = (double)evaluation->probabilities[place * DATASET_CLASSES + predicted];
    if (!pixels)
        return true;
    buffer_text(out, "<li><img width=\"112\" height=\"112\" src=\"");
    if (!write_picture(out, pixels, err))
        return false;
    buffer_text(out, "\" alt=\"");
    html_text(out, truth);
    buffer_text(out, "\">");
    html_text(out, truth);
    buffer_text(out, " \xE2\x86\x92 ");
    html_text(out, run->class_names[predicted]);
    buffer_print(out, "<br>%.0f\xC2\xA0%% <span class=\"soft\">#%u", 100 * probability,
                 (unsigned)evaluation->images[place]);
    if (evaluation->part == EVALUATION_VALIDATION && evaluation->wrong_since[place] > 0)
        buffer_print(out, ", wrong since epoch %u", (unsigned)evaluation->wrong_since[place]);
    buffer_text(out, "</span></li>\n");
    return true;
}

static bool write_mistakes(struct buffer *out, const struct export_run *run,
                           const struct evaluation *evaluation, struct error *err)
{
    size_t count =
        evaluation->mistake_count < PICTURES_MAX ? evaluation->mistake_count : PICTURES_MAX;
    bool good = true;
    buffer_print(out,
                 "<p class=\"soft\">The surest %zu of %zu mistakes among %zu %s images, as after "
                 "epoch %.4g: true class \xE2\x86\x92 predicted class and its probability, number "
                 "of the image in the %s part of the data set.</p>\n",
                 count, evaluation->mistake_count, evaluation->count,
                 export_part_name(evaluation->part), evaluation->epoch,
                 evaluation->part == EVALUATION_TEST ? "test" : "training");
    if (count == 0)
        return true;
    buffer_text(out, "<ul class=\"gallery\">\n");
    for (size_t index = 0; good && index < count; index++)
        good = write_mistake(out, run, evaluation, evaluation->mistakes[index], err);
    buffer_text(out, "</ul>\n");
    return good;
}

bool html_gallery(struct buffer *out, const struct export_run *run, struct error *err)
{
    const struct evaluation *evaluation = export_run_answers(run);
    bool good = true;
    buffer_text(out, "<section><h2>Mistakes</h2>\n");
    if (!evaluation) {
        buffer_text(out, "<p>No answers to single images were kept.</p>\n");
    } else if (!run->dataset) {
        buffer_text(out, "<p>The pictures are missing, since the data set is not here: ");
        html_text(out, run->missing.message);
        buffer_text(out, "</p>\n");
    } else {
        good = write_mistakes(out, run, evaluation, err);
    }
    buffer_text(out, "</section>\n");
    return good;
}
