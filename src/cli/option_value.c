// SPDX-License-Identifier: MIT
#include "cli/option_value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool option_parse_count(const char *text, uintmax_t least, uintmax_t most, uintmax_t *value,
                        struct error *err)
{
    char *end;
    errno = 0;
    *value = strtoumax(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *value >= least &&
        *value <= most)
        return true;
    error_set(err, ERROR_USAGE, "give a whole number from %" PRIuMAX " to %" PRIuMAX, least, most);
    return false;
}

bool option_parse_seed(const char *text, uint64_t *seed, struct error *err)
{
    char *end;
    errno = 0;
    uintmax_t value = strtoumax(text, &end, 10);
    /* JSON's readers and SQL take whole numbers up to this */
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > INT64_MAX) {
        error_set(err, ERROR_USAGE, "give a whole number from 0 to %" PRId64, INT64_MAX);
        return false;
    }
    *seed = (uint64_t)value;
    return true;
}

bool option_parse_number(const char *text, double *number, struct error *err)
{
    char *end;
    double value = strtod(text, &end);
    bool decimal = text[strspn(text, "0123456789.eE+-")] == '\0' && text[0] != '+';
    if (!decimal || end == text || *end != '\0' || !isfinite(value) || value <= 0) {
        error_set(err, ERROR_USAGE, "give a number above 0, such as 0.001");
        return false;
    }
    *number = value;
    return true;
}

bool option_parse_choice(const char *text, const char *(*choice)(size_t number), size_t *chosen,
                         struct error *err)
{
    char list[128] = "";
    const char *word;
    for (size_t number = 0; (word = choice(number)); number++) {
        if (strcmp(text, word) == 0) {
            *chosen = number;
            return true;
        }
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", number ? ", " : "", word);
    }
    error_set(err, ERROR_USAGE, "give one of %s", list);
    return false;
}
