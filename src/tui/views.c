// SPDX-License-Identifier: MIT
#include "tui/views.h"

/* In the order of the tabs. */
static const struct view_operations *const TABLE[] = {
    &VIEW_LIVE, &VIEW_MATRIX, &VIEW_MISTAKES, &VIEW_NETWORK, &VIEW_COMPARE, &VIEW_RUNS,
};

enum { TABLE_SIZE = sizeof TABLE / sizeof TABLE[0] };

_Static_assert((int)TABLE_SIZE <= (int)VIEWS_MAX, "room for all views");

bool views_open(struct views *views, struct error *err)
{
    for (views->count = 0; views->count < TABLE_SIZE; views->count++) {
        struct view *state = TABLE[views->count]->open(err);
        if (!state)
            return false;
        views->operations[views->count] = TABLE[views->count];
        views->states[views->count] = state;
    }
    return true;
}

void views_close(struct views *views)
{
    while (views->count > 0) {
        views->count--;
        views->operations[views->count]->close(views->states[views->count]);
    }
}

void views_update(struct views *views, const struct scene *scene)
{
    for (size_t number = 0; number < views->count; number++)
        if (views->operations[number]->update)
            views->operations[number]->update(views->states[number], scene);
}

bool views_act(struct views *views, enum request request, struct scene *scene)
{
    if (request >= REQUEST_VIEW_1 && request < REQUEST_VIEW_1 + views->count) {
        views->shown = request - REQUEST_VIEW_1;
        return true;
    }
    scene->wanted = REQUEST_NONE;
    bool known = views->operations[views->shown]->act(views->states[views->shown], request, scene);
    if (scene->wanted != REQUEST_NONE)
        views->shown = scene->wanted - REQUEST_VIEW_1;
    return known;
}

bool views_answer(struct views *views, const char *line, struct scene *scene, struct error *err)
{
    const struct view_operations *shown = views->operations[views->shown];
    return !shown->answer || shown->answer(views->states[views->shown], line, scene, err);
}

bool views_can_refresh(const struct views *views)
{
    return views->operations[views->shown]->refresh;
}

bool views_refresh(struct views *views, const struct scene *scene)
{
    return views_can_refresh(views) &&
           views->operations[views->shown]->refresh(views->states[views->shown], scene);
}

struct observation views_observation(const struct views *views, const struct scene *scene)
{
    const struct view_operations *shown = views->operations[views->shown];
    if (!shown->observe)
        return (struct observation){0};
    return shown->observe(views->states[views->shown], scene);
}

/* "1 Live", with brackets around the one shown where colours cannot tell it. */
static int draw_tab(const struct views *views, struct canvas *canvas, struct rect area, int column,
                    size_t number, const struct look *look)
{
    bool shown = number == views->shown;
    struct style style = {.foreground = shown ? PAINT_ACCENT : PAINT_RULE,
                          .attributes = shown ? CELL_BOLD : 0};
    if (!shown)
        return canvas_print(canvas, area, area.row, column, style, " %zu %s ", number + 1,
                            views->operations[number]->name);
    if (look->glyphs != GLYPHS_ASCII && look->colors > 0)
        style.attributes |= CELL_REVERSE;
    bool brackets = !(style.attributes & CELL_REVERSE);
    return canvas_print(canvas, area, area.row, column, style, brackets ? "[%zu %s]" : " %zu %s ",
                        number + 1, views->operations[number]->name);
}

int views_draw_tabs(const struct views *views, struct canvas *canvas, int row,
                    const struct look *look)
{
    struct rect area = {row, 0, 1, canvas_columns(canvas)};
    int column = 0;
    for (size_t number = 0; number < views->count; number++) {
        int left = column;
        column = draw_tab(views, canvas, area, column, number, look);
        canvas_add_zone(canvas, (struct rect){row, left, 1, column - left}, '1' + (uint32_t)number,
                        0);
    }
    return column;
}
