// SPDX-License-Identifier: MIT
#include "tui/keys.h"

#include <stdbool.h>
#include <string.h>

enum { BAR_GAP = 2 }; /* columns between two items of the bar */

static const struct key_binding BINDINGS[] = {
    {REQUEST_PAUSE, {' ', 'p'}, "Space, p", "pause the training, or go on", 1, "Spc", "pause"},
    {REQUEST_SWITCH_MODEL,
     {'m'},
     "m",
     "train the other model; this one is parked",
     4,
     "m",
     "model"},
    {REQUEST_STEP, {'.'}, ".", "train one batch, then pause", 7, ".", "step"},
    {REQUEST_EVALUATE, {'e'}, "e", "evaluate on the validation images now", 6, "e", "eval"},
    {REQUEST_RATE_UP, {'+', '='}, "+", "learning rate up by half", 8, "+/-", "lr"},
    {REQUEST_RATE_DOWN, {'-', '_'}, "-", "learning rate down by a third", 0, NULL, NULL},
    {REQUEST_RESTART, {'R'}, "R", "start this model from new weights (asks)", 9, "R", "restart"},
    {REQUEST_NEXT_PANEL, {'\t'}, "Tab", "next panel", 5, "Tab", "panel"},
    {REQUEST_PREVIOUS_PANEL, {KEYS_BACK_TAB}, "Shift-Tab", "previous panel", 0, NULL, NULL},
    {REQUEST_LEFT, {KEYS_LEFT, 'h'}, "Left, h", "mistakes: one back", 0, NULL, NULL},
    {REQUEST_RIGHT, {KEYS_RIGHT, 'l'}, "Right, l", "mistakes: one on", 0, NULL, NULL},
    {REQUEST_UP, {KEYS_UP, 'k'}, "Up, k", "mistakes: a row up", 0, NULL, NULL},
    {REQUEST_DOWN, {KEYS_DOWN, 'j'}, "Down, j", "mistakes: a row down", 0, NULL, NULL},
    {REQUEST_PAGE_UP, {KEYS_PAGE_UP}, "PgUp", "mistakes: a page up", 0, NULL, NULL},
    {REQUEST_PAGE_DOWN, {KEYS_PAGE_DOWN}, "PgDn", "mistakes: a page down", 0, NULL, NULL},
    {REQUEST_FIRST, {KEYS_HOME, 'g'}, "Home, g", "mistakes: the first, the surest", 0, NULL, NULL},
    {REQUEST_LAST, {KEYS_END, 'G'}, "End, G", "mistakes: the last", 0, NULL, NULL},
    {REQUEST_GLYPHS, {'~'}, "~", "other characters: ASCII or Unicode", 0, NULL, NULL},
    {REQUEST_REDRAW, {KEYS_CONTROL('L')}, "Ctrl-L", "draw the screen anew", 0, NULL, NULL},
    {REQUEST_SUSPEND, {KEYS_CONTROL('Z')}, "Ctrl-Z", "pause and go to the shell", 0, NULL, NULL},
    {REQUEST_HELP, {'?', KEYS_F1}, "?, F1", "show or hide this help", 2, "?", "help"},
    {REQUEST_BACK,
     {KEYS_ESCAPE, KEYS_BACKSPACE, KEYS_CONTROL('H'), 127},
     "Esc, Backspace",
     "close what is open on top",
     0,
     NULL,
     NULL},
    {REQUEST_QUIT,
     {'q', KEYS_F10},
     "q, F10",
     "quit (asks while a run is unfinished)",
     3,
     "q",
     "quit"},
    {REQUEST_INTERRUPT,
     {KEYS_CONTROL('C')},
     "Ctrl-C",
     "as q; twice in two seconds quits at once",
     0,
     NULL,
     NULL},
    {REQUEST_ABORT, {KEYS_CONTROL('\\')}, "Ctrl-\\", "quit at once by SIGQUIT", 0, NULL, NULL},
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

/* Columns of the bar with all items up to a rank. */
static int bar_columns(int rank)
{
    int columns = -BAR_GAP;
    for (size_t index = 0; index < BINDING_COUNT; index++) {
        const struct key_binding *binding = &BINDINGS[index];
        if (binding->rank > 0 && binding->rank <= rank)
            columns += BAR_GAP + (int)(strlen(binding->bar_key) + 1 + strlen(binding->bar_label));
    }
    return columns;
}

void keys_draw_bar(struct canvas *canvas, int row)
{
    struct rect area = {row, 0, 1, canvas_columns(canvas)};
    int rank = 0;
    while (rank < BINDING_COUNT && bar_columns(rank + 1) <= area.columns)
        rank++;
    int column = 0;
    for (size_t index = 0; index < BINDING_COUNT; index++) {
        const struct key_binding *binding = &BINDINGS[index];
        if (binding->rank == 0 || binding->rank > rank)
            continue;
        struct style key = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
        column = canvas_text(canvas, area, row, column, key, binding->bar_key);
        column = canvas_text(canvas, area, row, column + 1, (struct style){0}, binding->bar_label);
        column += BAR_GAP;
    }
}
