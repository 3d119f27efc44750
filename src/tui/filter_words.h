// SPDX-License-Identifier: MIT
/* The words of filters: how classes are named, and what Tab makes of the beginning of a word. */
#ifndef FMNIST_TUI_FILTER_WORDS_H
#define FMNIST_TUI_FILTER_WORDS_H

#include "fmnist/data/dataset.h"
#include "tui/editor.h"

/* The classes that a word names, a bit each; 0 for none. */
unsigned filter_classes(const struct dataset *dataset, const char *word);

/* Completes the word before the cursor, where that is at the end of the line, as far as that is
 * clear. `dataset` NULL: without names of classes. */
void filter_complete(struct editor *editor, const struct dataset *dataset);

#endif
