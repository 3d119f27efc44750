// SPDX-License-Identifier: MIT
#include "tui/run_chart.h"

#include <math.h>

#include "tui/axis.h"
#include "tui/legend.h"
#include "tui/panel.h"
#include "tui/run_list.h"

enum { ROWS_A_TICK = 2, TICKS_MAX = 5, MARK_PITCH = 4 };

/* The ends of the values and the last epoch of all curves. */
struct extent {
    double low, high, epochs;
};

static struct extent find_extent(const struct run_chart *chart)
{
    struct extent extent = {INFINITY, -INFINITY, 0};
    for (size_t number = 0; number < chart->count; number++) {
        const struct run_chart_curve *curve = &chart->curves[number];
        for (size_t index = 0; index < curve->count; index++) {
            double value = curve->points[index].values[chart->value];
            extent.epochs = fmax(extent.epochs, curve->points[index].epoch);
            if (!isfinite(value) || (chart->log && value <= 0))
                continue;
            extent.low = fmin(extent.low, value);
            extent.high = fmax(extent.high, value);
        }
    }
    return extent;
}

/* Fitted to what there is: runs differ by little. */
static struct scale chart_scale(const struct run_chart *chart, struct extent extent, int rows)
{
    int ticks = rows / ROWS_A_TICK < 1 ? 1 : rows / ROWS_A_TICK;
    if (!(extent.high >= extent.low))
        return scale_fit(0, 1, ticks);
    ticks = ticks > TICKS_MAX ? TICKS_MAX : ticks;
    if (chart->log && chart->value == CURVE_LOSS)
        return scale_fit_log(extent.low, extent.high, ticks);
    return scale_fit(extent.low, extent.high, ticks);
}

/* Lines first, so that marks lie over them. */
static void draw_line(const struct field *field, const struct run_chart_curve *curve, size_t number)
{
    int x0 = 0, y0 = 0, every = number % 2 ? plot_dotted(&field->plot) : 1;
    bool begun = false;
    for (size_t index = 0; index < curve->count; index++) {
        double value = curve->points[index].values[field->value];
        if (!isfinite(value))
            continue;
        int x = field_x(field, curve->points[index].epoch), y = field_y(field, value);
        if (begun && x > x0)
            plot_line(&field->plot, x0, y0, x, y, every, run_list_style(number));
        begun = true;
        x0 = x;
        y0 = y;
    }
}

/* One mark in so many evaluations, so that the lines between them can be seen. */
static size_t mark_every(const struct field *field, const struct run_chart_curve *curve)
{
    size_t columns = (size_t)field->plot.area.columns;
    return (MARK_PITCH * curve->count + columns - 1) / columns;
}

static void draw_marks(const struct field *field, const struct run_chart_curve *curve,
                       size_t number, const struct look *look)
{
    size_t every = mark_every(field, curve);
    for (size_t index = 0; index < curve->count; index++) {
        if ((index + 1 + number) % every != 0 && index + 1 < curve->count &&
            isfinite(curve->points[index].values[field->value]))
            continue;
        double value = curve->points[index].values[field->value];
        int x = field_x(field, curve->points[index].epoch);
        if (isfinite(value))
            plot_mark(&field->plot, x, field_y(field, value), run_list_mark(number, look),
                      run_list_style(number));
        else
            plot_mark(&field->plot, x, field->plot.height - 1, '!', run_list_style(number));
    }
}

static void draw_legend(const struct run_chart *chart, const struct field *field,
                        const struct look *look)
{
    struct legend legend = {.count = 0};
    for (size_t number = 0; number < chart->count; number++) {
        const struct series series = {.line = run_list_style(number),
                                      .dotted = number % 2,
                                      .mark = run_list_mark(number, look)};
        legend_add(&legend, &series, "%s", chart->curves[number].name);
    }
    legend_draw(&legend, &field->plot);
}

void run_chart_draw(const struct run_chart *chart, struct canvas *canvas, struct rect area,
                    const struct look *look)
{
    const struct span span = {.unit = SPAN_EPOCHS};
    struct extent extent = find_extent(chart);
    struct rect inner = {area.row, area.column + AXIS_LABEL_COLUMNS + 1, area.rows - 1,
                         area.columns - AXIS_LABEL_COLUMNS - 1};
    if (inner.rows < 2 || inner.columns < 4)
        return;
    if (extent.epochs <= 0) {
        panel_sentence(canvas, area, "not evaluated yet: that comes at the end of an epoch");
        return;
    }
    struct field field = {
        .plot = plot_begin(canvas, inner, look),
        .span = &span,
        .range = {0, extent.epochs},
        .scale = chart_scale(chart, extent, inner.rows),
        .value = chart->value,
    };
    for (size_t number = 0; number < chart->count; number++)
        draw_line(&field, &chart->curves[number], number);
    for (size_t number = 0; number < chart->count; number++)
        draw_marks(&field, &chart->curves[number], number, look);
    draw_legend(chart, &field, look);
    axis_draw_values(&field, chart->value == CURVE_ACCURACY ? 100 : 1);
    axis_draw_span(&field);
}
