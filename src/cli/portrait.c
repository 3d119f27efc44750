// SPDX-License-Identifier: MIT
#include "cli/portrait.h"

#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/print.h"

enum {
    PICTURE_COLUMNS = DATASET_WIDTH,
    PICTURE_ROWS = PICTURE_COLUMNS / 2,
    COLUMNS_MAX = 80,
    GAP = 2,
    NAME_COLUMNS = 16,
    PERCENT_COLUMNS = 8,
    BAR_MIN = 5,
    FIRST_ROW = 5, /* of the classes */
};

void portrait_sort(const float *probabilities, size_t order[DATASET_CLASSES])
{
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        size_t place = label;
        for (; place > 0 && probabilities[order[place - 1]] < probabilities[label]; place--)
            order[place] = order[place - 1];
        order[place] = label;
    }
}

/* Name, bar and percent of a class. */
static void draw_class(const struct portrait *portrait, size_t label, struct canvas *canvas,
                       struct rect line, const struct look *look)
{
    struct rect name = {line.row, line.column, 1, NAME_COLUMNS - 1};
    int room = line.columns - NAME_COLUMNS - PERCENT_COLUMNS;
    int bar = room < BAR_MIN ? BAR_MIN : room;
    double probability = (double)portrait->probabilities[label];
    enum paint paint = portrait->truth == DATASET_CLASSES ? PAINT_VALIDATION
                       : portrait->truth == label         ? PAINT_GOOD
                                                          : PAINT_BAD;
    canvas_text(canvas, name, line.row, line.column, (struct style){0}, portrait->names[label]);
    for (int x = 0; x < (int)(probability * bar + 0.5); x++)
        canvas_put(canvas, line, line.row, line.column + NAME_COLUMNS + x,
                   look->glyphs == GLYPHS_UTF8 ? 0x2588 : '#',
                   (struct style){.foreground = (uint8_t)paint});
    canvas_print(canvas, line, line.row, line.column + NAME_COLUMNS + bar, (struct style){0},
                 "%6.2f %%", 100 * probability);
}

bool portrait_write(FILE *out, const struct portrait *portrait, int columns,
                    const struct look *look, struct error *err)
{
    size_t order[DATASET_CLASSES];
    int width = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
    int least = GAP + PICTURE_COLUMNS + GAP + NAME_COLUMNS + BAR_MIN + PERCENT_COLUMNS;
    width = width < least ? least : width;
    struct canvas *canvas = canvas_create(PICTURE_ROWS, width, err);
    if (!canvas)
        return false;
    const struct rect all = {0, 0, PICTURE_ROWS, width};
    int column = GAP + PICTURE_COLUMNS + GAP;
    picture_draw(canvas, all, 0, GAP, PICTURE_COLUMNS, portrait->pixels, look);
    portrait_sort(portrait->probabilities, order);
    for (int place = 0; place < PORTRAIT_CLASSES; place++)
        draw_class(portrait, order[place], canvas,
                   (struct rect){FIRST_ROW + place, column, 1, width - column}, look);
    for (const char *byte = portrait->title; *byte; byte++)
        (void)fputc((unsigned char)*byte < ' ' || *byte == 0x7F ? '?' : *byte, out);
    (void)fputc('\n', out);
    print_canvas(out, canvas, look);
    canvas_destroy(canvas);
    return true;
}
