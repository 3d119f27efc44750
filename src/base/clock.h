// SPDX-License-Identifier: MIT
#ifndef FMNIST_BASE_CLOCK_H
#define FMNIST_BASE_CLOCK_H

/* Seconds since some fixed moment; never goes backwards. Any thread. */
double clock_seconds(void);

#endif
