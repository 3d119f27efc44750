// SPDX-License-Identifier: MIT
#include "tui/frame.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tui/box.h"
#include "tui/keys.h"
#include "tui/title.h"

enum { MESSAGE_COLUMNS_MAX = 76 };

static struct rect whole(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas_rows(canvas), canvas_columns(canvas)};
}

/* The length of the first line of `text` when it is wrapped at `columns`, in bytes: up to the last
 * space that fits, or all that fits of a long word. */
static size_t line_length(const char *text, size_t columns)
{
    if (strlen(text) <= columns)
        return strlen(text);
    for (size_t length = columns; length > 0; length--)
        if (text[length] == ' ')
            return length;
    return columns;
}

/* Draws `text` wrapped into `area`, or only counts its lines where `canvas` is NULL. */
static int wrap(struct canvas *canvas, struct rect area, const char *text, struct style style)
{
    int lines = 0;
    while (*text) {
        size_t length = line_length(text, (size_t)area.columns);
        if (canvas)
            (void)canvas_print(canvas, area, area.row + lines, area.column, style, "%.*s",
                               (int)length, text);
        text += length;
        text += strspn(text, " ");
        lines++;
    }
    return lines;
}

/* The trainer's last words, which stay until the user quits. */
static void draw_failure(struct canvas *canvas, const struct look *look, const char *message)
{
    static const char advice[] = "q quits";
    int columns = canvas_columns(canvas) - 4;
    if (columns > MESSAGE_COLUMNS_MAX)
        columns = MESSAGE_COLUMNS_MAX;
    if (columns < 1)
        columns = 1;
    int lines = wrap(NULL, (struct rect){.columns = columns}, message, (struct style){0});
    struct rect area = box_draw(canvas, look, lines + 2, columns, "cannot train");
    int below = area.row + wrap(canvas, area, message, (struct style){.foreground = PAINT_BAD});
    (void)canvas_text(canvas, area, below + 1, area.column, (struct style){0}, advice);
}

/* What fits anywhere: the state, and the size that is needed. */
static void draw_too_small(struct canvas *canvas, const struct snapshot *snapshot)
{
    char text[96];
    (void)snprintf(text, sizeof text, "%s: %dx%d needed, %dx%d here", title_state(snapshot->state),
                   FRAME_COLUMNS_MIN, FRAME_ROWS_MIN, canvas_columns(canvas), canvas_rows(canvas));
    (void)wrap(canvas, whole(canvas), text, (struct style){0});
}

static void draw_bottom(struct canvas *canvas, const char *notice)
{
    int row = canvas_rows(canvas) - 1;
    if (!*notice)
        keys_draw_bar(canvas, row);
    else
        (void)canvas_text(canvas, whole(canvas), row, 0,
                          (struct style){.foreground = PAINT_WARNING, .attributes = CELL_BOLD},
                          notice);
}

/* Draws the title where the view leaves room for it; returns the view's own area. */
static struct rect draw_top(const struct frame *frame, struct canvas *canvas,
                            const struct snapshot *snapshot)
{
    struct rect area = whole(canvas), below;
    area.rows--; /* the key bar */
    below = area;
    below.row = title_rows(area.rows + 1, area.columns);
    below.rows -= below.row;
    if (frame->operations->whole && frame->operations->whole(frame->view, below))
        return area;
    title_draw(canvas, snapshot, &frame->look);
    return below;
}

void frame_draw(struct frame *frame, struct canvas *canvas, const struct snapshot *snapshot,
                const char *notice)
{
    struct rect area = whole(canvas);
    canvas_clear(canvas);
    if (area.rows < FRAME_ROWS_MIN || area.columns < FRAME_COLUMNS_MIN) {
        draw_too_small(canvas, snapshot);
    } else {
        area = draw_top(frame, canvas, snapshot);
        frame->operations->draw(frame->view, canvas, area, snapshot, &frame->look);
        draw_bottom(canvas, notice);
    }
    if (snapshot->state == TRAINER_FAILED)
        draw_failure(canvas, &frame->look, snapshot->failure.message);
    help_draw(&frame->help, canvas, &frame->look);
    dialog_draw(&frame->dialog, canvas, &frame->look);
}
