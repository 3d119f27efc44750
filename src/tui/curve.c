// SPDX-License-Identifier: MIT
#include "tui/curve.h"

#include <math.h>

static const double SMOOTHING = 0.98;

static float smaller(float a, float b)
{
    return a < b ? a : b;
}

static float larger(float a, float b)
{
    return a > b ? a : b;
}

/* Joins the later bucket to the earlier one. */
static void bucket_join(struct curve_bucket *first, const struct curve_bucket *second)
{
    bool broken = first->broken || second->broken;
    if (first->empty) {
        *first = *second;
    } else if (!second->empty) {
        for (int value = 0; value < CURVE_VALUES; value++) {
            first->low[value] = smaller(first->low[value], second->low[value]);
            first->high[value] = larger(first->high[value], second->high[value]);
            first->smooth[value] = second->smooth[value];
        }
    }
    first->broken = broken;
}

/* Makes buckets twice as wide when there is no room for another. */
static void curve_halve(struct curve *curve)
{
    for (size_t pair = 0; pair < CURVE_BUCKETS / 2; pair++) {
        struct curve_bucket joined = curve->buckets[2 * pair];
        bucket_join(&joined, &curve->buckets[2 * pair + 1]);
        curve->buckets[pair] = joined;
    }
    curve->count = CURVE_BUCKETS / 2;
    curve->width *= 2;
}

static void curve_add(struct curve *curve, const struct step_point *point)
{
    const float values[CURVE_VALUES] = {point->loss, point->accuracy};
    struct curve_bucket bucket = {.empty = true};
    if (isfinite(point->loss) && isfinite(point->accuracy)) {
        bucket.empty = false;
        curve->weight = SMOOTHING * curve->weight + 1 - SMOOTHING;
        for (int value = 0; value < CURVE_VALUES; value++) {
            curve->average[value] =
                SMOOTHING * curve->average[value] + (1 - SMOOTHING) * (double)values[value];
            bucket.low[value] = bucket.high[value] = values[value];
            bucket.smooth[value] = (float)(curve->average[value] / curve->weight);
        }
    }
    bucket.broken = bucket.empty;
    if (curve->steps % curve->width != 0) {
        bucket_join(&curve->buckets[curve->count - 1], &bucket);
    } else {
        if (curve->count == CURVE_BUCKETS)
            curve_halve(curve);
        curve->buckets[curve->count++] = bucket;
    }
    curve->steps++;
}

void curve_release(struct curve *curve)
{
    history_release(curve->history);
    curve->history = NULL;
}

void curve_update(struct curve *curve, const struct history *history, size_t steps)
{
    if (curve->history != history) {
        curve_release(curve);
        *curve = (struct curve){.history = history ? history_share(history) : NULL, .width = 1};
    }
    while (history && curve->steps < steps)
        curve_add(curve, history_step(history, curve->steps));
}
