// SPDX-License-Identifier: MIT
#include "tui/series.h"

#include <math.h>

int field_x(const struct field *field, double x)
{
    double part = (x - field->range.from) / (field->range.to - field->range.from);
    return (int)floor(fmin(fmax(part, -1), 2) * (field->plot.width - 1) + 0.5);
}

int field_y(const struct field *field, double value)
{
    double part = scale_part(&field->scale, value);
    return (int)floor(fmin(fmax(part, -1), 2) * (field->plot.height - 1) + 0.5);
}

struct curve_part series_part(const struct series *series, const struct field *field)
{
    size_t from = span_step(field->span, series->learner, field->range.from);
    size_t to = span_step(field->span, series->learner, field->range.to);
    to = to < series->curve->steps ? to : series->curve->steps;
    return curve_part(series->curve, from, to);
}

double series_x(const struct series *series, const struct field *field,
                const struct curve_part *part, size_t index)
{
    return span_x(field->span, series->learner, (double)curve_part_end(part, index),
                  (double)part->buckets[index].seconds);
}

double series_evaluation(const struct epoch_point *point, enum curve_value value)
{
    return (double)(value == CURVE_LOSS ? point->loss : point->accuracy);
}

static double evaluation_x(const struct series *series, const struct field *field,
                           const struct epoch_point *point)
{
    return span_x(field->span, series->learner, (double)point->step, (double)point->seconds);
}

static bool in_view(const struct field *field, double x)
{
    return x >= field->range.from && x <= field->range.to;
}

static void widen(double value, bool positive, double *low, double *high)
{
    if (!isfinite(value) || (positive && value <= 0))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

void series_widen(const struct series *series, const struct field *field, bool positive,
                  double *low, double *high)
{
    struct curve_part part = series_part(series, field);
    for (size_t index = 0; index < part.count; index++) {
        const struct curve_bucket *bucket = &part.buckets[index];
        if (!bucket->empty && in_view(field, series_x(series, field, &part, index)))
            widen((double)bucket->smooth[field->value], positive, low, high);
    }
    for (size_t index = 0; series->mark && index < series->learner->epoch_points; index++) {
        const struct epoch_point *point = history_epoch(series->learner->history, index);
        if (in_view(field, evaluation_x(series, field, point)))
            widen(series_evaluation(point, field->value), positive, low, high);
    }
}

void series_draw_band(const struct series *series, const struct field *field, struct style style)
{
    struct curve_part part = series_part(series, field);
    for (size_t index = 0; index < part.count; index++) {
        const struct curve_bucket *bucket = &part.buckets[index];
        if (!bucket->empty)
            plot_bar(&field->plot, field_x(field, series_x(series, field, &part, index)),
                     field_y(field, (double)bucket->low[field->value]),
                     field_y(field, (double)bucket->high[field->value]), style);
    }
}

void series_draw_line(const struct series *series, const struct field *field)
{
    struct curve_part part = series_part(series, field);
    bool begun = false;
    int x0 = 0, y0 = 0, every = series->dotted ? plot_dotted(&field->plot) : 1;
    for (size_t index = 0; index < part.count; index++) {
        const struct curve_bucket *bucket = &part.buckets[index];
        if (bucket->empty)
            continue;
        int x = field_x(field, series_x(series, field, &part, index));
        int y = field_y(field, (double)bucket->smooth[field->value]);
        if (begun && x != x0)
            plot_line(&field->plot, x0, y0, x, y, every, series->line);
        else if (x % every == 0)
            plot_dot(&field->plot, x, y, series->line);
        begun = true;
        x0 = x;
        y0 = y;
    }
}

static void draw_broken(const struct series *series, const struct field *field)
{
    const struct style bad = {.foreground = PAINT_BAD, .attributes = CELL_BOLD};
    struct curve_part part = series_part(series, field);
    for (size_t index = 0; index < part.count; index++)
        if (part.buckets[index].broken)
            plot_mark(&field->plot, field_x(field, series_x(series, field, &part, index)),
                      field->plot.height - 1, '!', bad);
}

static void draw_evaluation(const struct series *series, const struct field *field,
                            const struct epoch_point *point)
{
    double value = series_evaluation(point, field->value);
    bool best = series->best_mark && field->value == CURVE_ACCURACY &&
                point->accuracy >= (float)series->learner->best_accuracy;
    struct style style = series->marks;
    uint32_t mark = best ? series->best_mark : series->mark;
    int x = field_x(field, evaluation_x(series, field, point)), y = field->plot.height - 1;
    if (best)
        style.foreground = PAINT_BEST;
    if (isfinite(value))
        y = field_y(field, value);
    plot_mark(&field->plot, x, y, isfinite(value) ? mark : '!', style);
}

void series_draw_marks(const struct series *series, const struct field *field)
{
    const struct learner_snapshot *learner = series->learner;
    for (size_t index = 0; series->mark && index < learner->epoch_points; index++)
        draw_evaluation(series, field, history_epoch(learner->history, index));
    draw_broken(series, field);
}
