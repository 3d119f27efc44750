// SPDX-License-Identifier: MIT
/*
 * The view of the network's layers: a table of what each costs and how it fares; and one layer
 * closely, its filters and what it makes of an image.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "tui/layer_panes.h"
#include "tui/layers.h"
#include "tui/panel.h"
#include "tui/caption.h"
#include "tui/view.h"

enum {
    RULE_ROWS_MIN = 14, /* with less there is no room for a rule over the table */
    TITLE_EDGES = 6,    /* columns of a rule that a title leaves */
    DETAIL_ROWS_MAX = 3,
    DETAIL_WASTE = 6, /* columns that wrapping leaves empty at the end of a line, on average */
};

struct view {
    size_t model; /* whose layers */
    size_t selected, first;
    size_t page; /* layers on the screen last */
    bool opened; /* the selected layer alone */
    struct layer_panes panes;
};

static struct view *network_open(struct error *err)
{
    return memory_array(1, sizeof(struct view), err);
}

static void network_close(struct view *view)
{
    free(view);
}

static void network_update(struct view *view, const struct scene *scene)
{
    if (view->model == scene->snapshot->active)
        return;
    *view = (struct view){.model = scene->snapshot->active};
}

static struct observation network_observe(const struct view *view, const struct scene *scene)
{
    struct observation observation = {
        .watched = true,
        .opened = view->opened,
        .layer = view->selected,
        .part = scene->image.part,
        .image = scene->image.image,
    };
    if (!scene->image.chosen && !scene_answered(scene)) /* for an image to begin with */
        scene_ask_answers(scene, &observation);
    return observation;
}

/* What a layer's norms and times are, in a sentence. */
static void describe(const struct scene *scene, size_t number, struct caption *caption)
{
    const struct anatomy *anatomy = scene_learner(scene)->anatomy;
    const struct anatomy_layer *layer = &anatomy->layers[number];
    caption_add(caption, "%zu %s", number + 1, layers_kind(layer));
    if (*layer->name)
        caption_add(caption, " %s", layer->name);
    if (layer->weight_count > 0 && anatomy->norms_step > 0)
        caption_add(caption, ": norm of weights %.3g, gradient %.3g, update %.3g",
                    (double)layer->norms.weights, (double)layer->norms.gradients,
                    (double)layer->norms.updates);
    if (layer->stage != number)
        caption_add(caption, ", computed and timed together with layer %zu", layer->stage + 1);
    else if (layers_share(anatomy, number) > 0)
        caption_add(caption, ", fwd %.3g ms, bwd %.3g ms", 1000 * layer->forward_seconds,
                    1000 * layer->backward_seconds);
    if (anatomy->idle_images > 0 && layer->idleness == ANATOMY_DEAD)
        caption_add(caption, ", %.3g %% of channels 0 in all of %zu images", 100 * layer->idle,
                    anatomy->idle_images);
    if (anatomy->idle_images > 0 && layer->idleness == ANATOMY_SATURATED)
        caption_add(caption, ", %.3g %% of outputs beyond %.2f in %zu images", 100 * layer->idle,
                    ANATOMY_SATURATION, anatomy->idle_images);
    if (anatomy->idle_images > 0 && layer->idleness != ANATOMY_NONE &&
        scene->snapshot->origin != SNAPSHOT_TRAINED)
        caption_add(caption, " at step %llu", (unsigned long long)anatomy->idle_step);
    caption_add(caption, " (Enter: %s)", layer->filters ? "filters, maps" : "maps");
}

static void title_table(const struct scene *scene, struct caption *title)
{
    const struct learner_snapshot *learner = scene_learner(scene);
    const struct anatomy *anatomy = learner->anatomy;
    caption_add(title, "%zu layers, %zu parameters", anatomy->layer_count, learner->weight_count);
    if (anatomy->step_seconds > 0)
        caption_add(title, ", %.*f ms a step", anatomy->step_seconds < 0.01 ? 2 : 1,
                    1000 * anatomy->step_seconds);
    if (anatomy->norms_step > 0)
        caption_add(title, ", norms of step %llu", (unsigned long long)anatomy->norms_step);
    if (anatomy->idle_images > 0 && scene->snapshot->origin != SNAPSHOT_TRAINED)
        caption_add(title, ", idle units of step %llu", (unsigned long long)anatomy->idle_step);
}

/* Keeps the selection among the rows that are shown. */
static void scroll(struct view *view, size_t count, size_t fit)
{
    view->page = fit;
    if (view->selected >= count)
        view->selected = count - 1;
    if (view->first + fit > count)
        view->first = count > fit ? count - fit : 0;
    if (view->selected < view->first)
        view->first = view->selected;
    if (view->selected >= view->first + fit)
        view->first = view->selected + 1 - fit;
}

static void draw_table(struct view *view, struct canvas *canvas, struct rect area,
                       const struct scene *scene)
{
    const struct anatomy *anatomy = scene_learner(scene)->anatomy;
    if (area.rows >= RULE_ROWS_MIN) {
        struct caption title = {.room = area.columns - TITLE_EDGES};
        title_table(scene, &title);
        panel_frame(canvas, area, false, title.text, false, &scene->look);
        area.row++;
        area.rows--;
    }
    struct caption caption = {.room = DETAIL_ROWS_MAX * (area.columns - DETAIL_WASTE)};
    describe(scene, view->selected, &caption);
    struct rect wrapped = {.columns = area.columns};
    int lines = canvas_wrap(NULL, wrapped, 0, (struct style){0}, caption.text);
    lines = lines < DETAIL_ROWS_MAX ? lines : DETAIL_ROWS_MAX;
    struct rect table = area, details = area;
    table.rows -= DETAIL_ROWS_MAX;
    details.row += area.rows - lines;
    details.rows = lines;
    scroll(view, anatomy->layer_count, layers_fit(table));
    const struct layers layers = {anatomy, &scene->look, view->selected, view->first};
    layers_draw(&layers, canvas, table);
    (void)canvas_wrap(canvas, details, details.row, (struct style){.foreground = PAINT_FAINT},
                      caption.text);
}

/* The study of what is wanted; NULL while there is none. */
static const struct study *wanted_study(const struct view *view, const struct scene *scene)
{
    const struct study *study = scene_learner(scene)->study;
    const struct observation wish = network_observe(view, scene);
    return study && observation_equal(&study->subject, &wish) ? study : NULL;
}

static void draw_layer(struct view *view, struct canvas *canvas, struct rect area,
                       const struct scene *scene)
{
    const struct study *study = wanted_study(view, scene);
    if (study)
        layer_panes_draw(&view->panes, canvas, area, study, scene);
    else if (scene_learner(scene)->unseen)
        panel_sentence(canvas, area, "no checkpoint up to this step can be looked into");
    else
        panel_sentence(canvas, area, "looking into the layer ...");
}

static void network_draw(struct view *view, struct canvas *canvas, struct rect area,
                         const struct scene *scene)
{
    const struct anatomy *anatomy = scene_learner(scene)->anatomy;
    if (!anatomy)
        panel_sentence(canvas, area, "nothing is known of the layers yet");
    else if (view->opened)
        draw_layer(view, canvas, area, scene);
    else
        draw_table(view, canvas, area, scene);
}

/* Opens the selected layer, with the image that was looked at last: else the surest mistake, which
 * the other views show first, or the first image. */
static void open_layer(struct view *view, struct scene *scene)
{
    const struct evaluation *evaluation = scene_answered(scene);
    if (!scene_learner(scene)->anatomy)
        return;
    view->opened = true;
    view->panes = (struct layer_panes){0};
    if (scene->image.chosen)
        return;
    scene->image.chosen = true;
    if (evaluation && evaluation->mistake_count > 0)
        scene_look_at(scene, evaluation, evaluation->mistakes[0]);
}

/* Moves the selection by `distance` layers, at most to the first or last one. */
static void move(struct view *view, const struct scene *scene, long distance)
{
    const struct anatomy *anatomy = scene_learner(scene)->anatomy;
    long last = anatomy ? (long)anatomy->layer_count - 1 : 0;
    long target = (long)view->selected + distance;
    view->selected = (size_t)(target < 0 ? 0 : target > last ? last : target);
}

static bool act_on_table(struct view *view, enum request request, struct scene *scene)
{
    long page = view->page > 0 ? (long)view->page : 1;
    switch (request) {
    case REQUEST_ENTER:
        open_layer(view, scene);
        return true;
    case REQUEST_UP:
        move(view, scene, -1);
        return true;
    case REQUEST_DOWN:
        move(view, scene, 1);
        return true;
    case REQUEST_PAGE_UP:
        move(view, scene, -page);
        return true;
    case REQUEST_PAGE_DOWN:
        move(view, scene, page);
        return true;
    case REQUEST_FIRST:
        view->selected = 0;
        return true;
    case REQUEST_LAST:
        move(view, scene, ANATOMY_LAYERS_MAX);
        return true;
    default:
        return false;
    }
}

static bool network_act(struct view *view, enum request request, struct scene *scene)
{
    if (!view->opened)
        return act_on_table(view, request, scene);
    if (request != REQUEST_BACK)
        return layer_panes_act(&view->panes, request, wanted_study(view, scene));
    view->opened = false;
    return true;
}

const struct view_operations VIEW_NETWORK = {
    .name = "Network",
    .open = network_open,
    .close = network_close,
    .update = network_update,
    .draw = network_draw,
    .act = network_act,
    .observe = network_observe,
};
