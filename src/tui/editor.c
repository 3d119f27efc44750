// SPDX-License-Identifier: MIT
#include "tui/editor.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tui/keys.h"

void editor_set(struct editor *editor, const char *text)
{
    (void)snprintf(editor->text, sizeof editor->text, "%s", text);
    editor->cursor = strlen(editor->text);
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The start of the character before, and after, a place in the text. */
static size_t before(const struct editor *editor, size_t place)
{
    while (place > 0 && is_continuation(editor->text[--place]))
        continue;
    return place;
}

static size_t after(const struct editor *editor, size_t place)
{
    if (!editor->text[place])
        return place;
    while (is_continuation(editor->text[++place]))
        continue;
    return place;
}

/* Takes the text between two places out; the cursor goes there. */
static void cut(struct editor *editor, size_t first, size_t end)
{
    memmove(editor->text + first, editor->text + end, strlen(editor->text + end) + 1);
    editor->cursor = first;
}

/* The start of the word before the cursor. */
static size_t word_start(const struct editor *editor)
{
    size_t place = editor->cursor;
    while (place > 0 && editor->text[place - 1] == ' ')
        place--;
    while (place > 0 && editor->text[place - 1] != ' ')
        place--;
    return place;
}

static void insert(struct editor *editor, uint32_t character)
{
    char bytes[TEXT_CHARACTER_BYTES];
    size_t size = (size_t)(text_encode(bytes, character) - bytes), used = strlen(editor->text);
    if (used + size >= sizeof editor->text)
        return;
    char *place = editor->text + editor->cursor;
    memmove(place + size, place, used - editor->cursor + 1);
    memcpy(place, bytes, size);
    editor->cursor += size;
}

/* Shows the line that lies `back` lines back. */
static void recall(struct editor *editor, const struct editor_lines *lines, size_t back)
{
    char typed[EDITOR_SIZE];
    if (back > lines->count)
        return;
    if (editor->back == 0)
        memcpy(editor->typed, editor->text, sizeof editor->typed);
    memcpy(typed, editor->typed, sizeof typed);
    editor_set(editor, back == 0 ? typed : lines->lines[lines->count - back]);
    editor->back = back;
}

/* Keys that move the cursor; false for others. */
static bool move(struct editor *editor, uint32_t key)
{
    switch (key) {
    case KEYS_LEFT:
    case KEYS_CONTROL('B'):
        editor->cursor = before(editor, editor->cursor);
        return true;
    case KEYS_RIGHT:
    case KEYS_CONTROL('F'):
        editor->cursor = after(editor, editor->cursor);
        return true;
    case KEYS_HOME:
    case KEYS_CONTROL('A'):
        editor->cursor = 0;
        return true;
    case KEYS_END:
    case KEYS_CONTROL('E'):
        editor->cursor = strlen(editor->text);
        return true;
    default:
        return false;
    }
}

/* Keys that take text out; false for others. */
static bool erase(struct editor *editor, uint32_t key)
{
    size_t cursor = editor->cursor;
    switch (key) {
    case KEYS_BACKSPACE:
    case KEYS_CONTROL('H'):
    case 127:
        cut(editor, before(editor, cursor), cursor);
        return true;
    case KEYS_CONTROL('D'):
        cut(editor, cursor, after(editor, cursor));
        return true;
    case KEYS_CONTROL('K'):
        editor->text[cursor] = '\0';
        return true;
    case KEYS_CONTROL('U'):
        cut(editor, 0, cursor);
        return true;
    case KEYS_CONTROL('W'):
        cut(editor, word_start(editor), cursor);
        return true;
    default:
        return false;
    }
}

static bool is_backspace(uint32_t key)
{
    return key == KEYS_BACKSPACE || key == KEYS_CONTROL('H') || key == 127;
}

enum editor_event editor_press(struct editor *editor, const struct editor_lines *lines,
                               uint32_t key)
{
    if (key == KEYS_ENTER)
        return EDITOR_ACCEPTED;
    if (key == KEYS_ESCAPE || (is_backspace(key) && !editor->text[0]))
        return EDITOR_LEFT;
    if (key == '\t')
        return EDITOR_COMPLETE;
    if (key == KEYS_UP || key == KEYS_CONTROL('P'))
        recall(editor, lines, editor->back + 1);
    else if ((key == KEYS_DOWN || key == KEYS_CONTROL('N')) && editor->back > 0)
        recall(editor, lines, editor->back - 1);
    else if (!move(editor, key) && !erase(editor, key) && key >= ' ' && key < KEYS_UP)
        insert(editor, key);
    return EDITOR_GOES_ON;
}

void editor_remember(struct editor_lines *lines, const char *text)
{
    if (!text[0] || (lines->count > 0 && strcmp(lines->lines[lines->count - 1], text) == 0))
        return;
    if (lines->count == EDITOR_LINES_MAX)
        memmove(lines->lines[0], lines->lines[1], (--lines->count) * sizeof lines->lines[0]);
    (void)snprintf(lines->lines[lines->count++], EDITOR_SIZE, "%s", text);
}

/* Columns of the part of the text before a place. */
static int columns_before(const struct editor *editor, size_t place)
{
    char part[EDITOR_SIZE];
    memcpy(part, editor->text, place);
    part[place] = '\0';
    return text_columns(part);
}

int editor_draw(const struct editor *editor, struct canvas *canvas, struct rect area)
{
    size_t first = 0;
    while (first < editor->cursor &&
           columns_before(editor, editor->cursor) - columns_before(editor, first) >= area.columns)
        first = after(editor, first);
    int end =
        canvas_text(canvas, area, area.row, area.column, (struct style){0}, editor->text + first);
    int cursor =
        area.column + columns_before(editor, editor->cursor) - columns_before(editor, first);
    const struct style reverse = {.attributes = CELL_REVERSE};
    char under[TEXT_CHARACTER_BYTES + 1] = " ";
    size_t size = after(editor, editor->cursor) - editor->cursor;
    if (size > 0 && size < sizeof under) {
        memcpy(under, editor->text + editor->cursor, size);
        under[size] = '\0';
    }
    (void)canvas_text(canvas, area, area.row, cursor, reverse, under);
    return cursor >= end ? cursor + 1 : end;
}
