// SPDX-License-Identifier: MIT
/* The command `predict`: what a network takes images for. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/document.h"
#include "cli/model.h"
#include "cli/portrait.h"
#include "fmnist/data/image.h"
#include "fmnist/nn/loss.h"
#include "fmnist/train/evaluate.h"
#include "tui/print.h"

enum { TITLE_SIZE = 4352 };

/* Below that an image counts as dark on light: none of Fashion-MNIST's does, nearly all do once
 * they are inverted. */
static const double CONTRAST_MIN = -0.05;

/* An image of the command line. */
struct subject {
    const char *name;
    size_t width, height;
    size_t place;  /* among those that could be read */
    bool good;     /* it is one of them */
    char *message; /* else why not; may be NULL */
};

/* The images with the network's answers. */
struct prediction {
    const struct options *options;
    struct model model;
    struct classes classes;
    const char *names[DATASET_CLASSES]; /* in `classes` */
    struct subject *subjects;
    size_t count, good;
    uint8_t *pixels;               /* good x 28 x 28 */
    float *logits, *probabilities; /* good x 10 */
};

/* Says on stderr what may be wrong with an image that could be read. */
static void warn(const struct subject *subject, const struct image *image, bool inverted)
{
    struct error note = {0};
    if (image_is_blank(image))
        error_set(&note, ERROR_NONE, "%s: all of it is of one colour", subject->name);
    else if (image_contrast(image) < CONTRAST_MIN)
        error_set(&note, ERROR_NONE,
                  inverted ? "%s: its edge is lighter than its middle now; is it light on dark "
                             "without --invert?"
                           : "%s: its edge is lighter than its middle; for dark things on a light "
                             "ground give --invert",
                  subject->name);
    else
        return;
    (void)command_fail(&note);
}

/* Reads an image as it is meant: light on dark, with transparent parts dark. */
static bool read_image(const char *path, bool invert, struct image *image, struct error *err)
{
    if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO)) {
        error_set(err, ERROR_SYSTEM, "standard input is a terminal; give it an image");
        return false;
    }
    if (!image_read(path, invert ? UINT8_MAX : 0, image, err))
        return false;
    if (invert)
        image_invert(image);
    return true;
}

/* Reads one image to the pixels at the next place, or says why that is not possible. */
static void take_subject(struct prediction *prediction, struct subject *subject)
{
    struct error err = {0};
    struct image image = {0};
    bool invert = prediction->options->invert;
    subject->good = read_image(subject->name, invert, &image, &err);
    if (!subject->good) {
        (void)command_fail(&err);
        subject->message = strdup(err.message);
        return;
    }
    warn(subject, &image, invert);
    subject->width = image.width;
    subject->height = image.height;
    subject->place = prediction->good++;
    image_fit(&image, prediction->pixels + subject->place * DATASET_PIXELS);
    image_free(&image);
}

static bool allocate(struct prediction *prediction, struct error *err)
{
    size_t count = prediction->count;
    prediction->subjects = memory_array(count, sizeof *prediction->subjects, err);
    prediction->pixels = memory_array(count, DATASET_PIXELS, err);
    prediction->logits = memory_array(count, DATASET_CLASSES * sizeof *prediction->logits, err);
    prediction->probabilities =
        memory_array(count, DATASET_CLASSES * sizeof *prediction->probabilities, err);
    return prediction->subjects && prediction->pixels && prediction->logits &&
           prediction->probabilities;
}

static const float *probabilities_of(const struct prediction *prediction,
                                     const struct subject *subject)
{
    return prediction->probabilities + subject->place * DATASET_CLASSES;
}

static bool write_text(FILE *out, const struct prediction *prediction, struct error *err)
{
    const struct look look = print_look(out, &prediction->options->app);
    int columns = print_columns(out);
    bool good = true;
    for (size_t index = 0; good && index < prediction->count; index++) {
        const struct subject *subject = &prediction->subjects[index];
        if (!subject->good)
            continue;
        const float *probabilities = probabilities_of(prediction, subject);
        size_t order[DATASET_CLASSES];
        char title[TITLE_SIZE];
        portrait_sort(probabilities, order);
        (void)snprintf(title, sizeof title, "%s: %s %.2f %%", subject->name,
                       prediction->names[order[0]], 100 * (double)probabilities[order[0]]);
        const struct portrait portrait = {
            .title = title,
            .pixels = prediction->pixels + subject->place * DATASET_PIXELS,
            .probabilities = probabilities,
            .names = prediction->names,
            .truth = DATASET_CLASSES,
        };
        if (subject->place > 0)
            (void)fputc('\n', out);
        good = portrait_write(out, &portrait, columns, &look, err);
    }
    return good;
}

static json_t *json_numbers(const float *numbers)
{
    json_t *array = json_array();
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        json_array_append_new(array, json_real((double)numbers[label]));
    return array;
}

static json_t *json_subject(const struct prediction *prediction, const struct subject *subject)
{
    size_t order[DATASET_CLASSES];
    if (!subject->good)
        return json_pack("{s:o, s:o}", "file", document_text(subject->name), "error",
                         document_text(subject->message ? subject->message : "no memory"));
    const float *probabilities = probabilities_of(prediction, subject);
    portrait_sort(probabilities, order);
    return json_pack("{s:o, s:I, s:I, s:I, s:s, s:f, s:o, s:o}", "file",
                     document_text(subject->name), "width", (json_int_t)subject->width, "height",
                     (json_int_t)subject->height, "class", (json_int_t)order[0], "name",
                     prediction->names[order[0]], "probability", (double)probabilities[order[0]],
                     "probabilities", json_numbers(probabilities), "logits",
                     json_numbers(prediction->logits + subject->place * DATASET_CLASSES));
}

static json_t *json_prediction(const struct prediction *prediction)
{
    json_t *classes = json_array(), *images = json_array();
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        json_array_append_new(classes, json_string(prediction->names[label]));
    for (size_t index = 0; index < prediction->count; index++)
        json_array_append_new(images, json_subject(prediction, &prediction->subjects[index]));
    return json_pack("{s:s, s:o, s:b, s:o, s:o}", "version", PACKAGE_VERSION, "checkpoint",
                     model_json(&prediction->model), "inverted", prediction->options->invert,
                     "classes", classes, "images", images);
}

/* Reads all images and has them answered; false with `err` set where that failed as a whole. */
static bool predict(struct prediction *prediction, struct error *err)
{
    const struct options *options = prediction->options;
    if (!model_open(&prediction->model, options->arguments[0], options, err) ||
        !model_classes(&prediction->model, options, &prediction->classes, err) ||
        !allocate(prediction, err))
        return false;
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        prediction->names[label] = prediction->classes.names[label];
    for (size_t index = 0; index < prediction->count; index++) {
        struct subject *subject = &prediction->subjects[index];
        subject->name = options->arguments[index + 1];
        take_subject(prediction, subject);
    }
    if (!evaluate_images(prediction->model.network, prediction->pixels, prediction->good,
                         prediction->logits, err))
        return false;
    softmax(prediction->logits, prediction->good, DATASET_CLASSES, prediction->probabilities);
    return true;
}

static int predict_run(const struct options *options)
{
    struct error err = {0};
    struct prediction prediction = {.options = options, .count = options->argument_count - 1};
    bool good = predict(&prediction, &err);
    if (good && options->json)
        good = document_write(stdout, json_prediction(&prediction), &err);
    else if (good)
        good = write_text(stdout, &prediction, &err);
    int status = !good                                ? command_fail(&err)
                 : prediction.good < prediction.count ? STATUS_FAILED
                                                      : STATUS_DONE;
    for (size_t index = 0; prediction.subjects && index < prediction.count; index++)
        free(prediction.subjects[index].message);
    free(prediction.probabilities);
    free(prediction.logits);
    free(prediction.pixels);
    free(prediction.subjects);
    model_close(&prediction.model);
    return status;
}

const struct command COMMAND_PREDICT = {
    .name = "predict",
    .summary = "tell what a trained network takes images for",
    .arguments = "CHECKPOINT IMAGE...",
    .least = 2,
    .most = COMMAND_ARGUMENTS_ANY,
    .options = "invert json threads isa data glyphs ascii color background store",
    .run = predict_run,
};
