// SPDX-License-Identifier: MIT
#include "tui/tiles.h"

#include "tui/picture.h"

enum {
    ENOUGH = 24, /* tiles are as large as lets so many of them fit */
    LABEL_ROWS = 1,
    GAP = 1,
    SMALL_WIDTH = 7, /* images up to that width are unreadable with less than a cell a pixel */
    COLUMNS_MIN = 6, /* of larger ones when they are drawn smaller than they are */
    COLUMNS_MAX = 112,
};

/* Where tiles of one size go. */
struct plan {
    int gutter;        /* columns for the numbers of rows */
    int columns, rows; /* of a picture */
    int pitch_across, pitch_down;
    size_t fit_across, fit_down;
};

static int digits(size_t number)
{
    int count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

static struct picture picture_of(const struct tile_set *set, size_t tile)
{
    return (struct picture){set->pixels + tile * set->height * set->width, (int)set->height,
                            (int)set->width};
}

static size_t at_least_one(int count)
{
    return count > 1 ? (size_t)count : 1;
}

static struct plan plan_size(const struct tile_set *set, struct rect area, int columns)
{
    const struct picture picture = picture_of(set, 0);
    size_t numbered = set->across > 0 ? set->across : set->count;
    int label = digits(numbered > 0 ? numbered - 1 : 0);
    struct plan plan = {.columns = columns, .rows = picture_rows(&picture, columns)};
    if (set->across > 0)
        plan.gutter = digits((set->count - 1) / set->across) + GAP;
    plan.pitch_across = (columns > label ? columns : label) + GAP;
    plan.pitch_down = plan.rows + LABEL_ROWS;
    plan.fit_across = at_least_one((area.columns - plan.gutter + GAP) / plan.pitch_across);
    plan.fit_down = at_least_one(area.rows / plan.pitch_down);
    if (set->across > 0 && plan.fit_across > set->across)
        plan.fit_across = set->across;
    return plan;
}

/* The sizes that a tile can have, from small to large, in columns; returns how many. */
static int list_sizes(const struct tile_set *set, const struct look *look, int *sizes)
{
    bool halves = picture_has_halves(look);
    int width = (int)set->width, count = 0;
    if (width > SMALL_WIDTH) {
        for (int part = 4; part >= 2; part /= 2)
            if (width / part >= COLUMNS_MIN)
                sizes[count++] = width / part;
        sizes[count++] = width;
    } else if (halves && width > 1) {
        sizes[count++] = width;
    }
    for (int factor = 2; factor <= 8 && factor * width <= COLUMNS_MAX; factor *= 2)
        sizes[count++] = factor * width;
    return count;
}

/* The largest size of which enough tiles fit, larger or smaller as the user wants it. */
static struct plan choose_size(struct tiles *tiles, const struct tile_set *set, struct rect area,
                               const struct look *look)
{
    int sizes[8] = {0};
    int count = list_sizes(set, look, sizes), chosen = count - 1;
    size_t enough = set->count < ENOUGH ? set->count : ENOUGH;
    for (; chosen > 0; chosen--) {
        struct plan plan = plan_size(set, area, sizes[chosen]);
        if (plan.fit_across * plan.fit_down >= enough && plan.pitch_down <= area.rows)
            break;
    }
    if (chosen + tiles->zoom < 0)
        tiles->zoom = -chosen;
    if (chosen + tiles->zoom >= count)
        tiles->zoom = count - 1 - chosen;
    return plan_size(set, area, sizes[chosen + tiles->zoom]);
}

/* Moves what is shown, by whole rows and columns, so that the place `at` of `fit` is among it. */
static size_t scroll(size_t first, size_t at, size_t fit)
{
    if (at < first)
        return at;
    return at >= first + fit ? at + 1 - fit : first;
}

static void follow_selection(struct tiles *tiles, const struct tile_set *set,
                             const struct plan *plan)
{
    tiles->across = set->across > 0 ? set->across : plan->fit_across;
    tiles->shown_rows = plan->fit_down;
    if (tiles->selected >= set->count)
        tiles->selected = set->count - 1;
    size_t rows = (set->count + tiles->across - 1) / tiles->across;
    if (tiles->first_row + plan->fit_down > rows)
        tiles->first_row = rows > plan->fit_down ? rows - plan->fit_down : 0;
    if (tiles->first_column + plan->fit_across > tiles->across)
        tiles->first_column = tiles->across - plan->fit_across;
    tiles->first_row = scroll(tiles->first_row, tiles->selected / tiles->across, plan->fit_down);
    tiles->first_column =
        scroll(tiles->first_column, tiles->selected % tiles->across, plan->fit_across);
}

static struct style label_style(const struct tiles *tiles, size_t tile)
{
    if (tile == tiles->selected)
        return (struct style){.foreground = PAINT_ACCENT, .attributes = CELL_REVERSE | CELL_BOLD};
    return (struct style){.foreground = PAINT_FAINT};
}

static void draw_tile(const struct tiles *tiles, struct canvas *canvas, struct rect place,
                      const struct tile_set *set, const struct plan *plan, size_t tile,
                      const struct look *look)
{
    const struct picture picture = picture_of(set, tile);
    size_t number = set->across > 0 ? tile % set->across : tile;
    canvas_print(canvas, place, place.row, place.column, label_style(tiles, tile), "%zu", number);
    picture_draw_any(canvas, place, place.row + LABEL_ROWS, place.column, plan->columns, &picture,
                     look);
}

/* One row of tiles, with its number where rows have some. */
static void draw_row(const struct tiles *tiles, struct canvas *canvas, struct rect line,
                     const struct tile_set *set, const struct plan *plan, size_t row,
                     const struct look *look)
{
    if (plan->gutter > 0)
        canvas_print(canvas, line, line.row, line.column, (struct style){.attributes = CELL_BOLD},
                     "%*zu", plan->gutter - GAP, row);
    for (size_t place = 0; place < plan->fit_across; place++) {
        size_t tile = row * tiles->across + tiles->first_column + place;
        struct rect room = line;
        room.column += plan->gutter + (int)place * plan->pitch_across;
        room.columns = line.column + line.columns - room.column;
        if (tile < set->count)
            draw_tile(tiles, canvas, room, set, plan, tile, look);
    }
}

void tiles_draw(struct tiles *tiles, struct canvas *canvas, struct rect area,
                const struct tile_set *set, const struct look *look)
{
    if (set->count == 0 || area.rows <= 0 || area.columns <= 0)
        return;
    struct plan plan = choose_size(tiles, set, area, look);
    follow_selection(tiles, set, &plan);
    for (size_t row = 0; row < plan.fit_down; row++) {
        struct rect line = area;
        line.row += (int)row * plan.pitch_down;
        line.rows = area.row + area.rows - line.row;
        draw_row(tiles, canvas, line, set, &plan, tiles->first_row + row, look);
    }
}

/* Moves by `distance`, at most to the first or the last tile. */
static void move(struct tiles *tiles, long distance, size_t count)
{
    long last = count > 0 ? (long)count - 1 : 0, target = (long)tiles->selected + distance;
    tiles->selected = (size_t)(target < 0 ? 0 : target > last ? last : target);
}

bool tiles_act(struct tiles *tiles, enum request request, size_t count)
{
    long row = tiles->across > 0 ? (long)tiles->across : 1;
    long page = row * (tiles->shown_rows > 0 ? (long)tiles->shown_rows : 1), all = (long)count;
    const struct {
        enum request request;
        long distance;
        int zoom;
    } moves[] = {
        {REQUEST_LEFT, -1, 0},    {REQUEST_RIGHT, 1, 0},       {REQUEST_UP, -row, 0},
        {REQUEST_DOWN, row, 0},   {REQUEST_PAGE_UP, -page, 0}, {REQUEST_PAGE_DOWN, page, 0},
        {REQUEST_FIRST, -all, 0}, {REQUEST_LAST, all, 0},      {REQUEST_LARGER, 0, 1},
        {REQUEST_SMALLER, 0, -1},
    };
    for (size_t index = 0; index < sizeof moves / sizeof *moves; index++) {
        if (moves[index].request != request)
            continue;
        move(tiles, moves[index].distance, count);
        tiles->zoom += moves[index].zoom;
        return true;
    }
    return false;
}
