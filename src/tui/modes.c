// SPDX-License-Identifier: MIT
#include "tui/modes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

const char MODES_END[] = "\033[?2026l\033[?1006l\033[?1000l\033[?2004l";

void modes_send(int terminal, const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        ssize_t written = write(terminal, text, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        text += written;
        size -= (size_t)written;
    }
}

void modes_set_mouse(int terminal, bool on)
{
    modes_send(terminal, on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

void modes_set_paste(int terminal, bool on)
{
    modes_send(terminal, on ? "\033[?2004h" : "\033[?2004l");
}

void modes_begin_frame(int terminal)
{
    modes_send(terminal, "\033[?2026h");
}

void modes_end_frame(int terminal)
{
    modes_send(terminal, "\033[?2026l");
}
