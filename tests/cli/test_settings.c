// SPDX-License-Identifier: MIT
/* Options, environment, file and defaults: which one holds, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

enum { PATH_SIZE = 256, FILE_MAX = 1 << 16 };

/* A directory that is $XDG_CONFIG_HOME, and the file in it. */
struct home {
    char directory[PATH_SIZE];
    char own[PATH_SIZE + 16];
    char file[PATH_SIZE + 32];
};

/* What the tests set. */
static const char *const VARIABLES[] = {"FMNIST_BATCH",    "FMNIST_DATA",     "FMNIST_EPOCHS",
                                        "FMNIST_ISA",      "FMNIST_NO_MOUSE", "FMNIST_ROUNDS",
                                        "FMNIST_NO_STORE", "FMNIST_SAMPLE",   "FMNIST_SEED"};

static int make_home(void **state)
{
    struct home *home = calloc(1, sizeof *home);
    if (!home)
        return -1;
    (void)snprintf(home->directory, sizeof home->directory, "/tmp/fmnist-settings-XXXXXX");
    if (!mkdtemp(home->directory))
        return -1;
    (void)snprintf(home->own, sizeof home->own, "%s/fmnist-tui", home->directory);
    (void)snprintf(home->file, sizeof home->file, "%s/config", home->own);
    *state = home;
    for (size_t index = 0; index < sizeof VARIABLES / sizeof *VARIABLES; index++)
        (void)unsetenv(VARIABLES[index]);
    char data[PATH_SIZE + 16]; /* runs of a test are not to be among those of who tests */
    (void)snprintf(data, sizeof data, "%s/data", home->directory);
    return mkdir(home->own, 0700) || setenv("XDG_CONFIG_HOME", home->directory, 1) ||
           setenv("XDG_DATA_HOME", data, 1);
}

static int remove_home(void **state)
{
    struct home *home = *state;
    char command[PATH_SIZE + 16];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", home->directory);
    free(home);
    return system(command);
}

static void write_bytes(const struct home *home, const char *bytes, size_t count)
{
    FILE *file = fopen(home->file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static void write_settings(const struct home *home, const char *text)
{
    write_bytes(home, text, strlen(text));
}

/* A line of what `config` prints must be that: the setting, and where it is from. */
static void check_setting(const struct run *run, const char *setting, const char *origin)
{
    char line[2 * PATH_SIZE], expected[3 * PATH_SIZE];
    (void)snprintf(line, sizeof line, "%-24s # %s", setting, origin);
    (void)snprintf(expected, sizeof expected, "%s\n", line);
    const char *found = strstr(run->out, expected);
    if (run->status != 0 || !found || (found > run->out && found[-1] != '\n'))
        fail_msg("no line '%s' in:\n%s%s", line, run->out, run->err);
}

/* The file's name and a line number. */
static const char *place(const struct home *home, int line)
{
    static char text[PATH_SIZE + 64];
    (void)snprintf(text, sizeof text, "%s:%d", home->file, line);
    return text;
}

/* The program must refuse the settings with that status and line, %s in which is the file. */
static void check_refused(const struct home *home, const char *arguments, const char *format,
                          int status)
{
    char message[1024], line[1024 + 16];
    struct run *run = run_program(arguments);
    (void)snprintf(message, sizeof message, format, home->file);
    (void)snprintf(line, sizeof line, "fmnist-tui: %s\n", message);
    assert_string_equal(run->err, line);
    assert_string_equal(run->out, "");
    assert_int_equal(run->status, status);
    run_free(run);
}

static void without_a_home_nothing_is_kept_and_that_is_said(void **state)
{
    (void)state;
    char before[PATH_SIZE];
    (void)snprintf(before, sizeof before, "%s", getenv("HOME") ? getenv("HOME") : "");
    assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    struct run *run = run_program("train --sample --epochs 1");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err,
                        "fmnist-tui: nothing is kept: HOME is not set, so there is no place to "
                        "keep runs in: name a folder with --store; where that is meant, use "
                        "--no-store\n");
    run_free(run);
    run = run_program("runs");
    assert_int_equal(run->status, 2);
    assert_string_equal(run->err,
                        "fmnist-tui: HOME is not set, so there is no place to keep runs in: name a "
                        "folder with --store\n");
    run_free(run);
    assert_int_equal(setenv("HOME", before, 1), 0);
}

static void a_tilde_in_the_file_is_the_home_directory(void **state)
{
    const struct home *home = *state;
    char before[PATH_SIZE];
    (void)snprintf(before, sizeof before, "%s", getenv("HOME") ? getenv("HOME") : "");
    assert_int_equal(setenv("HOME", "/home/me", 1), 0);
    write_settings(home, "data = ~/fashion set\nstore = ~/runs # mine\n");
    struct run *run = run_program("config");
    check_setting(run, "data = /home/me/fashion set", place(home, 1));
    check_setting(run, "store = /home/me/runs", place(home, 2));
    run_free(run);
    write_settings(home, "store = ~/runs\n");
    assert_int_equal(unsetenv("HOME"), 0);
    check_refused(home, "config", "%s:1: ~/runs: HOME is no path from /", 2);
    assert_int_equal(setenv("HOME", before, 1), 0);
}

static void without_a_file_defaults_hold(void **state)
{
    (void)state;
    assert_int_equal(setenv("XDG_DATA_HOME", "/data", 1), 0);
    struct run *run = run_program("config");
    assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
    check_setting(run, "model = lenet", "default");
    check_setting(run, "epochs = 15", "default");
    check_setting(run, "batch = 100", "default");
    check_setting(run, "lr = 0.001", "default");
    check_setting(run, "seed = 1", "default");
    check_setting(run, "# data = ", "default");
    check_setting(run, "sample = no", "default");
    check_setting(run, "# store = /data/fmnist-tui", "default"); /* where they are kept */
    check_setting(run, "no-store = no", "default");
    check_setting(run, "keep = 2", "default");
    check_setting(run, "save-every = 60", "default");
    check_setting(run, "rounds = 5", "default");
    check_setting(run, "glyphs = auto", "default");
    check_setting(run, "color = auto", "default");
    check_setting(run, "background = auto", "default");
    check_setting(run, "no-mouse = no", "default");
    check_setting(run, "plain = no", "default");
    assert_non_null(strstr(run->out, "\nthreads = "));
    assert_non_null(strstr(run->out, "\nisa = "));
    assert_int_equal(run_lines(run->out), 19);
    run_free(run);
}

static void each_value_tells_where_it_is_from(void **state)
{
    const struct home *home = *state;
    write_settings(home, "# mine\n"
                         "\n"
                         "epochs = 30\n"
                         " \tlr=1e-2  # higher\r\n"
                         "batch = 50\n"
                         "seed = 5\n"
                         "color = 256\n"
                         "background = light\n"
                         "isa = generic\n"
                         "data = /some dir/a#b\n"
                         "no-mouse = yes\n"
                         "threads = 3");
    (void)setenv("FMNIST_BATCH", "60", 1);
    (void)setenv("FMNIST_SEED", "6", 1);
    (void)setenv("FMNIST_NO_MOUSE", "no", 1);
    (void)setenv("FMNIST_ROUNDS", "", 1);
    struct run *run = run_program("config --seed 7 --model=alexnet --ascii --plain");
    check_setting(run, "epochs = 30", place(home, 3));
    check_setting(run, "lr = 0.01", place(home, 4));
    check_setting(run, "batch = 60", "FMNIST_BATCH");
    check_setting(run, "seed = 7", "--seed");
    check_setting(run, "model = alexnet", "--model");
    check_setting(run, "glyphs = ascii", "--glyphs");
    check_setting(run, "color = 256", place(home, 7));
    check_setting(run, "background = light", place(home, 8));
    check_setting(run, "isa = generic", place(home, 9));
    check_setting(run, "data = /some dir/a#b", place(home, 10));
    check_setting(run, "no-mouse = no", "FMNIST_NO_MOUSE");
    check_setting(run, "threads = 3", place(home, 12));
    check_setting(run, "plain = yes", "--plain");
    check_setting(run, "rounds = 5", "default");
    run_free(run);
}

/* The part of a line before the blanks and the comment. */
static void cut_origins(char *text)
{
    for (char *mark; (mark = strstr(text, " # "));) {
        char *end = strchr(mark, '\n');
        while (mark > text && mark[-1] == ' ')
            mark--;
        memmove(mark, end, strlen(end) + 1);
    }
}

static void what_config_prints_is_a_file_of_settings(void **state)
{
    const struct home *home = *state;
    write_settings(home, "");
    struct run *first =
        run_program("config --model alexnet --epochs 2 --batch 3 --lr 0.3 --seed 4 "
                    "--threads 5 --isa reference --data /six --store /seven --keep 8 "
                    "--rounds 7 --color "
                    "never --background dark --glyphs utf8 --no-mouse");
    write_settings(home, first->out);
    struct run *second = run_program("config");
    check_setting(second, "model = alexnet", place(home, 1));
    check_setting(second, "color = never", place(home, 16));
    cut_origins(first->out);
    cut_origins(second->out);
    assert_string_equal(first->out, second->out);
    run_free(first);
    run_free(second);
}

static void settings_hold_in_other_commands(void **state)
{
    const struct home *home = *state;
    write_settings(home, "sample = yes\nepochs = 1\nbatch = 50\nrounds = 3\nglyphs = ascii\n");
    struct run *run = run_program("train");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "embedded sample"));
    assert_non_null(strstr(run->out, "\n1 epoch, batch 50, "));
    run_free(run);
    run = run_program("train --batch 60");
    assert_non_null(strstr(run->out, "\n1 epoch, batch 60, "));
    run_free(run);
}

static void a_bad_line_names_file_and_line(void **state)
{
    const struct home *home = *state;
    static const char *const CASES[][2] = {
        {"epochs = 3\nepochs 4\n", "%s:2: 'epochs 4': give NAME = VALUE"},
        {"\n\n nope = 1", "%s:3: there is no setting 'nope'; see fmnist-tui config"},
        {"help = yes\n", "%s:1: there is no setting 'help'; see fmnist-tui config"},
        {"json = yes\n", "%s:1: there is no setting 'json'; see fmnist-tui config"},
        {"ascii = yes\n", "%s:1: there is no setting 'ascii'; see fmnist-tui config"},
        {"m = lenet\n", "%s:1: there is no setting 'm'; see fmnist-tui config"},
        {"= 3\n", "%s:1: there is no setting ''; see fmnist-tui config"},
        {"epochs =\n", "%s:1: epochs = : give a whole number from 1 to 100000"},
        {"epochs = 3x # y\n", "%s:1: epochs = 3x: give a whole number from 1 to 100000"},
        {"model = vgg\n", "%s:1: model = vgg: give one of lenet, alexnet"},
        {"sample = 1\n", "%s:1: sample = 1: give one of no, yes"},
        {"data = # none\n", "%s:1: data = : give a directory"},
        {"seed = 1\n#\nseed = 1\n", "%s:3: seed is in line 1, too"},
        {"sample = yes\ndata = /x\n", "%s:1: sample and data (line 2) exclude each other"},
        {"seed = \x1b[31m\n", "%s:1: seed = ?[31m: give a whole number from 0 to "
                              "9223372036854775807"},
    };
    for (size_t item = 0; item < sizeof CASES / sizeof *CASES; item++) {
        write_settings(home, CASES[item][0]);
        check_refused(home, "config", CASES[item][1], 2);
        check_refused(home, "train", CASES[item][1], 2);
    }
    /* where an option holds instead, too */
    write_settings(home, "epochs = many\n");
    check_refused(home, "train --epochs 1",
                  "%s:1: epochs = many: give a whole number from 1 to 100000", 2);
    struct run *run = run_program("--help");
    assert_int_equal(run->status, 0);
    run_free(run);
}

static void a_bad_variable_is_named(void **state)
{
    const struct home *home = *state;
    write_settings(home, "");
    (void)setenv("FMNIST_EPOCHS", "few", 1);
    check_refused(home, "config", "FMNIST_EPOCHS=few: give a whole number from 1 to 100000", 2);
    struct run *run = run_program("config --epochs 3"); /* which holds */
    check_setting(run, "epochs = 3", "--epochs");
    run_free(run);
    (void)unsetenv("FMNIST_EPOCHS");
    (void)setenv("FMNIST_SAMPLE", "yes", 1);
    (void)setenv("FMNIST_DATA", "/x", 1);
    check_refused(home, "config", "FMNIST_SAMPLE and FMNIST_DATA exclude each other", 2);
    (void)unsetenv("FMNIST_SAMPLE");
    (void)unsetenv("FMNIST_DATA");
}

static void the_stronger_of_sample_and_data_holds(void **state)
{
    const struct home *home = *state;
    write_settings(home, "sample = yes\n");
    struct run *run = run_program("config --data /x");
    check_setting(run, "data = /x", "--data");
    check_setting(run, "sample = no", "default");
    run_free(run);
    (void)setenv("FMNIST_DATA", "/y", 1);
    run = run_program("config");
    check_setting(run, "data = /y", "FMNIST_DATA");
    check_setting(run, "sample = no", "default");
    run_free(run);
    run = run_program("config --sample");
    check_setting(run, "# data = ", "default");
    check_setting(run, "sample = yes", "--sample");
    run_free(run);
    (void)unsetenv("FMNIST_DATA");
    run = run_program("config --sample=no");
    check_setting(run, "sample = no", "--sample");
    run_free(run);
    check_refused(home, "config --sample --data /x", "--sample and --data exclude each other", 2);
}

static void the_stronger_of_store_and_no_store_holds(void **state)
{
    const struct home *home = *state;
    write_settings(home, "no-store = yes\nkeep = 0\n");
    struct run *run = run_program("config");
    check_setting(run, "no-store = yes", place(home, 1));
    check_setting(run, "keep = 0", place(home, 2));
    run_free(run);
    run = run_program("config --store /runs");
    check_setting(run, "store = /runs", "--store");
    check_setting(run, "no-store = no", "default");
    run_free(run);
    write_settings(home, "store = /runs\n");
    run = run_program("config --no-store");
    check_setting(run, "# store = ", "default");
    run_free(run);
    write_settings(home, "store = /runs\nno-store = yes\n");
    check_refused(home, "config", "%s:2: no-store and store (line 1) exclude each other", 2);
}

static void what_is_no_text_file_is_refused(void **state)
{
    const struct home *home = *state;
    char *large = malloc(FILE_MAX + 1);
    assert_non_null(large);
    memset(large, '#', FILE_MAX + 1);
    write_bytes(home, large, FILE_MAX + 1);
    check_refused(home, "config", "%s: larger than 64 KiB", 2);
    write_bytes(home, large, FILE_MAX);
    free(large);
    struct run *run = run_program("config");
    assert_int_equal(run->status, 0);
    run_free(run);
    write_bytes(home, "seed = 1\nlr = 1\0epochs = x\n", 27);
    check_refused(home, "config", "%s:2: a NUL byte; the file must be text", 2);
    assert_int_equal(unlink(home->file), 0);
    assert_int_equal(mkdir(home->file, 0700), 0);
    check_refused(home, "config", "%s: not a regular file", 2);
    assert_int_equal(rmdir(home->file), 0);
    assert_int_equal(mkfifo(home->file, 0600), 0);
    check_refused(home, "config", "%s: not a regular file", 2);
    assert_int_equal(unlink(home->file), 0);
    write_settings(home, "seed = 3\n");
    assert_int_equal(chmod(home->file, 0), 0);
    if (geteuid() != 0) /* who may read all */
        check_refused(home, "config", "%s: cannot read it: Permission denied", 1);
}

static void the_file_is_found_as_xdg_says(void **state)
{
    const struct home *home = *state;
    char config[PATH_SIZE + 64];
    write_settings(home, "seed = 9\n");
    (void)setenv("XDG_CONFIG_HOME", "relative", 1); /* counts as not set */
    (void)setenv("HOME", home->directory, 1);
    (void)snprintf(config, sizeof config, "%s/.config", home->directory);
    assert_int_equal(symlink(".", config), 0);
    struct run *run = run_program("config");
    assert_non_null(strstr(run->out, "seed = 9 "));
    assert_non_null(strstr(run->out, "/.config/fmnist-tui/config:1\n"));
    assert_int_equal(run->status, 0);
    run_free(run);
    assert_int_equal(unlink(config), 0);
    (void)unsetenv("XDG_CONFIG_HOME");
    (void)unsetenv("HOME");
    run = run_program("config");
    check_setting(run, "seed = 1", "default");
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_file_defaults_hold, make_home, remove_home),
        cmocka_unit_test_setup_teardown(without_a_home_nothing_is_kept_and_that_is_said, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(a_tilde_in_the_file_is_the_home_directory, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(each_value_tells_where_it_is_from, make_home, remove_home),
        cmocka_unit_test_setup_teardown(what_config_prints_is_a_file_of_settings, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(settings_hold_in_other_commands, make_home, remove_home),
        cmocka_unit_test_setup_teardown(a_bad_line_names_file_and_line, make_home, remove_home),
        cmocka_unit_test_setup_teardown(a_bad_variable_is_named, make_home, remove_home),
        cmocka_unit_test_setup_teardown(the_stronger_of_sample_and_data_holds, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(the_stronger_of_store_and_no_store_holds, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(what_is_no_text_file_is_refused, make_home, remove_home),
        cmocka_unit_test_setup_teardown(the_file_is_found_as_xdg_says, make_home, remove_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
