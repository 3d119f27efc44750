// SPDX-License-Identifier: MIT
#include "tui/caption.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/canvas.h"

void caption_add(struct caption *caption, const char *format, ...)
{
    char part[CAPTION_SIZE];
    size_t used = strlen(caption->text);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(part, sizeof part, format, args);
    va_end(args);
    int columns = text_columns(caption->text) + text_columns(part);
    if (length >= 0 && used + (size_t)length < CAPTION_SIZE && columns <= caption->room)
        memcpy(caption->text + used, part, (size_t)length + 1);
}
