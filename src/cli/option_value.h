// SPDX-License-Identifier: MIT
/* The values of options: numbers and words in, or false with a line in `err` that says what to
 * give. */
#ifndef FMNIST_CLI_OPTION_VALUE_H
#define FMNIST_CLI_OPTION_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

/* A whole number in decimal digits, nothing else, from `least` to `most`. */
bool option_parse_count(const char *text, uintmax_t least, uintmax_t most, uintmax_t *value,
                        struct error *err);

/* A whole number from 0 to INT64_MAX. */
bool option_parse_seed(const char *text, uint64_t *seed, struct error *err);

/* A finite decimal number above 0. */
bool option_parse_number(const char *text, double *number, struct error *err);

/* Looks the text up among the words of `choice`, which end with NULL. */
bool option_parse_choice(const char *text, const char *(*choice)(size_t number), size_t *chosen,
                         struct error *err);

#endif
