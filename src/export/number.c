// SPDX-License-Identifier: MIT
#include "export/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Nine digits bring every float back as it was, six are always true. */
enum { FEWEST_DIGITS = 6, FLOAT_DIGITS = 9 };

const char *number_text(double value, char text[NUMBER_SIZE])
{
    bool is_float = isfinite(value) && (double)(float)value == value;
    if (isnan(value))
        value = fabs((double)NAN); /* else printf tells its sign, too */
    for (int digits = is_float ? FEWEST_DIGITS : FLOAT_DIGITS; digits <= FLOAT_DIGITS; digits++) {
        (void)snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value)
            break;
    }
    return text;
}

const char *number_moment(double seconds, char text[NUMBER_SIZE])
{
    const time_t whole = (time_t)seconds;
    struct tm parts;
    if (!gmtime_r(&whole, &parts) || strftime(text, NUMBER_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        (void)snprintf(text, NUMBER_SIZE, "?");
    return text;
}

const char *number_duration(double seconds, char text[NUMBER_SIZE])
{
    long whole = lround(fmin(fmax(seconds, 0), 1e9));
    if (whole >= 3600)
        (void)snprintf(text, NUMBER_SIZE, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    else if (whole >= 60)
        (void)snprintf(text, NUMBER_SIZE, "%ld min %02ld s", whole / 60, whole % 60);
    else
        (void)snprintf(text, NUMBER_SIZE, "%.1f s", fmax(seconds, 0));
    return text;
}
