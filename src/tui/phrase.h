// SPDX-License-Identifier: MIT
/* A line of text that is put together from parts; those that do not fit are left out whole. */
#ifndef FMNIST_TUI_PHRASE_H
#define FMNIST_TUI_PHRASE_H

enum { PHRASE_SIZE = 384 };

struct phrase {
    char text[PHRASE_SIZE];
    int room; /* columns that it may take */
};

/* Adds a part (printf-like) where it fits. */
void phrase_add(struct phrase *phrase, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
