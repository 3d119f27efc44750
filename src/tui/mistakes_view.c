// SPDX-License-Identifier: MIT
/*
 * The view of the images: the mistakes of an evaluation, or all its images, or those of one cell of
 * the confusion matrix, as many as fit, with all that is known of the selected one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tui/album.h"
#include "tui/export.h"
#include "tui/facts.h"
#include "tui/gallery.h"
#include "tui/panel.h"
#include "tui/picture.h"
#include "tui/view.h"

enum {
    DETAILS_COLUMNS_MIN = 60, /* an area so wide has room for the selected image's facts */
    DETAILS_ROWS_MIN = 9,
    DETAILS_WIDE = 36,
    LARGE_ROWS = 14, /* of a picture in full size */
    LARGE_COLUMNS = 28,
    GAP = 2,
    TITLE_SIZE = 256,
    MESSAGE_SIZE = 256,
};

/* Columns of the pictures, from large to small. */
static const int SIZES[] = {28, 20, 14, 10};

enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0] };

struct view {
    struct gallery gallery;
    struct album album;
    enum album_order order;
    bool all;   /* right answers, too */
    bool large; /* one image alone */
    int size;   /* of the pictures, place in SIZES */
    bool sized; /* the user has chosen it */
    char message[MESSAGE_SIZE];
};

static struct view *mistakes_open(struct error *err)
{
    return memory_array(1, sizeof(struct view), err);
}

static void mistakes_close(struct view *view)
{
    album_clear(&view->album);
    free(view);
}

static struct gallery_list view_list(const struct view *view)
{
    return (struct gallery_list){view->album.evaluation, view->album.places, view->album.count};
}

/* Brings the album up to date, the selection with it. */
static void follow(struct view *view, const struct scene *scene)
{
    const struct evaluation *evaluation = scene_answered(scene);
    struct album_wish wish = {.order = view->order,
                              .all = view->all,
                              .pair = scene->pair,
                              .filter = scene->filter.count > 0 ? &scene->filter : NULL,
                              .filtered = scene->filtered};
    scene_answers(scene, evaluation, wish.answers);
    if (!album_fill(&view->album, evaluation, &wish))
        return;
    const struct gallery_list list = view_list(view);
    gallery_follow(&view->gallery, &list);
}

static void write_title(const struct view *view, const struct scene *scene, char *text)
{
    const struct dataset *dataset = scene->snapshot->dataset;
    bool utf8 = scene->look.glyphs & GLYPHS_SIGNS, test = scene->part == EVALUATION_TEST;
    bool whole = view->all || scene->pair.chosen || scene->filter.whole;
    const char *what = whole ? "images" : "mistakes";
    char pair[64] = "", filter[64] = "";
    if (scene->pair.chosen)
        (void)snprintf(pair, sizeof pair, "%s %s %s (Esc: all), ",
                       dataset_class_name(dataset, scene->pair.label), utf8 ? "\342\206\222" : "->",
                       dataset_class_name(dataset, scene->pair.predicted));
    if (scene->filter.count > 0)
        (void)snprintf(filter, sizeof filter, "/%.40s (Esc: all), ", scene->filter.text);
    (void)snprintf(text, TITLE_SIZE, "%s  %zu of %zu, %s%s%s, %sepoch %.4g", what,
                   view->album.count > 0 ? view->gallery.selected + 1 : 0, view->album.count, pair,
                   filter, album_order_name(view->order), test ? "test, " : "",
                   view->album.evaluation->epoch);
}

/* The largest size of which several pictures fit, unless the user has chosen one. */
static int picture_size(const struct view *view, struct rect area)
{
    if (view->sized)
        return view->size;
    for (int size = 0; size < SIZE_COUNT; size++) {
        int across = (area.columns + GAP) / (SIZES[size] + GAP);
        int down = (area.rows + 1) / (SIZES[size] / 2 + 3);
        if (across * down >= 6)
            return size;
    }
    return SIZE_COUNT - 1;
}

/* What is known of the selected image, under a large picture of it where there is room. */
static void draw_details(const struct view *view, struct canvas *canvas, struct rect area,
                         const struct scene *scene)
{
    const struct gallery_list list = view_list(view);
    const struct facts facts = {scene, list.evaluation, list.places[view->gallery.selected]};
    if (area.rows >= LARGE_ROWS + 1 + FACTS_ROWS && area.columns >= LARGE_COLUMNS) {
        picture_draw(canvas, area, area.row, area.column, LARGE_COLUMNS, facts_pixels(&facts),
                     &scene->look);
        area.row += LARGE_ROWS + 1;
        area.rows -= LARGE_ROWS + 1;
    }
    facts_draw(&facts, canvas, area);
}

/* One image as large as it gets, the facts beside it. */
static void draw_large(const struct view *view, struct canvas *canvas, struct rect area,
                       const struct scene *scene)
{
    const struct gallery_list list = view_list(view);
    const struct facts facts = {scene, list.evaluation, list.places[view->gallery.selected]};
    int columns = picture_columns(area.rows, area.columns);
    picture_draw(canvas, area, area.row, area.column, columns, facts_pixels(&facts), &scene->look);
    struct rect text = area;
    text.column += columns + GAP;
    text.columns -= columns + GAP;
    facts_draw(&facts, canvas, text);
}

static void draw_images(struct view *view, struct canvas *canvas, struct rect area,
                        const struct scene *scene)
{
    const struct gallery_list list = view_list(view);
    struct rect tiles = area, details = area;
    if (view->large) {
        draw_large(view, canvas, area, scene);
        return;
    }
    bool detailed = area.columns >= DETAILS_COLUMNS_MIN && area.rows >= DETAILS_ROWS_MIN;
    if (detailed) {
        details.columns = area.columns / 3 > DETAILS_WIDE ? DETAILS_WIDE : FACTS_COLUMNS;
        details.column = area.column + area.columns - details.columns;
        tiles.columns -= details.columns + GAP;
        gallery_draw_tiles(&view->gallery, canvas, tiles, &list, scene,
                           SIZES[picture_size(view, tiles)]);
        draw_details(view, canvas, details, scene);
    } else if (view->sized) {
        gallery_draw_tiles(&view->gallery, canvas, tiles, &list, scene, SIZES[view->size]);
    } else {
        gallery_draw(&view->gallery, canvas, tiles, &list, scene);
    }
}

static const char *why_empty(const struct view *view, const struct scene *scene)
{
    if (scene->filter.count > 0)
        return view->all || scene->filter.whole
                   ? "no image is so; / changes the filter, Esc drops it"
                   : "no mistake is so; a looks through all images, Esc drops the filter";
    return scene->pair.chosen ? "none any more" : "no mistakes";
}

static void mistakes_draw(struct view *view, struct canvas *canvas, struct rect area,
                          const struct scene *scene)
{
    char title[TITLE_SIZE];
    follow(view, scene);
    if (!view->album.evaluation) {
        panel_sentence(canvas, area, scene_evaluation(scene) ? PANEL_READS : PANEL_WAITS);
        return;
    }
    write_title(view, scene, title);
    panel_frame(canvas, area, false, title, false, &scene->look);
    area.row++;
    area.rows--;
    if (view->album.count == 0) {
        panel_sentence(canvas, area, why_empty(view, scene));
        return;
    }
    if (view->gallery.selected >= view->album.count)
        view->gallery.selected = view->album.count - 1;
    draw_images(view, canvas, area, scene);
}

static bool go_back(struct view *view, struct scene *scene)
{
    if (view->large)
        view->large = false;
    else if (scene->pair.chosen)
        scene->pair.chosen = false;
    else if (scene->filter.count > 0)
        (void)scene_set_filter(scene, "", NULL);
    else
        return false;
    return true;
}

static void change_size(struct view *view, int step)
{
    int size = view->size + step;
    view->sized = true;
    view->size = size < 0 ? 0 : size >= SIZE_COUNT ? SIZE_COUNT - 1 : size;
}

/* Writes the image that is shown alone, or all that are on the screen, and says where. */
static void write_images(struct view *view, struct scene *scene)
{
    const struct gallery_list list = view_list(view);
    char name[PNG_FILE_NAME_SIZE];
    struct error err = {0};
    scene->notice = view->message;
    if (view->album.count == 0) {
        scene->notice = "there is no image to write";
        return;
    }
    bool single = view->large || view->gallery.shown < 2;
    bool good = single ? export_image(&list, &view->gallery, scene, name, &err)
                       : export_page(&list, &view->gallery, scene, name, &err);
    if (good)
        (void)snprintf(view->message, sizeof view->message, "wrote ./%s", name);
    else
        (void)snprintf(view->message, sizeof view->message, "%.*s", MESSAGE_SIZE - 1, err.message);
}

static bool act_on_images(struct view *view, enum request request, struct scene *scene)
{
    follow(view, scene);
    const struct gallery_list list = view_list(view);
    switch (request) {
    case REQUEST_ENTER:
        view->large = view->album.count > 0;
        return true;
    case REQUEST_PICK_IMAGE:
        if (gallery_pick(&view->gallery, scene->picked, &list))
            view->large = true;
        return true;
    case REQUEST_BACK:
        return go_back(view, scene);
    case REQUEST_ORDER:
        view->order = (view->order + 1) % ALBUM_ORDERS;
        return true;
    case REQUEST_ALL:
        view->all = !view->all;
        scene->pair.chosen = false;
        return true;
    case REQUEST_EXPORT:
        write_images(view, scene);
        return true;
    case REQUEST_LARGER:
        change_size(view, -1);
        return true;
    case REQUEST_SMALLER:
        change_size(view, 1);
        return true;
    default:
        return gallery_act(&view->gallery, request, &list);
    }
}

static bool mistakes_act(struct view *view, enum request request, struct scene *scene)
{
    bool known = act_on_images(view, request, scene);
    follow(view, scene);
    if (known && view->gallery.selected < view->album.count)
        scene_look_at(scene, view->album.evaluation, view->album.places[view->gallery.selected]);
    return known;
}

static struct observation mistakes_observe(const struct view *view, const struct scene *scene)
{
    (void)view;
    struct observation observation = {0};
    scene_ask_answers(scene, &observation);
    return observation;
}

const struct view_operations VIEW_MISTAKES = {
    .name = "Mistakes",
    .open = mistakes_open,
    .close = mistakes_close,
    .draw = mistakes_draw,
    .act = mistakes_act,
    .observe = mistakes_observe,
};
