// SPDX-License-Identifier: MIT
/* Whatever fails, and whatever byte of a file changes, nothing wrong is taken for good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "example.h"
#include "faults.h"
#include "files.h"

enum { PAYLOAD_MAX = 1000, BYTES_MAX = 4096, MUTATIONS = 4000, CHANGES_MAX = 3 };

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

/* Writes, or reads, with the call of that number failing. The file at `path` is the example before
 * and after, or was changed to it. */
static bool attempt(bool writing, const struct example *example, const char *path, unsigned kinds,
                    size_t number, struct error *err)
{
    *err = (struct error){0};
    faults_arm(kinds, number, kinds == FAULT_ALLOCATION ? ENOMEM : EIO);
    struct safetensors *file = writing ? NULL : safetensors_open(path, PAYLOAD_MAX, err);
    bool good = writing ? example_write(example, path, err) : file != NULL;
    (void)faults_disarm();
    if (file)
        assert_true(example_is(example, file, err));
    safetensors_close(file);
    return good;
}

/* Whether the error is of the right kind. jansson's parser may leave out parts of a text that it
 * has no memory for, so that the file seems to be wrong. */
static bool is_told(bool writing, unsigned kinds, const struct error *err)
{
    if (kinds != FAULT_ALLOCATION)
        return err->code == ERROR_SYSTEM;
    return err->code == ERROR_MEMORY || (!writing && err->code == ERROR_FORMAT);
}

static void check_failures(const struct files *files, bool writing, unsigned kinds, size_t least)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    example_fill(&example);
    assert_true(example_write(&example, files_path(files, "x", path), &err));
    assert_true(attempt(writing, &example, path, kinds, 0, &err));
    size_t calls = faults_disarm(), refused = 0;
    assert_true(calls >= least);
    for (size_t number = 1; number <= calls; number++)
        if (!attempt(writing, &example, path, kinds, number, &err)) {
            refused++;
            assert_true(is_told(writing, kinds, &err));
            assert_true(attempt(false, &example, path, 0, 0, &err));
        }
    /* What is closed at the end has no more to say. */
    assert_true(refused + 2 >= calls);
}

static void any_call_may_fail_while_writing(void **state)
{
    check_failures(*state, true, FAULT_CALLS, 14);
}

static void any_call_may_fail_while_reading(void **state)
{
    check_failures(*state, false, FAULT_CALLS, 6);
}

static void any_allocation_may_fail_while_writing(void **state)
{
    check_failures(*state, true, FAULT_ALLOCATION, 60);
}

static void any_allocation_may_fail_while_reading(void **state)
{
    check_failures(*state, false, FAULT_ALLOCATION, 60);
}

static void short_and_interrupted_reads_and_writes_go_on(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    example_fill(&example);
    faults_dribble(true);
    bool good = example_write(&example, files_path(*state, "x", path), &err);
    struct safetensors *file = good ? safetensors_open(path, PAYLOAD_MAX, &err) : NULL;
    faults_dribble(false);
    assert_non_null(file);
    assert_true(example_is(&example, file, &err));
    assert_true(faults_interruptions() > 100);
    safetensors_close(file);
}

static size_t read_bytes(const char *path, unsigned char bytes[BYTES_MAX])
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t size = fread(bytes, 1, BYTES_MAX, stream);
    (void)fclose(stream);
    assert_true(size > 200 && size < BYTES_MAX);
    return size;
}

/* Changes some bytes, or cuts the end; true where anything differs. */
static bool mutate(const unsigned char *original, unsigned char *bytes, size_t *size,
                   struct random *random)
{
    size_t whole = *size;
    memcpy(bytes, original, whole);
    uint32_t changes = 1 + random_below(random, CHANGES_MAX);
    for (uint32_t change = 0; change < changes; change++)
        bytes[random_below(random, (uint32_t)whole)] = (unsigned char)random_below(random, 256);
    if (random_below(random, 10) == 0)
        *size = random_below(random, (uint32_t)whole + 1);
    return *size != whole || memcmp(original, bytes, whole) != 0;
}

static void no_changed_file_is_taken_for_good(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    unsigned char original[BYTES_MAX], bytes[BYTES_MAX];
    example_fill(&example);
    assert_true(example_write(&example, files_path(*state, "x", path), &err));
    size_t whole = read_bytes(path, original), tried = 0, unsigned_files = 0;
    struct random random;
    random_init(&random, 5, RANDOM_TEST, 0);
    for (size_t mutation = 0; mutation < MUTATIONS; mutation++) {
        size_t size = whole;
        if (!mutate(original, bytes, &size, &random))
            continue;
        tried++;
        files_write(*state, "x", bytes, size);
        struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
        /* A change in the word "sha256" makes it another program's file. */
        if (file)
            assert_null(safetensors_hash(file));
        else
            assert_memory_equal(err.message, path, strlen(path));
        unsigned_files += file != NULL;
        safetensors_close(file);
    }
    assert_true(tried > MUTATIONS * 9 / 10);
    assert_true(unsigned_files < tried / 20);
}

static void each_single_byte_counts(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    unsigned char bytes[BYTES_MAX];
    example_fill(&example);
    assert_true(example_write(&example, files_path(*state, "x", path), &err));
    size_t size = read_bytes(path, bytes);
    for (size_t byte = 0; byte < size; byte++) {
        bytes[byte] ^= 1;
        files_write(*state, "x", bytes, size);
        struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
        assert_true(!file || !safetensors_hash(file));
        safetensors_close(file);
        bytes[byte] ^= 1;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_call_may_fail_while_writing),
        TEST(any_call_may_fail_while_reading),
        TEST(any_allocation_may_fail_while_writing),
        TEST(any_allocation_may_fail_while_reading),
        TEST(short_and_interrupted_reads_and_writes_go_on),
        TEST(no_changed_file_is_taken_for_good),
        TEST(each_single_byte_counts),
    };
    /* Here malloc() is the one of faults.c. */
    json_set_alloc_funcs(malloc, free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
