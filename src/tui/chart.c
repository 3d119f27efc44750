// SPDX-License-Identifier: MIT
#include "tui/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/plot.h"
#include "tui/ticks.h"

enum { LABEL_COLUMNS = 5, ROWS_A_TICK = 2, COLUMNS_A_TICK = 8 };

/* Place and scales of one drawing. */
struct drawing {
    const struct chart *chart;
    const struct learner_snapshot *learner; /* the active one */
    struct plot plot;
    struct scale scale;
    double steps; /* that the x axis covers */
};

static const struct learner_snapshot *chart_learner(const struct chart *chart)
{
    return &chart->snapshot->learners[chart->snapshot->active];
}

static double epoch_value(const struct epoch_point *point, enum curve_value value)
{
    return (double)(value == CURVE_LOSS ? point->loss : point->accuracy);
}

/* Widens the range by the learner's own finite values. */
static void chart_range(const struct chart *chart, double *low, double *high)
{
    const struct curve *curve = &chart->curves[chart->snapshot->active];
    const struct learner_snapshot *learner = chart_learner(chart);
    for (size_t index = 0; index < curve->count; index++) {
        const struct curve_bucket *bucket = &curve->buckets[index];
        if (bucket->empty)
            continue;
        *low = fmin(*low, (double)bucket->smooth[chart->value]);
        *high = fmax(*high, (double)bucket->smooth[chart->value]);
    }
    for (size_t index = 0; index < learner->epoch_points; index++) {
        double value = epoch_value(history_epoch(learner->history, index), chart->value);
        if (!isfinite(value))
            continue;
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
}

/* Accuracies up to 1, losses from 0: the ends that mean something. */
static struct scale chart_scale(const struct chart *chart, int rows)
{
    double low = INFINITY, high = -INFINITY;
    chart_range(chart, &low, &high);
    if (chart->value == CURVE_ACCURACY) {
        high = 1;
        low = fmin(low, 0.9);
    } else {
        low = 0;
        high = high > 0 ? high : 1;
    }
    int ticks = rows / ROWS_A_TICK;
    return scale_fit(low, high, ticks > 5 ? 5 : ticks);
}

static int value_dot(const struct drawing *drawing, double value)
{
    const struct scale *scale = &drawing->scale;
    double part = (value - scale->low) / (scale->high - scale->low);
    return (int)floor(fmin(fmax(part, -1), 2) * (drawing->plot.height - 1) + 0.5);
}

static int step_dot(const struct drawing *drawing, double step)
{
    return (int)floor(step / drawing->steps * (drawing->plot.width - 1) + 0.5);
}

static void draw_value_axis(const struct drawing *drawing, struct canvas *canvas, struct rect area)
{
    const struct style rule = {.foreground = PAINT_RULE};
    bool utf8 = drawing->plot.glyphs == GLYPHS_UTF8;
    const struct scale *scale = &drawing->scale;
    bool percent = drawing->chart->value == CURVE_ACCURACY;
    int column = area.column + LABEL_COLUMNS;
    for (int row = 0; row < drawing->plot.area.rows; row++)
        canvas_put(canvas, area, area.row + row, column, utf8 ? 0x2502 : '|', rule);
    int dots_a_row = drawing->plot.height / drawing->plot.area.rows;
    int first = (int)ceil(scale->low / scale->step - 1e-9);
    int last = (int)floor(scale->high / scale->step + 1e-6);
    for (int tick = first; tick <= last; tick++) {
        double value = tick * scale->step;
        int from_top = drawing->plot.height - 1 - value_dot(drawing, value);
        if (from_top < 0)
            continue;
        int row = area.row + from_top / dots_a_row;
        canvas_print(canvas, area, row, area.column, rule, "%*.*f", LABEL_COLUMNS,
                     percent ? (scale->decimals > 2 ? scale->decimals - 2 : 0) : scale->decimals,
                     percent ? 100 * value : value);
        canvas_put(canvas, area, row, column, utf8 ? 0x2524 : '+', rule);
    }
}

/* The axis of epochs, with a tick and a number where a whole epoch ends. */
static void draw_epoch_axis(const struct drawing *drawing, struct canvas *canvas, struct rect area)
{
    const struct style rule = {.foreground = PAINT_RULE};
    bool utf8 = drawing->plot.glyphs == GLYPHS_UTF8;
    int row = area.row + drawing->plot.area.rows, left = drawing->plot.area.column;
    int dots_a_column = drawing->plot.width / drawing->plot.area.columns;
    double steps_per_epoch = (double)drawing->learner->steps_per_epoch;
    double epochs = drawing->steps / steps_per_epoch;
    double tick = ticks_whole_step(epochs, drawing->plot.area.columns / COLUMNS_A_TICK);
    canvas_put(canvas, area, row, left - 1, utf8 ? 0x2514 : '+', rule);
    for (int column = 0; column < drawing->plot.area.columns; column++)
        canvas_put(canvas, area, row, left + column, utf8 ? 0x2500 : '-', rule);
    for (int number = 1; number * tick <= epochs; number++) {
        double epoch = number * tick;
        char label[24];
        int length = snprintf(label, sizeof label, "%.0f", epoch);
        int column = left + step_dot(drawing, epoch * steps_per_epoch) / dots_a_column;
        if (column - length < left)
            continue;
        canvas_put(canvas, area, row, column, utf8 ? 0x2534 : '+', rule);
        canvas_text(canvas, area, row, column - length, rule, label);
    }
    char unit[32];
    (void)snprintf(unit, sizeof unit, epochs < tick ? "%.0f steps" : "epoch", drawing->steps);
    int start = left + drawing->plot.area.columns - (int)strlen(unit);
    const struct cell *first = start > left ? canvas_at(canvas, row, start) : NULL;
    if (first && first->character == (utf8 ? 0x2500U : '-'))
        canvas_text(canvas, area, row, start, rule, unit);
}

/* The step at which a bucket ends. */
static double bucket_end(const struct curve *curve, size_t index)
{
    return fmin((double)((index + 1) * curve->width), (double)curve->steps);
}

/* From the least to the greatest value of each bucket. */
static void draw_band(const struct drawing *drawing, const struct curve *curve, struct style style)
{
    enum curve_value value = drawing->chart->value;
    for (size_t index = 0; index < curve->count; index++) {
        const struct curve_bucket *bucket = &curve->buckets[index];
        if (!bucket->empty)
            plot_bar(&drawing->plot, step_dot(drawing, bucket_end(curve, index)),
                     value_dot(drawing, (double)bucket->low[value]),
                     value_dot(drawing, (double)bucket->high[value]), style);
    }
}

/* A line from one dot to another, the first left out. */
static void draw_line(const struct drawing *drawing, int x0, int y0, int x1, int y1,
                      struct style style)
{
    int before = y0;
    for (int x = x0 + 1; x <= x1; x++) {
        int y = y0 + (int)lround((double)(y1 - y0) * (x - x0) / (x1 - x0));
        int low = y < before ? y : before + (y > before), high = y < before ? before - 1 : y;
        plot_bar(&drawing->plot, x, low, high, style);
        before = y;
    }
}

/* The moving average, as a line through the ends of the buckets. */
static void draw_average(const struct drawing *drawing, const struct curve *curve,
                         struct style style)
{
    enum curve_value value = drawing->chart->value;
    int x0 = -1, y0 = 0;
    for (size_t index = 0; index < curve->count; index++) {
        const struct curve_bucket *bucket = &curve->buckets[index];
        if (bucket->empty)
            continue;
        int x = step_dot(drawing, bucket_end(curve, index));
        int y = value_dot(drawing, (double)bucket->smooth[value]);
        if (x0 < 0 || x == x0)
            plot_dot(&drawing->plot, x, y, style);
        else
            draw_line(drawing, x0, y0, x, y, style);
        x0 = x;
        y0 = y;
    }
}

static void draw_broken(const struct drawing *drawing, const struct curve *curve)
{
    const struct style bad = {.foreground = PAINT_BAD, .attributes = CELL_BOLD};
    for (size_t index = 0; index < curve->count; index++) {
        if (curve->buckets[index].broken)
            plot_mark(&drawing->plot, step_dot(drawing, bucket_end(curve, index)),
                      drawing->plot.height - 1, '!', bad);
    }
}

/* The parked models, as far as their steps lie on the axis. */
static void draw_ghosts(const struct drawing *drawing)
{
    const struct snapshot *snapshot = drawing->chart->snapshot;
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        if (model != snapshot->active)
            draw_average(drawing, &drawing->chart->curves[model],
                         (struct style){.foreground = PAINT_GHOST});
    }
}

static void draw_evaluations(const struct drawing *drawing)
{
    const struct learner_snapshot *learner = drawing->learner;
    bool utf8 = drawing->plot.glyphs == GLYPHS_UTF8;
    for (size_t index = 0; index < learner->epoch_points; index++) {
        const struct epoch_point *point = history_epoch(learner->history, index);
        double value = epoch_value(point, drawing->chart->value);
        bool best = drawing->chart->value == CURVE_ACCURACY &&
                    point->accuracy >= (float)learner->best_accuracy;
        struct style style = {.foreground = best ? PAINT_BEST : PAINT_VALIDATION,
                              .attributes = CELL_BOLD};
        uint32_t mark = best ? (utf8 ? 0x2605 : '*') : (utf8 ? 0x25CF : 'o');
        if (!isfinite(value))
            plot_mark(&drawing->plot, step_dot(drawing, point->step), drawing->plot.height - 1, '!',
                      style);
        else
            plot_mark(&drawing->plot, step_dot(drawing, point->step), value_dot(drawing, value),
                      mark, style);
    }
}

static void draw_curves(const struct drawing *drawing, const struct look *look)
{
    const struct curve *curve = &drawing->chart->curves[drawing->chart->snapshot->active];
    draw_ghosts(drawing);
    /* Without colours the band would swallow the average. */
    if (look->colors > 0)
        draw_band(drawing, curve, (struct style){.foreground = PAINT_FAINT});
    draw_average(drawing, curve,
                 (struct style){.foreground = PAINT_TRAIN, .attributes = CELL_BOLD});
    draw_evaluations(drawing);
    draw_broken(drawing, curve);
}

void chart_draw(const struct chart *chart, struct canvas *canvas, struct rect area,
                const struct look *look)
{
    struct rect inner = {area.row, area.column + LABEL_COLUMNS + 1, area.rows - 1,
                         area.columns - LABEL_COLUMNS - 1};
    const struct learner_snapshot *learner = chart_learner(chart);
    if (inner.rows < 2 || inner.columns < 4)
        return;
    if (learner->step_points == 0) {
        canvas_text(canvas, area, area.row + area.rows / 2, area.column + 2,
                    (struct style){.foreground = PAINT_FAINT}, "no training step yet");
        return;
    }
    struct drawing drawing = {
        .chart = chart,
        .learner = learner,
        .plot = plot_begin(canvas, inner, look),
        .scale = chart_scale(chart, inner.rows),
        .steps = fmax((double)learner->step, 10),
    };
    draw_curves(&drawing, look);
    draw_value_axis(&drawing, canvas, area);
    draw_epoch_axis(&drawing, canvas, area);
}
