// SPDX-License-Identifier: MIT
/*
 * A grid of character cells that needs no terminal. Views and widgets draw into a canvas; screen.c
 * copies the cells that changed to the terminal, and tests compare a canvas with text. Main thread
 * only.
 *
 * Colours are named by purpose (enum paint); screen.c maps them to what the terminal has.
 * Everything must read without colour too.
 */
#ifndef FMNIST_TUI_CANVAS_H
#define FMNIST_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

enum { PAINT_GREYS = 26, PAINT_HEATS = 8 };

enum paint {
    PAINT_DEFAULT, /* the terminal's own foreground or background */
    PAINT_TITLE,
    PAINT_RULE,       /* frames, axes */
    PAINT_FAINT,      /* what may be overlooked */
    PAINT_ACCENT,     /* focus, keys */
    PAINT_TRAIN,      /* the training series */
    PAINT_VALIDATION, /* the validation series */
    PAINT_BEST,
    PAINT_GHOST, /* the parked model's curve */
    PAINT_GOOD,
    PAINT_WARNING,
    PAINT_BAD,
    PAINT_HEAT, /* first of PAINT_HEATS, weak to strong: off the diagonal */
    PAINT_GREY = PAINT_HEAT + PAINT_HEATS, /* first of PAINT_GREYS, black to white */
    PAINT_COUNT = PAINT_GREY + PAINT_GREYS,
};

enum { CELL_BOLD = 1, CELL_REVERSE = 2, CELL_UNDERLINE = 4 };

struct style {
    uint8_t foreground; /* enum paint */
    uint8_t background; /* enum paint */
    uint8_t attributes; /* CELL_... */
};

struct cell {
    uint32_t character; /* Unicode; 0: the second half of a wide character */
    struct style style;
};

/* A rectangle of cells; rows and columns count from 0, at the top left. */
struct rect {
    int row, column, rows, columns;
};

/* A place that means something to the mouse: a click there counts as that key (keys.h), which may
 * be about the thing of that number. */
struct zone {
    struct rect area;
    uint32_t key;
    size_t number;
};

struct canvas;

/* An empty canvas of default spaces, or NULL with `err` set. Sizes 1 to 1000. */
struct canvas *canvas_create(int rows, int columns, struct error *err);
void canvas_destroy(struct canvas *canvas);
int canvas_rows(const struct canvas *canvas);
int canvas_columns(const struct canvas *canvas);

/* Fills everything with default spaces, and forgets all zones. */
void canvas_clear(struct canvas *canvas);

/* The cell at a place within the canvas. */
const struct cell *canvas_at(const struct canvas *canvas, int row, int column);

/* Puts one character; what lies outside `clip` (and the canvas) is left out. Control characters
 * become '?'. */
void canvas_put(struct canvas *canvas, struct rect clip, int row, int column, uint32_t character,
                struct style style);

/* Writes UTF-8 text from (row, column), cut at the right edge of `clip`; invalid bytes become '?'.
 * Returns the column after the last character. */
int canvas_text(struct canvas *canvas, struct rect clip, int row, int column, struct style style,
                const char *text);

/* The same, printf-like, up to 255 bytes. */
int canvas_print(struct canvas *canvas, struct rect clip, int row, int column, struct style style,
                 const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Writes UTF-8 text from `row` on, wrapped at spaces at the area's columns (one a byte); returns
 * the number of lines. `canvas` NULL: only counts them. */
int canvas_wrap(struct canvas *canvas, struct rect area, int row, struct style style,
                const char *text);

/* The whole canvas as UTF-8 lines without trailing spaces, for tests; the caller frees it. NULL
 * when memory is short. */
char *canvas_to_text(const struct canvas *canvas);

/* Adds a zone; one more than 512 is left out. */
void canvas_add_zone(struct canvas *canvas, struct rect area, uint32_t key, size_t number);

/* Takes all zones away, since something is laid over them. */
void canvas_clear_zones(struct canvas *canvas);

/* The zone at a place; NULL where there is none. */
const struct zone *canvas_zone_at(const struct canvas *canvas, int row, int column);

/* How many columns UTF-8 text takes. */
int text_columns(const char *text);

enum { TEXT_CHARACTER_BYTES = 4 };

/* Writes a character as UTF-8, TEXT_CHARACTER_BYTES at most; returns the place after it. */
char *text_encode(char *end, uint32_t character);

#endif
