// SPDX-License-Identifier: MIT
#include "tui/agreement_panel.h"

#include <stdio.h>

enum { NAME_COLUMNS = 16, COUNT_COLUMNS = 9 };

/* Smaller probabilities are not worth digits. */
static const double PROBABILITY_LEAST = 0.0001;

static const char *title_of(const struct agreement_panel *panel, size_t model)
{
    return panel->scene->snapshot->learners[model].title;
}

void agreement_panel_name(const struct agreement_panel *panel, enum agreement_cell cell,
                          char text[AGREEMENT_TEXT_SIZE])
{
    if (cell == AGREEMENT_BOTH_RIGHT)
        (void)snprintf(text, AGREEMENT_TEXT_SIZE, "both right");
    else if (cell == AGREEMENT_BOTH_WRONG)
        (void)snprintf(text, AGREEMENT_TEXT_SIZE, "both wrong");
    else
        (void)snprintf(
            text, AGREEMENT_TEXT_SIZE, "only %s right",
            title_of(panel, cell == AGREEMENT_FIRST_ONLY ? panel->pair.first : panel->pair.second));
}

static void draw_head(const struct agreement_panel *panel, struct canvas *canvas, struct rect area)
{
    const struct style head = {.foreground = PAINT_RULE};
    struct rect name = {area.row, area.column + NAME_COLUMNS, 2, area.columns - NAME_COLUMNS};
    const char *title = title_of(panel, panel->pair.second);
    int right = name.column + 2 * COUNT_COLUMNS;
    canvas_text(canvas, name, area.row, right - text_columns(title), head, title);
    canvas_print(canvas, name, area.row + 1, name.column, head, "%*s%*s", COUNT_COLUMNS, "right",
                 COUNT_COLUMNS, "wrong");
}

static void draw_counts(const struct agreement_panel *panel, struct canvas *canvas,
                        struct rect area)
{
    const struct style head = {.foreground = PAINT_RULE};
    const char *title = title_of(panel, panel->pair.first);
    for (int row = 0; row < 2; row++) {
        canvas_print(canvas, area, area.row + row, area.column, head, "%-*s%s", NAME_COLUMNS - 6,
                     row == 0 ? title : "", row == 0 ? "right" : "wrong");
        for (int column = 0; column < 2; column++) {
            enum agreement_cell cell = (enum agreement_cell)(2 * row + column);
            bool selected = cell == panel->selected, same = row == column;
            char count[24];
            int length = snprintf(count, sizeof count, " %zu", panel->agreement->counts[cell]);
            canvas_text(canvas, area, area.row + row,
                        area.column + NAME_COLUMNS + COUNT_COLUMNS * (column + 1) - length,
                        (struct style){.attributes = (uint8_t)((same ? 0 : CELL_BOLD) |
                                                               (selected ? CELL_REVERSE : 0))},
                        count);
        }
    }
}

/* Which model is better, where that can be told. */
static void draw_verdict(const struct agreement_panel *panel, struct canvas *canvas,
                         struct rect line)
{
    const struct agreement *agreement = panel->agreement;
    double probability = agreement->probability;
    bool first = agreement->counts[AGREEMENT_FIRST_ONLY] > agreement->counts[AGREEMENT_SECOND_ONLY];
    char value[24];
    if (probability < PROBABILITY_LEAST)
        (void)snprintf(value, sizeof value, "p < %.4f", PROBABILITY_LEAST);
    else
        (void)snprintf(value, sizeof value, "p = %.2g", probability);
    if (probability > AGREEMENT_LEVEL)
        canvas_print(canvas, line, line.row, line.column,
                     (struct style){.foreground = PAINT_WARNING, .attributes = CELL_BOLD},
                     "not distinguishable yet, %s", value);
    else
        canvas_print(canvas, line, line.row, line.column,
                     (struct style){.foreground = PAINT_GOOD, .attributes = CELL_BOLD},
                     "%s is better, %s",
                     title_of(panel, first ? panel->pair.first : panel->pair.second), value);
}

void agreement_panel_draw(const struct agreement_panel *panel, struct canvas *canvas,
                          struct rect area)
{
    const struct style faint = {.foreground = PAINT_FAINT};
    const struct agreement *agreement = panel->agreement;
    size_t differ =
        agreement->counts[AGREEMENT_FIRST_ONLY] + agreement->counts[AGREEMENT_SECOND_ONLY];
    char name[AGREEMENT_TEXT_SIZE];
    draw_head(panel, canvas, area);
    draw_counts(panel, canvas, (struct rect){area.row + 2, area.column, 2, area.columns});
    draw_verdict(panel, canvas, (struct rect){area.row + 4, area.column, 1, area.columns});
    canvas_print(canvas, area, area.row + 5, area.column, faint,
                 "McNemar's test, %zu of %zu differ", differ, agreement->first->count);
    agreement_panel_name(panel, panel->selected, name);
    canvas_print(canvas, area, area.row + 6, area.column, faint, "Enter: %s", name);
}
