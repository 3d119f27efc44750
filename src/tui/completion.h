// SPDX-License-Identifier: MIT
/* Completing a word as far as that is clear: what all words that begin so have in common. */
#ifndef FMNIST_TUI_COMPLETION_H
#define FMNIST_TUI_COMPLETION_H

#include <stddef.h>

enum { COMPLETION_SIZE = 64 };

struct completion {
    const char *beginning;      /* what is there of the word; the caller's */
    size_t count;               /* of the words that begin so, in whatever case */
    char text[COMPLETION_SIZE]; /* what they have in common, in lower case; "": none begins so */
};

/* Takes a word into account; of a longer one the beginning. */
void completion_offer(struct completion *completion, const char *word);

#endif
