// SPDX-License-Identifier: MIT
#include "tui/layout.h"

#include "tui/matrix.h"
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

/* Rows of a frame or a rule around a panel's content. */
static int edge_rows(bool boxes)
{
    return boxes ? 2 : 1;
}

static int edge_columns(bool boxes)
{
    return boxes ? 4 : 0;
}

/* The charts above one another. */
static void lay_charts(struct layout *layout, struct rect column)
{
    struct rect upper = column, lower = column;
    upper.rows = (column.rows + 1) / 2;
    lower.row += upper.rows;
    lower.rows -= upper.rows;
    layout->panels[PANEL_LOSS] = upper;
    layout->panels[PANEL_ACCURACY] = lower;
}

/* The matrix on top, with a line for the worst pairs and one for F1 where there is room. */
static void lay_matrix(struct layout *layout, struct rect column, enum panel below)
{
    struct rect upper = column, lower = column;
    int lines = column.rows >= 2 * MATRIX_ROWS ? 2 : 1;
    upper.rows = MATRIX_ROWS + lines + edge_rows(layout->boxes);
    lower.row += upper.rows;
    lower.rows -= upper.rows;
    layout->panels[PANEL_MATRIX] = upper;
    layout->panels[below] = lower;
}

static void lay_quarters(struct layout *layout, struct rect area)
{
    struct rect left = area, right = area;
    int matrix = MATRIX_COLUMNS + edge_columns(layout->boxes);
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
    if (right.columns < PICTURES_COLUMNS + edge_columns(true))
        right.columns = PICTURES_COLUMNS + edge_columns(true);
    middle.columns = (area.columns - right.columns) * 3 / 7;
    left.columns = area.columns - middle.columns - right.columns;
    middle.column = left.column + left.columns;
    right.column = middle.column + middle.columns;
    lay_charts(layout, left);
    lay_matrix(layout, middle, PANEL_SCORES);
    layout->panels[PANEL_DETAILS] = layout->panels[PANEL_SCORES];
    layout->panels[PANEL_SCORES].rows = SCORES_ROWS + edge_rows(true);
    layout->panels[PANEL_DETAILS].row += SCORES_ROWS + edge_rows(true);
    layout->panels[PANEL_DETAILS].rows -= SCORES_ROWS + edge_rows(true);
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
    content.row++;
    content.rows -= edge_rows(layout->boxes);
    content.column += edge_columns(layout->boxes) / 2;
    content.columns -= edge_columns(layout->boxes);
    return content;
}
