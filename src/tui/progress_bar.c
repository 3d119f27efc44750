// SPDX-License-Identifier: MIT
#include "tui/progress_bar.h"

#include <stdio.h>
#include <string.h>

#include "tui/title.h"

enum { TEXT_SIZE = 64, BAR_MIN = 5, LOADING_BAR = 30, BOTH_COLUMNS = 60 };

int progress_bar(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                 double part, const struct look *look)
{
    bool utf8 = look->glyphs & GLYPHS_BLOCKS;
    const struct style style = {.foreground = PAINT_GOOD}, rest = {.foreground = PAINT_FAINT};
    int filled = (int)(part * (columns - 2) + 0.5);
    canvas_put(canvas, clip, row, column, utf8 ? 0x2595 : '[', rest);
    for (int x = 0; x < columns - 2; x++) {
        bool full = x < filled;
        canvas_put(canvas, clip, row, column + 1 + x,
                   full ? (utf8 ? 0x2588 : '#') : (utf8 ? ' ' : '.'), full ? style : rest);
    }
    canvas_put(canvas, clip, row, column + columns - 1, utf8 ? 0x258F : ']', rest);
    return column + columns;
}

/* What a bar shows: a name before it, a part, and figures behind it. */
struct measure {
    char name[TEXT_SIZE], figures[TEXT_SIZE];
    double part;
};

static double fraction(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

/* The epoch or the evaluation under way. */
static struct measure current_measure(const struct snapshot *snapshot,
                                      const struct learner_snapshot *learner)
{
    struct measure measure;
    if (snapshot->evaluating) {
        measure.part = snapshot->evaluation_progress;
        (void)snprintf(measure.name, TEXT_SIZE, "%s",
                       snapshot->evaluation_part == EVALUATION_TEST ? "test" : "validation");
        (void)snprintf(measure.figures, TEXT_SIZE, "%3.0f %%", 100 * measure.part);
        return measure;
    }
    measure.part = fraction(learner->epoch_step, learner->steps_per_epoch);
    (void)snprintf(measure.name, TEXT_SIZE, "epoch %zu", learner->epoch);
    (void)snprintf(measure.figures, TEXT_SIZE, "%zu/%zu", learner->epoch_step,
                   learner->steps_per_epoch);
    return measure;
}

static struct measure total_measure(const struct learner_snapshot *learner)
{
    struct measure measure = {.name = "all"};
    char left[24];
    measure.part = fraction((size_t)learner->step, learner->steps_per_epoch * learner->epochs);
    if (learner->finished)
        (void)snprintf(measure.figures, TEXT_SIZE, "done");
    else
        (void)snprintf(measure.figures, TEXT_SIZE, "%2.0f %%, %s left", 100 * measure.part,
                       title_duration(learner->eta_seconds, left, sizeof left));
    return measure;
}

static void draw_measure(struct canvas *canvas, struct rect area, const struct measure *measure,
                         const struct look *look)
{
    int texts = (int)(strlen(measure->name) + strlen(measure->figures)) + 2;
    int columns = area.columns - texts, column = area.column;
    column = canvas_text(canvas, area, area.row, column, (struct style){0}, measure->name) + 1;
    if (columns >= BAR_MIN)
        column = progress_bar(canvas, area, area.row, column, columns, measure->part, look) + 1;
    canvas_text(canvas, area, area.row, column, (struct style){0}, measure->figures);
}

void progress_draw(struct canvas *canvas, struct rect area, const struct snapshot *snapshot,
                   const struct look *look)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    struct measure current = current_measure(snapshot, learner), total = total_measure(learner);
    if (area.columns < BOTH_COLUMNS) {
        draw_measure(canvas, area, snapshot->evaluating ? &current : &total, look);
        return;
    }
    struct rect half = {area.row, area.column, 1, area.columns / 2 - 1};
    draw_measure(canvas, half, &current, look);
    half.column = area.column + area.columns / 2 + 1;
    half.columns = area.columns - area.columns / 2 - 1;
    draw_measure(canvas, half, &total, look);
}

void progress_draw_loading(struct canvas *canvas, struct rect area, const struct snapshot *snapshot,
                           const struct look *look)
{
    int columns = area.columns < LOADING_BAR ? area.columns : LOADING_BAR;
    int row = area.row + area.rows / 2, column = area.column + (area.columns - columns) / 2;
    const char *what = snapshot->load_progress < 1 ? "reading the data" : "building the network";
    canvas_text(canvas, area, row - 1, column, (struct style){0}, what);
    progress_bar(canvas, area, row, column, columns, snapshot->load_progress, look);
    canvas_print(canvas, area, row + 1, column, (struct style){.foreground = PAINT_FAINT},
                 "%.0f %%", 100 * snapshot->load_progress);
}
