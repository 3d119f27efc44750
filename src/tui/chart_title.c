// SPDX-License-Identifier: MIT
/* The titles of charts: the newest values, or those at the cursor. */
#include <math.h>
#include <stdio.h>

#include "tui/chart.h"
#include "tui/series.h"

enum { VALUE_SIZE = 24, ROOM_SHORT = 40 };

/* What a learner's history says of the cursor's place. */
struct reading {
    double batch, average;
    double evaluation; /* the last one until then; NaN: none */
    double learning_rate;
};

/* A loss with three digits, an accuracy in percent with one decimal. */
static const char *value_text(enum curve_value value, double number, char text[VALUE_SIZE])
{
    if (value == CURVE_LOSS)
        (void)snprintf(text, VALUE_SIZE, "%#.3g", number);
    else
        (void)snprintf(text, VALUE_SIZE, "%.1f", 100 * number);
    return text;
}

/* Reads a learner at the cursor; false where it has no step there. */
static bool read_cursor(const struct chart *chart, size_t model, struct reading *reading)
{
    const struct learner_snapshot *learner = &chart->snapshot->learners[model];
    struct curve *curve = &chart->curves[model];
    size_t step = span_step(chart->span, learner, chart->span->at);
    if (step == 0 || step > curve->steps)
        return false;
    const struct step_point *point = history_step(learner->history, step - 1);
    struct curve_part part = curve_part(curve, step, step);
    size_t index = (step - 1 - part.first) / part.width;
    bool loss = chart->value == CURVE_LOSS;
    *reading = (struct reading){
        .batch = (double)(loss ? point->loss : point->accuracy),
        .average =
            part.buckets[index].empty ? NAN : (double)part.buckets[index].smooth[chart->value],
        .evaluation = NAN,
        .learning_rate = (double)point->learning_rate,
    };
    for (size_t place = 0; place < learner->epoch_points; place++) {
        const struct epoch_point *epoch = history_epoch(learner->history, place);
        if (epoch->step <= step)
            reading->evaluation = series_evaluation(epoch, chart->value);
    }
    return true;
}

static void add_cursor(const struct chart *chart, const char *mark, struct caption *caption)
{
    char place[SPAN_TEXT_SIZE], value[VALUE_SIZE];
    struct reading reading;
    if (!read_cursor(chart, chart->snapshot->active, &reading))
        return;
    span_write(chart->span, chart->span->at, place);
    caption_add(caption, "  %s", place);
    caption_add(caption, "  avg %s", value_text(chart->value, reading.average, value));
    if (!isnan(reading.evaluation))
        caption_add(caption, "  %s %s", mark, value_text(chart->value, reading.evaluation, value));
    caption_add(caption, "  batch %s", value_text(chart->value, reading.batch, value));
    caption_add(caption, "  lr %.3g", reading.learning_rate);
}

static void add_newest(const struct chart *chart, const char *mark, bool utf8,
                       struct caption *caption)
{
    const struct learner_snapshot *learner = &chart->snapshot->learners[chart->snapshot->active];
    bool loss = chart->value == CURVE_LOSS;
    char value[VALUE_SIZE];
    if (learner->step > 0)
        caption_add(
            caption, "  train %s",
            value_text(chart->value, loss ? learner->train_loss : learner->train_accuracy, value));
    if (!learner->validation)
        return;
    caption_add(caption, "  %s val %s", mark,
                value_text(chart->value,
                           loss ? learner->validation->loss : learner->validation->accuracy,
                           value));
    if (!loss)
        caption_add(caption, "  %s best %s", utf8 ? "\342\230\205" : "*",
                    value_text(chart->value, learner->best_accuracy, value));
}

/* Every model's average, the newest or at the cursor. */
static void add_peers(const struct chart *chart, const struct look *look, struct caption *caption)
{
    char text[VALUE_SIZE];
    if (chart->span->cursor) {
        char place[SPAN_TEXT_SIZE];
        span_write(chart->span, chart->span->at, place);
        caption_add(caption, "  %s", place);
    }
    for (size_t model = 0; model < chart->snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &chart->snapshot->learners[model];
        struct reading reading = {.average = chart->value == CURVE_LOSS ? learner->train_loss
                                                                        : learner->train_accuracy};
        if (learner->step_points == 0 ||
            (chart->span->cursor && !read_cursor(chart, model, &reading)))
            continue;
        caption_add(caption, "  %s %s", chart_mark_text(model, look),
                    value_text(chart->value, reading.average, text));
    }
}

void chart_title(const struct chart *chart, const struct look *look, struct caption *caption)
{
    bool utf8 = look->glyphs & GLYPHS_SIGNS;
    const char *mark = chart_mark_text(0, look);
    if (chart->value == CURVE_LOSS)
        caption_add(caption, chart->span->log ? "loss, log" : "loss");
    else if (chart->span->cursor && caption->room < ROOM_SHORT)
        caption_add(caption, "acc %%");
    else
        caption_add(caption, "accuracy %%");
    if (chart->span->peers)
        add_peers(chart, look, caption);
    else if (chart->span->cursor)
        add_cursor(chart, mark, caption);
    else
        add_newest(chart, mark, utf8, caption);
}
