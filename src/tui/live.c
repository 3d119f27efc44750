// SPDX-License-Identifier: MIT
/*
 * The live view: charts of loss and accuracy, the confusion matrix, the mistakes, and how far the
 * run is.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tui/chart.h"
#include "tui/gallery.h"
#include "tui/layout.h"
#include "tui/matrix.h"
#include "tui/panel.h"
#include "tui/progress_bar.h"
#include "tui/scores.h"
#include "tui/view.h"

enum { TITLE_SIZE = 96 };

struct view {
    enum panel focus;
    struct gallery gallery;
    const struct evaluation *shown; /* whose mistakes the gallery is in; only compared */
    size_t model;                   /* whose they are */
    bool visible[PANEL_COUNT];      /* in the last drawing, where there was room for several */
    bool single;                    /* there was room for one */
    struct curve curves[SNAPSHOT_MODELS_MAX];
};

/* One drawing of the view. */
struct drawing {
    struct view *view;
    struct canvas *canvas;
    const struct scene *scene;
    const struct learner_snapshot *learner;
    const struct evaluation *evaluation; /* that the user is at; NULL: none yet */
    struct layout layout;
};

static struct view *live_open(struct error *err)
{
    return memory_array(1, sizeof(struct view), err);
}

static void live_close(struct view *view)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        curve_release(&view->curves[model]);
    free(view);
}

/* A title that is put together from parts; those that do not fit are left out. */
struct title {
    char text[TITLE_SIZE];
    int room; /* columns */
};

static void title_add(struct title *title, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void title_add(struct title *title, const char *format, ...)
{
    char part[TITLE_SIZE];
    size_t used = strlen(title->text);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(part, sizeof part, format, args);
    va_end(args);
    int columns = text_columns(title->text) + text_columns(part);
    if (length >= 0 && used + (size_t)length < TITLE_SIZE && columns <= title->room)
        memcpy(title->text + used, part, (size_t)length + 1);
}

static void title_chart(const struct drawing *drawing, enum panel panel, struct title *title)
{
    const struct learner_snapshot *learner = drawing->learner;
    const struct evaluation *validation = learner->validation;
    bool utf8 = drawing->scene->look.glyphs == GLYPHS_UTF8;
    const char *mark = utf8 ? "\342\227\217" : "o";
    if (panel == PANEL_LOSS) {
        title_add(title, "loss");
        if (learner->step > 0)
            title_add(title, "  train %#.3g", learner->train_loss);
        if (validation)
            title_add(title, "  %s val %#.3g", mark, validation->loss);
        return;
    }
    title_add(title, "accuracy %%");
    if (learner->step > 0)
        title_add(title, "  train %.1f", 100 * learner->train_accuracy);
    if (validation) {
        title_add(title, "  %s val %.1f", mark, 100 * validation->accuracy);
        title_add(title, "  %s best %.1f", utf8 ? "\342\230\205" : "*",
                  100 * learner->best_accuracy);
    }
}

/* What is not the newest evaluation on the validation images says so. */
static void title_moment(const struct drawing *drawing, struct title *title)
{
    if (!drawing->evaluation)
        return;
    if (drawing->scene->part == EVALUATION_TEST)
        title_add(title, ", test");
    else if (drawing->scene->past)
        title_add(title, ", past");
}

static void title_panel(const struct drawing *drawing, enum panel panel, struct title *title)
{
    const struct evaluation *evaluation = drawing->evaluation;
    switch (panel) {
    case PANEL_LOSS:
    case PANEL_ACCURACY:
        title_chart(drawing, panel, title);
        return;
    case PANEL_MATRIX:
        title_add(title, "confusion");
        if (evaluation)
            title_add(title, "  row %%, epoch %.4g", evaluation->epoch);
        title_moment(drawing, title);
        return;
    case PANEL_MISTAKES:
        title_add(title, "mistakes");
        if (evaluation && evaluation->mistake_count > 0) {
            title_add(title, "  %zu of %zu", drawing->view->gallery.selected + 1,
                      evaluation->mistake_count);
            title_add(title, ", surest first");
        }
        return;
    case PANEL_DETAILS:
        title_add(title, "selected mistake");
        return;
    default:
        title_add(title, "classes");
        return;
    }
}

/* The panels that show an evaluation, or what they wait for. */
static void draw_evaluated(const struct drawing *drawing, enum panel panel, struct rect area)
{
    const struct evaluation *evaluation = drawing->evaluation;
    const struct scene *scene = drawing->scene;
    if (!evaluation) {
        panel_sentence(drawing->canvas, area, PANEL_WAITS);
        return;
    }
    char corner[24];
    (void)snprintf(corner, sizeof corner, "%.3g%s", evaluation->epoch,
                   scene->look.glyphs == GLYPHS_UTF8 ? "\342\226\270" : ">");
    const struct gallery_list list = gallery_mistakes(evaluation);
    const struct matrix matrix = {.evaluation = evaluation,
                                  .dataset = scene->snapshot->dataset,
                                  .look = &scene->look,
                                  .corner = drawing->layout.single ? corner : "",
                                  .pitch = 1};
    const struct scores scores = {.evaluation = evaluation,
                                  .archive = drawing->learner->archive,
                                  .dataset = scene->snapshot->dataset,
                                  .look = &scene->look,
                                  .named = true,
                                  .pitch = 1};
    if (panel == PANEL_MATRIX)
        matrix_draw(&matrix, drawing->canvas, area);
    else if (panel == PANEL_SCORES)
        scores_draw(&scores, drawing->canvas, area);
    else if (list.count == 0)
        panel_sentence(drawing->canvas, area, "no mistakes");
    else if (panel == PANEL_DETAILS)
        gallery_draw_details(&drawing->view->gallery, drawing->canvas, area, &list, scene);
    else
        gallery_draw(&drawing->view->gallery, drawing->canvas, area, &list, scene);
}

static void draw_panel(const struct drawing *drawing, enum panel panel)
{
    const struct layout *layout = &drawing->layout;
    struct rect content = layout_content(layout, panel);
    if (layout->panels[panel].rows <= 0)
        return;
    if (panel == PANEL_LOSS || panel == PANEL_ACCURACY) {
        struct chart chart = {panel == PANEL_LOSS ? CURVE_LOSS : CURVE_ACCURACY,
                              drawing->scene->snapshot, drawing->view->curves};
        chart_draw(&chart, drawing->canvas, content, &drawing->scene->look);
    } else {
        draw_evaluated(drawing, panel, content);
    }
    if (content.row == layout->panels[panel].row)
        return;
    struct title title = {.text = "", .room = layout->panels[panel].columns - 6};
    title_panel(drawing, panel, &title);
    panel_frame(drawing->canvas, layout->panels[panel], layout->boxes, title.text,
                drawing->view->focus == panel && !layout->single, &drawing->scene->look);
}

/* A new evaluation brings other mistakes, another model starts at its surest. */
static void follow_evaluation(struct view *view, const struct scene *scene)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    if (view->model != scene->snapshot->active || !evaluation) {
        view->gallery = (struct gallery){0};
    } else if (evaluation != view->shown) {
        const struct gallery_list list = gallery_mistakes(evaluation);
        gallery_follow(&view->gallery, &list);
    }
    view->model = scene->snapshot->active;
    view->shown = evaluation;
}

static void live_update(struct view *view, const struct scene *scene)
{
    const struct snapshot *snapshot = scene->snapshot;
    for (size_t model = 0; model < snapshot->learner_count; model++)
        curve_update(&view->curves[model], snapshot->learners[model].history,
                     snapshot->learners[model].step_points);
}

static void live_draw(struct view *view, struct canvas *canvas, struct rect area,
                      const struct scene *scene)
{
    struct drawing drawing = {.view = view,
                              .canvas = canvas,
                              .scene = scene,
                              .learner = scene_learner(scene),
                              .evaluation = scene_evaluation(scene),
                              .layout = layout_make(area, view->focus)};
    follow_evaluation(view, scene);
    view->single = drawing.layout.single;
    for (enum panel panel = 0; panel < PANEL_COUNT; panel++) {
        view->visible[panel] = drawing.layout.panels[panel].rows > 0;
        draw_panel(&drawing, panel);
    }
    if (drawing.layout.progress.rows > 0)
        progress_draw(canvas, drawing.layout.progress, scene->snapshot, &scene->look);
}

/* Goes to the next panel that can be shown, in the direction of `step`. */
static void live_focus(struct view *view, int step)
{
    for (int count = 0; count < PANEL_COUNT; count++) {
        view->focus = (enum panel)(((int)view->focus + step + PANEL_COUNT) % PANEL_COUNT);
        if (view->single || view->visible[view->focus])
            return;
    }
}

static bool live_act(struct view *view, enum request request, struct scene *scene)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    struct gallery_list list = {0};
    switch (request) {
    case REQUEST_NEXT_PANEL:
        live_focus(view, 1);
        return true;
    case REQUEST_PREVIOUS_PANEL:
        live_focus(view, -1);
        return true;
    case REQUEST_LAST:
        if (scene->past)
            return false;
        break;
    default:
        break;
    }
    if (evaluation)
        list = gallery_mistakes(evaluation);
    return gallery_act(&view->gallery, request, &list);
}

/* The matrix alone fits 12 rows, but not with a title over it. */
static bool live_whole(const struct view *view, struct rect area, const struct scene *scene)
{
    return area.rows < MATRIX_ROWS && view->focus == PANEL_MATRIX && scene_evaluation(scene);
}

const struct view_operations VIEW_LIVE = {
    .name = "Live",
    .open = live_open,
    .close = live_close,
    .update = live_update,
    .whole = live_whole,
    .draw = live_draw,
    .act = live_act,
};
