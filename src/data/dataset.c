// SPDX-License-Identifier: MIT
#include "data/dataset_parts.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "data/sample.h"
#include "base/thread.h"

/* Spreads the progress of one file over its share of the whole. */
struct share {
    dataset_progress progress;
    void *context;
    double start, length;
};

/* The order of the files: images and labels of the training part, then of the test part. */
enum { TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS };

enum { FILE_PATH_SIZE = DATASET_PATH_SIZE + 64 };

static const char SYSTEM_DIRECTORY[] = "/usr/share/datasets/fashion-mnist";

static const char FASHION_SHA256[] =
    "4d8e31d2057f6f938ff47097ba334038e7aafbaf24b67665d2dd1ecda01730a3";

static void report(void *context, double fraction)
{
    const struct share *share = context;
    if (share->progress)
        share->progress(share->context, share->start + share->length * fraction);
}

/* Checks a file that was read, labels also against the images before them. `path` is for messages.
 */
static bool check_file(const struct idx *files, size_t file, const char *path, struct error *err)
{
    const struct idx *idx = &files[file];
    if (file == TRAIN_IMAGES || file == TEST_IMAGES) {
        if (idx->sizes[1] == DATASET_HEIGHT && idx->sizes[2] == DATASET_WIDTH)
            return true;
        error_set(err, ERROR_FORMAT, "%s: images of %zux%zu pixels; 28x28 expected", path,
                  idx->sizes[1], idx->sizes[2]);
        return false;
    }
    if (idx->sizes[0] != files[file - 1].sizes[0]) {
        error_set(err, ERROR_FORMAT, "%s: %zu labels for %zu images", path, idx->sizes[0],
                  files[file - 1].sizes[0]);
        return false;
    }
    for (size_t item = 0; item < idx->sizes[0]; item++) {
        if (idx->bytes[item] >= DATASET_CLASSES) {
            error_set(err, ERROR_FORMAT,
                      "%s: label %u at item %zu; only data sets of %d classes can be used", path,
                      idx->bytes[item], item, DATASET_CLASSES);
            return false;
        }
    }
    return true;
}

static void name_content(struct dataset *dataset)
{
    struct sha256_ctx hash;
    uint8_t digest[IDX_SHA256_SIZE];
    sha256_init(&hash);
    for (size_t file = 0; file < DATASET_FILES; file++)
        sha256_update(&hash, IDX_SHA256_SIZE, dataset->files[file].sha256);
    sha256_digest(&hash, sizeof digest, digest);
    for (size_t byte = 0; byte < sizeof digest; byte++)
        (void)snprintf(dataset->sha256 + 2 * byte, 3, "%02x", digest[byte]);
}

/* Makes the data set of the four files that were read and checked. */
static void complete(struct dataset *dataset)
{
    const struct idx *files = dataset->files;
    name_content(dataset);
    dataset->train = (struct image_set){files[TRAIN_IMAGES].sizes[0], files[TRAIN_IMAGES].bytes,
                                        files[TRAIN_LABELS].bytes};
    dataset->test = (struct image_set){files[TEST_IMAGES].sizes[0], files[TEST_IMAGES].bytes,
                                       files[TEST_LABELS].bytes};
}

/* False only where there is nothing of that name; what cannot be looked at is there. */
static bool exists(const char *path)
{
    return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* Finds NAME or NAME.gz in the directory. */
static bool find_file(const char *directory, const char *name, char path[FILE_PATH_SIZE],
                      struct error *err)
{
    const char *suffixes[] = {"", ".gz"};
    for (size_t suffix = 0; suffix < 2; suffix++) {
        (void)snprintf(path, FILE_PATH_SIZE, "%s/%s%s", directory, name, suffixes[suffix]);
        if (exists(path))
            return true;
    }
    error_set(err, ERROR_SYSTEM,
              "%s/%s[.gz] is missing: give --data DIR or install dataset-fashion-mnist", directory,
              name);
    return false;
}

/* Reads the images and the labels of one part, the first file being TRAIN_IMAGES or TEST_IMAGES. */
static bool read_part(struct dataset *dataset, size_t first, struct share *share, struct error *err)
{
    static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                        "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
    static const double ends[] = {0.99, 1};
    for (size_t file = first; file < first + 2; file++) {
        char path[FILE_PATH_SIZE];
        share->length = ends[file - first] - share->start;
        if (!find_file(dataset->source, names[file], path, err) ||
            !idx_read(path, file % 2 ? 1 : 3, report, share, &dataset->files[file], err) ||
            !check_file(dataset->files, file, path, err))
            return false;
        share->start = ends[file - first];
    }
    return true;
}

/* Reading the test part, on a thread of its own where there is one. */
struct test_reading {
    struct dataset *dataset;
    bool good;
    struct error error;
};

static void *read_test(void *argument)
{
    struct test_reading *reading = argument;
    struct share share = {0};
    reading->good = read_part(reading->dataset, TEST_IMAGES, &share, &reading->error);
    return NULL;
}

/* The parts are read at the same time; where both are wrong, the training part's error counts. */
static bool read_files(struct dataset *dataset, struct share *share, struct error *err)
{
    struct test_reading test = {.dataset = dataset};
    pthread_t thread;
    bool started = thread_start(&thread, read_test, &test) == 0;
    bool good = read_part(dataset, TRAIN_IMAGES, share, err);
    if (started)
        pthread_join(thread, NULL);
    else if (good)
        (void)read_test(&test);
    if (good && !test.good && err)
        *err = test.error;
    return good && test.good;
}

static bool name_classes(struct dataset *dataset, struct error *err)
{
    char path[FILE_PATH_SIZE];
    bool found;
    (void)snprintf(path, sizeof path, "%s/classes.txt", dataset->source);
    if (!classes_read(&dataset->classes, path, &found, err))
        return false;
    if (!found && strcmp(dataset->sha256, FASHION_SHA256) == 0)
        classes_set_fashion(&dataset->classes);
    else if (!found)
        classes_set_digits(&dataset->classes);
    return true;
}

static struct dataset *load_directory(const char *directory, struct share *share, struct error *err)
{
    size_t length = strlen(directory);
    struct stat status;
    errno = 0;
    if (stat(directory, &status) != 0 || !S_ISDIR(status.st_mode)) {
        error_set_errno(err, errno ? errno : ENOTDIR, "%s: cannot read data from it", directory);
        return NULL;
    }
    if (length >= DATASET_PATH_SIZE) {
        error_set(err, ERROR_USAGE, "the data directory's name is too long");
        return NULL;
    }
    struct dataset *dataset = memory_array(1, sizeof *dataset, err);
    if (!dataset)
        return NULL;
    memcpy(dataset->source, directory, length + 1);
    while (length > 1 && dataset->source[length - 1] == '/')
        dataset->source[--length] = 0;
    if (!read_files(dataset, share, err)) {
        dataset_destroy(dataset);
        return NULL;
    }
    complete(dataset);
    if (!name_classes(dataset, err)) {
        dataset_destroy(dataset);
        return NULL;
    }
    return dataset;
}

/* The user's own data directory (XDG Base Directory Specification); false where there is none. */
static bool find_user_directory(char path[DATASET_PATH_SIZE])
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length = -1;
    if (data && *data == '/')
        length = snprintf(path, DATASET_PATH_SIZE, "%s/fmnist-tui/data", data);
    else if (home && *home == '/')
        length = snprintf(path, DATASET_PATH_SIZE, "%s/.local/share/fmnist-tui/data", home);
    return length > 0 && length < DATASET_PATH_SIZE && exists(path);
}

struct dataset *dataset_load(const char *directory, dataset_progress progress, void *context,
                             struct error *err)
{
    struct share share = {.progress = progress, .context = context};
    const char *named = directory ? directory : getenv("FMNIST_DATA");
    if (named && *named)
        return load_directory(named, &share, err);
    char path[DATASET_PATH_SIZE];
    if (find_user_directory(path))
        return load_directory(path, &share, err);
    if (exists(SYSTEM_DIRECTORY))
        return load_directory(SYSTEM_DIRECTORY, &share, err);
    struct dataset *sample = dataset_load_sample(err);
    if (sample && progress)
        progress(context, 1);
    return sample;
}

struct dataset *dataset_load_sample(struct error *err)
{
    const struct {
        const uint8_t *start, *end;
    } parts[] = {{sample_train_images, sample_train_images_end},
                 {sample_train_labels, sample_train_labels_end},
                 {sample_test_images, sample_test_images_end},
                 {sample_test_labels, sample_test_labels_end}};
    struct dataset *dataset = memory_array(1, sizeof *dataset, err);
    if (!dataset)
        return NULL;
    memcpy(dataset->source, "embedded sample", sizeof "embedded sample");
    dataset->sample = true;
    classes_set_fashion(&dataset->classes);
    bool good = true;
    for (size_t file = 0; good && file < DATASET_FILES; file++)
        good = idx_parse(parts[file].start, (size_t)(parts[file].end - parts[file].start),
                         dataset->source, file % 2 ? 1 : 3, &dataset->files[file], err) &&
               check_file(dataset->files, file, dataset->source, err);
    if (!good) {
        dataset_destroy(dataset);
        return NULL;
    }
    complete(dataset);
    return dataset;
}

void dataset_destroy(struct dataset *dataset)
{
    if (!dataset)
        return;
    for (size_t file = 0; file < DATASET_FILES; file++)
        idx_free(&dataset->files[file]);
    free(dataset);
}

const struct image_set *dataset_train(const struct dataset *dataset)
{
    return &dataset->train;
}

const struct image_set *dataset_test(const struct dataset *dataset)
{
    return &dataset->test;
}

const char *dataset_name(const struct dataset *dataset)
{
    if (dataset->sample)
        return "Fashion-MNIST sample";
    if (strcmp(dataset->sha256, FASHION_SHA256) == 0)
        return "Fashion-MNIST";
    const char *slash = strrchr(dataset->source, '/');
    return slash && slash[1] ? slash + 1 : dataset->source;
}

const char *dataset_source(const struct dataset *dataset)
{
    return dataset->source;
}

bool dataset_is_sample(const struct dataset *dataset)
{
    return dataset->sample;
}

const char *dataset_class_name(const struct dataset *dataset, size_t label)
{
    return dataset->classes.names[label];
}

const char *dataset_class_short_name(const struct dataset *dataset, size_t label)
{
    return dataset->classes.short_names[label];
}

const char *dataset_sha256(const struct dataset *dataset)
{
    return dataset->sha256;
}
