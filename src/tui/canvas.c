// SPDX-License-Identifier: MIT
#include "tui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"

enum { CANVAS_SIDE_MAX = 1000, UTF8_BYTES_MAX = TEXT_CHARACTER_BYTES, ZONES_MAX = 512 };

struct canvas {
    int rows, columns;
    struct cell *cells; /* rows x columns */
    size_t zone_count;
    struct zone zones[ZONES_MAX];
};

struct canvas *canvas_create(int rows, int columns, struct error *err)
{
    if (rows < 1 || columns < 1 || rows > CANVAS_SIDE_MAX || columns > CANVAS_SIDE_MAX) {
        error_set(err, ERROR_USAGE, "a canvas of %d rows and %d columns is not possible", rows,
                  columns);
        return NULL;
    }
    struct canvas *canvas = memory_array(1, sizeof *canvas, err);
    if (!canvas)
        return NULL;
    canvas->rows = rows;
    canvas->columns = columns;
    canvas->cells = memory_array((size_t)rows * (size_t)columns, sizeof *canvas->cells, err);
    if (!canvas->cells) {
        free(canvas);
        return NULL;
    }
    canvas_clear(canvas);
    return canvas;
}

void canvas_destroy(struct canvas *canvas)
{
    if (!canvas)
        return;
    free(canvas->cells);
    free(canvas);
}

int canvas_rows(const struct canvas *canvas)
{
    return canvas->rows;
}

int canvas_columns(const struct canvas *canvas)
{
    return canvas->columns;
}

void canvas_clear(struct canvas *canvas)
{
    for (int index = 0; index < canvas->rows * canvas->columns; index++)
        canvas->cells[index] = (struct cell){.character = ' '};
    canvas_clear_zones(canvas);
}

static struct cell *cell_at(const struct canvas *canvas, int row, int column)
{
    return &canvas->cells[row * canvas->columns + column];
}

const struct cell *canvas_at(const struct canvas *canvas, int row, int column)
{
    return cell_at(canvas, row, column);
}

static bool rect_has(struct rect rect, int row, int column)
{
    return row >= rect.row && row < rect.row + rect.rows && column >= rect.column &&
           column < rect.column + rect.columns;
}

static bool is_control(uint32_t character)
{
    return character < ' ' || (character >= 0x7F && character < 0xA0);
}

/* Columns of a character: 0 for one that joins the last, 2 for a wide one. What the C library's
 * locale does not know counts as 1. Most are ASCII, and quicker told. */
static int character_columns(uint32_t character)
{
    if (character < 0x80)
        return 1;
    int columns = wcwidth((wchar_t)character);
    return columns < 0 ? 1 : columns;
}

/* Replaces the other half of a wide character, when one half is about to be overwritten. */
static void split_wide(struct canvas *canvas, int row, int column)
{
    const struct cell *cell = cell_at(canvas, row, column);
    if (cell->character == 0 && column > 0)
        cell_at(canvas, row, column - 1)->character = ' ';
    if (column + 1 < canvas->columns && cell_at(canvas, row, column + 1)->character == 0)
        cell_at(canvas, row, column + 1)->character = ' ';
}

void canvas_put(struct canvas *canvas, struct rect clip, int row, int column, uint32_t character,
                struct style style)
{
    const struct rect whole = {0, 0, canvas->rows, canvas->columns};
    if (is_control(character))
        character = '?';
    int columns = character_columns(character);
    if (columns == 0 || !rect_has(clip, row, column) || !rect_has(whole, row, column))
        return;
    if (columns == 2 && (!rect_has(clip, row, column + 1) || !rect_has(whole, row, column + 1))) {
        columns = 1;
        character = '?';
    }
    split_wide(canvas, row, column);
    *cell_at(canvas, row, column) = (struct cell){character, style};
    if (columns == 2) {
        split_wide(canvas, row, column + 1);
        cell_at(canvas, row, column)->character = character;
        *cell_at(canvas, row, column + 1) = (struct cell){0, style};
    }
}

/* How many bytes a UTF-8 sequence takes that begins with `lead`; 0: none does. */
static int sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/* Takes one character from *text, which is moved past it. An invalid byte gives '?'. */
static uint32_t next_character(const char **text)
{
    static const uint32_t smallest[UTF8_BYTES_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)*text;
    int length = sequence_length(bytes[0]);
    uint32_t character = length <= 1 ? bytes[0] : bytes[0] & (0x7FU >> length);
    for (int index = 1; index < length; index++) {
        if ((bytes[index] & 0xC0) != 0x80)
            length = 0;
        else
            character = character << 6 | (bytes[index] & 0x3F);
    }
    bool surrogate = character >= 0xD800 && character < 0xE000;
    if (length == 0 || character < smallest[length] || surrogate || character > 0x10FFFF) {
        (*text)++;
        return '?';
    }
    *text += length;
    return character;
}

int canvas_text(struct canvas *canvas, struct rect clip, int row, int column, struct style style,
                const char *text)
{
    while (*text) {
        uint32_t character = next_character(&text);
        int columns = is_control(character) ? 1 : character_columns(character);
        canvas_put(canvas, clip, row, column, character, style);
        column += columns;
    }
    return column;
}

int canvas_print(struct canvas *canvas, struct rect clip, int row, int column, struct style style,
                 const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return canvas_text(canvas, clip, row, column, style, text);
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

int canvas_wrap(struct canvas *canvas, struct rect area, int row, struct style style,
                const char *text)
{
    int lines = 0;
    while (*text) {
        size_t length = line_length(text, area.columns > 0 ? (size_t)area.columns : 1);
        if (canvas)
            (void)canvas_print(canvas, area, row + lines, area.column, style, "%.*s", (int)length,
                               text);
        text += length;
        text += strspn(text, " ");
        lines++;
    }
    return lines;
}

void canvas_add_zone(struct canvas *canvas, struct rect area, uint32_t key, size_t number)
{
    if (canvas->zone_count < ZONES_MAX)
        canvas->zones[canvas->zone_count++] = (struct zone){area, key, number};
}

void canvas_clear_zones(struct canvas *canvas)
{
    canvas->zone_count = 0;
}

const struct zone *canvas_zone_at(const struct canvas *canvas, int row, int column)
{
    for (size_t index = canvas->zone_count; index-- > 0;)
        if (rect_has(canvas->zones[index].area, row, column))
            return &canvas->zones[index];
    return NULL;
}

int text_columns(const char *text)
{
    int columns = 0;
    while (*text) {
        uint32_t character = next_character(&text);
        columns += is_control(character) ? 1 : character_columns(character);
    }
    return columns;
}

char *text_encode(char *end, uint32_t character)
{
    if (character < 0x80) {
        *end++ = (char)character;
        return end;
    }
    int length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    *end++ = (char)(unsigned char)((0xF00U >> length) | character >> (6 * (length - 1)));
    for (int index = length - 2; index >= 0; index--)
        *end++ = (char)(unsigned char)(0x80 | (character >> (6 * index) & 0x3F));
    return end;
}

char *canvas_to_text(const struct canvas *canvas)
{
    size_t row_size = (size_t)canvas->columns * UTF8_BYTES_MAX + 1;
    char *text = malloc((size_t)canvas->rows * row_size + 1), *end = text;
    if (!text)
        return NULL;
    for (int row = 0; row < canvas->rows; row++) {
        char *start = end;
        for (int column = 0; column < canvas->columns; column++)
            if (cell_at(canvas, row, column)->character != 0)
                end = text_encode(end, cell_at(canvas, row, column)->character);
        while (end > start && end[-1] == ' ')
            end--;
        *end++ = '\n';
    }
    *end = '\0';
    return text;
}
