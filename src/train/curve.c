// SPDX-License-Identifier: MIT
#include "fmnist/train/curve.h"

#include <math.h>

static const double SMOOTHING = CURVE_FACTOR_PERCENT / 100.0;

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
    first->seconds = second->seconds;
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

/* A bucket of one step, after which the average goes on. */
static struct curve_bucket bucket_of(const struct step_point *point, struct curve_average *average)
{
    const float values[CURVE_VALUES] = {point->loss, point->accuracy};
    struct curve_bucket bucket = {.seconds = point->seconds};
    bucket.empty = bucket.broken = !isfinite(point->loss) || !isfinite(point->accuracy);
    if (bucket.empty)
        return bucket;
    average->weight = SMOOTHING * average->weight + 1 - SMOOTHING;
    for (int value = 0; value < CURVE_VALUES; value++) {
        average->values[value] =
            SMOOTHING * average->values[value] + (1 - SMOOTHING) * (double)values[value];
        bucket.low[value] = bucket.high[value] = values[value];
        bucket.smooth[value] = (float)(average->values[value] / average->weight);
    }
    return bucket;
}

static void curve_add(struct curve *curve, const struct step_point *point)
{
    struct curve_bucket bucket = bucket_of(point, &curve->average);
    if (curve->steps % curve->width != 0) {
        bucket_join(&curve->buckets[curve->count - 1], &bucket);
    } else {
        if (curve->count == CURVE_BUCKETS)
            curve_halve(curve);
        curve->buckets[curve->count++] = bucket;
    }
    curve->steps++;
}

/* The average as it was at the end of a bucket; the weight is that of steps that were all finite.
 */
static struct curve_average average_after(const struct curve *curve, size_t index)
{
    struct curve_average average = {.weight = 0};
    const struct curve_bucket *bucket = &curve->buckets[index];
    if (bucket->empty)
        return average;
    average.weight = 1 - pow(SMOOTHING, (double)((index + 1) * curve->width));
    for (int value = 0; value < CURVE_VALUES; value++)
        average.values[value] = (double)bucket->smooth[value] * average.weight;
    return average;
}

/* Reads steps anew, one a bucket, from the bucket before them on, which has the average. */
static struct curve_part curve_detail(struct curve *curve, size_t from, size_t to)
{
    size_t before = (from - 1) / curve->width, step = before * curve->width;
    struct curve_average average = {.weight = 0};
    struct curve_part part = {
        .buckets = curve->detail, .first = from - 1, .width = 1, .steps = curve->steps};
    if (before > 0)
        average = average_after(curve, before - 1);
    for (; step < to; step++) {
        struct curve_bucket bucket = bucket_of(history_step(curve->history, step), &average);
        if (step >= from - 1)
            curve->detail[part.count++] = bucket;
    }
    return part;
}

struct curve_part curve_part(struct curve *curve, size_t from, size_t to)
{
    if (from >= 1 && to >= from && to - from < CURVE_BUCKETS && curve->width > 1)
        return curve_detail(curve, from, to);
    return (struct curve_part){.buckets = curve->buckets,
                               .width = curve->width,
                               .count = curve->count,
                               .steps = curve->steps};
}

size_t curve_part_end(const struct curve_part *part, size_t index)
{
    size_t end = part->first + (index + 1) * part->width;
    return end < part->steps ? end : part->steps;
}

void curve_release(struct curve *curve)
{
    history_release(curve->history);
    curve->history = NULL;
}

void curve_update(struct curve *curve, const struct history *history, size_t steps)
{
    if (curve->history != history || curve->steps > steps) {
        curve_release(curve);
        *curve = (struct curve){.history = history ? history_share(history) : NULL, .width = 1};
    }
    while (history && curve->steps < steps)
        curve_add(curve, history_step(history, curve->steps));
}
