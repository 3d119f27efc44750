// SPDX-License-Identifier: MIT
#include "tui/runs_layout.h"

enum {
    /* Less than this has room for one panel. */
    SPLIT_ROWS = 18,
    SPLIT_COLUMNS = 80,
    /* From here on panels have frames, */
    BOXES_ROWS = 26,
    BOXES_COLUMNS = 100,
    /* and from here on both charts are shown. */
    THIRDS_COLUMNS = 120,
    GAP = 1, /* between columns without frames */
    LIST_OVERHEAD = 3,
};

static struct rect columns_of(struct rect area, int first, int last, bool boxes)
{
    bool edge = last == area.columns;
    return (struct rect){area.row, area.column + first, area.rows,
                         last - first - (boxes || edge ? 0 : GAP)};
}

/* Charts and details side by side. */
static void lay_below(struct runs_layout *layout, struct rect area, enum runs_panel focus)
{
    int third = area.columns / 3, half = area.columns / 2, end = area.columns;
    if (area.columns >= THIRDS_COLUMNS) {
        layout->panels[RUNS_ACCURACY] = columns_of(area, 0, third, layout->boxes);
        layout->panels[RUNS_LOSS] = columns_of(area, third, 2 * third, layout->boxes);
        layout->panels[RUNS_DETAILS] = columns_of(area, 2 * third, end, layout->boxes);
    } else {
        enum runs_panel chart = focus == RUNS_LOSS ? RUNS_LOSS : RUNS_ACCURACY;
        layout->panels[chart] = columns_of(area, 0, half, layout->boxes);
        layout->panels[RUNS_DETAILS] = columns_of(area, half, end, layout->boxes);
    }
}

/* Head, runs, hint, and a row between them. */
static int list_rows(int most, size_t runs, bool boxes)
{
    int edges = LIST_OVERHEAD + (boxes ? 2 : 1);
    return runs < (size_t)(most - edges) ? (int)runs + edges : most;
}

struct runs_layout runs_layout_make(struct rect area, enum runs_panel focus, size_t runs)
{
    struct runs_layout layout = {.boxes = area.rows >= BOXES_ROWS && area.columns >= BOXES_COLUMNS};
    if (area.rows < SPLIT_ROWS || area.columns < SPLIT_COLUMNS) {
        layout.panels[focus] = area;
        return layout;
    }
    struct rect list = area, below = area;
    list.rows = list_rows(area.rows / 2, runs, layout.boxes);
    below.row += list.rows;
    below.rows -= list.rows;
    layout.panels[RUNS_LIST] = list;
    lay_below(&layout, below, focus);
    return layout;
}

struct rect runs_layout_content(const struct runs_layout *layout, enum runs_panel panel)
{
    struct rect content = layout->panels[panel];
    content.row++;
    content.rows -= layout->boxes ? 2 : 1;
    content.column += layout->boxes ? 2 : 0;
    content.columns -= layout->boxes ? 4 : 0;
    return content;
}
