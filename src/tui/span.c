// SPDX-License-Identifier: MIT
#include "tui/span.h"

#include <math.h>
#include <stdio.h>

#include "base/ticks.h"

/* The least that an axis covers: ten steps, or a second. */
static const double STEPS_LEAST = 10, SECONDS_LEAST = 1;

enum { SHIFTS = 4 }; /* a zoomed axis moves on by so many parts of its width at once */

static const struct learner_snapshot *active_learner(const struct snapshot *snapshot)
{
    return &snapshot->learners[snapshot->active];
}

double span_x(const struct span *span, const struct learner_snapshot *learner, double step,
              double seconds)
{
    switch (span->unit) {
    case SPAN_EPOCHS:
        return step / (double)learner->steps_per_epoch;
    case SPAN_STEPS:
        return step;
    default:
        return seconds;
    }
}

/* The first step that was made at that second or later. */
static size_t step_at_second(const struct learner_snapshot *learner, double seconds)
{
    size_t low = 0, high = learner->step_points;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((double)history_step(learner->history, middle)->seconds < seconds - 1e-9)
            low = middle + 1;
        else
            high = middle;
    }
    return low + 1;
}

size_t span_step(const struct span *span, const struct learner_snapshot *learner, double x)
{
    double step = x;
    if (learner->step_points == 0)
        return 0;
    if (span->unit == SPAN_SECONDS)
        step = (double)step_at_second(learner, x);
    else if (span->unit == SPAN_EPOCHS)
        step = floor(x * (double)learner->steps_per_epoch + 0.5);
    return (size_t)fmin(fmax(floor(step + 0.5), 1), (double)learner->step_points);
}

/* Where step `step`, 1 or more, of the learner lies. */
static double step_x(const struct span *span, const struct learner_snapshot *learner, size_t step)
{
    return span_x(span, learner, (double)step,
                  (double)history_step(learner->history, step - 1)->seconds);
}

/* How far a learner's run has come. */
static double learner_now(const struct span *span, const struct learner_snapshot *learner)
{
    return span_x(span, learner, (double)learner->step, learner->train_seconds);
}

/* 1 or 3 times a power of ten, the least of them that is not below `least`. */
static double round_up(double least)
{
    double power = pow(10, floor(log10(least) + 1e-9));
    if (power >= least * (1 - 1e-9))
        return power;
    return 3 * power >= least * (1 - 1e-9) ? 3 * power : 10 * power;
}

/* How far a learner's axis goes. It moves seldom, so that the curve grows into it: all of a run of
 * which a part is made that one can see, else a round part of it. How many seconds a run takes is
 * known when it has ended. */
static double learner_end(const struct span *span, const struct learner_snapshot *learner)
{
    double least = span_x(span, learner, STEPS_LEAST, SECONDS_LEAST);
    double now = fmax(learner_now(span, learner), least);
    if (learner->finished)
        return now;
    if (span->unit == SPAN_SECONDS)
        return ticks_seconds_step(now, 1);
    double steps = (double)learner->steps_per_epoch, all = (double)learner->epochs * steps;
    double end = round_up(fmax((double)learner->step, STEPS_LEAST) / steps) * steps;
    if (all >= STEPS_LEAST && end > all / 2)
        end = fmax(all, (double)learner->step);
    return span_x(span, learner, end, 0);
}

/* The greatest of what `reach` says of the learners that the axis is for. */
static double reach_of_all(const struct span *span, const struct snapshot *snapshot,
                           double (*reach)(const struct span *, const struct learner_snapshot *))
{
    double end = reach(span, active_learner(snapshot));
    for (size_t model = 0; span->peers && model < snapshot->learner_count; model++)
        if (snapshot->learners[model].started)
            end = fmax(end, reach(span, &snapshot->learners[model]));
    return end;
}

struct span_range span_range(const struct span *span, const struct snapshot *snapshot)
{
    double end = reach_of_all(span, snapshot, learner_end), width = ldexp(end, -span->zoom);
    double to = end;
    if (span->cursor)
        to = span->at + width * (0.5 - span->lean);
    else if (span->zoom > 0)
        to = ceil(reach_of_all(span, snapshot, learner_now) / width * SHIFTS) * width / SHIFTS;
    to = fmin(fmax(to, width), end);
    return (struct span_range){to - width, to};
}

void span_write(const struct span *span, double x, char text[SPAN_TEXT_SIZE])
{
    if (span->unit == SPAN_EPOCHS)
        (void)snprintf(text, SPAN_TEXT_SIZE, "epoch %.2f", x);
    else if (span->unit == SPAN_STEPS)
        (void)snprintf(text, SPAN_TEXT_SIZE, "step %.0f", x);
    else
        (void)snprintf(text, SPAN_TEXT_SIZE, "%.1f s", x);
}

/* The learner whose steps the cursor goes by: the active one, or the one that ran longest. */
static const struct learner_snapshot *cursor_learner(const struct span *span,
                                                     const struct snapshot *snapshot)
{
    const struct learner_snapshot *longest = active_learner(snapshot);
    for (size_t model = 0; span->peers && model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        if (learner->started && learner_now(span, learner) > learner_now(span, longest))
            longest = learner;
    }
    return longest;
}

/* Moves the cursor by columns of the chart, by at least a step. Without one it begins at the end.
 */
static void span_move(struct span *span, const struct snapshot *snapshot, double columns)
{
    const struct learner_snapshot *learner = cursor_learner(span, snapshot);
    if (learner->step_points == 0)
        return;
    struct span_range range = span_range(span, snapshot);
    double last = step_x(span, learner, learner->step_points);
    double distance = columns * (range.to - range.from) / (span->columns > 0 ? span->columns : 1);
    size_t before = span_step(span, learner, span->cursor ? span->at : last);
    size_t after = span_step(span, learner, (span->cursor ? span->at : last) + distance);
    if (after == before && columns > 0 && after < learner->step_points)
        after++;
    else if (after == before && columns < 0 && after > 1)
        after--;
    span->cursor = true;
    span->at = step_x(span, learner, after);
}

/* Puts the cursor at the step under the mouse. */
static void span_point(struct span *span, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = cursor_learner(span, snapshot);
    if (learner->step_points == 0 || span->columns <= 0)
        return;
    struct span_range range = span_range(span, snapshot);
    double width = range.to - range.from, part = (span->pointed + 0.5) / span->columns;
    size_t step = span_step(span, learner, range.from + part * width);
    span->cursor = true;
    span->at = step_x(span, learner, step);
    span->lean = (span->at - range.from) / width - 0.5;
}

static void span_zoom(struct span *span, int by)
{
    int zoom = span->zoom + by;
    span->zoom = zoom < 0 ? 0 : zoom > SPAN_ZOOM_MAX ? SPAN_ZOOM_MAX : zoom;
}

/* Another unit, with the cursor where it was. */
static void span_change_unit(struct span *span, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = cursor_learner(span, snapshot);
    size_t step = span_step(span, learner, span->at);
    span->unit = (span->unit + 1) % SPAN_UNITS;
    span->cursor = span->cursor && step > 0;
    if (span->cursor)
        span->at = step_x(span, learner, step);
}

static bool span_leave(struct span *span)
{
    bool something = span->cursor || span->zoom > 0;
    if (span->cursor)
        span->cursor = false;
    else
        span->zoom = 0;
    span->lean = 0;
    return something;
}

bool span_act(struct span *span, enum request request, const struct snapshot *snapshot)
{
    double all = INFINITY, page = (double)span->columns / 4;
    switch (request) {
    case REQUEST_AXIS:
        span_change_unit(span, snapshot);
        return true;
    case REQUEST_LOG:
        span->log = !span->log;
        return true;
    case REQUEST_LARGER:
        span_zoom(span, 1);
        return true;
    case REQUEST_SMALLER:
        span_zoom(span, -1);
        return true;
    case REQUEST_PICK_PLACE:
        span_point(span, snapshot);
        return true;
    case REQUEST_CLOSER_THERE:
        span_point(span, snapshot);
        span_zoom(span, 1);
        return true;
    case REQUEST_FARTHER_THERE:
        span_point(span, snapshot);
        span_zoom(span, -1);
        return true;
    case REQUEST_LEFT:
        span_move(span, snapshot, -1);
        return true;
    case REQUEST_RIGHT:
        span_move(span, snapshot, 1);
        return true;
    case REQUEST_PAGE_UP:
        span_move(span, snapshot, -page);
        return true;
    case REQUEST_PAGE_DOWN:
        span_move(span, snapshot, page);
        return true;
    case REQUEST_FIRST:
        span_move(span, snapshot, -all);
        return true;
    case REQUEST_LAST:
        span_move(span, snapshot, all);
        return true;
    case REQUEST_BACK:
        return span_leave(span);
    default:
        return false;
    }
}

bool span_act_where(struct span *span, enum request request, bool focus, size_t pointed,
                    const struct snapshot *snapshot)
{
    static const enum request ALWAYS[] = {
        REQUEST_AXIS,       REQUEST_LOG,          REQUEST_LARGER,       REQUEST_SMALLER,
        REQUEST_PICK_PLACE, REQUEST_CLOSER_THERE, REQUEST_FARTHER_THERE};
    bool taken = focus;
    for (size_t index = 0; index < sizeof ALWAYS / sizeof *ALWAYS; index++)
        taken = taken || ALWAYS[index] == request;
    span->pointed = (int)pointed;
    return taken && span_act(span, request, snapshot);
}
