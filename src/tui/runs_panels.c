// SPDX-License-Identifier: MIT
/* The panels of the view of stored runs: the list, two charts, details or differences. */
#include <inttypes.h>
#include <stdio.h>

#include "fmnist/store/run_facts.h"
#include "tui/caption.h"
#include "tui/panel.h"
#include "tui/run_chart.h"
#include "tui/run_list.h"
#include "tui/run_panes.h"
#include "tui/runs_parts.h"

enum { NAMES_SIZE = 64, HINT_ROWS_MIN = 4, TITLE_EDGES = 6 };

/* One drawing of the view. */
struct drawing {
    struct view *view;
    struct canvas *canvas;
    const struct scene *scene;
    struct runs_layout layout;
    const struct run_row *runs[RUN_MARKS_MAX]; /* that are looked at together */
    size_t count;
};

/* Why there is no list, or NULL. */
static const char *absence(const struct view *view, const struct scene *scene)
{
    if (!scene->store)
        return "no runs are stored: the program was started with --no-store";
    if (view->failure.code != ERROR_NONE && !view->read)
        return view->failure.message;
    if (view->table.count == 0)
        return "no runs are stored yet: each training is, from its start on";
    if (view->table.shown == 0)
        return "no run is like that; / takes another filter, Esc none";
    return NULL;
}

static void draw_hint(const struct drawing *drawing, struct rect line)
{
    static const char *const KEYS[] = {"Enter open", "t mark",   "o order",  "/ filter",
                                       "n name",     "d delete", "r resume", "a mark all or none"};
    struct caption hint = {.room = line.columns};
    for (size_t index = 0; index < sizeof KEYS / sizeof *KEYS; index++)
        caption_add(&hint, "%s%s", index ? "  " : "", KEYS[index]);
    (void)canvas_text(drawing->canvas, line, line.row, line.column,
                      (struct style){.foreground = PAINT_FAINT}, hint.text);
}

static void draw_list(const struct drawing *drawing, struct rect content)
{
    struct view *view = drawing->view;
    const char *reason = absence(view, drawing->scene);
    if (reason) {
        panel_sentence(drawing->canvas, content, reason);
        return;
    }
    if (content.rows >= HINT_ROWS_MIN) {
        content.rows--;
        draw_hint(drawing,
                  (struct rect){content.row + content.rows, content.column, 1, content.columns});
    }
    view->page = content.rows > RUN_LIST_HEAD + 1 ? (size_t)content.rows - RUN_LIST_HEAD : 1;
    run_list_draw(&view->table, &view->first, drawing->canvas, content, &drawing->scene->look);
}

static void draw_chart(const struct drawing *drawing, enum runs_panel panel, struct rect content)
{
    const struct view *view = drawing->view;
    struct run_chart_curve curves[RUN_MARKS_MAX];
    char names[RUN_MARKS_MAX][NAMES_SIZE];
    for (size_t number = 0; number < drawing->count; number++) {
        const struct run_curve *curve = &view->curves.curves[number];
        run_write_name(drawing->runs[number], names[number], NAMES_SIZE);
        curves[number] = (struct run_chart_curve){curve->points, curve->count, names[number]};
    }
    const struct run_chart chart = {
        .value = panel == RUNS_LOSS ? CURVE_LOSS : CURVE_ACCURACY,
        .log = view->log,
        .curves = curves,
        .count = drawing->count,
    };
    if (drawing->count > 0)
        run_chart_draw(&chart, drawing->canvas, content, &drawing->scene->look);
}

static void draw_differences(const struct drawing *drawing, struct rect content)
{
    struct view *view = drawing->view;
    struct run_comparison comparison = {.runs = drawing->runs,
                                        .count = drawing->count,
                                        .first_line = view->first_line,
                                        .first_run = view->first_run};
    run_panes_differences(&comparison, drawing->canvas, content, &drawing->scene->look);
    view->first_line = comparison.first_line;
    view->first_run = comparison.first_run;
    view->runs_room = comparison.room;
}

static void draw_details(const struct drawing *drawing, struct rect content)
{
    struct view *view = drawing->view;
    if (drawing->count > 1)
        draw_differences(drawing, content);
    else if (drawing->count == 1)
        run_panes_details(drawing->runs[0], &view->first_line, drawing->canvas, content);
}

static void title_list(const struct run_table *table, struct caption *title)
{
    if (*table->filter)
        caption_add(title, "%zu of %zu runs", table->shown, table->count);
    else
        caption_add(title, "%zu run%s", table->count, table->count == 1 ? "" : "s");
    if (table->count > 1)
        caption_add(title, ", %s", run_table_order_name(table->sort));
    if (*table->filter)
        caption_add(title, ", like %s", table->filter);
}

static void title_panel(const struct drawing *drawing, enum runs_panel panel, struct caption *title)
{
    const struct run_row *first = drawing->count > 0 ? drawing->runs[0] : NULL;
    bool several = drawing->count > 1;
    if (panel == RUNS_LIST) {
        title_list(&drawing->view->table, title);
    } else if (panel == RUNS_DETAILS && several) {
        bool all = drawing->view->runs_room >= drawing->count;
        caption_add(title, all ? "where %zu runs differ" : "%zu runs differ, Left, Right: more",
                    drawing->count);
    } else if (panel == RUNS_DETAILS) {
        if (first)
            caption_add(title, "run %" PRId64, first->id);
        if (first && *first->name)
            caption_add(title, "  %s", first->name);
    } else {
        caption_add(title, panel == RUNS_LOSS ? "loss" : "accuracy %%");
        caption_add(title, ", validation");
    }
}

static void draw_panel(const struct drawing *drawing, enum runs_panel panel)
{
    const struct rect *place = &drawing->layout.panels[panel];
    struct rect content = runs_layout_content(&drawing->layout, panel);
    struct caption title = {.room = place->columns - TITLE_EDGES};
    if (panel == RUNS_LIST)
        draw_list(drawing, content);
    else if (panel == RUNS_DETAILS)
        draw_details(drawing, content);
    else
        draw_chart(drawing, panel, content);
    title_panel(drawing, panel, &title);
    panel_frame(drawing->canvas, *place, drawing->layout.boxes, title.text,
                drawing->view->focus == panel, &drawing->scene->look);
}

void runs_draw(struct view *view, struct canvas *canvas, struct rect area,
               const struct scene *scene)
{
    struct drawing drawing = {
        .view = view,
        .canvas = canvas,
        .scene = scene,
    };
    if (!view->read)
        (void)runs_refresh(view, scene);
    drawing.layout = runs_layout_make(area, view->focus, view->table.count);
    drawing.count = run_table_chosen(&view->table, drawing.runs);
    if (scene->store)
        run_curves_follow(&view->curves, scene->store, drawing.runs, drawing.count);
    for (enum runs_panel panel = 0; panel < RUNS_PANELS; panel++)
        if (drawing.layout.panels[panel].rows > 0)
            draw_panel(&drawing, panel);
}
