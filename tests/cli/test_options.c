// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fmnist/nn/isa.h"
#include "run.h"

/* The program must refuse these arguments with one line, and the status for usage. */
static void check_usage(const char *arguments, const char *message)
{
    struct run *run = run_program(arguments);
    assert_string_equal(run->out, "");
    assert_string_equal(run->err, message);
    assert_int_equal(run->status, 2);
    run_free(run);
}

static void wrong_usage_gets_one_line_and_status_2(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"--nope", "fmnist-tui: there is no option --nope; see --help\n"},
        {"-x", "fmnist-tui: there is no option -x; see --help\n"},
        {"nope", "fmnist-tui: there is no command 'nope'; see --help\n"},
        {"train more", "fmnist-tui: 'more' is one word too many; see --help\n"},
        {"train train", "fmnist-tui: 'train' is one word too many; see --help\n"},
        {"--model", "fmnist-tui: --model needs an argument: NAME\n"},
        {"train --json=1", "fmnist-tui: --json takes no argument\n"},
        {"--sample=1", "fmnist-tui: --sample 1: give one of no, yes\n"},
        {"--model vgg", "fmnist-tui: --model vgg: give one of lenet, alexnet\n"},
        {"--epochs 0", "fmnist-tui: --epochs 0: give a whole number from 1 to 100000\n"},
        {"--epochs -1", "fmnist-tui: --epochs -1: give a whole number from 1 to 100000\n"},
        {"--epochs 1x", "fmnist-tui: --epochs 1x: give a whole number from 1 to 100000\n"},
        {"--epochs 99999999999999999999",
         "fmnist-tui: --epochs 99999999999999999999: give a whole number from 1 to 100000\n"},
        {"--batch=10001", "fmnist-tui: --batch 10001: give a whole number from 1 to 10000\n"},
        {"-t 1025", "fmnist-tui: --threads 1025: give a whole number from 1 to 1024\n"},
        {"--lr 0", "fmnist-tui: --lr 0: give a number above 0, such as 0.001\n"},
        {"--lr nan", "fmnist-tui: --lr nan: give a number above 0, such as 0.001\n"},
        {"--lr 0x10", "fmnist-tui: --lr 0x10: give a number above 0, such as 0.001\n"},
        {"--seed -1", "fmnist-tui: --seed -1: give a whole number from 0 to 9223372036854775807\n"},
        {"--seed 9223372036854775808",
         "fmnist-tui: --seed 9223372036854775808: give a whole number from 0 to "
         "9223372036854775807\n"},
        {"--data=", "fmnist-tui: --data '': give a directory\n"},
        {"no\npe", "fmnist-tui: there is no command 'no?pe'; see --help\n"},
        {"--lr inf", "fmnist-tui: --lr inf: give a number above 0, such as 0.001\n"},
        {"--color 17", "fmnist-tui: --color 17: give one of auto, always, never, none, 8, 16, "
                       "256, 24bit\n"},
        {"--json", "fmnist-tui: --json belongs to the commands train, evaluate, predict, import, "
                   "runs, export and bench\n"},
        {"train --rounds 2", "fmnist-tui: --rounds belongs to the command bench\n"},
        {"--rounds 2", "fmnist-tui: --rounds belongs to the command bench\n"},
        {"train --test-card", "fmnist-tui: --test-card belongs to the command dashboard\n"},
        {"--epochs 3 bench",
         "fmnist-tui: --epochs belongs to the commands dashboard, train and import\n"},
        {"--store=", "fmnist-tui: --store '': give a directory\n"},
        {"--name=", "fmnist-tui: --name '': give a name\n"},
        {"--keep -1", "fmnist-tui: --keep -1: give a whole number from 0 to 10000\n"},
        {"--resume=", "fmnist-tui: --resume '': give a run, or no = for the newest\n"},
        {"train --resume 7 8", "fmnist-tui: '8' is one word too many; see --help\n"},
        {"--no-store --store /x", "fmnist-tui: --no-store and --store exclude each other\n"},
        {"--resume --no-store", "fmnist-tui: --no-store and --resume exclude each other\n"},
        {"--name a --no-store", "fmnist-tui: --no-store and --name exclude each other\n"},
        {"train -- --json", "fmnist-tui: '--json' is one word too many; see --help\n"},
        {"bench --rounds 101", "fmnist-tui: --rounds 101: give a whole number from 1 to 100\n"},
        {"--isa sse2", "fmnist-tui: --isa sse2: give one of reference, generic, avx2, avx512\n"},
        {"--glyphs utf16", "fmnist-tui: --glyphs utf16: give one of auto, ascii, utf8\n"},
    };
    for (size_t item = 0; item < sizeof CASES / sizeof *CASES; item++)
        check_usage(CASES[item][0], CASES[item][1]);
}

static void a_commands_help_has_its_options_alone(void **state)
{
    (void)state;
    struct run *run = run_program("--seed 1 bench more --help");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    assert_ptr_equal(strstr(run->out, "Usage: fmnist-tui bench [OPTION]...\nbench: measure "),
                     run->out);
    assert_non_null(strstr(run->out, "--rounds N"));
    assert_null(strstr(run->out, "--seed"));
    run_free(run);
}

static void help_and_version_are_written_to_stdout(void **state)
{
    (void)state;
    static const char *const ARGUMENTS[] = {"--help", "-h", "train --help", "--version", "-V"};
    for (size_t item = 0; item < sizeof ARGUMENTS / sizeof *ARGUMENTS; item++) {
        struct run *run = run_program(ARGUMENTS[item]);
        assert_int_equal(run->status, 0);
        assert_string_equal(run->err, "");
        assert_non_null(
            strstr(run->out, strchr(ARGUMENTS[item], 'h') ? "Usage: fmnist-tui" : "fmnist-tui "));
        run_free(run);
    }
}

/* Runs it with $FMNIST_ISA set to `value`. */
static struct run *run_with_isa(const char *value, const char *arguments)
{
    assert_int_equal(setenv("FMNIST_ISA", value, 1), 0);
    struct run *run = run_program(arguments);
    assert_int_equal(unsetenv("FMNIST_ISA"), 0);
    return run;
}

static void check_choice(struct run *run, enum isa isa)
{
    char expected[32];
    (void)snprintf(expected, sizeof expected, "\nchosen: %s\n", isa_name(isa));
    if (isa_supported(isa)) {
        assert_int_equal(run->status, 0);
        assert_non_null(strstr(run->out, expected));
        assert_non_null(strstr(run->out, "\nOpenBLAS core: "));
    } else {
        assert_int_equal(run->status, 1);
        assert_string_equal(run->out, "");
        assert_non_null(strstr(run->err, "this CPU or this build has no "));
        assert_int_equal(run_lines(run->err), 1);
    }
    run_free(run);
}

static void each_instruction_set_can_be_chosen_where_it_is_supported(void **state)
{
    (void)state;
    for (int number = 0; number < ISA_COUNT; number++) {
        enum isa isa = (enum isa)number;
        char arguments[64];
        (void)snprintf(arguments, sizeof arguments, "--version --isa %s", isa_name(isa));
        check_choice(run_with_isa("", arguments), isa);
        check_choice(run_with_isa(isa_name(isa), "--version"), isa);
        check_choice(run_with_isa("nonsense", arguments), isa);
    }
    check_choice(run_with_isa("", "--version"), isa_best());
}

static void a_wrong_instruction_set_in_the_environment_is_refused(void **state)
{
    (void)state;
    struct run *run = run_with_isa("sse2", "train");
    assert_int_equal(run->status, 2);
    assert_string_equal(run->out, "");
    assert_string_equal(run->err, "fmnist-tui: FMNIST_ISA=sse2: give one of reference, generic, "
                                  "avx2, avx512\n");
    run_free(run);
    run = run_with_isa("sse2", "--help");
    assert_int_equal(run->status, 0);
    run_free(run);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct run *run = run_into("--help", "/dev/full");
    assert_int_equal(run->status, 1);
    assert_string_equal(run->err,
                        "fmnist-tui: cannot write to standard output: No space left on device\n");
    run_free(run);
    run = run_into("--plain --sample --epochs 1", "/dev/full");
    assert_int_equal(run->status, 1);
    assert_string_equal(run->err,
                        "fmnist-tui: cannot write to standard output: No space left on device\n");
    run_free(run);
}

static void what_has_no_screen_names_ways_without(void **state)
{
    (void)state;
    struct run *run = run_program("dashboard --sample");
    assert_int_equal(run->status, 1);
    assert_string_equal(run->out, "");
    assert_non_null(strstr(run->err, " is not a terminal; --plain and 'fmnist-tui train' do "));
    run_free(run);
}

static void data_that_are_not_there_get_one_line_and_status_1(void **state)
{
    (void)state;
    struct run *run = run_program("train --data /nowhere");
    assert_string_equal(run->out, "");
    assert_string_equal(
        run->err, "fmnist-tui: /nowhere: cannot read data from it: No such file or directory\n");
    assert_int_equal(run->status, 1);
    run_free(run);
}

static void the_dashboard_needs_a_terminal(void **state)
{
    (void)state;
    struct run *run = run_program("dashboard --sample");
    assert_string_equal(run->out, "");
    assert_int_equal(run_lines(run->err), 1);
    assert_non_null(strstr(run->err, "terminal"));
    assert_int_equal(run->status, 1);
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_gets_one_line_and_status_2),
        cmocka_unit_test(a_commands_help_has_its_options_alone),
        cmocka_unit_test(help_and_version_are_written_to_stdout),
        cmocka_unit_test(each_instruction_set_can_be_chosen_where_it_is_supported),
        cmocka_unit_test(a_wrong_instruction_set_in_the_environment_is_refused),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(what_has_no_screen_names_ways_without),
        cmocka_unit_test(data_that_are_not_there_get_one_line_and_status_1),
        cmocka_unit_test(the_dashboard_needs_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
