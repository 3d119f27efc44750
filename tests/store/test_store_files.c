// SPDX-License-Identifier: MIT
/* Files that are no store, older or newer ones, folders that cannot be written, two programs. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fmnist/store/store.h"
#include "staged_run.h"
#include "store/schema.h"

enum { PATH_SIZE = 512, NOBODY = 65534, WRITERS = 4, RUNS_EACH = 25 };

static const char *file_in(const char *folder, const char *name)
{
    static char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Makes runs.db of the folder with these statements. */
static void make_database(const char *folder, const char *sql)
{
    struct database database;
    assert_true(database_open(&database, file_in(folder, "runs.db"), DATABASE_WRITE, NULL));
    assert_true(database_run(&database, sql, NULL));
    database_close(&database);
}

static int64_t ask(const char *folder, const char *sql)
{
    struct database database;
    int64_t answer;
    assert_true(database_open(&database, file_in(folder, "runs.db"), DATABASE_READ, NULL));
    assert_true(database_ask(&database, sql, &answer, NULL));
    database_close(&database);
    return answer;
}

/* Opening must fail both ways with a message that has this text, and change nothing. */
static void expect_refusal(const char *folder, const char *text)
{
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        struct error err = {0};
        struct store *store = store_open(folder, (enum store_mode)mode, &err);
        assert_null(store);
        assert_int_equal(err.code, ERROR_FORMAT);
        if (!strstr(err.message, text) || !strstr(err.message, "/runs.db"))
            fail_msg("\"%s\" is not in: %s", text, err.message);
        assert_null(strchr(err.message, '\n'));
    }
}

static void a_new_store_says_what_it_is(void **state)
{
    store_close(staged_store(*state, STORE_WRITE));
    assert_int_equal(ask(*state, "PRAGMA application_id"), SCHEMA_APPLICATION);
    assert_int_equal(ask(*state, "PRAGMA user_version"), SCHEMA_VERSION);
    assert_int_equal(ask(*state, "SELECT count(*) FROM pragma_journal_mode"
                                 " WHERE journal_mode = 'wal'"),
                     1);
}

static void a_newer_store_is_refused(void **state)
{
    store_close(staged_store(*state, STORE_WRITE));
    make_database(*state, "PRAGMA user_version = 99");
    expect_refusal(*state, "has version 99, this program knows versions up to 1: use a newer");
    assert_int_equal(ask(*state, "PRAGMA user_version"), 99);
}

static void a_database_of_others_is_refused(void **state)
{
    make_database(*state, "CREATE TABLE songs (title TEXT)");
    expect_refusal(*state, "is a database of another program");
    make_database(*state, "PRAGMA application_id = 7");
    expect_refusal(*state, "is a database of another program");
    assert_int_equal(ask(*state, "SELECT count(*) FROM sqlite_master"), 1);
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
    int descriptor = open(path, O_WRONLY | O_CREAT, S_IRUSR | S_IWUSR);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    assert_int_equal(close(descriptor), 0);
}

static void what_is_no_database_is_refused(void **state)
{
    char text[8192];
    memset(text, 'x', sizeof text);
    write_bytes(file_in(*state, "runs.db"), text, sizeof text);
    expect_refusal(*state, "is no run store; name another folder with --store, or move it away");
}

static void a_damaged_store_is_refused(void **state)
{
    char zeros[2048] = {0};
    store_close(staged_store(*state, STORE_WRITE));
    int descriptor = open(file_in(*state, "runs.db"), O_WRONLY);
    assert_int_equal(pwrite(descriptor, zeros, sizeof zeros, 100), sizeof zeros);
    assert_int_equal(close(descriptor), 0);
    expect_refusal(*state, "is damaged; move it away");
}

/* As a program leaves it that is killed while it makes one. */
static void an_empty_store_is_completed(void **state)
{
    struct run_row *rows;
    size_t count;
    make_database(*state, "PRAGMA application_id = 0x666d6e74; PRAGMA journal_mode = WAL");
    struct store *reader = staged_store(*state, STORE_READ);
    assert_true(store_list_runs(reader, &rows, &count, NULL));
    assert_int_equal(count, 0);
    free(rows);
    store_close(reader);
    store_close(staged_store(*state, STORE_WRITE));
    assert_int_equal(ask(*state, "PRAGMA user_version"), SCHEMA_VERSION);
}

/* A store of version 0 whose table is in the way of version 1's. */
static void a_migration_that_fails_changes_nothing(void **state)
{
    struct error err = {0};
    make_database(*state, "PRAGMA application_id = 0x666d6e74; CREATE TABLE epochs (old TEXT);"
                          "INSERT INTO epochs VALUES ('kept')");
    assert_null(store_open(*state, STORE_WRITE, &err));
    assert_non_null(strstr(err.message, "cannot bring the store from version 0 to 1: "));
    assert_int_equal(ask(*state, "PRAGMA user_version"), 0);
    assert_int_equal(ask(*state, "SELECT count(*) FROM sqlite_master"), 1);
    assert_int_equal(ask(*state, "SELECT count(*) FROM epochs WHERE old = 'kept'"), 1);
}

static void migrations_are_made_in_order_from_where_a_store_is(void **state)
{
    static const char *const STEPS[] = {"CREATE TABLE a (x INTEGER)",
                                        "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5",
                                        "INSERT INTO a (x) VALUES (1); UPDATE a SET y = y + x"};
    struct database database;
    int64_t answer;
    assert_true(database_open(&database, file_in(*state, "runs.db"), DATABASE_WRITE, NULL));
    assert_true(schema_migrate(&database, STEPS, 1, NULL));
    assert_true(database_run(&database, "INSERT INTO a VALUES (10)", NULL));
    assert_true(schema_migrate(&database, STEPS, 3, NULL));
    assert_true(schema_migrate(&database, STEPS, 3, NULL)); /* nothing is left to do */
    assert_true(database_ask(&database, "SELECT sum(y) FROM a", &answer, NULL));
    assert_int_equal(answer, 15 + 6);
    assert_true(database_ask(&database, "PRAGMA user_version", &answer, NULL));
    assert_int_equal(answer, 3);
    database_close(&database);
}

static void add_run(struct store *store)
{
    struct error err = {0};
    struct run_row row = staged_row();
    if (!store_add_run(store, &row, &err))
        fail_msg("%s", err.message);
}

static void expect_runs(const char *folder, size_t expected)
{
    struct run_row *rows;
    size_t count;
    struct store *store = staged_store(folder, STORE_READ);
    assert_true(store_list_runs(store, &rows, &count, NULL));
    assert_int_equal(count, expected);
    free(rows);
    store_close(store);
}

/* Runs a check in a process of a user that may do less, and returns whether it went well. */
static bool as_nobody(bool (*check)(const char *folder), const char *folder)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        bool able = geteuid() != 0 || (setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
        _exit(able && check(folder) ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

static bool reads_one_and_cannot_write(const char *folder)
{
    struct run_row *rows = NULL;
    size_t count = 0;
    struct error err = {0};
    struct store *store = store_open(folder, STORE_READ, &err);
    bool good = store && store_list_runs(store, &rows, &count, &err) && count == 1;
    free(rows);
    store_close(store);
    store = store_open(folder, STORE_WRITE, &err);
    return good && !store && err.code == ERROR_SYSTEM && strstr(err.message, "/runs.db");
}

static void a_store_that_cannot_be_written_can_be_read(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    add_run(store);
    store_close(store);
    assert_int_equal(chmod(file_in(*state, "runs.db"), 0444), 0);
    assert_int_equal(chmod(*state, 0555), 0);
    assert_true(as_nobody(reads_one_and_cannot_write, *state));
    assert_int_equal(chmod(*state, 0755), 0);
}

static bool reads_one(const char *folder)
{
    struct run_row *rows = NULL;
    size_t count = 0;
    struct store *store = store_open(folder, STORE_READ, NULL);
    bool good = store && store_list_runs(store, &rows, &count, NULL) && count == 1;
    free(rows);
    store_close(store);
    return good;
}

static void another_users_store_can_be_read_while_it_is_written(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(chmod(file_in(*state, "runs.db"), 0644), 0);
    add_run(store);
    assert_int_equal(chmod(file_in(*state, "runs.db-wal"), 0644), 0);
    assert_int_equal(chmod(file_in(*state, "runs.db-shm"), 0644), 0);
    assert_true(as_nobody(reads_one, *state));
    store_close(store);
}

/* Opens the store at the same time as others, and adds runs. */
static void write_runs(const char *folder, int start)
{
    char byte;
    struct error err = {0};
    (void)read(start, &byte, 1); /* until its other end is closed */
    struct store *store = store_open(folder, STORE_WRITE, &err);
    for (int run = 0; store && run < RUNS_EACH; run++) {
        struct run_row row = staged_row();
        if (!store_add_run(store, &row, &err))
            break;
    }
    if (err.code != ERROR_NONE)
        (void)fprintf(stderr, "%s\n", err.message);
    store_close(store);
    _exit(err.code == ERROR_NONE ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void programs_make_and_write_one_store_at_once(void **state)
{
    int start[2];
    pid_t children[WRITERS];
    assert_int_equal(pipe(start), 0);
    for (int writer = 0; writer < WRITERS; writer++) {
        children[writer] = fork();
        if (children[writer] == 0) {
            (void)close(start[1]);
            write_runs(*state, start[0]);
        }
    }
    (void)close(start[0]);
    (void)close(start[1]);
    for (int writer = 0; writer < WRITERS; writer++) {
        int status;
        assert_int_equal(waitpid(children[writer], &status, 0), children[writer]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    }
    expect_runs(*state, (size_t)WRITERS * RUNS_EACH);
}

static void without_a_home_the_message_names_the_option(void **state)
{
    struct error err = {0};
    (void)state;
    assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_null(store_open(NULL, STORE_READ, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_non_null(strstr(err.message, "--store"));
    assert_null(strstr(err.message, "--no-store")); /* none of those who only read */
}

static void the_default_folder_is_in_the_users_data(void **state)
{
    char path[PATH_SIZE];
    assert_int_equal(setenv("XDG_DATA_HOME", file_in(*state, "a/b"), 1), 0);
    store_close(store_open(NULL, STORE_WRITE, NULL));
    assert_int_equal(access(file_in(*state, "a/b/fmnist-tui/runs.db"), R_OK), 0);
    assert_int_equal(setenv("XDG_DATA_HOME", "relative", 1), 0);
    assert_int_equal(setenv("HOME", *state, 1), 0);
    store_close(store_open(NULL, STORE_WRITE, NULL));
    (void)snprintf(path, sizeof path, "%s", file_in(*state, ".local/share/fmnist-tui/runs.db"));
    assert_int_equal(access(path, R_OK), 0);
    struct store *nowhere = store_open(file_in(*state, "not/there"), STORE_READ, NULL);
    assert_non_null(nowhere);
    store_close(nowhere);
    assert_int_equal(access(file_in(*state, "not"), F_OK), -1);
}

static void a_file_in_place_of_the_folder_is_named(void **state)
{
    struct error err = {0};
    write_bytes(file_in(*state, "file"), "x", 1);
    assert_null(store_open(file_in(*state, "file/below"), STORE_WRITE, &err));
    assert_non_null(strstr(err.message, "/file: Not a directory"));
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, staged_folder_setup, staged_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_new_store_says_what_it_is),
        TEST(a_newer_store_is_refused),
        TEST(a_database_of_others_is_refused),
        TEST(what_is_no_database_is_refused),
        TEST(a_damaged_store_is_refused),
        TEST(an_empty_store_is_completed),
        TEST(a_migration_that_fails_changes_nothing),
        TEST(migrations_are_made_in_order_from_where_a_store_is),
        TEST(a_store_that_cannot_be_written_can_be_read),
        TEST(another_users_store_can_be_read_while_it_is_written),
        TEST(programs_make_and_write_one_store_at_once),
        TEST(the_default_folder_is_in_the_users_data),
        TEST(without_a_home_the_message_names_the_option),
        TEST(a_file_in_place_of_the_folder_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
