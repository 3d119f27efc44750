// SPDX-License-Identifier: MIT
#include "tui/compare_layout.h"

#include "tui/agreement_panel.h"
#include "tui/figures.h"
#include "tui/panel.h"

enum {
    /* Less than this has room for one panel. */
    HALVES_ROWS = 20,
    HALVES_COLUMNS = 80,
    /* From here on panels have frames, */
    BOXES_ROWS = 26,
    BOXES_COLUMNS = 100,
    /* and from here on the images have a column of their own. */
    THIRDS_COLUMNS = 150,
    TABLE_COLUMNS = 39, /* of figures and agreement, at least */
    IMAGES_ROWS = 10,   /* fewer are no room for images below them */
    GAP = 1,            /* between columns without frames */
};

static void lay_charts(struct compare_layout *layout, struct rect column)
{
    panel_divide(column, (column.rows + 1) / 2, &layout->panels[COMPARE_LOSS],
                 &layout->panels[COMPARE_ACCURACY]);
}

/* Figures over agreement, and below them the images where there is room and none elsewhere. */
static void lay_tables(struct compare_layout *layout, struct rect column, bool images)
{
    int edge = panel_edge_rows(layout->boxes);
    struct rect figures, agreement;
    panel_divide(column, FIGURES_ROWS + edge, &figures, &agreement);
    int rest = agreement.rows - AGREEMENT_ROWS - edge;
    if (images && rest >= IMAGES_ROWS + edge) {
        agreement.rows -= rest;
        layout->panels[COMPARE_IMAGES] =
            (struct rect){agreement.row + agreement.rows, column.column, rest, column.columns};
    }
    layout->panels[COMPARE_FIGURES] = figures;
    layout->panels[COMPARE_AGREEMENT] = agreement;
}

static void lay_halves(struct compare_layout *layout, struct rect area, enum compare_panel focus)
{
    struct rect left = area, right = area;
    int least = TABLE_COLUMNS + panel_edge_columns(layout->boxes);
    right.columns = area.columns * 9 / 20 > least ? area.columns * 9 / 20 : least;
    left.columns = area.columns - right.columns - (layout->boxes ? 0 : GAP);
    right.column = area.column + area.columns - right.columns;
    lay_tables(layout, right, true);
    if (focus == COMPARE_IMAGES && layout->panels[COMPARE_IMAGES].rows == 0)
        layout->panels[COMPARE_IMAGES] = left;
    else
        lay_charts(layout, left);
}

static void lay_thirds(struct compare_layout *layout, struct rect area)
{
    struct rect left = area, middle = area, right = area;
    middle.columns = TABLE_COLUMNS + panel_edge_columns(true);
    right.columns = (area.columns - middle.columns) / 2;
    left.columns = area.columns - middle.columns - right.columns;
    middle.column = left.column + left.columns;
    right.column = middle.column + middle.columns;
    lay_charts(layout, left);
    lay_tables(layout, middle, false);
    layout->panels[COMPARE_IMAGES] = right;
}

struct compare_layout compare_layout_make(struct rect area, enum compare_panel focus)
{
    struct compare_layout layout = {.boxes =
                                        area.rows >= BOXES_ROWS && area.columns >= BOXES_COLUMNS};
    if (area.rows < HALVES_ROWS || area.columns < HALVES_COLUMNS)
        layout.panels[focus] = area;
    else if (layout.boxes && area.columns >= THIRDS_COLUMNS)
        lay_thirds(&layout, area);
    else
        lay_halves(&layout, area, focus);
    return layout;
}

struct rect compare_layout_content(const struct compare_layout *layout, enum compare_panel panel)
{
    return panel_content(layout->panels[panel], layout->boxes);
}
