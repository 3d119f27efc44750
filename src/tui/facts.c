// SPDX-License-Identifier: MIT
#include "tui/facts.h"

#include <stdio.h>
#include <string.h>

enum { NAME_COLUMNS = 12, BAR_COLUMNS_MIN = 9, BAR_COLUMNS_MAX = 40, PERCENT_COLUMNS = 5 };

const uint8_t *facts_pixels(const struct facts *facts)
{
    const struct image_set *set = scene_images(facts->scene, facts->evaluation);
    return set->pixels + (size_t)facts->evaluation->images[facts->place] * DATASET_PIXELS;
}

static bool is_mistake(const struct facts *facts)
{
    return facts->evaluation->labels[facts->place] != facts->evaluation->predicted[facts->place];
}

static double answer_percent(const struct evaluation *evaluation, uint32_t place)
{
    size_t cell = (size_t)place * DATASET_CLASSES + evaluation->predicted[place];
    return 100 * (double)evaluation->probabilities[cell];
}

typedef const char *(*class_name)(const struct dataset *dataset, size_t label);

static void write_caption(const struct facts *facts, class_name name, char *text)
{
    const struct evaluation *evaluation = facts->evaluation;
    const struct dataset *dataset = facts->scene->snapshot->dataset;
    const char *arrow = facts->scene->look.glyphs & GLYPHS_SIGNS ? "\342\206\222" : "->";
    const char *label = name(dataset, evaluation->labels[facts->place]);
    const char *answer = name(dataset, evaluation->predicted[facts->place]);
    double percent = answer_percent(evaluation, facts->place);
    if (is_mistake(facts))
        (void)snprintf(text, FACTS_TEXT_SIZE, "%s %s %s %.0f%%", label, arrow, answer, percent);
    else
        (void)snprintf(text, FACTS_TEXT_SIZE, "%s %.0f%%", label, percent);
}

void facts_caption(const struct facts *facts, int columns, char *text)
{
    write_caption(facts, dataset_class_name, text);
    if (text_columns(text) > columns)
        write_caption(facts, dataset_class_short_name, text);
}

void facts_past(const struct facts *facts, int columns, char *text)
{
    const struct evaluation *evaluation = facts->evaluation;
    unsigned image = evaluation->images[facts->place];
    int length = snprintf(text, FACTS_TEXT_SIZE, "#%u since ep %u", image,
                          evaluation->wrong_since[facts->place]);
    if (length > columns || !is_mistake(facts))
        (void)snprintf(text, FACTS_TEXT_SIZE, "#%u", image);
}

/* The model's newest evaluation of the same part. */
static const struct evaluation *newest_of(const struct facts *facts, size_t model)
{
    const struct learner_snapshot *learner = &facts->scene->snapshot->learners[model];
    return scene_newest_answered(learner, facts->evaluation->part);
}

/* Whose evaluation it is: past ones are the active model's. */
static size_t evaluated_model(const struct facts *facts)
{
    const struct snapshot *snapshot = facts->scene->snapshot;
    for (size_t model = 0; model < snapshot->learner_count; model++)
        if (newest_of(facts, model) == facts->evaluation)
            return model;
    return snapshot->active;
}

/* What another model answers on the same image; false where none was evaluated on it. */
static bool other_answer(const struct facts *facts, char *text)
{
    const struct snapshot *snapshot = facts->scene->snapshot;
    size_t evaluated = evaluated_model(facts);
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        const struct evaluation *other = newest_of(facts, model);
        if (model == evaluated || !other || facts->place >= other->count)
            continue;
        (void)snprintf(text, FACTS_TEXT_SIZE, "%s: %s %.0f%%", learner->title,
                       dataset_class_name(snapshot->dataset, other->predicted[facts->place]),
                       answer_percent(other, facts->place));
        return true;
    }
    return false;
}

static int draw_past(const struct facts *facts, struct canvas *canvas, struct rect area, int row)
{
    const struct style faint = {.foreground = PAINT_FAINT};
    unsigned forgotten = facts->evaluation->forgotten[facts->place];
    char text[FACTS_TEXT_SIZE];
    facts_past(facts, area.columns, text);
    canvas_text(canvas, area, row++, area.column, faint, text);
    if (forgotten == 1)
        canvas_text(canvas, area, row++, area.column, faint, "forgotten once");
    else if (forgotten > 1)
        canvas_print(canvas, area, row++, area.column, faint, "forgotten %u times", forgotten);
    return row;
}

int facts_draw_lines(const struct facts *facts, struct canvas *canvas, struct rect area)
{
    const struct evaluation *evaluation = facts->evaluation;
    const struct dataset *dataset = facts->scene->snapshot->dataset;
    char text[FACTS_TEXT_SIZE];
    int row = area.row;
    canvas_print(canvas, area, row++, area.column, (struct style){.attributes = CELL_BOLD},
                 "true %s", dataset_class_name(dataset, evaluation->labels[facts->place]));
    canvas_print(canvas, area, row++, area.column,
                 (struct style){.foreground = is_mistake(facts) ? PAINT_BAD : PAINT_GOOD},
                 "pred %s %.0f%%", dataset_class_name(dataset, evaluation->predicted[facts->place]),
                 answer_percent(evaluation, facts->place));
    row = draw_past(facts, canvas, area, row);
    if (other_answer(facts, text))
        canvas_text(canvas, area, row++, area.column, (struct style){.foreground = PAINT_FAINT},
                    text);
    return row;
}

static void draw_probability(const struct facts *facts, struct canvas *canvas, struct rect line,
                             size_t label, int bar)
{
    const struct dataset *dataset = facts->scene->snapshot->dataset;
    bool blocks = facts->scene->look.glyphs & GLYPHS_BLOCKS;
    bool truth = label == facts->evaluation->labels[facts->place];
    float probability =
        facts->evaluation->probabilities[(size_t)facts->place * DATASET_CLASSES + label];
    struct rect name = {line.row, line.column, 1, NAME_COLUMNS - 1};
    canvas_text(canvas, name, line.row, line.column,
                (struct style){.attributes = truth ? CELL_BOLD : 0},
                dataset_class_name(dataset, label));
    for (int x = 0; x < (int)(probability * (float)bar + 0.5F); x++)
        canvas_put(canvas, line, line.row, line.column + NAME_COLUMNS + x, blocks ? 0x2588 : '#',
                   (struct style){.foreground = truth ? PAINT_GOOD : PAINT_BAD});
    canvas_print(canvas, line, line.row, line.column + NAME_COLUMNS + bar,
                 (struct style){.foreground = PAINT_FAINT}, "%*.0f%%", PERCENT_COLUMNS - 1,
                 100 * (double)probability);
}

static int bar_columns(struct rect area)
{
    int room = area.columns - NAME_COLUMNS - PERCENT_COLUMNS;
    if (room < BAR_COLUMNS_MIN)
        return BAR_COLUMNS_MIN;
    return room < BAR_COLUMNS_MAX ? room : BAR_COLUMNS_MAX;
}

void facts_draw(const struct facts *facts, struct canvas *canvas, struct rect area)
{
    int row = facts_draw_lines(facts, canvas, area) + 1;
    for (size_t label = 0; label < DATASET_CLASSES && row < area.row + area.rows; label++, row++) {
        struct rect line = {row, area.column, 1, area.columns};
        draw_probability(facts, canvas, line, label, bar_columns(area));
    }
}
