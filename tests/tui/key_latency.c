// SPDX-License-Identifier: MIT
/*
 * Measures what a user feels: how long it takes from a key to its effect on a terminal of 120x40,
 * while a network trains on all cores; what the main thread uses, training and paused; and how many
 * bytes a frame takes. It waits for TEXT on the screen first, such as "epoch 6/". By hand:
 *
 *     make key_latency && ./key_latency ./fmnist-tui [KEYS [MODEL [TEXT]]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "terminal.h"

enum { KEYS_DEFAULT = 1000, FRAMES_MAX = 100000, ROWS = 40, COLUMNS = 120 };

static const double SHARE_SECONDS = 4; /* of measuring the main thread */

#define FRAME_BEGIN "\033[?2026h"
#define FRAME_END "\033[?2026l"

/* Keys with an effect that training does not have; each is undone by the one after it. */
static const struct {
    const char *key, *text;
    bool appears;
} KEYS[] = {
    {"?", "keys: up/down scroll", true},
    {"?", "keys: up/down scroll", false},
    {"L", "printed meanwhile", true},
    {"L", "printed meanwhile", false},
    {"M", "the mouse selects text", true},
    {"M", "the mouse works here", true},
    {"+", "learning rate 0.0015", true},
    {"-", "learning rate 0.001", true},
    {"R", "Restart?", true},
    {"n", "Restart?", false},
    {"~", "\342\224\200", false},
    {"~", "\342\224\200", true},
};

enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(double *values, size_t count, double part)
{
    qsort(values, count, sizeof *values, compare_numbers);
    return count ? values[(size_t)(part * (double)(count - 1) + 0.5)] : 0;
}

/* Starts the program on a terminal that shows whole frames, and waits for a training step. */
static struct terminal *start(const char *program, const char *model)
{
    const char *const arguments[] = {program,    "dashboard", "--model", model,
                                     "--epochs", "1000",      NULL};
    struct terminal *terminal = terminal_start(&(struct terminal_settings){.arguments = arguments,
                                                                           .rows = ROWS,
                                                                           .columns = COLUMNS,
                                                                           .type = "xterm-256color",
                                                                           .locale = "C.UTF-8",
                                                                           .silent = true});
    terminal_await_bytes(terminal, "\342\243\277\033[6n");
    terminal_type(terminal, "\033[?2026;2$y\033[2;2R\033[2;2R\033[2;2R\033[2;2R");
    terminal_await_text(terminal, "loss  train");
    return terminal;
}

static void press_keys(struct terminal *terminal, double *milliseconds, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        double begin = clock_seconds();
        terminal_type(terminal, KEYS[index % KEY_COUNT].key);
        if (KEYS[index % KEY_COUNT].appears)
            terminal_await_text(terminal, KEYS[index % KEY_COUNT].text);
        else
            terminal_await_no_text(terminal, KEYS[index % KEY_COUNT].text);
        milliseconds[index] = 1000 * (clock_seconds() - begin);
    }
}

/* Seconds of CPU that the program's main thread has used. */
static double main_thread_seconds(struct terminal *terminal)
{
    char path[64], line[1024];
    long process = (long)terminal_process(terminal);
    unsigned long user = 0, system = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/task/%ld/stat", process, process);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    (void)fclose(file);
    assert_int_equal(sscanf(strrchr(line, ')'),
                            ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                            &system),
                     2);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static bool is_time(struct terminal *terminal, void *until)
{
    (void)terminal;
    return clock_seconds() >= *(const double *)until;
}

static double share_while_training(struct terminal *terminal)
{
    double begin = clock_seconds(), until = begin + SHARE_SECONDS;
    double before = main_thread_seconds(terminal);
    terminal_await(terminal, "some seconds", is_time, &until);
    return 100 * (main_thread_seconds(terminal) - before) / (clock_seconds() - begin);
}

/* Nothing comes from a program that is paused, so that there is nothing to take meanwhile. */
static double share_while_paused(struct terminal *terminal)
{
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    double before = main_thread_seconds(terminal);
    (void)usleep((useconds_t)(SHARE_SECONDS * 1e6));
    return 100 * (main_thread_seconds(terminal) - before) / SHARE_SECONDS;
}

/* The sizes of whole frames from `from` on. */
static size_t frame_sizes(const char *bytes, double *sizes)
{
    size_t count = 0;
    const char *end;
    while ((bytes = strstr(bytes, FRAME_BEGIN)) && (end = strstr(bytes, FRAME_END)) &&
           count < FRAMES_MAX) {
        end += strlen(FRAME_END);
        sizes[count++] = (double)(end - bytes);
        bytes = end;
    }
    return count;
}

static void measure(const char *program, size_t keys, const char *model, const char *text)
{
    double *milliseconds = calloc(keys, sizeof *milliseconds);
    double *sizes = calloc(FRAMES_MAX, sizeof *sizes);
    size_t before, size;
    assert_true(milliseconds && sizes);
    struct terminal *terminal = start(program, model);
    terminal_await_text(terminal, text);
    (void)terminal_bytes(terminal, &before);
    double training = share_while_training(terminal);
    size_t frames = frame_sizes(terminal_bytes(terminal, &size) + before, sizes);
    press_keys(terminal, milliseconds, keys);
    double paused = share_while_paused(terminal);
    (void)printf("%s, terminal %dx%d\n", model, COLUMNS, ROWS);
    (void)printf("%zu keys: median %.1f ms, 99th percentile %.1f ms\n", keys,
                 quantile(milliseconds, keys, 0.5), quantile(milliseconds, keys, 0.99));
    (void)printf("%zu frames: median %.0f bytes, 99th percentile %.0f bytes\n", frames,
                 quantile(sizes, frames, 0.5), quantile(sizes, frames, 0.99));
    (void)printf("main thread: training %.2f %%, paused %.2f %% of a CPU\n", training, paused);
    terminal_end(terminal);
    free(milliseconds);
    free(sizes);
}

int main(int argc, char **argv)
{
    long keys = argc > 2 ? strtol(argv[2], NULL, 10) : KEYS_DEFAULT;
    if (argc < 2 || argc > 5 || keys < 1) {
        (void)fprintf(stderr, "usage: key_latency PROGRAM [KEYS [MODEL [TEXT]]]\n");
        return 2;
    }
    measure(argv[1], (size_t)keys, argc > 3 ? argv[3] : "alexnet",
            argc > 4 ? argv[4] : "loss  train");
    return 0;
}
