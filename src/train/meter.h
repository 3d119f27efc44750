// SPDX-License-Identifier: MIT
/* A rate over about the last second of work: older amounts fade exponentially. */
#ifndef FMNIST_TRAIN_METER_H
#define FMNIST_TRAIN_METER_H

#include <math.h>

struct meter {
    double amount, seconds;
};

/* Adds what was done in that many seconds of work. */
static inline void meter_add(struct meter *meter, double amount, double seconds)
{
    double kept = exp(-seconds);
    meter->amount = meter->amount * kept + amount;
    meter->seconds = meter->seconds * kept + seconds;
}

/* Amount per second; 0 while nothing is known. */
static inline double meter_rate(const struct meter *meter)
{
    return meter->seconds > 0 ? meter->amount / meter->seconds : 0;
}

#endif
