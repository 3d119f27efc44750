// SPDX-License-Identifier: MIT
#include "excerpt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_SIZE = 256 };

static FILE *open_file(const char *directory, const char *prefix, const char *kind)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s-%s-ubyte", directory, prefix, kind);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    return file;
}

static void write_number(FILE *file, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        assert_int_not_equal(fputc((int)(number >> shift & 0xff), file), EOF);
}

/* Every so many-th image, so that all classes are there in whatever order the sample is. */
static void write_part(const char *directory, const char *prefix, const struct image_set *set,
                       size_t count)
{
    size_t stride = set->count / count;
    FILE *images = open_file(directory, prefix, "images-idx3");
    FILE *labels = open_file(directory, prefix, "labels-idx1");
    write_number(images, 0x803);
    write_number(images, count);
    write_number(images, DATASET_HEIGHT);
    write_number(images, DATASET_WIDTH);
    write_number(labels, 0x801);
    write_number(labels, count);
    for (size_t image = 0; image < count; image++) {
        const uint8_t *pixels = set->pixels + image * stride * DATASET_PIXELS;
        assert_int_equal(fwrite(pixels, 1, DATASET_PIXELS, images), DATASET_PIXELS);
        assert_int_not_equal(fputc(set->labels[image * stride], labels), EOF);
    }
    assert_int_equal(fclose(labels), 0);
    assert_int_equal(fclose(images), 0);
}

char *excerpt_create(void)
{
    const char *temporary = getenv("TMPDIR");
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/fmnist-excerpt-XXXXXX", temporary ? temporary : "/tmp");
    char *directory = mkdtemp(path) ? strdup(path) : NULL;
    struct dataset *sample = dataset_load_sample(NULL);
    assert_true(directory && sample);
    write_part(directory, "train", dataset_train(sample), EXCERPT_TRAIN);
    write_part(directory, "t10k", dataset_test(sample), EXCERPT_TEST);
    dataset_destroy(sample);
    return directory;
}

void excerpt_remove(char *directory)
{
    static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                        "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
    for (size_t file = 0; file < sizeof names / sizeof *names; file++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s", directory, names[file]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
    free(directory);
}

int excerpt_setup(void **state)
{
    *state = excerpt_create();
    return 0;
}

int excerpt_teardown(void **state)
{
    excerpt_remove(*state);
    return 0;
}

struct trainer_settings excerpt_settings(const char *model, const char *directory)
{
    struct trainer_settings settings = TRAINER_DEFAULTS;
    settings.model = network_spec_find(model);
    settings.epochs = 1;
    settings.batch = EXCERPT_BATCH;
    settings.threads = 2;
    settings.isa = isa_best();
    settings.data_directory = directory;
    return settings;
}
