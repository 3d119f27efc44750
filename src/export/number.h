// SPDX-License-Identifier: MIT
/* Numbers and moments as text, whatever the locale says. Pure functions of any thread. */
#ifndef FMNIST_EXPORT_NUMBER_H
#define FMNIST_EXPORT_NUMBER_H

enum { NUMBER_SIZE = 32 };

/* As many digits as bring a float back as it was, 0.001 for one thousandth; nine of what is no
 * float. Or "nan", "inf", "-inf". Returns `text`. */
const char *number_text(double value, char text[NUMBER_SIZE]);

/* "2026-11-25T14:02:11Z" of seconds since 1970 UTC. Returns `text`. */
const char *number_moment(double seconds, char text[NUMBER_SIZE]);

/* "1 h 02 min", "3 min 12 s", "4.2 s". Returns `text`. */
const char *number_duration(double seconds, char text[NUMBER_SIZE]);

#endif
