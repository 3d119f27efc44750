// SPDX-License-Identifier: MIT
/*
 * The live view: charts of loss and accuracy, the confusion matrix, the mistakes, and how far the
 * run is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tui/caption.h"
#include "tui/chart.h"
#include "tui/gallery.h"
#include "tui/layout.h"
#include "tui/matrix.h"
#include "tui/panel.h"
#include "tui/progress_bar.h"
#include "tui/scores.h"
#include "tui/view.h"

struct view {
    enum panel focus;
    struct gallery gallery;
    const struct evaluation *shown; /* whose mistakes the gallery is in; only compared */
    size_t model;                   /* whose they are */
    bool visible[PANEL_COUNT];      /* in the last drawing, where there was room for several */
    bool single;                    /* there was room for one */
    struct span span;               /* of both charts */
    struct curve curves[SNAPSHOT_MODELS_MAX];
};

/* One drawing of the view. */
struct drawing {
    struct view *view;
    struct canvas *canvas;
    const struct scene *scene;
    const struct learner_snapshot *learner;
    const struct evaluation *evaluation; /* that the user is at; NULL: none yet */
    const struct evaluation *answered;   /* the same with answers; NULL: not read yet */
    struct layout layout;
};

static struct view *live_open(struct error *err)
{
    struct view *view = memory_array(1, sizeof(struct view), err);
    if (view)
        view->visible[PANEL_MISTAKES] = true; /* until the first drawing shows whether it is */
    return view;
}

static void live_close(struct view *view)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        curve_release(&view->curves[model]);
    free(view);
}

static struct chart live_chart(const struct drawing *drawing, enum panel panel)
{
    return (struct chart){panel == PANEL_LOSS ? CURVE_LOSS : CURVE_ACCURACY,
                          drawing->scene->snapshot, drawing->view->curves, &drawing->view->span};
}

/* What is not the newest evaluation on the validation images says so. */
static void title_moment(const struct drawing *drawing, struct caption *title)
{
    if (!drawing->evaluation)
        return;
    if (drawing->scene->part == EVALUATION_TEST)
        caption_add(title, ", test");
    else if (drawing->scene->past)
        caption_add(title, ", past");
}

static void title_panel(const struct drawing *drawing, enum panel panel, struct caption *title)
{
    const struct evaluation *evaluation = drawing->evaluation, *answered = drawing->answered;
    switch (panel) {
    case PANEL_LOSS:
    case PANEL_ACCURACY: {
        struct chart chart = live_chart(drawing, panel);
        chart_title(&chart, &drawing->scene->look, title);
        return;
    }
    case PANEL_MATRIX:
        caption_add(title, "confusion");
        if (evaluation)
            caption_add(title, "  row %%, epoch %.4g", evaluation->epoch);
        title_moment(drawing, title);
        return;
    case PANEL_MISTAKES:
        caption_add(title, "mistakes");
        if (answered && answered->mistake_count > 0) {
            caption_add(title, "  %zu of %zu", drawing->view->gallery.selected + 1,
                        answered->mistake_count);
            caption_add(title, ", surest first");
        }
        return;
    case PANEL_DETAILS:
        caption_add(title, "selected mistake");
        return;
    default:
        caption_add(title, "classes");
        return;
    }
}

/* The panels that show mistakes. */
static void draw_mistakes(const struct drawing *drawing, enum panel panel, struct rect area)
{
    struct gallery *gallery = &drawing->view->gallery;
    if (!drawing->answered) {
        panel_sentence(drawing->canvas, area, PANEL_READS);
        return;
    }
    const struct gallery_list list = gallery_mistakes(drawing->answered);
    if (list.count == 0)
        panel_sentence(drawing->canvas, area, "no mistakes");
    else if (panel == PANEL_DETAILS)
        gallery_draw_details(gallery, drawing->canvas, area, &list, drawing->scene);
    else
        gallery_draw(gallery, drawing->canvas, area, &list, drawing->scene);
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
                   scene->look.glyphs & GLYPHS_SIGNS ? "\342\226\270" : ">");
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
    else
        draw_mistakes(drawing, panel, area);
}

static void draw_panel(const struct drawing *drawing, enum panel panel)
{
    const struct layout *layout = &drawing->layout;
    struct rect content = layout_content(layout, panel);
    if (layout->panels[panel].rows <= 0)
        return;
    if (panel == PANEL_LOSS || panel == PANEL_ACCURACY) {
        struct chart chart = live_chart(drawing, panel);
        chart_draw(&chart, drawing->canvas, content, &drawing->scene->look);
    } else {
        draw_evaluated(drawing, panel, content);
    }
    if (content.row == layout->panels[panel].row)
        return;
    struct caption title = {.text = "", .room = layout->panels[panel].columns - 6};
    title_panel(drawing, panel, &title);
    panel_frame(drawing->canvas, layout->panels[panel], layout->boxes, title.text,
                drawing->view->focus == panel && !layout->single, &drawing->scene->look);
}

/* A new evaluation brings other mistakes, another model starts at its surest. */
static void follow_evaluation(struct view *view, const struct scene *scene)
{
    const struct evaluation *evaluation = scene_answered(scene);
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
                              .answered = scene_answered(scene),
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

/* Requests to the charts: arrows and Escape where one of them has the focus, the others always. */
static bool live_act_on_charts(struct view *view, enum request request, const struct scene *scene)
{
    bool focus = view->focus == PANEL_LOSS || view->focus == PANEL_ACCURACY;
    return span_act_where(&view->span, request, focus, scene->picked, scene->snapshot);
}

/* A cell of the matrix leads to its images; so does an image that is clicked again. */
static void live_pick(struct view *view, enum request request, struct scene *scene)
{
    const struct evaluation *answered = scene_answered(scene);
    struct gallery_list list = {0};
    if (!scene_evaluation(scene))
        return;
    if (answered)
        list = gallery_mistakes(answered);
    if (request == REQUEST_PICK_CELL)
        scene->pair = scene_picked_cell(scene);
    else if (!gallery_pick(&view->gallery, scene->picked, &list))
        return;
    scene->wanted = REQUEST_VIEW_3;
}

static bool live_act(struct view *view, enum request request, struct scene *scene)
{
    const struct evaluation *evaluation = scene_answered(scene);
    struct gallery_list list = {0};
    switch (request) {
    case REQUEST_NEXT_PANEL:
        live_focus(view, 1);
        return true;
    case REQUEST_PREVIOUS_PANEL:
        live_focus(view, -1);
        return true;
    case REQUEST_PICK_CELL:
    case REQUEST_PICK_IMAGE:
        live_pick(view, request, scene);
        return true;
    case REQUEST_LAST:
        if (scene->past)
            return false;
        break;
    default:
        break;
    }
    if (live_act_on_charts(view, request, scene))
        return true;
    if (evaluation)
        list = gallery_mistakes(evaluation);
    bool known = gallery_act(&view->gallery, request, &list);
    if (known && view->gallery.selected < list.count)
        scene_look_at(scene, evaluation, list.places[view->gallery.selected]);
    return known;
}

/* The matrix alone fits 12 rows, but not with a title over it. */
static bool live_whole(const struct view *view, struct rect area, const struct scene *scene)
{
    return area.rows < MATRIX_ROWS && view->focus == PANEL_MATRIX && scene_evaluation(scene);
}

static struct observation live_observe(const struct view *view, const struct scene *scene)
{
    struct observation observation = {0};
    if (view->visible[PANEL_MISTAKES] || view->visible[PANEL_DETAILS])
        scene_ask_answers(scene, &observation);
    return observation;
}

const struct view_operations VIEW_LIVE = {
    .name = "Live",
    .open = live_open,
    .close = live_close,
    .update = live_update,
    .whole = live_whole,
    .draw = live_draw,
    .act = live_act,
    .observe = live_observe,
};
