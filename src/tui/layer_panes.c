// SPDX-License-Identifier: MIT
#include "tui/layer_panes.h"

#include <stdio.h>

#include "tui/layers.h"
#include "tui/panel.h"
#include "tui/caption.h"
#include "tui/picture.h"

enum {
    HALVES_COLUMNS_MIN = 80, /* from here on filters and maps stand side by side */
    IMAGE_COLUMNS = 28,
    IMAGE_ROOM_MIN = 40, /* so many columns for maps beside it, or it is left out */
    STRIP_COLUMNS = 8,
    TITLE_EDGES = 6, /* columns of a rule that a title leaves */
    LABEL_SIZE = 64,
    GAP = 2,
};

static struct tile_set filter_tiles(const struct study *study)
{
    return (struct tile_set){
        .pixels = study->filter_pixels,
        .count = study->filters * study->inputs,
        .height = study->kernel,
        .width = study->kernel,
        .across = study->inputs > 1 ? study->inputs : 0,
    };
}

static struct tile_set map_tiles(const struct study *study)
{
    return (struct tile_set){
        .pixels = study->map_pixels,
        .count = study->maps.channels,
        .height = study->maps.height,
        .width = study->maps.width,
    };
}

/* What the tones mean: the least value, the tones from low to high, the greatest value. */
static void draw_scale(struct canvas *canvas, struct rect line, double low, double high,
                       const char *what, const struct look *look)
{
    static const uint8_t tones[2 * STRIP_COLUMNS] = {0, 36, 73, 109, 146, 182, 219, 255,
                                                     0, 36, 73, 109, 146, 182, 219, 255};
    const struct picture strip = {tones, 2, STRIP_COLUMNS};
    int column = canvas_print(canvas, line, line.row, line.column, (struct style){0}, "%.2g ", low);
    picture_draw_any(canvas, line, line.row, column, STRIP_COLUMNS, &strip, look);
    canvas_print(canvas, line, line.row, column + STRIP_COLUMNS, (struct style){0}, " %.2g  %s",
                 high, what);
}

static void draw_filters(struct layer_panes *panes, struct canvas *canvas, struct rect area,
                         const struct study *study, const struct look *look)
{
    const struct tile_set set = filter_tiles(study);
    struct tiles *tiles = &panes->tiles[PANE_FILTERS];
    struct rect scale = {area.row + area.rows - 1, area.column, 1, area.columns};
    char what[LABEL_SIZE];
    area.rows--;
    tiles_draw(tiles, canvas, area, &set, look);
    size_t filter = tiles->selected / study->inputs, input = tiles->selected % study->inputs;
    double magnitude = (double)study->magnitudes[filter];
    if (study->inputs > 1)
        (void)snprintf(what, sizeof what, "filter %zu input %zu", filter, input);
    else
        (void)snprintf(what, sizeof what, "filter %zu", filter);
    draw_scale(canvas, scale, -magnitude, magnitude, what, look);
}

static const struct image_set *image_set(const struct study *study, const struct scene *scene)
{
    const struct dataset *dataset = scene->snapshot->dataset;
    return study->subject.part == EVALUATION_TEST ? dataset_test(dataset) : dataset_train(dataset);
}

/* The image that the maps are of, at the left where there is room; returns what is left. */
static struct rect draw_image(struct canvas *canvas, struct rect area, const struct study *study,
                              const struct scene *scene)
{
    int columns = picture_columns(area.rows, area.columns - GAP - IMAGE_ROOM_MIN);
    if (columns > IMAGE_COLUMNS)
        columns = IMAGE_COLUMNS;
    if (columns == 0)
        return area;
    picture_draw(canvas, area, area.row, area.column, columns,
                 image_set(study, scene)->pixels + (size_t)study->subject.image * DATASET_PIXELS,
                 &scene->look);
    area.column += columns + GAP;
    area.columns -= columns + GAP;
    return area;
}

static void draw_maps(struct layer_panes *panes, struct canvas *canvas, struct rect area,
                      const struct study *study, const struct scene *scene)
{
    const struct tile_set set = map_tiles(study);
    struct tiles *tiles = &panes->tiles[PANE_MAPS];
    struct rect scale = {area.row + area.rows - 1, area.column, 1, area.columns};
    char what[LABEL_SIZE];
    area.rows--;
    tiles_draw(tiles, canvas, draw_image(canvas, area, study, scene), &set, &scene->look);
    (void)snprintf(what, sizeof what, "map %zu", tiles->selected);
    draw_scale(canvas, scale, (double)study->low, (double)study->high, what, &scene->look);
}

static void title_pane(enum pane pane, const struct study *study, const struct scene *scene,
                       struct caption *title)
{
    const struct anatomy *anatomy = scene_learner(scene)->anatomy;
    const struct dataset *dataset = scene->snapshot->dataset;
    size_t layer = study->subject.layer;
    uint32_t image = study->subject.image;
    bool test = study->subject.part == EVALUATION_TEST;
    if (pane == PANE_FILTERS || study->filters == 0)
        caption_add(title, "%zu %s: ", layer + 1, layers_kind(&anatomy->layers[layer]));
    if (pane == PANE_FILTERS) {
        caption_add(title, "%zu filters %zux%zux%zu", study->filters, study->inputs, study->kernel,
                    study->kernel);
    } else {
        caption_add(title, "%zu maps %zux%zu", study->maps.channels, study->maps.height,
                    study->maps.width);
        caption_add(title, ", %s",
                    dataset_class_name(dataset, image_set(study, scene)->labels[image]));
        caption_add(title, " %s#%u", test ? "test " : "", (unsigned)image);
    }
    caption_add(title, ", step %llu", (unsigned long long)study->step);
}

static void draw_pane(struct layer_panes *panes, enum pane pane, struct canvas *canvas,
                      struct rect area, const struct study *study, const struct scene *scene,
                      bool focus)
{
    struct caption title = {.room = area.columns - TITLE_EDGES};
    title_pane(pane, study, scene, &title);
    panel_frame(canvas, area, false, title.text, focus, &scene->look);
    area.row++;
    area.rows--;
    if (pane == PANE_FILTERS)
        draw_filters(panes, canvas, area, study, &scene->look);
    else
        draw_maps(panes, canvas, area, study, scene);
}

void layer_panes_draw(struct layer_panes *panes, struct canvas *canvas, struct rect area,
                      const struct study *study, const struct scene *scene)
{
    if (study->filters == 0)
        panes->focus = PANE_MAPS;
    if (study->filters == 0 || area.columns < HALVES_COLUMNS_MIN) {
        draw_pane(panes, panes->focus, canvas, area, study, scene, false);
        return;
    }
    struct rect left = area, right = area;
    left.columns = (area.columns - GAP) / 2;
    right.column += left.columns + GAP;
    right.columns -= left.columns + GAP;
    draw_pane(panes, PANE_FILTERS, canvas, left, study, scene, panes->focus == PANE_FILTERS);
    draw_pane(panes, PANE_MAPS, canvas, right, study, scene, panes->focus == PANE_MAPS);
}

bool layer_panes_act(struct layer_panes *panes, enum request request, const struct study *study)
{
    size_t count = 0;
    if (request == REQUEST_NEXT_PANEL || request == REQUEST_PREVIOUS_PANEL) {
        panes->focus = panes->focus == PANE_FILTERS ? PANE_MAPS : PANE_FILTERS;
        return true;
    }
    if (study)
        count =
            panes->focus == PANE_FILTERS ? study->filters * study->inputs : study->maps.channels;
    return tiles_act(&panes->tiles[panes->focus], request, count);
}
