// SPDX-License-Identifier: MIT
#include "tui/keys.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { BAR_GAP = 2, BAR_KEYS_SIZE = 16 }; /* columns between two items of the bar; bytes */

static const struct key_binding BINDINGS[] = {
    {REQUEST_PAUSE, {' ', 'p'}, "Space, p", "pause the training, or go on"},
    {REQUEST_SWITCH_MODEL, {'m'}, "m", "train the other model; this one is parked"},
    {REQUEST_STEP, {'.'}, ".", "train one batch, then pause"},
    {REQUEST_END_EPOCH, {'>'}, ">", "train to the end of the epoch, then pause"},
    {REQUEST_EVALUATE, {'e'}, "e", "evaluate on the validation images now"},
    {REQUEST_SAVE, {'s', KEYS_CONTROL('S')}, "s, Ctrl-S", "save a checkpoint now"},
    {REQUEST_RATE_UP, {'+', '='}, "+", "learning rate up by half"},
    {REQUEST_RATE_DOWN, {'-', '_'}, "-", "learning rate down by a third"},
    {REQUEST_UNDO, {'u'}, "u", "take the last change of the learning rate back"},
    {REQUEST_RESTART, {'R'}, "R", "start this model from new weights (asks)"},
    {REQUEST_VIEW_1, {'1', KEYS_F2}, "1, F2", "view Live: curves, confusion, mistakes"},
    {REQUEST_VIEW_2, {'2', KEYS_F2 + 1}, "2, F3", "view Matrix: who is taken for whom"},
    {REQUEST_VIEW_3, {'3', KEYS_F2 + 2}, "3, F4", "view Mistakes: the images"},
    {REQUEST_VIEW_4, {'4', KEYS_F2 + 3}, "4, F5", "view Network: its layers, filters, maps"},
    {REQUEST_VIEW_5, {'5', KEYS_F2 + 4}, "5, F6", "view Compare: both models over one another"},
    {REQUEST_VIEW_6, {'6', KEYS_F2 + 5}, "6, F7", "view Runs: those that are stored"},
    {REQUEST_NEXT_PANEL, {'\t'}, "Tab", "next panel"},
    {REQUEST_PREVIOUS_PANEL, {KEYS_BACK_TAB}, "Shift-Tab", "previous panel"},
    {REQUEST_EPOCH_BACK, {'['}, "[", "back to the evaluation before"},
    {REQUEST_EPOCH_FORWARD, {']'}, "]", "forward to the next evaluation"},
    {REQUEST_PART, {'t'}, "t", "validation or test images; runs: mark"},
    {REQUEST_UNIT, {'%'}, "%", "matrix: % of the row, % of the column, counts"},
    {REQUEST_ORDER, {'o'}, "o", "mistakes, runs: another order"},
    {REQUEST_ALL, {'a'}, "a", "all images, or mistakes only; runs: mark all"},
    {REQUEST_FIT, {'f'}, "f", "pictures: crop to the ink, stretch the contrast"},
    {REQUEST_INVERT, {'I'}, "I", "pictures: invert"},
    {REQUEST_EXPORT, {'x'}, "x", "mistakes: write the image or the page as PNG"},
    {REQUEST_LARGER, {'z'}, "z", "larger; in charts a smaller part of the run"},
    {REQUEST_SMALLER, {'Z'}, "Z", "smaller; in charts more of the run"},
    {REQUEST_AXIS, {'X'}, "X", "charts: by epochs, steps, or seconds of training"},
    {REQUEST_LOG, {'y'}, "y", "charts: logarithmic axis of the loss, or linear"},
    {REQUEST_LEFT, {KEYS_LEFT, 'h'}, "Left, h", "one to the left"},
    {REQUEST_RIGHT, {KEYS_RIGHT, 'l'}, "Right, l", "one to the right"},
    {REQUEST_UP, {KEYS_UP, 'k', KEYS_WHEEL_UP}, "Up, k", "a row up"},
    {REQUEST_DOWN, {KEYS_DOWN, 'j', KEYS_WHEEL_DOWN}, "Down, j", "a row down"},
    {REQUEST_PAGE_UP, {KEYS_PAGE_UP}, "PgUp", "a page up"},
    {REQUEST_PAGE_DOWN, {KEYS_PAGE_DOWN}, "PgDn", "a page down"},
    {REQUEST_FIRST, {KEYS_HOME, 'g'}, "Home, g", "the first"},
    {REQUEST_LAST, {KEYS_END, 'G'}, "End, G", "the last; from a past epoch to the newest"},
    {REQUEST_ENTER, {KEYS_ENTER}, "Enter", "closer to what is selected"},
    {REQUEST_COMMAND, {':'}, ":", "type a command, as listed at the end"},
    {REQUEST_FILTER, {'/'}, "/", "mistakes, runs: which to show; help: find"},
    {REQUEST_RENAME, {'n'}, "n", "runs: give the selected one a name"},
    {REQUEST_DELETE, {'d'}, "d", "runs: delete the selected one (asks)"},
    {REQUEST_RESUME, {'r'}, "r", "runs: go on with the selected one"},
    {REQUEST_GLYPHS, {'~'}, "~", "other characters: ASCII or Unicode (remembered)"},
    {REQUEST_COLORS, {'C'}, "C", "fewer colours, after none all there are (remembered)"},
    {REQUEST_MOUSE, {'M'}, "M", "mouse: for this program, or for the terminal's selection"},
    {REQUEST_PICK_CELL, {KEYS_CELL}, "Click", "select a cell of the matrix; again: its images"},
    {REQUEST_PICK_IMAGE, {KEYS_IMAGE}, "Click", "select an image; again: closer"},
    {REQUEST_PICK_RUN, {KEYS_RUN}, "Click", "select a run; again: open it"},
    {REQUEST_PICK_PLACE, {KEYS_CHART}, "Click", "read a chart there"},
    {REQUEST_CLOSER_THERE, {KEYS_CHART_WHEEL_UP}, "Wheel up", "zoom a chart in there"},
    {REQUEST_FARTHER_THERE, {KEYS_CHART_WHEEL_DOWN}, "Wheel down", "zoom a chart out there"},
    {REQUEST_REDRAW, {KEYS_CONTROL('L')}, "Ctrl-L", "draw the screen anew"},
    {REQUEST_SUSPEND, {KEYS_CONTROL('Z')}, "Ctrl-Z", "pause and go to the shell"},
    {REQUEST_HELP, {'?', KEYS_F1}, "?, F1", "show or hide this help"},
    {REQUEST_PRINTED, {'L'}, "L", "what was printed behind the screen"},
    {REQUEST_BACK,
     {KEYS_ESCAPE, KEYS_BACKSPACE, KEYS_CONTROL('H'), 127},
     "Esc, Backspace",
     "close what is open on top, or one step back"},
    {REQUEST_QUIT, {'q', KEYS_F10}, "q, F10", "quit (asks while a run is unfinished)"},
    {REQUEST_INTERRUPT, {KEYS_CONTROL('C')}, "Ctrl-C", "as q; twice in two seconds quits at once"},
    {REQUEST_ABORT, {KEYS_CONTROL('\\')}, "Ctrl-\\", "quit at once by SIGQUIT"},
};

enum { BINDING_COUNT = sizeof BINDINGS / sizeof BINDINGS[0] };

const struct key_binding *keys_binding(size_t index)
{
    return index < BINDING_COUNT ? &BINDINGS[index] : NULL;
}

static bool binding_has(const struct key_binding *binding, uint32_t key)
{
    for (size_t number = 0; number < KEYS_PER_BINDING; number++)
        if (binding->keys[number] == key)
            return true;
    return false;
}

enum request keys_request(uint32_t key)
{
    if (key == KEYS_NONE)
        return REQUEST_NONE;
    for (size_t index = 0; index < BINDING_COUNT; index++)
        if (binding_has(&BINDINGS[index], key))
            return BINDINGS[index].request;
    return REQUEST_NONE;
}

/* The bar's items from left to right: bindings by the first and the last request (between them at
 * most a sign stands in the bar), and the word behind their keys. That of rank 1 is kept longest
 * where there is no room. */
static const struct bar_item {
    int rank;
    const char *label;
    enum request first, last;
    char between;
} BAR[] = {
    {1, "pause", REQUEST_PAUSE, REQUEST_PAUSE, 0},
    {4, "model", REQUEST_SWITCH_MODEL, REQUEST_SWITCH_MODEL, 0},
    {7, "step", REQUEST_STEP, REQUEST_STEP, 0},
    {6, "eval", REQUEST_EVALUATE, REQUEST_EVALUATE, 0},
    {11, "save", REQUEST_SAVE, REQUEST_SAVE, 0},
    {8, "lr", REQUEST_RATE_UP, REQUEST_RATE_DOWN, '/'},
    {14, "restart", REQUEST_RESTART, REQUEST_RESTART, 0},
    {9, "views", REQUEST_VIEW_1, REQUEST_VIEW_6, '-'},
    {10, "epoch", REQUEST_EPOCH_BACK, REQUEST_EPOCH_FORWARD, ' '},
    {5, "panel", REQUEST_NEXT_PANEL, REQUEST_NEXT_PANEL, 0},
    {13, "filter", REQUEST_FILTER, REQUEST_FILTER, 0},
    {12, "command", REQUEST_COMMAND, REQUEST_COMMAND, 0},
    {2, "help", REQUEST_HELP, REQUEST_HELP, 0},
    {3, "quit", REQUEST_QUIT, REQUEST_QUIT, 0},
};

enum { BAR_COUNT = sizeof BAR / sizeof BAR[0] };

static const struct key_binding *binding_of(enum request request)
{
    size_t index = 0;
    while (index + 1 < BINDING_COUNT && BINDINGS[index].request != request)
        index++;
    return &BINDINGS[index];
}

/* The first of a binding's names; returns its length. */
static int first_name(enum request request, const char **name)
{
    *name = request == REQUEST_PAUSE ? "Spc" : binding_of(request)->names;
    return (int)strcspn(*name, ",");
}

/* "m", "+/-" or "1-5". */
static void write_keys(const struct bar_item *item, char keys[BAR_KEYS_SIZE])
{
    const char *first, *last;
    int first_size = first_name(item->first, &first), last_size = first_name(item->last, &last);
    if (item->first == item->last)
        (void)snprintf(keys, BAR_KEYS_SIZE, "%.*s", first_size, first);
    else
        (void)snprintf(keys, BAR_KEYS_SIZE, "%.*s%c%.*s", first_size, first, item->between,
                       last_size, last);
}

static const char *label_of(const struct bar_item *item, enum keys_bar kind)
{
    return kind == KEYS_BAR_REPLAYED && item->first == REQUEST_PAUSE ? "play" : item->label;
}

/* Whether it means something to a run of that kind. */
static bool does_something(const struct bar_item *item, enum keys_bar kind)
{
    switch (item->first) {
    case REQUEST_EVALUATE:
    case REQUEST_SAVE:
    case REQUEST_RATE_UP:
        return kind == KEYS_BAR_STEERED;
    case REQUEST_PAUSE:
    case REQUEST_STEP:
    case REQUEST_RESTART:
        return kind != KEYS_BAR_WATCHED;
    default:
        return true;
    }
}

static bool is_shown(const struct bar_item *item, int rank, enum keys_bar kind)
{
    return item->rank <= rank && does_something(item, kind);
}

/* Columns of the bar with all items up to a rank. */
static int bar_columns(int rank, enum keys_bar kind)
{
    int columns = -BAR_GAP;
    for (size_t index = 0; index < BAR_COUNT; index++) {
        char keys[BAR_KEYS_SIZE];
        write_keys(&BAR[index], keys);
        if (is_shown(&BAR[index], rank, kind))
            columns += BAR_GAP + (int)(strlen(keys) + 1 + strlen(label_of(&BAR[index], kind)));
    }
    return columns;
}

/* A click on an item is its key; of an item with several the one that was clicked. */
static void add_zones(struct canvas *canvas, const struct bar_item *item, struct rect place,
                      const char *keys)
{
    if (item->first == item->last) {
        canvas_add_zone(canvas, place, binding_of(item->first)->keys[0], 0);
        return;
    }
    struct rect key = {place.row, place.column, 1, 1};
    canvas_add_zone(canvas, key, binding_of(item->first)->keys[0], 0);
    key.column += (int)strlen(keys) - 1;
    canvas_add_zone(canvas, key, binding_of(item->last)->keys[0], 0);
}

void keys_draw_bar(struct canvas *canvas, int row, enum keys_bar kind)
{
    const struct style style = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
    struct rect area = {row, 0, 1, canvas_columns(canvas)};
    int rank = 0, column = 0;
    while (rank < BAR_COUNT && bar_columns(rank + 1, kind) <= area.columns)
        rank++;
    for (size_t index = 0; index < BAR_COUNT; index++) {
        char keys[BAR_KEYS_SIZE];
        int left = column;
        if (!is_shown(&BAR[index], rank, kind))
            continue;
        write_keys(&BAR[index], keys);
        column = canvas_text(canvas, area, row, column, style, keys);
        column = canvas_text(canvas, area, row, column + 1, (struct style){0},
                             label_of(&BAR[index], kind));
        add_zones(canvas, &BAR[index], (struct rect){row, left, 1, column - left}, keys);
        column += BAR_GAP;
    }
}
