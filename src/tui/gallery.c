// SPDX-License-Identifier: MIT
#include "tui/gallery.h"

#include <stdio.h>
#include <string.h>

#include "tui/facts.h"
#include "tui/keys.h"
#include "tui/picture.h"

enum {
    CAPTION_ROWS = 2, /* below a picture */
    BESIDE_ROWS = 9,  /* with fewer rows the caption stands beside the picture */
    DETAIL_ROWS = 15,
    PICTURE_COLUMNS_MAX = 28,
    GAP = 2,
};

/* What all parts of a drawing need. */
struct drawing {
    struct canvas *canvas;
    const struct gallery_list *list;
    const struct scene *scene;
};

struct gallery_list gallery_mistakes(const struct evaluation *evaluation)
{
    return (struct gallery_list){evaluation, evaluation->mistakes, evaluation->mistake_count};
}

static struct facts facts_at(const struct gallery_list *list, const struct scene *scene,
                             size_t index)
{
    return (struct facts){scene, list->evaluation, list->places[index]};
}

/* Keeps the selection on the screen and within the list. */
static void gallery_scroll(struct gallery *gallery, size_t count, size_t across, size_t down)
{
    gallery->across = across;
    gallery->shown = across * down;
    if (gallery->selected >= count)
        gallery->selected = count ? count - 1 : 0;
    if (gallery->selected < gallery->first)
        gallery->first = gallery->selected / across * across;
    if (gallery->selected >= gallery->first + gallery->shown)
        gallery->first = (gallery->selected / across + 1 - down) * across;
    if (gallery->first >= count)
        gallery->first = 0;
}

/* One small picture, its facts beside it. */
static void draw_beside(const struct drawing *drawing, struct gallery *gallery, struct rect area)
{
    int columns = picture_columns(area.rows, area.columns);
    gallery_scroll(gallery, drawing->list->count, 1, 1);
    struct facts facts = facts_at(drawing->list, drawing->scene, gallery->selected);
    struct rect text = area;
    if (columns > 0) {
        picture_draw(drawing->canvas, area, area.row, area.column, columns, facts_pixels(&facts),
                     &drawing->scene->look);
        text.column += columns + GAP;
        text.columns -= columns + GAP;
    }
    (void)facts_draw_lines(&facts, drawing->canvas, text);
}

static void draw_caption(const struct drawing *drawing, const struct facts *facts, struct rect tile,
                         bool selected)
{
    char text[FACTS_TEXT_SIZE];
    int below = tile.row + tile.rows - CAPTION_ROWS;
    facts_caption(facts, tile.columns, text);
    canvas_text(drawing->canvas, tile, below, tile.column,
                (struct style){.attributes = selected ? CELL_REVERSE : CELL_BOLD}, text);
    facts_past(facts, tile.columns, text);
    canvas_text(drawing->canvas, tile, below + 1, tile.column,
                (struct style){.foreground = PAINT_FAINT}, text);
}

/* Pictures of `columns` cells, as many as fit; with `lone`, a single one does without caption. */
static void draw_grid(const struct drawing *drawing, struct gallery *gallery, struct rect area,
                      int columns, bool lone)
{
    if (columns == 0)
        return;
    int height = columns / 2 + CAPTION_ROWS;
    int across = (area.columns + GAP) / (columns + GAP), down = (area.rows + 1) / (height + 1);
    gallery_scroll(gallery, drawing->list->count, (size_t)across, (size_t)down);
    for (size_t tile = 0; tile < gallery->shown; tile++) {
        size_t index = gallery->first + tile;
        if (index >= drawing->list->count)
            return;
        struct facts facts = facts_at(drawing->list, drawing->scene, index);
        struct rect frame = {area.row + (int)(tile / (size_t)across) * (height + 1),
                             area.column + (int)(tile % (size_t)across) * (columns + GAP), height,
                             columns};
        picture_draw(drawing->canvas, frame, frame.row, frame.column, columns, facts_pixels(&facts),
                     &drawing->scene->look);
        canvas_add_zone(drawing->canvas, frame, KEYS_IMAGE, index);
        if (!lone || gallery->shown > 1)
            draw_caption(drawing, &facts, frame, index == gallery->selected);
    }
}

static int largest_columns(struct rect area)
{
    return picture_columns(area.rows - CAPTION_ROWS, area.columns);
}

void gallery_draw(struct gallery *gallery, struct canvas *canvas, struct rect area,
                  const struct gallery_list *list, const struct scene *scene)
{
    const struct drawing drawing = {canvas, list, scene};
    if (area.rows < BESIDE_ROWS) {
        draw_beside(&drawing, gallery, area);
        return;
    }
    struct rect grid = area;
    int details = FACTS_COLUMNS + GAP;
    bool detailed =
        area.rows >= DETAIL_ROWS && area.rows < 2 * DETAIL_ROWS &&
        area.columns >= details + picture_columns(area.rows - CAPTION_ROWS, PICTURE_COLUMNS_MAX);
    if (detailed)
        grid.columns -= details;
    draw_grid(&drawing, gallery, grid, largest_columns(grid), detailed);
    struct rect text = {area.row, area.column + area.columns - FACTS_COLUMNS, area.rows,
                        FACTS_COLUMNS};
    if (detailed)
        gallery_draw_details(gallery, canvas, text, list, scene);
}

void gallery_draw_tiles(struct gallery *gallery, struct canvas *canvas, struct rect area,
                        const struct gallery_list *list, const struct scene *scene, int columns)
{
    const struct drawing drawing = {canvas, list, scene};
    int largest = largest_columns(area);
    draw_grid(&drawing, gallery, area, columns < largest ? columns : largest, false);
}

void gallery_draw_details(const struct gallery *gallery, struct canvas *canvas, struct rect area,
                          const struct gallery_list *list, const struct scene *scene)
{
    if (gallery->selected >= list->count)
        return;
    struct facts facts = facts_at(list, scene, gallery->selected);
    facts_draw(&facts, canvas, area);
}

void gallery_follow(struct gallery *gallery, const struct gallery_list *list)
{
    if (!gallery->chosen)
        gallery->selected = 0;
    for (size_t index = 0; gallery->chosen && index < list->count; index++) {
        if (list->evaluation->images[list->places[index]] == gallery->image)
            gallery->selected = index;
    }
    if (gallery->selected >= list->count)
        gallery->selected = list->count > 0 ? list->count - 1 : 0;
}

/* Moves by `distance`, at most to the first or the last image. */
static void gallery_move(struct gallery *gallery, long distance, size_t count)
{
    long last = count > 0 ? (long)count - 1 : 0, target = (long)gallery->selected + distance;
    gallery->selected = (size_t)(target < 0 ? 0 : target > last ? last : target);
}

static void gallery_choose(struct gallery *gallery, const struct gallery_list *list)
{
    gallery->chosen = list->count > 0;
    if (gallery->chosen)
        gallery->image = list->evaluation->images[list->places[gallery->selected]];
}

bool gallery_pick(struct gallery *gallery, size_t place, const struct gallery_list *list)
{
    bool again = gallery->chosen && gallery->selected == place;
    if (place >= list->count)
        return false;
    gallery->selected = place;
    gallery_choose(gallery, list);
    return again;
}

bool gallery_act(struct gallery *gallery, enum request request, const struct gallery_list *list)
{
    long row = gallery->across ? (long)gallery->across : 1;
    long page = gallery->shown ? (long)gallery->shown : 1, all = (long)list->count;
    const struct {
        enum request request;
        long distance;
    } moves[] = {
        {REQUEST_LEFT, -1},    {REQUEST_RIGHT, 1},       {REQUEST_UP, -row},
        {REQUEST_DOWN, row},   {REQUEST_PAGE_UP, -page}, {REQUEST_PAGE_DOWN, page},
        {REQUEST_FIRST, -all}, {REQUEST_LAST, all},
    };
    for (size_t index = 0; index < sizeof moves / sizeof *moves; index++) {
        if (moves[index].request != request)
            continue;
        gallery_move(gallery, moves[index].distance, list->count);
        gallery_choose(gallery, list);
        return true;
    }
    return false;
}
