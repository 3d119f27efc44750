// SPDX-License-Identifier: MIT
/*
 * Errors as values. A function that can fail returns false or NULL and fills the struct error that
 * its caller gave as the last argument: a code for programs and one line of text for people. On the
 * way up each caller may put context in front (a path, a name). Nothing below `cli` prints or
 * exits.
 */
#ifndef FMNIST_BASE_ERROR_H
#define FMNIST_BASE_ERROR_H

#include <stdarg.h>

enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE,   /* what the user asked for makes no sense: exit status 2 */
    ERROR_SYSTEM,  /* the system refused: file, thread, descriptor */
    ERROR_FORMAT,  /* a file's content is not what it must be */
    ERROR_MEMORY,  /* no memory, or a size that does not fit */
    ERROR_NUMBERS, /* a computation left the finite numbers */
    ERROR_FULL,    /* no room on the disk, or the quota is used up: may pass */
};

enum { ERROR_MESSAGE_SIZE = 512 };

struct error {
    enum error_code code;
    char message[ERROR_MESSAGE_SIZE];
};

/* Sets code and message (printf-like); a message that is too long is cut. `err` may be NULL. */
void error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets the message to the formatted text, ": " and the text of errno value `number`; the code is
 * ERROR_FULL where that says that there is no room, ERROR_SYSTEM otherwise. */
void error_set_errno(struct error *err, int number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the formatted text and ": " before the message that is there. */
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
