// SPDX-License-Identifier: MIT
/* Each kind of bad file has its own message, which begins with the file's path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "fmnist/data/idx.h"

enum { NOBODY = 65534 };

static int setup(void **state)
{
    *state = malloc(sizeof(struct files));
    assert_non_null(*state);
    files_create(*state);
    return 0;
}

static int teardown(void **state)
{
    files_destroy(*state);
    free(*state);
    return 0;
}

/* Reads the directory's file "x" as an array of rank 1, which must fail with PATH and `message`. */
static void check_refused(const struct files *files, const char *message)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct idx idx;
    struct error err = {0};
    (void)snprintf(expected, sizeof expected, "%s: %s", files_path(files, "x", path), message);
    assert_false(idx_read(path, 1, NULL, NULL, &idx, &err));
    assert_string_equal(err.message, expected);
    assert_null(idx.bytes);
}

static const struct {
    const char *kind;
    uint8_t bytes[16];
    size_t size;
    const char *message;
} BAD_ARRAYS[] = {
    {"cut in the magic", {0, 0, 8}, 3, "cut short: 4 bytes expected, content ends after 3"},
    {"cut in the sizes",
     {0, 0, 8, 1, 0, 0},
     6,
     "cut short: 8 bytes expected, content ends after 6"},
    {"another type",
     {0, 0, 9, 1, 0, 0, 0, 1, 5},
     9,
     "not an IDX file of bytes: it begins with 00 00 09"},
    {"no IDX at all", {'P', 'K', 3, 4}, 4, "not an IDX file of bytes: it begins with 50 4b 03"},
    {"images for labels", {0, 0, 8, 3, 0, 0, 0, 1, 5}, 9, "the array has rank 3, rank 1 expected"},
    {"nothing in it", {0, 0, 8, 1, 0, 0, 0, 0}, 8, "the array has no items"},
    {"far too many items",
     {0, 0, 8, 1, 255, 255, 255, 255},
     8,
     "4294967295 items; more than 10000000 are not supported"},
    {"trailing bytes",
     {0, 0, 8, 1, 0, 0, 0, 1, 5, 6},
     10,
     "too long: its header says 9 bytes, more follow"},
};

static void bad_arrays_have_their_own_message_plain_and_compressed(void **state)
{
    for (size_t item = 0; item < sizeof BAD_ARRAYS / sizeof *BAD_ARRAYS; item++) {
        files_write(*state, "x", BAD_ARRAYS[item].bytes, BAD_ARRAYS[item].size);
        check_refused(*state, BAD_ARRAYS[item].message);
        files_write_gzip(*state, "x", BAD_ARRAYS[item].bytes, BAD_ARRAYS[item].size);
        check_refused(*state, BAD_ARRAYS[item].message);
    }
}

static void a_payload_that_is_cut_short_is_refused(void **state)
{
    const uint8_t bytes[] = {0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3};
    files_write(*state, "x", bytes, sizeof bytes);
    check_refused(*state, "cut short: 13 bytes expected, the file holds at most 11");
    files_write_gzip(*state, "x", bytes, sizeof bytes);
    check_refused(*state, "cut short: 13 bytes expected, content ends after 11");
}

static void sizes_of_gigabytes_are_refused_before_memory_is_asked_for(void **state)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct idx idx;
    struct error err = {0};
    const uint32_t huge[] = {10000000, 65535, 65535},
                   wrapping[] = {4294967295, 4294967295, 4294967295};
    files_write_array(*state, "x", 3, huge, 100, 0);
    assert_false(idx_read(files_path(*state, "x", path), 3, NULL, NULL, &idx, &err));
    (void)snprintf(expected, sizeof expected,
                   "%s: cut short: 42948362250000016 bytes expected, the file holds at most 116",
                   path);
    assert_string_equal(err.message, expected);
    files_write_array(*state, "x", 3, wrapping, 100, 0);
    assert_false(idx_read(path, 3, NULL, NULL, &idx, &err));
    (void)snprintf(expected, sizeof expected, "%s: the array is too large", path);
    assert_string_equal(err.message, expected);
}

static void an_empty_file_is_refused(void **state)
{
    files_write(*state, "x", "", 0);
    check_refused(*state, "the file is empty");
}

static void a_missing_file_is_refused(void **state)
{
    check_refused(*state, "cannot open: No such file or directory");
}

static void a_directory_is_refused(void **state)
{
    char path[FILES_PATH_SIZE];
    assert_int_equal(mkdir(files_path(*state, "x", path), 0700), 0);
    check_refused(*state, "is a directory, not a file");
}

static void a_pipe_is_refused_without_waiting_for_its_writer(void **state)
{
    char path[FILES_PATH_SIZE];
    assert_int_equal(mkfifo(files_path(*state, "x", path), 0600), 0);
    check_refused(*state, "is a device or pipe, not a file");
}

/* Tries to read what only its owner may, as nobody where the test runs as root. Never returns. */
static void read_as_nobody(const char *path)
{
    char expected[2 * FILES_PATH_SIZE];
    struct idx idx;
    struct error err = {0};
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        _exit(2);
    (void)snprintf(expected, sizeof expected, "%s: cannot open: Permission denied", path);
    bool refused = !idx_read(path, 1, NULL, NULL, &idx, &err);
    _exit(refused && strcmp(err.message, expected) == 0 ? 0 : 1);
}

static void an_unreadable_file_is_refused(void **state)
{
    const struct files *files = *state;
    char path[FILES_PATH_SIZE];
    int status;
    files_write(files, "x", "x", 1);
    assert_int_equal(chmod(files_path(files, "x", path), 0), 0);
    assert_int_equal(chmod(files->directory, 0755), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        read_as_nobody(path);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2)
        skip(); /* a root that may not become another user, as in some containers */
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* A gzip file of an array of 1000 bytes, in memory. */
static size_t compressed(const struct files *files, uint8_t *bytes, size_t size)
{
    uint8_t array[1008] = {0, 0, 8, 1, 0, 0, 3, 232};
    char path[FILES_PATH_SIZE];
    for (size_t item = 8; item < sizeof array; item++)
        array[item] = (uint8_t)(item * item / 7);
    files_write_gzip(files, "x", array, sizeof array);
    FILE *file = fopen(files_path(files, "x", path), "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, size, file);
    assert_true(length > 20 && length < size);
    (void)fclose(file);
    return length;
}

static void a_gzip_stream_that_is_cut_short_is_refused(void **state)
{
    uint8_t bytes[4096];
    size_t size = compressed(*state, bytes, sizeof bytes);
    for (size_t left = 2; left < size; left++) {
        files_write(*state, "x", bytes, left);
        check_refused(*state, "the gzip stream is cut short");
    }
}

static void a_gzip_stream_with_a_wrong_checksum_is_refused(void **state)
{
    uint8_t bytes[4096];
    size_t size = compressed(*state, bytes, sizeof bytes);
    bytes[size - 8] ^= 1;
    files_write(*state, "x", bytes, size);
    check_refused(*state, "the gzip stream is damaged: incorrect data check");
    bytes[size - 8] ^= 1;
    bytes[size - 1] ^= 1;
    files_write(*state, "x", bytes, size);
    check_refused(*state, "the gzip stream is damaged: incorrect length check");
}

static void bytes_after_the_gzip_stream_are_refused(void **state)
{
    uint8_t bytes[4096];
    size_t size = compressed(*state, bytes, sizeof bytes / 2);
    bytes[size] = 0;
    files_write(*state, "x", bytes, size + 1);
    check_refused(*state, "more bytes follow the end of the gzip stream");
    memcpy(bytes + size, bytes, size);
    files_write(*state, "x", bytes, 2 * size);
    check_refused(*state, "more bytes follow the end of the gzip stream");
}

static void a_flipped_bit_anywhere_never_gives_other_bytes(void **state)
{
    uint8_t bytes[4096];
    char path[FILES_PATH_SIZE];
    struct idx good, idx;
    size_t size = compressed(*state, bytes, sizeof bytes);
    assert_true(idx_read(files_path(*state, "x", path), 1, NULL, NULL, &good, NULL));
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        files_write(*state, "x", bytes, size);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        /* Some bits of gzip's header mean nothing. */
        if (!idx_read(path, 1, NULL, NULL, &idx, NULL))
            continue;
        assert_memory_equal(idx.bytes, good.bytes, 1000);
        idx_free(&idx);
    }
    idx_free(&good);
}

static void note_progress(void *context, double fraction)
{
    double *last = context;
    assert_true(fraction >= *last && fraction <= 1);
    *last = fraction;
}

static void plain_and_compressed_files_read_equal(void **state)
{
    enum { COUNT = 3000000 };
    static uint8_t bytes[8 + COUNT] = {
        0, 0, 8, 1, COUNT >> 24, COUNT >> 16 & 255, COUNT >> 8 & 255, COUNT & 255};
    char path[FILES_PATH_SIZE];
    struct idx plain, gzip;
    double last = 0;
    for (size_t item = 8; item < sizeof bytes; item++)
        bytes[item] = (uint8_t)(item >> 3 ^ item >> 11);
    files_write(*state, "x", bytes, sizeof bytes);
    assert_true(idx_read(files_path(*state, "x", path), 1, note_progress, &last, &plain, NULL));
    assert_true(last == 1);
    last = 0;
    files_write_gzip(*state, "x", bytes, sizeof bytes);
    assert_true(idx_read(path, 1, note_progress, &last, &gzip, NULL));
    assert_true(last > 0.9);
    assert_int_equal(plain.sizes[0], COUNT);
    assert_memory_equal(plain.bytes, bytes + 8, COUNT);
    assert_memory_equal(gzip.bytes, bytes + 8, COUNT);
    assert_memory_equal(plain.sha256, gzip.sha256, sizeof plain.sha256);
    idx_free(&plain);
    idx_free(&gzip);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(bad_arrays_have_their_own_message_plain_and_compressed),
        TEST(a_payload_that_is_cut_short_is_refused),
        TEST(sizes_of_gigabytes_are_refused_before_memory_is_asked_for),
        TEST(an_empty_file_is_refused),
        TEST(a_missing_file_is_refused),
        TEST(a_directory_is_refused),
        TEST(a_pipe_is_refused_without_waiting_for_its_writer),
        TEST(an_unreadable_file_is_refused),
        TEST(a_gzip_stream_that_is_cut_short_is_refused),
        TEST(a_gzip_stream_with_a_wrong_checksum_is_refused),
        TEST(bytes_after_the_gzip_stream_are_refused),
        TEST(a_flipped_bit_anywhere_never_gives_other_bytes),
        TEST(plain_and_compressed_files_read_equal),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
