// SPDX-License-Identifier: MIT
#include "store/moment.h"

#include <math.h>

/* Of the trainer's moving averages; what lies more steps back than the window adds nothing. */
static const double AVERAGE_FACTOR = 0.98;
enum { AVERAGE_WINDOW = 1500 };

static const double RATE_SECONDS = 1; /* images a second are measured over so long */

/* The step of a point of one of the three series. */
typedef uint64_t (*step_of)(const struct history *history, size_t index);

static uint64_t step_of_step(const struct history *history, size_t index)
{
    return history_step(history, index)->step;
}

static uint64_t step_of_epoch(const struct history *history, size_t index)
{
    return history_epoch(history, index)->step;
}

static uint64_t step_of_event(const struct history *history, size_t index)
{
    return history_event(history, index)->step;
}

/* The number of the first `count` points whose steps, which rise, are `step` at most. */
static size_t count_until(const struct history *history, size_t count, uint64_t step, step_of get)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (get(history, middle) <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct history_counts moment_counts(const struct history *history, struct history_counts counts,
                                    uint64_t step)
{
    return (struct history_counts){
        .steps = count_until(history, counts.steps, step, step_of_step),
        .epochs = count_until(history, counts.epochs, step, step_of_epoch),
        .events = count_until(history, counts.events, step, step_of_event),
    };
}

/* The debiased moving averages after the last of `steps` points. */
static void take_averages(const struct history *history, size_t steps, struct moment *moment)
{
    size_t first = steps > AVERAGE_WINDOW ? steps - AVERAGE_WINDOW : 0;
    double loss = 0, accuracy = 0, weight = 0;
    for (size_t index = first; index < steps; index++) {
        const struct step_point *point = history_step(history, index);
        loss = AVERAGE_FACTOR * loss + (1 - AVERAGE_FACTOR) * (double)point->loss;
        accuracy = AVERAGE_FACTOR * accuracy + (1 - AVERAGE_FACTOR) * (double)point->accuracy;
        weight = AVERAGE_FACTOR * weight + 1 - AVERAGE_FACTOR;
    }
    moment->train_loss = weight > 0 ? loss / weight : 0;
    moment->train_accuracy = weight > 0 ? accuracy / weight : 0;
}

static void take_best(const struct history *history, size_t epochs, struct moment *moment)
{
    for (size_t index = 0; index < epochs; index++) {
        const struct epoch_point *point = history_epoch(history, index);
        if ((double)point->accuracy <= moment->best_accuracy)
            continue;
        moment->best_accuracy = (double)point->accuracy;
        moment->best_epoch = (size_t)ceil((double)point->epoch);
    }
}

/* Seconds of training up to a number of step points; evaluations after the last one not counted. */
static double seconds_after(const struct history *history, size_t steps)
{
    return steps > 0 ? (double)history_step(history, steps - 1)->seconds : 0;
}

/* Over the last second or so, but not over an evaluation, which takes time without a step. */
static double images_a_second(const struct moment_run *run, struct history_counts counts)
{
    size_t start = 0, steps = counts.steps;
    if (counts.epochs > 0)
        start = history_epoch(run->history, counts.epochs - 1)->step;
    if (start + 1 >= steps) {
        double rate =
            counts.epochs > 0
                ? (double)history_epoch(run->history, counts.epochs - 1)->images_per_second
                : 0;
        return rate;
    }
    double end = seconds_after(run->history, steps);
    size_t from = steps - 1;
    while (from > start + 1 && end - seconds_after(run->history, from) < RATE_SECONDS)
        from--;
    double seconds = end - seconds_after(run->history, from);
    return seconds > 0 ? (double)((steps - from) * run->batch) / seconds : 0;
}

/* At the pace of the epoch before, which had an evaluation in it; negative before that. */
static double seconds_left(const struct moment_run *run, size_t steps)
{
    size_t window = run->steps_per_epoch, all = run->steps_per_epoch * run->epochs;
    if (window == 0 || steps < window)
        return -1;
    double pace =
        (seconds_after(run->history, steps) - seconds_after(run->history, steps - window)) /
        (double)window;
    return all > steps ? (double)(all - steps) * pace : 0;
}

/* The rate of the next update: what was set between that step and the next holds. */
static double next_rate(const struct moment_run *run, struct history_counts counts)
{
    double rate = run->initial_learning_rate;
    if (counts.steps > 0)
        rate = (double)history_step(run->history, counts.steps - 1)->learning_rate;
    for (size_t index = counts.events; index > 0; index--) {
        const struct event_point *event = history_event(run->history, index - 1);
        if (event->step < counts.steps)
            break;
        if (event->kind == EVENT_RATE)
            return (double)event->rate;
    }
    return rate;
}

struct moment moment_at(const struct moment_run *run, uint64_t step)
{
    struct history_counts counts = moment_counts(run->history, run->counts, step);
    struct moment moment = {
        .step = step,
        .learning_rate = next_rate(run, counts),
        .seconds = seconds_after(run->history, counts.steps),
        .images_per_second = images_a_second(run, counts),
        .eta_seconds = seconds_left(run, counts.steps),
    };
    if (counts.epochs > 0) {
        const struct epoch_point *last = history_epoch(run->history, counts.epochs - 1);
        moment.seconds = fmax(moment.seconds, (double)last->seconds);
    }
    take_averages(run->history, counts.steps, &moment);
    take_best(run->history, counts.epochs, &moment);
    return moment;
}
