// SPDX-License-Identifier: MIT
/* Runs the program ($FMNIST_PROGRAM) and keeps what it wrote. Fails the test where that is not
 * possible, or where it has not ended after a minute. */
#ifndef FMNIST_TESTS_CLI_RUN_H
#define FMNIST_TESTS_CLI_RUN_H

#include <stddef.h>

enum { RUN_TEXT_SIZE = 1 << 18, RUN_ARGUMENTS_MAX = 32 };

struct run {
    char out[RUN_TEXT_SIZE]; /* standard output, cut off there */
    char err[RUN_TEXT_SIZE];
    int status; /* exit status, or 128 + signal where that ended it */
};

/* Runs it with arguments separated by spaces, input from /dev/null. */
struct run *run_program(const char *arguments);

/* The same with a file as standard input. */
struct run *run_with_input(const char *arguments, const char *input);

/* The same, and sends `signal` once `text` was written to either stream. */
struct run *run_signalled(const char *arguments, const char *text, int signal);

/* The same with a terminal of 100 columns as standard output, all of which is in `out`; skips the
 * test where the system gives out none. */
struct run *run_on_terminal(const char *arguments);

/* The same with a reader of standard output that goes away after the first bytes. */
struct run *run_unread(const char *arguments);

/* The same with standard output into the file `path`; `out` stays empty. */
struct run *run_into(const char *arguments, const char *path);

void run_free(struct run *run);

size_t run_lines(const char *text);

#endif
