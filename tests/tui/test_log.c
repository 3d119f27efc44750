// SPDX-License-Identifier: MIT
/* What is printed to the program's descriptors while its screen is up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dashboard.h"

enum { LINES = 30000 };

/* The program's own descriptor, as its libraries would use it; skips the test where the system does
 * not give it to others. */
static FILE *open_descriptor(struct terminal *terminal, int descriptor)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)terminal_process(terminal),
                   descriptor);
    FILE *file = fopen(path, "a");
    if (!file)
        skip();
    return file;
}

/* Prints and waits until the program has told of it. */
static void print_to(struct terminal *terminal, int descriptor, const char *text)
{
    FILE *file = open_descriptor(terminal, descriptor);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    terminal_await_text(terminal, "something was printed; L shows it");
}

static void quit(struct terminal *terminal)
{
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
}

static struct terminal *open_long_run(void **state)
{
    const char *const arguments[] = {"--epochs", "100000", NULL};
    return dashboard_open(state, (struct terminal_settings){.arguments = arguments});
}

static void stray_prints_go_to_the_log_and_come_out_at_the_end(void **state)
{
    struct terminal *terminal = open_long_run(state);
    print_to(terminal, STDOUT_FILENO, "a library\tsays\r\nprogress 1\rprogress 2\n");
    assert_null(strstr(terminal_text(terminal), "progress"));
    terminal_type(terminal, "L");
    terminal_await_text(terminal, "printed meanwhile");
    terminal_await_text(terminal, "a library       says");
    terminal_await_text(terminal, "progress 2");
    assert_null(strstr(terminal_text(terminal), "progress 1"));
    terminal_type(terminal, "\033");
    terminal_await_no_text(terminal, "printed meanwhile");
    print_to(terminal, STDERR_FILENO, "an error without end of line \001\033[31m");
    terminal_type(terminal, "L");
    terminal_await_text(terminal, "an error without end of line ??[31m");
    quit(terminal);
    assert_non_null(strstr(terminal_text(terminal), "a library       says"));
    assert_non_null(strstr(terminal_text(terminal), "an error without"));
}

static void nothing_printed_is_said(void **state)
{
    struct terminal *terminal = open_long_run(state);
    terminal_type(terminal, "L");
    terminal_await_text(terminal, "nothing so far");
    quit(terminal);
}

static void much_is_kept_and_the_end_of_it_shown(void **state)
{
    char last[32];
    size_t size, lines = 0;
    struct terminal *terminal = open_long_run(state);
    FILE *file = open_descriptor(terminal, STDOUT_FILENO);
    for (int line = 1; line <= LINES; line++)
        assert_true(fprintf(file, "stray line %d\n", line) > 0);
    assert_int_equal(fclose(file), 0);
    terminal_await_text(terminal, "something was printed; L shows it");
    terminal_type(terminal, "L");
    (void)snprintf(last, sizeof last, "stray line %d", LINES);
    terminal_await_text(terminal, last);
    terminal_type(terminal, "g");
    terminal_await_no_text(terminal, last);
    terminal_type(terminal, "G");
    terminal_await_text(terminal, last);
    terminal_type(terminal, "L");
    terminal_await_no_text(terminal, last);
    quit(terminal);
    const char *bytes = terminal_bytes(terminal, &size);
    for (const char *at = strstr(bytes, "stray line 1\r\n"); at; at = strstr(at + 1, "stray line "))
        lines++;
    assert_true(lines >= LINES);
}

#define LOG_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(void)
{
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        LOG_TEST(stray_prints_go_to_the_log_and_come_out_at_the_end),
        LOG_TEST(nothing_printed_is_said),
        LOG_TEST(much_is_kept_and_the_end_of_it_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
