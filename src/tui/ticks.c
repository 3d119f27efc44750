// SPDX-License-Identifier: MIT
#include "tui/ticks.h"

#include <math.h>

/* The least of 1, 2, 5, 10 times a power of ten that is not below `least`. */
static double nice_step(double least)
{
    static const double factors[] = {1, 2, 5};
    double power = pow(10, floor(log10(least)));
    for (int index = 0; index < 3; index++) {
        if (factors[index] * power >= least * (1 - 1e-9))
            return factors[index] * power;
    }
    return 10 * power;
}

struct scale scale_fit(double low, double high, int ticks)
{
    if (!(high > low)) {
        double margin = fmax(fabs(low) * 0.1, 1e-3);
        low -= margin;
        high = low + 2 * margin;
    }
    struct scale scale = {low, high, nice_step((high - low) / (ticks < 1 ? 1 : ticks)), 0};
    double digits = -floor(log10(scale.step) + 1e-9);
    scale.decimals = digits < 0 ? 0 : digits > 6 ? 6 : (int)digits;
    return scale;
}

double ticks_whole_step(double range, int ticks)
{
    double step = nice_step(fmax(range, 1e-9) / (ticks > 0 ? ticks : 1));
    return step < 1 ? 1 : step;
}
