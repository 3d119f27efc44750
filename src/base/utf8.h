// SPDX-License-Identifier: MIT
/* Text in UTF-8, whatever the locale. Pure functions of any thread. */
#ifndef FMNIST_BASE_UTF8_H
#define FMNIST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the character at `text`, which a zero follows sooner or later; 0 where it is none:
 * overlong, a surrogate, past U+10FFFF or cut. */
size_t utf8_length(const char *text);

/* Whether the character at `text` is a control character (C0, DEL or C1). */
bool utf8_is_control(const char *text);

/* Puts "?" in place of each byte that belongs to no character, and of control characters. */
void utf8_clean(char *text);

#endif
