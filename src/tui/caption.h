// SPDX-License-Identifier: MIT
/* A line that is put together from parts; those that do not fit are left out. */
#ifndef FMNIST_TUI_CAPTION_H
#define FMNIST_TUI_CAPTION_H

enum { CAPTION_SIZE = 384 };

struct caption {
    char text[CAPTION_SIZE];
    int room; /* columns */
};

/* Appends a part, printf-like. */
void caption_add(struct caption *caption, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
