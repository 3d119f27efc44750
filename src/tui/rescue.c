// SPDX-License-Identifier: MIT
#include "tui/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Writes all of it, or as much as the descriptor takes before it fails. */
static void write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        size -= (size_t)written;
    }
}

static void copy_log(int log, int target)
{
    char bytes[512];
    if (lseek(log, 0, SEEK_SET) != 0)
        return;
    for (;;) {
        ssize_t length = read(log, bytes, sizeof bytes);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            return;
        write_all(target, bytes, (size_t)length);
    }
}

/* Puts descriptors 1 and 2 back and prints what was collected. Async-signal-safe. */
static void restore_output(const struct rescue *rescue)
{
    if (rescue->log < 0)
        return;
    (void)dup2(rescue->standard_output, STDOUT_FILENO);
    if (rescue->standard_error >= 0)
        (void)dup2(rescue->standard_error, STDERR_FILENO);
    copy_log(rescue->log, STDERR_FILENO);
}

/* A new descriptor for the terminal, while what another thread still draws goes nowhere. */
static int take_terminal(const struct rescue *rescue)
{
    int terminal = dup(rescue->terminal), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (terminal < 0)
        return rescue->terminal;
    if (nowhere >= 0)
        (void)dup2(nowhere, rescue->terminal);
    return terminal;
}

void rescue_terminal(const struct rescue *rescue)
{
    if (rescue->terminal < 0)
        return;
    int terminal = take_terminal(rescue);
    write_all(terminal, rescue->sequence, rescue->sequence_length);
    (void)tcsetattr(terminal, TCSANOW, &rescue->before);
    restore_output(rescue);
}

/* A file without a name, open for reading and writing; /dev/null where there is no room for one.
 */
static int open_log(void)
{
    int log = -1;
    FILE *file = tmpfile();
    if (file) {
        log = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
        (void)fclose(file);
        if (log >= 0)
            (void)fcntl(log, F_SETFL, O_APPEND); /* whoever else writes, nothing is overwritten */
    }
    return log >= 0 ? log : open("/dev/null", O_RDWR | O_CLOEXEC);
}

bool rescue_capture_output(struct rescue *rescue, struct error *err)
{
    bool errors_too = isatty(STDERR_FILENO);
    rescue->standard_error = -1;
    rescue->standard_output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (errors_too)
        rescue->standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    int log = open_log();
    if (log < 0 || rescue->standard_output < 0 || (errors_too && rescue->standard_error < 0)) {
        error_set_errno(err, errno, "cannot keep stray output off the screen");
        if (log >= 0)
            (void)close(log);
        return false;
    }
    (void)fflush(stdout);
    (void)dup2(log, STDOUT_FILENO);
    if (errors_too)
        (void)dup2(log, STDERR_FILENO);
    rescue->log = log;
    return true;
}

static void close_if_open(int *descriptor)
{
    if (*descriptor >= 0)
        (void)close(*descriptor);
    *descriptor = -1;
}

void rescue_release_output(struct rescue *rescue)
{
    (void)fflush(stdout);
    restore_output(rescue);
    close_if_open(&rescue->log);
    close_if_open(&rescue->standard_output);
    close_if_open(&rescue->standard_error);
}
