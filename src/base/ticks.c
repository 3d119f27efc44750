// SPDX-License-Identifier: MIT
#include "base/ticks.h"

#include <math.h>
#include <stdio.h>

enum { HALVES = 3, LABEL_COLUMNS = 5, ROUND_STEPS = 5 };

/* Within so many powers of ten a logarithmic axis has ticks at equal differences. */
static const double ONE_DECADE = 0.7;

static const double MANTISSAS[HALVES] = {1, 2, 5};

/* The least of 1, 2, 5, 10 times a power of ten that is not below `least`. */
static double nice_step(double least)
{
    double power = pow(10, floor(log10(least)));
    for (int index = 0; index < HALVES; index++) {
        if (MANTISSAS[index] * power >= least * (1 - 1e-9))
            return MANTISSAS[index] * power;
    }
    return 10 * power;
}

void scale_round(bool logarithmic, double *low, double *high)
{
    double step = nice_step(fmax(*high - *low, 1e-9) / ROUND_STEPS) / 2;
    double rounded = floor(*low / step + 1e-9) * step;
    if (!logarithmic || rounded > 0) {
        *low = rounded;
        *high = ceil(*high / step - 1e-9) * step;
    } else {
        *low = 1 / nice_step(1 / *low);
        *high = nice_step(*high);
    }
}

struct scale scale_fit(double low, double high, int ticks)
{
    if (!(high > low)) {
        double margin = fmax(fabs(low) * 0.1, 1e-3);
        low -= margin;
        high = low + 2 * margin;
    }
    struct scale scale = {
        .low = low, .high = high, .step = nice_step((high - low) / (ticks < 1 ? 1 : ticks))};
    double digits = -floor(log10(scale.step) + 1e-9);
    scale.decimals = digits < 0 ? 0 : digits > 6 ? 6 : (int)digits;
    return scale;
}

struct scale scale_fit_log(double low, double high, int ticks)
{
    if (!(high > low * 1.001)) {
        low *= 0.9;
        high = low / 0.9 * 1.1;
    }
    ticks = ticks < 1 ? 1 : ticks;
    double decades = log10(high / low);
    struct scale scale = scale_fit(low, high, ticks);
    scale.log = true;
    if (decades < ONE_DECADE)
        return scale;
    scale.step = 0;
    scale.halves = decades * HALVES <= ticks + 1;
    scale.decades = scale.halves ? 1 : (int)fmax(ceil(decades / ticks - 1e-9), 1);
    return scale;
}

double scale_part(const struct scale *scale, double value)
{
    if (!scale->log)
        return (value - scale->low) / (scale->high - scale->low);
    return value > 0 ? log(value / scale->low) / log(scale->high / scale->low) : -INFINITY;
}

/* The tick of that number of a scale in powers of ten. */
static double power_tick(const struct scale *scale, int number)
{
    double power = floor(log10(scale->low) + 1e-9);
    if (!scale->halves)
        return pow(10, power + (power < log10(scale->low) - 1e-9) + number * scale->decades);
    int skipped = 0;
    while (MANTISSAS[skipped % HALVES] * pow(10, power + (int)(skipped / HALVES)) <
           scale->low * (1 - 1e-9))
        skipped++;
    number += skipped;
    return MANTISSAS[number % HALVES] * pow(10, power + (int)(number / HALVES));
}

bool scale_tick(const struct scale *scale, int number, double *value)
{
    if (scale->step > 0)
        *value = (ceil(scale->low / scale->step - 1e-9) + number) * scale->step;
    else
        *value = power_tick(scale, number);
    return *value <= scale->high + (scale->high - scale->low) * 1e-6;
}

void scale_label(const struct scale *scale, double value, double factor,
                 char text[TICKS_LABEL_SIZE])
{
    int decimals = scale->decimals - (int)(log10(factor) + 0.5);
    int length = scale->step > 0 ? snprintf(text, TICKS_LABEL_SIZE, "%.*f",
                                            decimals < 0 ? 0 : decimals, factor * value)
                                 : snprintf(text, TICKS_LABEL_SIZE, "%.3g", factor * value);
    if (length > LABEL_COLUMNS)
        (void)snprintf(text, TICKS_LABEL_SIZE, "%.0e", factor * value);
}

double ticks_step(double range, int ticks)
{
    return nice_step(fmax(range, 1e-9) / (ticks > 0 ? ticks : 1));
}

double ticks_seconds_step(double range, int ticks)
{
    static const double steps[] = {10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600};
    double least = range / (ticks > 0 ? ticks : 1);
    if (least <= 5)
        return ticks_step(range, ticks);
    for (size_t index = 0; index < sizeof steps / sizeof *steps; index++)
        if (steps[index] >= least * (1 - 1e-9))
            return steps[index];
    return 86400 * ceil(least / 86400);
}
