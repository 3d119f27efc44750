// SPDX-License-Identifier: MIT
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { LIMIT_SECONDS = 300 };

/* A running program. */
struct child {
    pid_t process;
    int out, err; /* the readable ends of its streams; -1: not read */
};

/* What becomes of the child: never returns. */
static void start(const char *arguments, const char *input, int out, int err)
{
    const char *program = getenv("FMNIST_PROGRAM");
    char text[1024], *argv[RUN_ARGUMENTS_MAX + 2] = {"fmnist-tui"};
    size_t count = 1;
    int in = open(input, O_RDONLY);
    (void)signal(SIGHUP, SIG_DFL); /* whatever this test was started with */
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)strncpy(text, arguments, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (char *word = strtok(text, " "); word && count <= RUN_ARGUMENTS_MAX;
         word = strtok(NULL, " "))
        argv[count++] = word;
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
        _exit(126);
    (void)execv(program ? program : "./fmnist-tui", argv);
    _exit(127);
}

/* Starts it with the file `input` and with `target` as its standard streams. `out` is where the
 * latter can be read, or -1. */
static struct child spawn_with(const char *arguments, const char *input, int target, int out)
{
    int err[2];
    assert_int_equal(pipe(err), 0);
    struct child child = {.process = fork(), .out = out, .err = err[0]};
    assert_true(child.process >= 0);
    if (child.process == 0) {
        if (out >= 0)
            (void)close(out);
        (void)close(err[0]);
        start(arguments, input, target, err[1]);
    }
    (void)close(err[1]);
    (void)close(target);
    return child;
}

static struct child spawn(const char *arguments, int target, int out)
{
    return spawn_with(arguments, "/dev/null", target, out);
}

/* Takes over what a stream has; true while it is open. */
static bool take(int stream, char *text)
{
    char piece[4096];
    size_t used = strlen(text);
    ssize_t got = read(stream, piece, sizeof piece);
    size_t fits = got > 0 ? (size_t)got : 0;
    if (fits > RUN_TEXT_SIZE - 1 - used)
        fits = RUN_TEXT_SIZE - 1 - used;
    memcpy(text + used, piece, fits);
    text[used + fits] = '\0';
    return got > 0;
}

/* Reads both streams to their ends. */
static void follow(const struct child *child, struct run *run, const char *text, int signal)
{
    double deadline = clock_seconds() + LIMIT_SECONDS;
    struct pollfd streams[] = {{child->out, POLLIN, 0}, {child->err, POLLIN, 0}};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        double left = deadline - clock_seconds();
        if (left <= 0 || poll(streams, 2, (int)(left * 1000) + 1) <= 0) {
            (void)kill(child->process, SIGKILL);
            (void)waitpid(child->process, NULL, 0);
            fail_msg("not ended after %d seconds; so far:\n%s%s", LIMIT_SECONDS, run->out,
                     run->err);
        }
        for (int stream = 0; stream < 2; stream++)
            if (streams[stream].revents && !take(streams[stream].fd, stream ? run->err : run->out))
                streams[stream].fd = -1;
        if (text && (strstr(run->out, text) || strstr(run->err, text))) {
            assert_int_equal(kill(child->process, signal), 0);
            text = NULL;
        }
    }
}

/* Keeps what a child writes until it ends. */
static struct run *collect(struct child child, const char *text, int signal)
{
    struct run *run = calloc(1, sizeof *run);
    int status;
    assert_non_null(run);
    follow(&child, run, text, signal);
    assert_int_equal(waitpid(child.process, &status, 0), child.process);
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (child.out >= 0)
        (void)close(child.out);
    (void)close(child.err);
    return run;
}

struct run *run_program(const char *arguments)
{
    return run_signalled(arguments, NULL, 0);
}

struct run *run_signalled(const char *arguments, const char *text, int signal)
{
    int out[2];
    assert_int_equal(pipe(out), 0);
    return collect(spawn(arguments, out[1], out[0]), text, signal);
}

struct run *run_with_input(const char *arguments, const char *input)
{
    int out[2];
    assert_int_equal(pipe(out), 0);
    return collect(spawn_with(arguments, input, out[1], out[0]), NULL, 0);
}

struct run *run_on_terminal(const char *arguments)
{
    const struct winsize size = {.ws_row = 24, .ws_col = 100};
    int reader, terminal;
    if (openpty(&reader, &terminal, NULL, NULL, &size) != 0)
        skip();
    return collect(spawn(arguments, terminal, reader), NULL, 0);
}

struct run *run_unread(const char *arguments)
{
    char byte;
    int out[2];
    assert_int_equal(pipe(out), 0);
    struct child child = spawn(arguments, out[1], out[0]);
    assert_int_equal(read(out[0], &byte, 1), 1);
    (void)close(out[0]);
    child.out = -1;
    return collect(child, NULL, 0);
}

struct run *run_into(const char *arguments, const char *path)
{
    int target = open(path, O_WRONLY);
    assert_true(target >= 0);
    return collect(spawn(arguments, target, -1), NULL, 0);
}

void run_free(struct run *run)
{
    free(run);
}

size_t run_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}
