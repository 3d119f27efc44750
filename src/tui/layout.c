// SPDX-License-Identifier: MIT
#include "tui/layout.h"

#include "tui/matrix.h"
#include "tui/panel.h"
#include "tui/scores.h"

enum {
    /* Less than this has room for one panel. */
    QUARTERS_ROWS = 20,
    QUARTERS_COLUMNS = 80,
    /* From here on panels have frames, */
    BOXES_ROWS = 26,
    BOXES_COLUMNS = 100,
    /* and from here on there is a third column for the mistakes. */
    THIRDS_ROWS = 45,
    THIRDS_COLUMNS = 180,
    /* whose pictures are whole, two in a row. */
    PICTURES_COLUMNS = 2 * 28 + 2,
    GAP = 1, /* between columns without frames */
};

/* The charts above one another. */
static void lay_charts(struct layout *layout, struct rect column)
{
    panel_divide(column, (column.rows + 1) / 2, &layout->panels[PANEL_LOSS],
                 &layout->panels[PANEL_ACCURACY]);
}

/* The matrix on top, with a line for the worst pairs and one for F1 where there is room. */
static void lay_matrix(struct layout *layout, struct rect column, enum panel below)
{
    int lines = column.rows >= 2 * MATRIX_ROWS ? 2 : 1;
    panel_divide(column, MATRIX_ROWS + lines + panel_edge_rows(layout->boxes),
                 &layout->panels[PANEL_MATRIX], &layout->panels[below]);
}

static void lay_quarters(struct layout *layout, struct rect area)
{
    struct rect left = area, right = area;
    int matrix = MATRIX_COLUMNS + panel_edge_columns(layout->boxes);
    right.columns = area.columns * 2 / 5 > matrix ? area.columns / 2 : matrix;
    left.columns = area.columns - right.columns - (layout->boxes ? 0 : GAP);
    right.column = area.column + area.columns - right.columns;
    lay_charts(layout, left);
    lay_matrix(layout, right, PANEL_MISTAKES);
}

static void lay_thirds(struct layout *layout, struct rect area)
{
    struct rect left = area, middle = area, right = area;
    right.columns = area.columns / 3;
    if (right.columns < PICTURES_COLUMNS + panel_edge_columns(true))
        right.columns = PICTURES_COLUMNS + panel_edge_columns(true);
    middle.columns = (area.columns - right.columns) * 3 / 7;
    left.columns = area.columns - middle.columns - right.columns;
    middle.column = left.column + left.columns;
    right.column = middle.column + middle.columns;
    lay_charts(layout, left);
    lay_matrix(layout, middle, PANEL_SCORES);
    panel_divide(layout->panels[PANEL_SCORES], SCORES_ROWS + panel_edge_rows(true),
                 &layout->panels[PANEL_SCORES], &layout->panels[PANEL_DETAILS]);
    layout->panels[PANEL_MISTAKES] = right;
}

struct layout layout_make(struct rect area, enum panel focus)
{
    struct layout layout = {.single = area.rows < QUARTERS_ROWS || area.columns < QUARTERS_COLUMNS};
    layout.progress = (struct rect){area.row + area.rows - 1, area.column, 1, area.columns};
    area.rows--;
    layout.boxes = !layout.single && area.rows >= BOXES_ROWS && area.columns >= BOXES_COLUMNS;
    if (layout.single)
        layout.panels[focus] = area;
    else if (layout.boxes && area.rows >= THIRDS_ROWS && area.columns >= THIRDS_COLUMNS)
        lay_thirds(&layout, area);
    else
        lay_quarters(&layout, area);
    /* With a row less than rule and matrix take, the matrix does without the progress row. */
    if (layout.single && focus == PANEL_MATRIX && area.rows < MATRIX_ROWS + 1) {
        layout.panels[focus].rows++;
        layout.progress.rows = 0;
    }
    return layout;
}

struct rect layout_content(const struct layout *layout, enum panel panel)
{
    struct rect content = layout->panels[panel];
    /* Where a single matrix fills all rows there is none for a rule. */
    if (layout->single && panel == PANEL_MATRIX && content.rows < MATRIX_ROWS + 1)
        return content;
    return panel_content(content, layout->boxes);
}
