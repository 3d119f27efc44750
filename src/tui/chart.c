// SPDX-License-Identifier: MIT
#include "tui/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ticks.h"
#include "tui/axis.h"
#include "tui/keys.h"
#include "tui/legend.h"
#include "tui/plot.h"
#include "tui/series.h"

enum { ROWS_A_TICK = 2, TICKS_MAX = 5, LOG_TICKS_MAX = 8, MARKS = 4 };

static const struct learner_snapshot *chart_learner(const struct chart *chart)
{
    return &chart->snapshot->learners[chart->snapshot->active];
}

uint32_t chart_mark(size_t model, const struct look *look)
{
    static const uint32_t UTF8[] = {0x25CF, 0x25C6, 0x25B2, 0x25A0}, ASCII[] = {'o', 'x', 'v', '#'};
    return look->glyphs & GLYPHS_SIGNS ? UTF8[model % MARKS] : ASCII[model % MARKS];
}

const char *chart_mark_text(size_t model, const struct look *look)
{
    static const char *const UTF8[] = {"\342\227\217", "\342\227\206", "\342\226\262",
                                       "\342\226\240"},
                             *const ASCII[] = {"o", "x", "v", "#"};
    return look->glyphs & GLYPHS_SIGNS ? UTF8[model % MARKS] : ASCII[model % MARKS];
}

/* The series of the model that trains, or of any one where models are peers. */
static struct series main_series(const struct chart *chart, size_t model, const struct look *look)
{
    bool utf8 = look->glyphs & GLYPHS_SIGNS, peers = chart->span->peers;
    bool second = peers && model % 2 == 1;
    uint8_t color = second ? PAINT_VALIDATION : PAINT_TRAIN;
    return (struct series){
        .learner = &chart->snapshot->learners[model],
        .curve = &chart->curves[model],
        .line = {.foreground = color, .attributes = CELL_BOLD},
        .marks = {.foreground = peers ? color : PAINT_VALIDATION, .attributes = CELL_BOLD},
        .dotted = second,
        .mark = peers ? chart_mark(model, look) : chart_mark(0, look),
        .best_mark = peers  ? 0
                     : utf8 ? 0x2605
                            : '*',
    };
}

/* The series of a parked model behind the one that trains. */
static struct series ghost_series(const struct chart *chart, size_t model)
{
    return (struct series){
        .learner = &chart->snapshot->learners[model],
        .curve = &chart->curves[model],
        .line = {.foreground = PAINT_GHOST},
        .dotted = true,
    };
}

/* Whether a model has a series of its own that the axes are made for. */
static bool has_main_series(const struct chart *chart, size_t model)
{
    if (chart->snapshot->learners[model].step_points == 0)
        return false;
    return chart->span->peers || model == chart->snapshot->active;
}

/* Accuracies up to 1, losses from 0, the ends that mean something, as long as the whole run is
 * shown. */
static struct scale chart_scale(const struct chart *chart, const struct field *field,
                                const struct look *look)
{
    bool log = chart->span->log && chart->value == CURVE_LOSS, zoomed = chart->span->zoom > 0;
    double low = INFINITY, high = -INFINITY;
    int ticks = field->plot.area.rows / ROWS_A_TICK;
    for (size_t model = 0; model < chart->snapshot->learner_count; model++) {
        if (!has_main_series(chart, model))
            continue;
        struct series series = main_series(chart, model, look);
        series_widen(&series, field, log, &low, &high);
    }
    if (!(high >= low)) {
        low = log ? 0.1 : 0;
        high = 1;
    }
    if (!log && !zoomed && chart->value == CURVE_ACCURACY) {
        high = 1;
        low = fmin(low, 0.9);
    } else if (!log && !zoomed) {
        low = 0;
        high = high > 0 ? high : 1;
    }
    scale_round(log, &low, &high);
    if (log)
        return scale_fit_log(low, high, ticks > LOG_TICKS_MAX ? LOG_TICKS_MAX : ticks);
    return scale_fit(low, high, ticks > TICKS_MAX ? TICKS_MAX : ticks);
}

/* The models that do not train, as far as their steps lie on the axis. */
static void draw_ghosts(const struct chart *chart, const struct field *field)
{
    for (size_t model = 0; model < chart->snapshot->learner_count; model++) {
        if (has_main_series(chart, model) || chart->snapshot->learners[model].step_points == 0)
            continue;
        struct series series = ghost_series(chart, model);
        series_draw_line(&series, field);
    }
}

static void draw_series(const struct chart *chart, const struct field *field,
                        const struct look *look)
{
    size_t count = chart->snapshot->learner_count;
    draw_ghosts(chart, field);
    for (size_t model = 0; model < count; model++) {
        if (!has_main_series(chart, model))
            continue;
        struct series series = main_series(chart, model, look);
        /* Without colours, or with bands over one another, they would swallow the average. */
        if (look->colors > 0 && !chart->span->peers)
            series_draw_band(&series, field, (struct style){.foreground = PAINT_FAINT});
        series_draw_line(&series, field);
    }
    for (size_t model = 0; model < count; model++) {
        if (!has_main_series(chart, model))
            continue;
        struct series series = main_series(chart, model, look);
        series_draw_marks(&series, field);
    }
}

static void draw_cursor(const struct field *field)
{
    if (field->span->cursor)
        plot_bar(&field->plot, field_x(field, field->span->at), 0, field->plot.height - 1,
                 (struct style){.foreground = PAINT_ACCENT});
}

/* What the user did to the active model. */
static void draw_events(const struct chart *chart, const struct field *field)
{
    const struct learner_snapshot *learner = chart_learner(chart);
    bool utf8 = field->plot.glyphs & GLYPHS_SIGNS;
    for (size_t index = 0; index < learner->event_points; index++) {
        const struct event_point *event = history_event(learner->history, index);
        double x = span_x(field->span, learner, (double)event->step, (double)event->seconds);
        bool up = event->rate > event->rate_before;
        const struct style style = {.foreground =
                                        event->kind == EVENT_PAUSE ? PAINT_WARNING : PAINT_ACCENT,
                                    .attributes = CELL_BOLD};
        if (event->kind == EVENT_PAUSE)
            axis_mark(field, x, utf8 ? 0x2016 : '=', style);
        else if (utf8)
            axis_mark(field, x, up ? 0x2191 : 0x2193, style);
        else
            axis_mark(field, x, up ? '^' : 'v', style);
    }
}

static void draw_legend(const struct chart *chart, const struct field *field,
                        const struct look *look)
{
    struct legend legend = {.count = 0};
    for (size_t model = 0; model < chart->snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &chart->snapshot->learners[model];
        if (learner->step_points == 0)
            continue;
        bool main = has_main_series(chart, model);
        struct series series = main ? main_series(chart, model, look) : ghost_series(chart, model);
        if (main && !chart->span->peers)
            legend_add(&legend, &series, "average %.2f", CURVE_FACTOR_PERCENT / 100.0);
        else
            legend_add(&legend, &series, "%s", learner->title);
    }
    legend_draw(&legend, &field->plot);
}

/* Whether there is a step to draw. */
static bool has_steps(const struct chart *chart)
{
    for (size_t model = 0; model < chart->snapshot->learner_count; model++)
        if (has_main_series(chart, model))
            return true;
    return false;
}

void chart_draw(const struct chart *chart, struct canvas *canvas, struct rect area,
                const struct look *look)
{
    struct rect inner = {area.row, area.column + AXIS_LABEL_COLUMNS + 1, area.rows - 1,
                         area.columns - AXIS_LABEL_COLUMNS - 1};
    if (inner.rows < 2 || inner.columns < 4)
        return;
    if (!has_steps(chart)) {
        canvas_text(canvas, area, area.row + area.rows / 2, area.column + 2,
                    (struct style){.foreground = PAINT_FAINT}, "no training step yet");
        return;
    }
    chart->span->columns = inner.columns;
    canvas_add_zone(canvas, inner, KEYS_CHART, 0);
    struct field field = {
        .plot = plot_begin(canvas, inner, look),
        .span = chart->span,
        .range = span_range(chart->span, chart->snapshot),
        .value = chart->value,
    };
    field.scale = chart_scale(chart, &field, look);
    draw_cursor(&field);
    draw_series(chart, &field, look);
    draw_legend(chart, &field, look);
    axis_draw_values(&field, chart->value == CURVE_ACCURACY ? 100 : 1);
    axis_draw_span(&field);
    draw_events(chart, &field);
}
