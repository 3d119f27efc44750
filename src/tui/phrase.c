// SPDX-License-Identifier: MIT
#include "tui/phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/canvas.h"

void phrase_add(struct phrase *phrase, const char *format, ...)
{
    char part[PHRASE_SIZE];
    size_t used = strlen(phrase->text);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(part, sizeof part, format, args);
    va_end(args);
    int columns = text_columns(phrase->text) + text_columns(part);
    if (length >= 0 && used + (size_t)length < PHRASE_SIZE && columns <= phrase->room)
        memcpy(phrase->text + used, part, (size_t)length + 1);
}
