// SPDX-License-Identifier: MIT
/*
 * The view that compares two models: their curves over one another, what each has reached and how
 * fast, how far their answers agree, and the images that only one of them gets right.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tui/agreement_panel.h"
#include "tui/caption.h"
#include "tui/chart.h"
#include "tui/compare_layout.h"
#include "tui/figures.h"
#include "tui/panel.h"
#include "tui/view.h"

enum {
    SENTENCE_SIZE = 160,
    ANSWERS_WIDE = 50,    /* room for both models' answers with full names */
    IMAGES_ROWS_MIN = 10, /* fewer show one image, */
    IMAGES_ROWS_ONE = 8,  /* in so many rows */
};

struct view {
    enum compare_panel focus;
    bool visible[COMPARE_PANELS]; /* in the last drawing */
    struct span span;             /* of both charts */
    struct curve curves[SNAPSHOT_MODELS_MAX];
    struct agreement agreement;
    enum agreement_cell cell; /* whose images are shown */
    struct gallery gallery;
};

/* One drawing of the view. */
struct drawing {
    struct view *view;
    struct canvas *canvas;
    const struct scene *scene;
    struct model_pair pair;
    struct compare_layout layout;
};

static struct view *compare_open(struct error *err)
{
    struct view *view = memory_array(1, sizeof(struct view), err);
    if (view) {
        view->span.peers = true;
        view->cell = AGREEMENT_FIRST_ONLY;
    }
    return view;
}

static void compare_close(struct view *view)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        curve_release(&view->curves[model]);
    agreement_clear(&view->agreement);
    free(view);
}

/* The first two models that were started, or the active one and the next. */
static struct model_pair compared_models(const struct snapshot *snapshot)
{
    size_t found[2] = {snapshot->active, (snapshot->active + 1) % snapshot->learner_count};
    size_t count = 0;
    for (size_t model = 0; model < snapshot->learner_count && count < 2; model++)
        if (snapshot->learners[model].started)
            found[count++] = model;
    if (count < 2)
        found[1] = (found[0] + 1) % snapshot->learner_count;
    return found[0] < found[1] ? (struct model_pair){found[0], found[1]}
                               : (struct model_pair){found[1], found[0]};
}

static const struct evaluation *newest(const struct scene *scene, size_t model)
{
    const struct learner_snapshot *learner = &scene->snapshot->learners[model];
    return scene_newest_answered(learner, scene->part);
}

/* Brings the agreement up to date, and the gallery with it. */
static void follow(struct view *view, const struct scene *scene)
{
    if (scene->snapshot->learner_count < 2)
        return;
    struct model_pair pair = compared_models(scene->snapshot);
    const struct evaluation *before = view->agreement.first, *other = view->agreement.second;
    agreement_update(&view->agreement, newest(scene, pair.first), newest(scene, pair.second));
    if (before == view->agreement.first && other == view->agreement.second)
        return;
    if (view->agreement.first) {
        const struct gallery_list list = agreement_list(&view->agreement, view->cell);
        gallery_follow(&view->gallery, &list);
    }
}

/* What there is to wait for, or to do, before the models can be compared. */
static void write_wait(const struct drawing *drawing, char text[SENTENCE_SIZE])
{
    const struct snapshot *snapshot = drawing->scene->snapshot;
    const size_t models[] = {drawing->pair.first, drawing->pair.second};
    for (size_t index = 0; index < 2; index++) {
        const struct learner_snapshot *learner = &snapshot->learners[models[index]];
        if (!learner->started) {
            (void)snprintf(text, SENTENCE_SIZE, "press m to train %s, too", learner->title);
            return;
        }
    }
    for (size_t index = 0; index < 2; index++) {
        const struct learner_snapshot *learner = &snapshot->learners[models[index]];
        bool active = models[index] == snapshot->active;
        if (newest(drawing->scene, models[index]))
            continue;
        if (learner->validation && drawing->scene->part == EVALUATION_VALIDATION)
            (void)snprintf(text, SENTENCE_SIZE, "%s", PANEL_READS);
        else if (drawing->scene->part == EVALUATION_TEST)
            (void)snprintf(text, SENTENCE_SIZE,
                           "%s has not been tested: that comes after its last epoch; t shows "
                           "validation images",
                           learner->title);
        else
            (void)snprintf(text, SENTENCE_SIZE,
                           "%s has not been evaluated: that comes at the end of its epoch 1, or "
                           "press %s",
                           learner->title, active ? "e" : "m and e");
        return;
    }
    (void)snprintf(text, SENTENCE_SIZE, "no memory for a comparison");
}

static struct chart compare_chart(const struct drawing *drawing, enum compare_panel panel)
{
    return (struct chart){panel == COMPARE_LOSS ? CURVE_LOSS : CURVE_ACCURACY,
                          drawing->scene->snapshot, drawing->view->curves, &drawing->view->span};
}

static struct agreement_panel agreement_panel_of(const struct drawing *drawing)
{
    return (struct agreement_panel){&drawing->view->agreement, drawing->scene, drawing->pair,
                                    drawing->view->cell};
}

static void title_agreement(const struct drawing *drawing, struct caption *title)
{
    const struct agreement *agreement = &drawing->view->agreement;
    caption_add(title, "agreement");
    if (drawing->scene->part == EVALUATION_TEST)
        caption_add(title, ", test");
    if (agreement->first)
        caption_add(title, "  epochs %.4g and %.4g", agreement->first->epoch,
                    agreement->second->epoch);
}

static void title_images(const struct drawing *drawing, struct caption *title)
{
    const struct view *view = drawing->view;
    const struct agreement_panel panel = agreement_panel_of(drawing);
    size_t count = view->agreement.counts[view->cell];
    char name[AGREEMENT_TEXT_SIZE];
    agreement_panel_name(&panel, view->cell, name);
    caption_add(title, "%s", name);
    if (count > 0) {
        caption_add(title, "  %zu of %zu", view->gallery.selected + 1, count);
        caption_add(title, ", surest first");
    }
}

static void title_panel(const struct drawing *drawing, enum compare_panel panel,
                        struct caption *title)
{
    if (panel == COMPARE_FIGURES) {
        caption_add(title, "figures  best on validation");
    } else if (panel == COMPARE_AGREEMENT) {
        title_agreement(drawing, title);
    } else if (panel == COMPARE_IMAGES) {
        title_images(drawing, title);
    } else {
        struct chart chart = compare_chart(drawing, panel);
        chart_title(&chart, &drawing->scene->look, title);
    }
}

/* What both models answered on the selected image: "LeNet-5: Shirt 61%  AlexNet: Coat 97%". */
static void draw_answers(const struct drawing *drawing, uint32_t place, struct rect line)
{
    const struct snapshot *snapshot = drawing->scene->snapshot;
    const struct agreement *agreement = &drawing->view->agreement;
    const struct evaluation *const evaluations[] = {agreement->first, agreement->second};
    const size_t models[] = {drawing->pair.first, drawing->pair.second};
    bool wide = line.columns >= ANSWERS_WIDE;
    int column = line.column;
    for (size_t index = 0; index < 2; index++) {
        size_t answer = evaluations[index]->predicted[place];
        bool right = answer == evaluations[index]->labels[place];
        double probability =
            (double)evaluations[index]->probabilities[(size_t)place * DATASET_CLASSES + answer];
        column = canvas_print(drawing->canvas, line, line.row, column,
                              (struct style){.foreground = right ? PAINT_GOOD : PAINT_BAD},
                              "%s: %s %.0f%%", snapshot->learners[models[index]].title,
                              wide ? dataset_class_name(snapshot->dataset, answer)
                                   : dataset_class_short_name(snapshot->dataset, answer),
                              100 * probability) +
                 2;
    }
}

/* The images of the chosen cell with both answers to the selected one, where there is room below;
 * else one image with all that is known of it beside. */
static void draw_images(const struct drawing *drawing, struct rect content)
{
    struct view *view = drawing->view;
    const struct gallery_list list = agreement_list(&view->agreement, view->cell);
    struct rect line = {content.row + content.rows - 1, content.column, 1, content.columns};
    if (list.count == 0) {
        panel_sentence(drawing->canvas, content, "none");
        return;
    }
    content.rows = content.rows < IMAGES_ROWS_MIN ? IMAGES_ROWS_ONE : content.rows - 1;
    gallery_draw(&view->gallery, drawing->canvas, content, &list, drawing->scene);
    if (content.rows > IMAGES_ROWS_ONE)
        draw_answers(drawing, list.places[view->gallery.selected], line);
}

/* Agreement and images, or what they wait for. */
static void draw_compared(const struct drawing *drawing, enum compare_panel panel,
                          struct rect content)
{
    struct view *view = drawing->view;
    char sentence[SENTENCE_SIZE];
    if (!view->agreement.first) {
        write_wait(drawing, sentence);
        panel_sentence(drawing->canvas, content, sentence);
        return;
    }
    if (panel == COMPARE_AGREEMENT) {
        const struct agreement_panel table = agreement_panel_of(drawing);
        agreement_panel_draw(&table, drawing->canvas, content);
        return;
    }
    draw_images(drawing, content);
}

static void draw_panel(const struct drawing *drawing, enum compare_panel panel)
{
    const struct compare_layout *layout = &drawing->layout;
    struct rect content = compare_layout_content(layout, panel);
    struct caption title = {.text = "", .room = layout->panels[panel].columns - 6};
    if (panel == COMPARE_LOSS || panel == COMPARE_ACCURACY) {
        struct chart chart = compare_chart(drawing, panel);
        chart_draw(&chart, drawing->canvas, content, &drawing->scene->look);
    } else if (panel == COMPARE_FIGURES) {
        figures_draw(drawing->scene, drawing->pair, drawing->canvas, content);
    } else {
        draw_compared(drawing, panel, content);
    }
    title_panel(drawing, panel, &title);
    panel_frame(drawing->canvas, layout->panels[panel], layout->boxes, title.text,
                drawing->view->focus == panel, &drawing->scene->look);
}

static void compare_update(struct view *view, const struct scene *scene)
{
    const struct snapshot *snapshot = scene->snapshot;
    for (size_t model = 0; model < snapshot->learner_count; model++)
        curve_update(&view->curves[model], snapshot->learners[model].history,
                     snapshot->learners[model].step_points);
}

static void compare_draw(struct view *view, struct canvas *canvas, struct rect area,
                         const struct scene *scene)
{
    const struct drawing drawing = {.view = view,
                                    .canvas = canvas,
                                    .scene = scene,
                                    .pair = compared_models(scene->snapshot),
                                    .layout = compare_layout_make(area, view->focus)};
    follow(view, scene);
    for (enum compare_panel panel = 0; panel < COMPARE_PANELS; panel++) {
        view->visible[panel] = drawing.layout.panels[panel].rows > 0;
        if (view->visible[panel])
            draw_panel(&drawing, panel);
    }
}

static void move_focus(struct view *view, int step)
{
    int panels = COMPARE_PANELS;
    view->focus = (enum compare_panel)(((int)view->focus + step + panels) % panels);
}

/* To the other column or row of the table. */
static bool move_cell(struct view *view, enum request request)
{
    int row = (int)view->cell / 2, column = (int)view->cell % 2;
    if (request == REQUEST_LEFT || request == REQUEST_RIGHT)
        column = request == REQUEST_RIGHT;
    else if (request == REQUEST_UP || request == REQUEST_DOWN)
        row = request == REQUEST_DOWN;
    else
        return false;
    view->cell = (enum agreement_cell)(2 * row + column);
    view->gallery = (struct gallery){0};
    return true;
}

static bool act_on_images(struct view *view, enum request request)
{
    const struct gallery_list list = agreement_list(&view->agreement, view->cell);
    if (request == REQUEST_BACK) {
        view->focus = COMPARE_AGREEMENT;
        return true;
    }
    return list.evaluation && gallery_act(&view->gallery, request, &list);
}

static bool act_on_charts(struct view *view, enum request request, const struct scene *scene)
{
    bool focus = view->focus == COMPARE_LOSS || view->focus == COMPARE_ACCURACY;
    return span_act_where(&view->span, request, focus, scene->picked, scene->snapshot);
}

static bool compare_act(struct view *view, enum request request, struct scene *scene)
{
    follow(view, scene);
    switch (request) {
    case REQUEST_NEXT_PANEL:
        move_focus(view, 1);
        return true;
    case REQUEST_PREVIOUS_PANEL:
        move_focus(view, -1);
        return true;
    case REQUEST_ENTER:
        view->focus = COMPARE_IMAGES;
        return true;
    default:
        if (act_on_charts(view, request, scene))
            return true;
        if (view->focus == COMPARE_IMAGES)
            return act_on_images(view, request);
        return view->focus != COMPARE_LOSS && view->focus != COMPARE_ACCURACY &&
               move_cell(view, request);
    }
}

static struct observation compare_observe(const struct view *view, const struct scene *scene)
{
    (void)view;
    struct observation observation = {0};
    scene_ask_answers(scene, &observation);
    return observation;
}

const struct view_operations VIEW_COMPARE = {
    .name = "Compare",
    .open = compare_open,
    .close = compare_close,
    .update = compare_update,
    .draw = compare_draw,
    .act = compare_act,
    .observe = compare_observe,
};
