// SPDX-License-Identifier: MIT
#include "fmnist/base/error.h"

#include <stdio.h>
#include <string.h>

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
    err->code = ERROR_SYSTEM;
    int length = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof err->message)
        return;
    size_t used = (size_t)length;
    (void)snprintf(err->message + used, sizeof err->message - used, ": %s", strerror(number));
}

void error_prefix(struct error *err, const char *format, ...)
{
    if (!err)
        return;
    char rest[ERROR_MESSAGE_SIZE];
    memcpy(rest, err->message, sizeof rest);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof err->message)
        return;
    size_t used = (size_t)length;
    (void)snprintf(err->message + used, sizeof err->message - used, ": %s", rest);
}
