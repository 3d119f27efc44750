// SPDX-License-Identifier: MIT
#include "tui/scores.h"

#include <string.h>

#include "tui/sparkline.h"

enum {
    NAME_COLUMNS = 14,
    FIGURE_NARROW = 6,
    FIGURE_WIDE = 8,
    WIDE_ROOM = 48, /* from so many columns on figures are wide */
    SUPPORT_COLUMNS = 8,
    SPARK_MIN = 4,
    SPARK_MAX = 16,
    BAR_MIN = 5,
    GAP = 2,
};

/* What there is room for, in columns; 0: left out. */
struct plan {
    int name, figure, support, spark, bar;
};

static struct plan plan_columns(const struct scores *scores, int columns)
{
    struct plan plan = {.name = scores->named ? NAME_COLUMNS : 0};
    int room = columns - plan.name;
    plan.figure = room >= WIDE_ROOM ? FIGURE_WIDE : FIGURE_NARROW;
    room -= 3 * plan.figure;
    if (room >= SUPPORT_COLUMNS) {
        plan.support = SUPPORT_COLUMNS;
        room -= SUPPORT_COLUMNS;
    }
    if (scores->archive && room >= GAP + SPARK_MIN) {
        plan.spark = room / 2 - GAP > SPARK_MIN ? room / 2 - GAP : SPARK_MIN;
        plan.spark = plan.spark < SPARK_MAX ? plan.spark : SPARK_MAX;
        room -= GAP + plan.spark;
    }
    if (room >= GAP + BAR_MIN)
        plan.bar = room - GAP;
    return plan;
}

static void draw_heads(const struct plan *plan, struct canvas *canvas, struct rect area)
{
    const struct style head = {.foreground = PAINT_RULE};
    bool wide = plan->figure == FIGURE_WIDE;
    int column = canvas_print(canvas, area, area.row, area.column + plan->name, head, "%*s%*s%*s",
                              plan->figure, wide ? "prec. %" : "prec%", plan->figure,
                              wide ? "recall" : "rec%", plan->figure, wide ? "F1 %" : "F1%");
    if (plan->support)
        column = canvas_print(canvas, area, area.row, column, head, "%*s", plan->support, "images");
    if (plan->bar)
        column += GAP + plan->bar;
    if (plan->spark)
        canvas_text(canvas, area, area.row, column + GAP, head,
                    plan->spark >= (int)strlen("trend") ? "trend" : "past");
}

static void draw_spark(const struct scores *scores, struct canvas *canvas, struct rect area,
                       size_t label)
{
    double values[ARCHIVE_MAX];
    for (size_t place = 0; place < scores->archive->count; place++)
        values[place] = scores->archive->evaluations[place]->classes[label].f1;
    sparkline_draw(canvas, area, values, scores->archive->count,
                   (struct style){.foreground = PAINT_VALIDATION}, scores->look);
}

static void draw_class(const struct scores *scores, const struct plan *plan, struct canvas *canvas,
                       struct rect line, size_t label)
{
    const struct class_score *score = &scores->evaluation->classes[label];
    struct rect name = {line.row, line.column, 1, plan->name - 1};
    int column = line.column + plan->name;
    canvas_text(canvas, name, line.row, name.column, (struct style){0},
                dataset_class_name(scores->dataset, label));
    column = canvas_print(canvas, line, line.row, column, (struct style){0}, "%*.1f%*.1f%*.1f",
                          plan->figure, 100 * score->precision, plan->figure, 100 * score->recall,
                          plan->figure, 100 * score->f1);
    if (plan->support)
        column = canvas_print(canvas, line, line.row, column, (struct style){0}, "%*zu",
                              plan->support, score->support);
    if (plan->bar) {
        for (int x = 0; x < (int)(score->f1 * plan->bar + 0.5); x++)
            canvas_put(canvas, line, line.row, column + GAP + x,
                       scores->look->glyphs & GLYPHS_SIGNS ? 0x25A0 : '=',
                       (struct style){.foreground = PAINT_VALIDATION});
        column += GAP + plan->bar;
    }
    if (plan->spark)
        draw_spark(scores, canvas, (struct rect){line.row, column + GAP, 1, plan->spark}, label);
}

void scores_draw(const struct scores *scores, struct canvas *canvas, struct rect area)
{
    struct plan plan = plan_columns(scores, area.columns);
    draw_heads(&plan, canvas, area);
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        struct rect line = {area.row + 1 + (int)label * scores->pitch, area.column, 1,
                            area.columns};
        if (line.row < area.row + area.rows)
            draw_class(scores, &plan, canvas, line, label);
    }
}
