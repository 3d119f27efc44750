// SPDX-License-Identifier: MIT
#include "export/html_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/ticks.h"

/* In the units of the viewBox. */
enum {
    WIDTH = 900,
    HEIGHT = 300,
    LEFT = 60,
    RIGHT = 12,
    TOP = 14,
    BOTTOM = 44,
    TICKS_X = 10,
    TICKS_Y = 6,
    FINENESS = 5, /* of lines, so that whole numbers of few digits do for their points */
};

static const double EDGE = 0.05; /* of the range of values, above and below them */

struct chart {
    struct buffer *out;
    const struct export_run *run;
    struct curve_part part; /* steps reduced to buckets */
    enum curve_value value;
    double steps_per_epoch;
    struct scale x, y; /* epochs; loss or accuracy */
};

static double chart_x(const struct chart *chart, double step)
{
    return LEFT + scale_part(&chart->x, step / chart->steps_per_epoch) * (WIDTH - LEFT - RIGHT);
}

/* Far outside the plot it makes no difference how far. */
static double chart_y(const struct chart *chart, double value)
{
    double part = fmin(fmax(scale_part(&chart->y, value), -1), 2);
    return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
}

static double point_value(const struct chart *chart, const struct epoch_point *point)
{
    return (double)(chart->value == CURVE_LOSS ? point->loss : point->accuracy);
}

static void widen(double value, double *low, double *high)
{
    if (!isfinite(value))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

/* Scales for the moving average and the evaluations; single batches may leave the plot. */
static void chart_fit(struct chart *chart)
{
    const struct export_run *run = chart->run;
    double low = INFINITY, high = -INFINITY, last = (double)run->row.step;
    for (size_t index = 0; index < chart->part.count; index++)
        if (!chart->part.buckets[index].empty)
            widen((double)chart->part.buckets[index].smooth[chart->value], &low, &high);
    for (size_t index = 0; index < run->counts.epochs; index++)
        widen(point_value(chart, history_epoch(run->history, index)), &low, &high);
    if (low > high)
        low = high = 0;
    double edge = (high - low) * EDGE;
    low = fmax(low - edge, 0);
    high += edge;
    if (chart->value == CURVE_ACCURACY)
        high = fmin(high, 1);
    last = fmax(last, (double)chart->part.steps);
    chart->y = scale_fit(low, high, TICKS_Y);
    chart->x = scale_fit(0, fmax(last, 1) / chart->steps_per_epoch, TICKS_X);
}

static void write_axes(const struct chart *chart)
{
    double tick, factor = chart->value == CURVE_LOSS ? 1 : 100;
    char label[TICKS_LABEL_SIZE];
    for (int number = 0; scale_tick(&chart->y, number, &tick); number++) {
        double y = chart_y(chart, tick);
        scale_label(&chart->y, tick, factor, label);
        buffer_print(chart->out,
                     "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"tick\" x=\"%d\" "
                     "y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                     LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, label);
    }
    for (int number = 0; scale_tick(&chart->x, number, &tick); number++) {
        double x = chart_x(chart, tick * chart->steps_per_epoch);
        buffer_print(chart->out,
                     "<path class=\"grid\" d=\"M%.1f %dv5\"/><text class=\"tick\" x=\"%.1f\" "
                     "y=\"%d\" text-anchor=\"middle\">%.4g</text>\n",
                     x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 18, tick);
    }
    buffer_print(chart->out,
                 "<path class=\"grid\" d=\"M%d %dH%d\"/>\n<text class=\"tick\" x=\"%d\" y=\"%d\" "
                 "text-anchor=\"middle\">epoch</text>\n<text class=\"tick\" x=\"14\" y=\"%d\" "
                 "text-anchor=\"middle\" transform=\"rotate(-90 14 %d)\">%s</text>\n",
                 LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, (WIDTH + LEFT) / 2, HEIGHT - 8,
                 (HEIGHT - BOTTOM) / 2, (HEIGHT - BOTTOM) / 2,
                 chart->value == CURVE_LOSS ? "loss, cross-entropy (nats)" : "accuracy (%)");
}

/* A line of relative whole numbers. */
struct path {
    struct buffer *out;
    bool begun;
    long x, y;
};

static void path_to(struct path *path, double x, double y)
{
    long across = lround(x * FINENESS), down = lround(y * FINENESS);
    if (path->begun) {
        long right = across - path->x, below = down - path->y;
        buffer_print(path->out, "%s%ld%s%ld", right < 0 ? "" : " ", right, below < 0 ? "" : " ",
                     below);
    } else {
        buffer_print(path->out, "M%ld %ldl0 0", across, down);
    }
    *path = (struct path){path->out, true, across, down};
}

static double bucket_x(const struct chart *chart, size_t index)
{
    return chart_x(chart, (double)curve_part_end(&chart->part, index));
}

/* Around the batches of the buckets from `from` to before `to`, from their least to their greatest
 * value. */
static void write_outline(const struct chart *chart, size_t from, size_t to)
{
    struct path path = {.out = chart->out};
    for (size_t index = from; index < to; index++)
        path_to(&path, bucket_x(chart, index),
                chart_y(chart, (double)chart->part.buckets[index].high[chart->value]));
    for (size_t index = to; index-- > from;)
        path_to(&path, bucket_x(chart, index),
                chart_y(chart, (double)chart->part.buckets[index].low[chart->value]));
    buffer_character(chart->out, 'Z');
}

static void write_smooth(const struct chart *chart, size_t from, size_t to)
{
    struct path path = {.out = chart->out};
    for (size_t index = from; index < to; index++)
        path_to(&path, bucket_x(chart, index),
                chart_y(chart, (double)chart->part.buckets[index].smooth[chart->value]));
}

/* Draws each stretch of finite values. */
static void write_line(const struct chart *chart, const char *class,
                       void (*draw)(const struct chart *chart, size_t from, size_t to))
{
    size_t from = 0;
    buffer_print(chart->out, "<path class=\"%s\" d=\"", class);
    for (size_t index = 0; index <= chart->part.count; index++) {
        if (index < chart->part.count && !chart->part.buckets[index].empty)
            continue;
        if (index > from)
            draw(chart, from, index);
        from = index + 1;
    }
    buffer_text(chart->out, "\"/>\n");
}

static void write_validation_line(const struct chart *chart)
{
    struct path path = {.out = chart->out};
    buffer_text(chart->out, "<path class=\"val\" d=\"");
    for (size_t index = 0; index < chart->run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(chart->run->history, index);
        double value = point_value(chart, point);
        if (isfinite(value))
            path_to(&path, chart_x(chart, (double)point->step), chart_y(chart, value));
        else
            path.begun = false;
    }
    buffer_text(chart->out, "\"/>\n");
}

static void write_points(const struct chart *chart)
{
    for (size_t index = 0; index < chart->run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(chart->run->history, index);
        double value = point_value(chart, point);
        bool best = point->accuracy >= (float)chart->run->row.best_accuracy;
        if (!isfinite(value))
            continue;
        buffer_print(chart->out,
                     "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>epoch %.4g, "
                     "step %" PRIu32 ": %.*f%s%s</title></circle>\n",
                     best ? "best" : "point", chart_x(chart, (double)point->step),
                     chart_y(chart, value), best ? "5" : "3.5", (double)point->epoch, point->step,
                     chart->value == CURVE_LOSS ? 4 : 2,
                     chart->value == CURVE_LOSS ? value : 100 * value,
                     chart->value == CURVE_LOSS ? "" : " %", best ? ", best" : "");
    }
}

static void write_broken(const struct chart *chart)
{
    for (size_t index = 0; index < chart->part.count; index++)
        if (chart->part.buckets[index].broken)
            buffer_print(chart->out,
                         "<text class=\"broken\" x=\"%.1f\" y=\"%d\">!<title>not finite at step "
                         "%zu or shortly before</title></text>\n",
                         bucket_x(chart, index), TOP + 10, curve_part_end(&chart->part, index));
}

static void write_event(const struct chart *chart, const struct run_event *event)
{
    bool pause = strcmp(event->kind, "paused") == 0;
    if (strcmp(event->kind, RUN_EVENT_SAVED) == 0) /* that is everywhere */
        return;
    if (strcmp(event->kind, "finished") == 0) /* that is where the curves end */
        return;
    double x = chart_x(chart, (double)event->step);
    buffer_print(chart->out, "<path class=\"%s\" d=\"M%.1f %dV%d\"><title>step %" PRIu64 ": ",
                 pause ? "pause" : "event", x, TOP, HEIGHT - BOTTOM, event->step);
    html_text(chart->out, event->kind);
    if (event->after > 0)
        buffer_print(chart->out, " %.6g to %.6g", event->before, event->after);
    if (event->detail[0]) {
        buffer_text(chart->out, ", ");
        html_text(chart->out, event->detail);
    }
    buffer_text(chart->out, "</title></path>\n");
}

static void write_caption(const struct chart *chart)
{
    buffer_print(chart->out,
                 "<figcaption>%s<span class=\"key\" style=\"background:var(--train);opacity:.4\">"
                 "</span>batches<span class=\"key\" "
                 "style=\"background:var(--train)\"></span>their moving average (factor %.2f)"
                 "<span class=\"key\" style=\"background:var(--val)\"></span>validation "
                 "(best: \xE2\x97\x8B); dashed: events, dotted: pauses</figcaption>",
                 chart->value == CURVE_LOSS ? "Loss" : "Accuracy", CURVE_FACTOR_PERCENT / 100.0);
}

void html_chart(struct buffer *out, const struct export_run *run, struct curve *curve,
                enum curve_value value)
{
    const char *name = value == CURVE_LOSS ? "loss" : "accuracy";
    struct chart chart = {.out = out, .run = run, .value = value};
    chart.part = curve_part(curve, 0, 0);
    chart.steps_per_epoch = run->row.steps_per_epoch > 0 ? (double)run->row.steps_per_epoch : 1;
    chart_fit(&chart);
    buffer_text(out, "<figure>");
    write_caption(&chart);
    buffer_print(out,
                 "\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                 "aria-label=\"%s over %.4g epochs\"><clipPath id=\"%s\"><rect x=\"%d\" y=\"%d\" "
                 "width=\"%d\" height=\"%d\"/></clipPath>\n",
                 WIDTH, HEIGHT, name, chart.x.high, name, LEFT, TOP, WIDTH - LEFT - RIGHT,
                 HEIGHT - TOP - BOTTOM);
    write_axes(&chart);
    for (size_t index = 0; index < run->event_count; index++)
        write_event(&chart, &run->events[index]);
    buffer_print(out, "<g clip-path=\"url(#%s)\"><g transform=\"scale(%.4g)\">\n", name,
                 1.0 / FINENESS);
    write_line(&chart, "band", write_outline);
    write_line(&chart, "smooth", write_smooth);
    write_validation_line(&chart);
    buffer_text(out, "</g></g>\n");
    write_points(&chart);
    write_broken(&chart);
    buffer_text(out, "</svg></figure>\n");
}
