// SPDX-License-Identifier: MIT
/* A file that is written is the old one or the new one, whole, whatever fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "files.h"
#include "store/atomic_file.h"

static const char OLD[] = "what was there before";
static const char NEW[] = "what comes instead, and is somewhat longer";

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

static bool holds(const char *path, const char *text)
{
    char content[256] = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(content, 1, sizeof content - 1, file);
    (void)fclose(file);
    return size == strlen(text) && memcmp(content, text, size) == 0;
}

static size_t count_files(const struct files *files)
{
    size_t count = 0;
    DIR *directory = opendir(files->directory);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    (void)closedir(directory);
    return count;
}

/* Descriptors in use: the lowest free one. */
static int count_descriptors(void)
{
    int lowest = dup(0);
    assert_true(lowest >= 0);
    (void)close(lowest);
    return lowest;
}

static bool write_new(const char *path, struct error *err)
{
    struct atomic_file *file = atomic_file_create(path, err);
    if (!file)
        return false;
    if (atomic_file_write(file, NEW, 10, err) &&
        atomic_file_write(file, NEW + 10, strlen(NEW) - 10, err))
        return atomic_file_commit(file, err);
    atomic_file_discard(file);
    return false;
}

static void a_file_is_created_and_replaced(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct stat status;
    mode_t mask = umask(0027);
    assert_true(write_new(files_path(*state, "x", path), &err));
    (void)umask(mask);
    assert_true(holds(path, NEW));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    files_write(*state, "x", OLD, strlen(OLD));
    assert_true(write_new(path, &err));
    assert_true(holds(path, NEW));
    assert_int_equal(count_files(*state), 1);
}

static void a_path_without_a_folder_is_in_the_current_one(void **state)
{
    struct error err = {0};
    char before[FILES_PATH_SIZE], path[FILES_PATH_SIZE];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(((struct files *)*state)->directory), 0);
    bool good = write_new("x", &err);
    assert_int_equal(chdir(before), 0);
    assert_true(good);
    assert_true(holds(files_path(*state, "x", path), NEW));
}

static void short_and_interrupted_writes_go_on(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    size_t before = faults_interruptions();
    faults_dribble(true);
    bool good = write_new(files_path(*state, "x", path), &err);
    faults_dribble(false);
    assert_true(good);
    assert_true(holds(path, NEW));
    assert_true(faults_interruptions() - before > 6);
}

/* Each call in turn fails: it is said, but for the closing of what is not needed any more, and the
 * file is the old one, but where only the folder's sync was left. */
static void any_call_may_fail(void **state)
{
    char path[FILES_PATH_SIZE];
    size_t refusals = 0, calls;
    struct error err = {0};
    files_write(*state, "x", OLD, strlen(OLD));
    faults_arm(FAULT_CALLS, 0, 0);
    assert_true(write_new(files_path(*state, "x", path), &err));
    calls = faults_disarm();
    assert_true(calls >= 11);
    for (size_t number = 1; number <= calls; number++) {
        files_write(*state, "x", OLD, strlen(OLD));
        err = (struct error){0};
        int descriptors = count_descriptors();
        faults_arm(FAULT_CALLS, number, EIO);
        bool good = write_new(path, &err);
        (void)faults_disarm();
        bool late = good || strstr(err.message, "written, but");
        assert_true(holds(path, late ? NEW : OLD));
        assert_int_equal(count_files(*state), 1);
        assert_int_equal(count_descriptors(), descriptors);
        if (!good) {
            refusals++;
            assert_memory_equal(err.message, path, strlen(path));
            assert_non_null(strstr(err.message, strerror(EIO)));
            assert_int_equal(err.code, ERROR_SYSTEM);
        }
    }
    /* Two descriptors are closed at the end, whose data is on the disk. */
    assert_int_equal(refusals, calls - 2);
}

static const struct {
    unsigned kind;
    size_t number;
    const char *message;
} STEPS[] = {
    {FAULT_OPEN, 1, "cannot open its folder"},
    {FAULT_OPEN, 2, "cannot create a temporary file beside it"},
    {FAULT_WRITE, 1, "cannot write"},
    {FAULT_WRITE, 2, "cannot write"},
    {FAULT_SYNC, 1, "cannot bring it to the disk"},
    {FAULT_CLOSE, 1, "cannot close"},
    {FAULT_RENAME, 1, "cannot give the temporary file its name"},
    {FAULT_SYNC, 2, "written, but cannot bring its folder to the disk"},
};

static void a_full_disk_is_told_from_other_failures_at_each_step(void **state)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    files_path(*state, "x", path);
    for (size_t step = 0; step < sizeof STEPS / sizeof *STEPS; step++) {
        struct error err = {0};
        faults_arm(STEPS[step].kind, STEPS[step].number, ENOSPC);
        bool good = write_new(path, &err);
        (void)faults_disarm();
        (void)snprintf(expected, sizeof expected, "%s: %s: %s", path, STEPS[step].message,
                       strerror(ENOSPC));
        assert_false(good);
        assert_string_equal(err.message, expected);
        assert_int_equal(err.code, ERROR_FULL);
    }
}

static void a_file_system_without_sync_for_folders_will_do(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    faults_arm(FAULT_SYNC, 2, EINVAL);
    bool good = write_new(files_path(*state, "x", path), &err);
    (void)faults_disarm();
    assert_true(good);
}

static void any_allocation_may_fail(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    files_write(*state, "x", OLD, strlen(OLD));
    bool good = false;
    for (size_t number = 1; !good; number++) {
        assert_true(number < 20);
        assert_true(holds(files_path(*state, "x", path), OLD));
        err = (struct error){0};
        faults_arm(FAULT_ALLOCATION, number, ENOMEM);
        good = write_new(path, &err);
        (void)faults_disarm();
        assert_true(good || strstr(err.message, "emory"));
        assert_int_equal(count_files(*state), 1);
    }
}

static void a_missing_folder_is_named(void **state)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct error err = {0};
    assert_null(atomic_file_create(files_path(*state, "no/x", path), &err));
    (void)snprintf(expected, sizeof expected, "%s: cannot open its folder: %s", path,
                   strerror(ENOENT));
    assert_string_equal(err.message, expected);
}

static void what_was_given_up_leaves_no_trace(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct atomic_file *file = atomic_file_create(files_path(*state, "x", path), &err);
    assert_non_null(file);
    assert_true(atomic_file_write(file, NEW, sizeof NEW, &err));
    assert_int_equal(count_files(*state), 1);
    atomic_file_discard(file);
    assert_int_equal(count_files(*state), 0);
}

static void two_at_once_do_not_mix(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct atomic_file *file = atomic_file_create(files_path(*state, "x", path), &err);
    assert_non_null(file);
    assert_null(atomic_file_create(path, &err));
    assert_non_null(strstr(err.message, "cannot create a temporary file beside it"));
    assert_true(atomic_file_write(file, NEW, strlen(NEW), &err));
    assert_true(atomic_file_commit(file, &err));
    assert_true(holds(path, NEW));
}

static void a_leftover_of_our_number_makes_way(void **state)
{
    char name[64], path[FILES_PATH_SIZE];
    struct error err = {0};
    (void)snprintf(name, sizeof name, "x.%ld.fmnist-part", (long)getpid());
    files_write(*state, name, OLD, strlen(OLD));
    assert_true(write_new(files_path(*state, "x", path), &err));
    assert_true(holds(path, NEW));
    assert_int_equal(count_files(*state), 1);
}

static void only_what_killed_processes_left_is_cleaned_away(void **state)
{
    struct files *files = *state;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    int started[2];
    size_t removed = 9;
    files_write(files, "keep.fmnist-part", OLD, sizeof OLD);
    files_write(files, ".12.fmnist-part", OLD, sizeof OLD);
    files_write(files, "keep.12.part", OLD, sizeof OLD);
    files_write(files, "gone.12.fmnist-part", OLD, sizeof OLD);
    assert_int_equal(pipe(started), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct atomic_file *file = atomic_file_create(files_path(files, "y", path), &err);
        bool good = file && atomic_file_write(file, NEW, sizeof NEW, &err);
        (void)!write(started[1], good ? "y" : "n", 1);
        for (;;)
            (void)pause();
    }
    char answer = 0;
    assert_int_equal(read(started[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
    assert_true(atomic_file_clean(files->directory, &removed, &err));
    assert_int_equal(removed, 1); /* not the child's */
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(atomic_file_clean(files->directory, &removed, &err));
    assert_int_equal(removed, 1);
    assert_int_equal(count_files(files), 2);
    (void)close(started[0]);
    (void)close(started[1]);
}

static void what_cannot_be_cleaned_is_named_and_the_rest_cleaned(void **state)
{
    struct files inner;
    struct error err = {0};
    size_t removed;
    files_create_in(&inner, *state, "a.1.fmnist-part");
    files_write(*state, "b.2.fmnist-part", OLD, sizeof OLD);
    assert_false(atomic_file_clean(((struct files *)*state)->directory, &removed, &err));
    assert_non_null(strstr(err.message, "/a.1.fmnist-part: cannot remove: "));
    assert_int_equal(removed, 1);
    assert_false(atomic_file_clean("/nowhere/at/all", NULL, &err));
    assert_string_equal(err.message,
                        "/nowhere/at/all: cannot open the folder: No such file or directory");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_created_and_replaced),
        TEST(a_path_without_a_folder_is_in_the_current_one),
        TEST(short_and_interrupted_writes_go_on),
        TEST(any_call_may_fail),
        TEST(a_full_disk_is_told_from_other_failures_at_each_step),
        TEST(a_file_system_without_sync_for_folders_will_do),
        TEST(any_allocation_may_fail),
        TEST(a_missing_folder_is_named),
        TEST(what_was_given_up_leaves_no_trace),
        TEST(two_at_once_do_not_mix),
        TEST(a_leftover_of_our_number_makes_way),
        TEST(only_what_killed_processes_left_is_cleaned_away),
        TEST(what_cannot_be_cleaned_is_named_and_the_rest_cleaned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
