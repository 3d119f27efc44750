// SPDX-License-Identifier: MIT
#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIXELS = 28 * 28 };

void files_create(struct files *files)
{
    const char *temporary = getenv("TMPDIR");
    (void)snprintf(files->directory, sizeof files->directory, "%s/fmnist-data-XXXXXX",
                   temporary && *temporary ? temporary : "/tmp");
    assert_non_null(mkdtemp(files->directory));
}

const char *files_path(const struct files *files, const char *name, char path[FILES_PATH_SIZE])
{
    int length = snprintf(path, FILES_PATH_SIZE, "%s/%s", files->directory, name);
    assert_true(length > 0 && length < FILES_PATH_SIZE);
    return path;
}

void files_create_in(struct files *files, const struct files *parent, const char *name)
{
    (void)files_path(parent, name, files->directory);
    assert_int_equal(mkdir(files->directory, 0700), 0);
}

void files_destroy(struct files *files)
{
    char path[FILES_PATH_SIZE];
    DIR *directory = opendir(files->directory);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(remove(files_path(files, entry->d_name, path)), 0);
    (void)closedir(directory);
    assert_int_equal(rmdir(files->directory), 0);
}

void files_write(const struct files *files, const char *name, const void *bytes, size_t size)
{
    char path[FILES_PATH_SIZE];
    FILE *file = fopen(files_path(files, name, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void files_write_gzip(const struct files *files, const char *name, const void *bytes, size_t size)
{
    char path[FILES_PATH_SIZE];
    gzFile file = gzopen(files_path(files, name, path), "wb1");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)size), size);
    assert_int_equal(gzclose(file), Z_OK);
}

static size_t put_header(uint8_t *bytes, size_t rank, const uint32_t *sizes)
{
    const uint8_t magic[] = {0, 0, 8, (uint8_t)rank};
    memcpy(bytes, magic, sizeof magic);
    for (size_t axis = 0; axis < rank; axis++)
        for (size_t byte = 0; byte < 4; byte++)
            bytes[4 + 4 * axis + byte] = (uint8_t)(sizes[axis] >> (24 - 8 * byte));
    return 4 + 4 * rank;
}

void files_write_array(const struct files *files, const char *name, size_t rank,
                       const uint32_t *sizes, size_t payload, uint8_t value)
{
    uint8_t *bytes = malloc(16 + payload);
    assert_non_null(bytes);
    size_t header = put_header(bytes, rank, sizes);
    memset(bytes + header, value, payload);
    files_write(files, name, bytes, header + payload);
    free(bytes);
}

static void write_images(const struct files *files, const char *name, size_t count)
{
    uint8_t *bytes = malloc(16 + count * PIXELS);
    assert_non_null(bytes);
    size_t header = put_header(bytes, 3, (const uint32_t[]){(uint32_t)count, 28, 28});
    for (size_t image = 0; image < count; image++)
        for (size_t pixel = 0; pixel < PIXELS; pixel++)
            bytes[header + image * PIXELS + pixel] = (uint8_t)(7 * image + pixel);
    files_write(files, name, bytes, header + count * PIXELS);
    free(bytes);
}

static void write_labels(const struct files *files, const char *name, size_t count)
{
    uint8_t *bytes = malloc(8 + count);
    assert_non_null(bytes);
    size_t header = put_header(bytes, 1, (const uint32_t[]){(uint32_t)count});
    for (size_t image = 0; image < count; image++)
        bytes[header + image] = (uint8_t)(image % 10);
    files_write(files, name, bytes, header + count);
    free(bytes);
}

void files_write_dataset(const struct files *files, size_t train, size_t test)
{
    write_images(files, "train-images-idx3-ubyte", train);
    write_labels(files, "train-labels-idx1-ubyte", train);
    write_images(files, "t10k-images-idx3-ubyte", test);
    write_labels(files, "t10k-labels-idx1-ubyte", test);
}
