// SPDX-License-Identifier: MIT
/* However the program ends, the terminal is as it was, and the parent learns the truth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dashboard.h"

/* Fails unless the last of all switches between the two screens went to the normal one. */
static void check_normal_screen(const struct terminal *terminal)
{
    size_t size;
    const char *at = terminal_bytes(terminal, &size), *next;
    char last = '\0';
    while ((next = strstr(at, "\033[?1049"))) {
        at = next + strlen("\033[?1049");
        last = *at;
    }
    assert_int_equal(last, 'l');
}

static void check_exit(struct terminal *terminal, int exit_status)
{
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), exit_status);
    terminal_check_restored(terminal);
}

static void check_killed(struct terminal *terminal, int number)
{
    int status = terminal_await_end(terminal);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), number);
    terminal_check_restored(terminal);
    check_normal_screen(terminal);
}

static void quitting_asks_and_esc_stays(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    assert_true(terminal_is_raw(terminal));
    terminal_type(terminal, "q");
    terminal_await_text(terminal, "Quit?");
    terminal_type(terminal, "\033");
    terminal_await_no_text(terminal, "Quit?");
    terminal_type(terminal, "q");
    terminal_await_text(terminal, "Quit?");
    terminal_type(terminal, "q");
    check_exit(terminal, 0);
    check_normal_screen(terminal);
}

static void enter_in_the_quit_dialog_stays(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "q");
    terminal_await_text(terminal, "Quit?");
    terminal_type(terminal, "\r");
    terminal_await_no_text(terminal, "Quit?");
    terminal_type(terminal, "q\t\r");
    check_exit(terminal, 0);
}

static void control_c_twice_quits_without_asking(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "\003\003");
    check_exit(terminal, 0);
    check_normal_screen(terminal);
}

static void the_normal_screen_holds_a_summary_afterwards(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "\003\003");
    check_exit(terminal, 0);
    const char *text = terminal_text(terminal);
    assert_non_null(strstr(text, "LeNet-5 on Fashion-MNIST sample: "));
    assert_non_null(strstr(text, " of 1000 epochs, "));
    assert_non_null(strstr(text, "fmnist-tui --model lenet --epochs 1000 --sample"));
    assert_non_null(strstr(text, "fmnist-tui train --model lenet --epochs 1000 --sample"));
    assert_null(strstr(text, "q quit"));
}

static void the_summary_of_a_whole_run_has_its_accuracies_and_worst_classes(void **state)
{
    const char *const arguments[] = {"--epochs", "1", "--seed", "7", NULL};
    struct terminal *terminal =
        dashboard_open(state, (struct terminal_settings){.arguments = arguments});
    terminal_await_text(terminal, "finished");
    terminal_type(terminal, "q");
    check_exit(terminal, 0);
    const char *text = terminal_text(terminal);
    assert_non_null(strstr(text, "1 of 1 epochs, 54 steps"));
    assert_non_null(strstr(text, "best validation accuracy  "));
    assert_non_null(strstr(text, "test accuracy  "));
    assert_non_null(strstr(text, "worst classes  "));
    assert_non_null(strstr(text, " % right"));
    assert_non_null(strstr(text, "fmnist-tui --model lenet --epochs 1 --seed 7 --sample"));
}

static void signals_that_end_it_are_seen_by_the_parent(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        struct terminal *terminal = dashboard_open(state, (struct terminal_settings){0});
        terminal_signal(terminal, numbers[index]);
        check_killed(terminal, numbers[index]);
        (void)dashboard_teardown(state);
    }
}

static void control_backslash_ends_it_as_sigquit(void **state)
{
    struct terminal *terminal = dashboard_open(state, (struct terminal_settings){0});
    terminal_type(terminal, "\034");
    check_killed(terminal, SIGQUIT);
}

static void a_crash_restores_the_terminal(void **state)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        struct terminal *terminal = dashboard_train(state);
        terminal_signal(terminal, numbers[index]);
        check_killed(terminal, numbers[index]);
        assert_non_null(strstr(terminal_text(terminal), "fmnist-tui: crashed"));
        (void)dashboard_teardown(state);
    }
}

/* Whether a thread holds that signal back, as those of the thread sanitizer do. */
static bool blocks(pid_t process, pid_t thread, int number)
{
    char path[64], line[256];
    unsigned long long blocked = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/task/%ld/status", (long)process, (long)thread);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
            break;
    if (file)
        (void)fclose(file);
    return blocked >> (number - 1) & 1;
}

/* The process's threads beside the main one, `room` of them at most, that take the signal. */
static size_t list_threads(pid_t process, int number, pid_t *threads, size_t room)
{
    char path[64];
    const struct dirent *entry;
    size_t count = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/task", (long)process);
    DIR *directory = opendir(path);
    while (directory && (entry = readdir(directory))) {
        pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        if (thread > 0 && thread != process && count < room && !blocks(process, thread, number))
            threads[count++] = thread;
    }
    if (directory)
        (void)closedir(directory);
    return count;
}

/* Raises the signal in one thread, as a fault of its own would. */
static bool raise_in_thread(pid_t process, pid_t thread, int number)
{
#ifdef SYS_tgkill
    return syscall(SYS_tgkill, process, thread, number) == 0;
#else
    return false;
#endif
}

static void a_crash_of_any_thread_restores_the_terminal(void **state)
{
    pid_t threads[16];
    size_t count = 1;
    for (size_t index = 0; index < count; index++) {
        struct terminal *terminal = dashboard_train(state);
        pid_t process = terminal_process(terminal);
        count = list_threads(process, SIGSEGV, threads, sizeof threads / sizeof *threads);
        if (count == 0)
            skip(); /* no /proc */
        assert_true(index < count);
        assert_true(raise_in_thread(process, threads[index], SIGSEGV));
        check_killed(terminal, SIGSEGV);
        assert_non_null(strstr(terminal_text(terminal), "fmnist-tui: crashed"));
        (void)dashboard_teardown(state);
    }
}

static void a_lost_terminal_ends_it_as_sighup(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_hang_up(terminal);
    int status = terminal_await_end(terminal);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGHUP);
}

/* After the program was stopped: it comes back with its screen, and quits in order. */
static void check_return(struct terminal *terminal)
{
    terminal_check_restored(terminal);
    check_normal_screen(terminal);
    terminal_spoil(terminal);
    terminal_signal(terminal, SIGCONT);
    terminal_await_continue(terminal);
    terminal_await_text(terminal, "q quit");
    terminal_await_no_text(terminal, "spoilt");
    assert_true(terminal_is_raw(terminal));
    terminal_type(terminal, "\003\003");
    check_exit(terminal, 0);
}

static void control_z_gives_the_terminal_back_before_the_stop(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "\032");
    terminal_await_stop(terminal);
    check_return(terminal);
}

static void sigtstp_gives_the_terminal_back_before_the_stop(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_signal(terminal, SIGTSTP);
    terminal_await_stop(terminal);
    check_return(terminal);
}

static bool is_raw(struct terminal *terminal, void *context)
{
    (void)context;
    return terminal_is_raw(terminal);
}

static void sigcont_after_sigstop_takes_the_terminal_again(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_signal(terminal, SIGSTOP);
    terminal_await_stop(terminal);
    terminal_reset_settings(terminal);
    terminal_spoil(terminal);
    terminal_signal(terminal, SIGCONT);
    terminal_await(terminal, "raw mode again", is_raw, NULL);
    terminal_await_text(terminal, "q quit");
    terminal_await_no_text(terminal, "spoilt");
    terminal_type(terminal, "\003\003");
    check_exit(terminal, 0);
}

/* A refusal: one line that says what is wrong and what to do, and no control sequence. */
static void check_refusal(struct terminal *terminal, const char *reason)
{
    check_exit(terminal, 1);
    size_t size;
    const char *bytes = terminal_bytes(terminal, &size);
    assert_non_null(strstr(bytes, reason));
    assert_non_null(strstr(bytes, "fmnist-tui train"));
    assert_null(memchr(bytes, '\033', size));
}

static void an_unknown_terminal_type_is_refused(void **state)
{
    check_refusal(dashboard_start(state, (struct terminal_settings){.type = "nosuch"}), "'nosuch'");
}

static void an_unset_terminal_type_is_refused(void **state)
{
    check_refusal(dashboard_start(state, (struct terminal_settings){.type = NULL}), "TERM");
}

static void a_dumb_terminal_is_refused(void **state)
{
    check_refusal(dashboard_start(state, (struct terminal_settings){.type = "dumb"}), "'dumb'");
}

static void input_that_is_no_terminal_is_refused(void **state)
{
    check_refusal(
        dashboard_start(state, (struct terminal_settings){.type = "xterm-256color",
                                                          .input_is_not_a_terminal = true}),
        "standard input");
}

static void terminals_without_a_second_screen_are_cleared(void **state)
{
    static const char *const types[] = {"linux", "vt100", "vt220"};
    for (size_t index = 0; index < sizeof types / sizeof types[0]; index++) {
        struct terminal *terminal =
            dashboard_open(state, (struct terminal_settings){.type = types[index], .locale = "C"});
        terminal_type(terminal, "\003\003");
        check_exit(terminal, 0);
        assert_null(strstr(terminal_text(terminal), "q quit"));
        (void)dashboard_teardown(state);
    }
}

int main(void)
{
    dashboard_skip_without_terminals();
#define TERMINAL_TEST(name) cmocka_unit_test_teardown(name, dashboard_teardown)
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(quitting_asks_and_esc_stays),
        TERMINAL_TEST(enter_in_the_quit_dialog_stays),
        TERMINAL_TEST(control_c_twice_quits_without_asking),
        TERMINAL_TEST(the_normal_screen_holds_a_summary_afterwards),
        TERMINAL_TEST(the_summary_of_a_whole_run_has_its_accuracies_and_worst_classes),
        TERMINAL_TEST(signals_that_end_it_are_seen_by_the_parent),
        TERMINAL_TEST(control_backslash_ends_it_as_sigquit),
        TERMINAL_TEST(a_crash_restores_the_terminal),
        TERMINAL_TEST(a_crash_of_any_thread_restores_the_terminal),
        TERMINAL_TEST(a_lost_terminal_ends_it_as_sighup),
        TERMINAL_TEST(control_z_gives_the_terminal_back_before_the_stop),
        TERMINAL_TEST(sigtstp_gives_the_terminal_back_before_the_stop),
        TERMINAL_TEST(sigcont_after_sigstop_takes_the_terminal_again),
        TERMINAL_TEST(an_unknown_terminal_type_is_refused),
        TERMINAL_TEST(an_unset_terminal_type_is_refused),
        TERMINAL_TEST(a_dumb_terminal_is_refused),
        TERMINAL_TEST(input_that_is_no_terminal_is_refused),
        TERMINAL_TEST(terminals_without_a_second_screen_are_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
