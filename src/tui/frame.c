// SPDX-License-Identifier: MIT
#include "tui/frame.h"

#include <stdbool.h>
#include <stdio.h>

#include "tui/box.h"
#include "tui/keys.h"
#include "tui/progress_bar.h"
#include "tui/title.h"

enum { MESSAGE_COLUMNS_MAX = 76 };

static struct rect whole(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas_rows(canvas), canvas_columns(canvas)};
}

/* The trainer's last words, which stay until the user quits. */
static void draw_failure(struct canvas *canvas, const struct look *look,
                         const struct snapshot *snapshot)
{
    static const char advice[] = "q quits";
    const char *message = snapshot->failure.message;
    bool trained = snapshot->origin == SNAPSHOT_TRAINED;
    int columns = canvas_columns(canvas) - 4;
    if (columns > MESSAGE_COLUMNS_MAX)
        columns = MESSAGE_COLUMNS_MAX;
    if (columns < 1)
        columns = 1;
    int lines = canvas_wrap(NULL, (struct rect){.columns = columns}, 0, (struct style){0}, message);
    struct rect area = box_draw(canvas, look, lines + 2, columns,
                                trained ? "cannot train" : "cannot show this run");
    (void)canvas_wrap(canvas, area, area.row, (struct style){.foreground = PAINT_BAD}, message);
    (void)canvas_text(canvas, area, area.row + lines + 1, area.column, (struct style){0}, advice);
}

/* What fits anywhere: the state, and the size that is needed. */
static void draw_too_small(struct canvas *canvas, const struct snapshot *snapshot)
{
    char text[96];
    (void)snprintf(text, sizeof text, "%s: %dx%d needed, %dx%d here", title_state(snapshot->state),
                   FRAME_COLUMNS_MIN, FRAME_ROWS_MIN, canvas_columns(canvas), canvas_rows(canvas));
    (void)canvas_wrap(canvas, whole(canvas), 0, (struct style){0}, text);
}

static enum keys_bar bar_kind(const struct snapshot *snapshot)
{
    if (snapshot->origin == SNAPSHOT_REPLAYED)
        return KEYS_BAR_REPLAYED;
    bool passed_on = snapshot->origin == SNAPSHOT_TRAINED || snapshot->steered;
    return passed_on ? KEYS_BAR_STEERED : KEYS_BAR_WATCHED;
}

static void draw_bottom(struct canvas *canvas, const char *notice, enum keys_bar kind)
{
    int row = canvas_rows(canvas) - 1;
    if (!*notice)
        keys_draw_bar(canvas, row, kind);
    else
        (void)canvas_text(canvas, whole(canvas), row, 0,
                          (struct style){.foreground = PAINT_WARNING, .attributes = CELL_BOLD},
                          notice);
}

/* The title, the tabs and, to the right of them, how far the run is. */
static void draw_top(const struct frame *frame, struct canvas *canvas)
{
    const struct scene *scene = &frame->scene;
    title_draw(canvas, scene->snapshot, &scene->look);
    if (title_rows(canvas_rows(canvas), canvas_columns(canvas)) < 2)
        return;
    int column = views_draw_tabs(&frame->views, canvas, 1, &scene->look);
    title_draw_progress(canvas, 1, column, scene->snapshot);
}

/* What is left for the view under the title; all but the key bar where it needs that. */
static struct rect view_area(const struct frame *frame, const struct canvas *canvas)
{
    const struct view_operations *view = frame->views.operations[frame->views.shown];
    struct rect area = whole(canvas), below;
    area.rows--;
    below = area;
    below.row = title_rows(area.rows + 1, area.columns);
    below.rows -= below.row;
    if (view->whole && view->whole(frame->views.states[frame->views.shown], below, &frame->scene))
        return area;
    return below;
}

static void draw_view(struct frame *frame, struct canvas *canvas)
{
    const struct scene *scene = &frame->scene;
    struct views *views = &frame->views;
    struct rect area = view_area(frame, canvas);
    if (area.row > 0)
        draw_top(frame, canvas);
    if (scene->snapshot->learner_count == 0 || !scene_learner(scene)->started)
        progress_draw_loading(canvas, area, scene->snapshot, &scene->look);
    else
        views->operations[views->shown]->draw(views->states[views->shown], canvas, area, scene);
}

void frame_draw(struct frame *frame, struct canvas *canvas, const char *notice)
{
    const struct snapshot *snapshot = frame->scene.snapshot;
    const struct look *look = &frame->scene.look;
    struct rect area = whole(canvas);
    canvas_clear(canvas);
    if (area.rows < FRAME_ROWS_MIN || area.columns < FRAME_COLUMNS_MIN) {
        draw_too_small(canvas, snapshot);
    } else {
        draw_view(frame, canvas);
        draw_bottom(canvas, notice, bar_kind(snapshot));
    }
    if (snapshot->state == TRAINER_FAILED)
        draw_failure(canvas, look, snapshot);
    log_pane_draw(&frame->log, canvas, look);
    help_draw(&frame->help, canvas, look);
    prompt_draw(&frame->prompt, canvas, area.rows - 1);
    dialog_draw(&frame->dialog, canvas, look);
}
