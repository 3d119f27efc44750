// SPDX-License-Identifier: MIT
/* A rate over about the last second of work: older amounts fade exponentially. It is told anew
 * after each half a second of work, so that one can read it. */
#ifndef FMNIST_TRAIN_METER_H
#define FMNIST_TRAIN_METER_H

#include <math.h>

static const double METER_SECONDS = 0.5;

struct meter {
    double amount, seconds;
    double told, age; /* the rate that is told, and the seconds of work since it was taken */
};

/* Adds what was done in that many seconds of work. */
static inline void meter_add(struct meter *meter, double amount, double seconds)
{
    double kept = exp(-seconds);
    meter->amount = meter->amount * kept + amount;
    meter->seconds = meter->seconds * kept + seconds;
    meter->age += seconds;
    if (meter->age >= METER_SECONDS || meter->told <= 0) {
        meter->told = meter->seconds > 0 ? meter->amount / meter->seconds : 0;
        meter->age = 0;
    }
}

/* Amount per second; 0 while nothing is known. */
static inline double meter_rate(const struct meter *meter)
{
    return meter->told;
}

#endif
