// SPDX-License-Identifier: MIT
#include "fmnist/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Adds ": " and the text to the message, as far as there is room. */
static void append_after_colon(struct error *err, const char *text)
{
    size_t used = strlen(err->message), room = sizeof err->message - used - 1;
    char *end = err->message + used;
    for (const char *part = ": "; room > 0 && *part; room--)
        *end++ = *part++;
    for (; room > 0 && *text; room--)
        *end++ = *text++;
    *end = '\0';
}

void error_set(struct error *err, enum error_code code, const char *format, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    err->code = code;
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
}

void error_set_errno(struct error *err, int number, const char *format, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    err->code = number == ENOSPC || number == EDQUOT ? ERROR_FULL : ERROR_SYSTEM;
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    append_after_colon(err, strerror(number));
}

void error_prefix(struct error *err, const char *format, ...)
{
    if (!err)
        return;
    char rest[ERROR_MESSAGE_SIZE];
    memcpy(rest, err->message, sizeof rest);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    append_after_colon(err, rest);
}
