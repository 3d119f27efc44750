// SPDX-License-Identifier: MIT
/* Images in cells where there are no greys: braille dots, and ASCII in reverse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tui/picture.h"

enum { COLUMNS = 14, ROWS = COLUMNS / 2, BRAILLE = 0x2800, INKS = 24 };

static const struct look BRAILLE_LOOK = {.glyphs = GLYPHS_UTF8};
static const struct look REVERSE_LOOK = {.glyphs = GLYPHS_ASCII, .reverse = true};

static struct canvas *draw(const uint8_t *pixels, const struct look *look)
{
    struct canvas *canvas = canvas_create(ROWS, COLUMNS, NULL);
    assert_non_null(canvas);
    picture_draw(canvas, (struct rect){0, 0, ROWS, COLUMNS}, 0, 0, COLUMNS, pixels, look);
    return canvas;
}

/* How many dots a cell has; none where it is empty. */
static int count_dots(const struct cell *cell)
{
    if (cell->character == ' ')
        return 0;
    assert_in_range(cell->character, BRAILLE + 1, BRAILLE + 255);
    return __builtin_popcount(cell->character - BRAILLE);
}

static int all_dots(const struct canvas *canvas)
{
    int dots = 0;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            dots += count_dots(canvas_at(canvas, row, column));
    return dots;
}

static void an_area_has_as_many_dots_as_it_is_bright(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS];
    for (int grey = 0; grey <= 255; grey += 15) {
        memset(pixels, grey, sizeof pixels);
        struct canvas *canvas = draw(pixels, &BRAILLE_LOOK);
        int dots = all_dots(canvas), expected = DATASET_PIXELS * grey / 255;
        assert_in_range(dots + DATASET_WIDTH, expected, expected + 2 * DATASET_WIDTH);
        canvas_destroy(canvas);
    }
}

static void each_pixel_of_a_black_and_white_image_is_a_dot(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS] = {0};
    const struct look inverted = {.glyphs = GLYPHS_UTF8, .inverted = true};
    pixels[0] = pixels[3 * DATASET_WIDTH + 1] = pixels[DATASET_PIXELS - 1] = 255;
    struct canvas *canvas = draw(pixels, &BRAILLE_LOOK);
    assert_int_equal(canvas_at(canvas, 0, 0)->character, BRAILLE + 0x01 + 0x80);
    assert_int_equal(canvas_at(canvas, ROWS - 1, COLUMNS - 1)->character, BRAILLE + 0x80);
    assert_int_equal(all_dots(canvas), 3);
    canvas_destroy(canvas);
    canvas = draw(pixels, &inverted);
    assert_int_equal(all_dots(canvas), DATASET_PIXELS - 3);
    canvas_destroy(canvas);
}

static void a_place_outside_the_clip_is_left_alone(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS];
    memset(pixels, 255, sizeof pixels);
    struct canvas *canvas = canvas_create(ROWS, COLUMNS, NULL);
    assert_non_null(canvas);
    picture_draw(canvas, (struct rect){0, 0, 2, 3}, 1, 1, COLUMNS, pixels, &BRAILLE_LOOK);
    assert_int_equal(all_dots(canvas), 2 * 8);
    picture_draw(canvas, (struct rect){0, 0, 2, 3}, 5, 5, COLUMNS, pixels, &BRAILLE_LOOK);
    assert_int_equal(all_dots(canvas), 2 * 8);
    canvas_destroy(canvas);
}

static void reverse_video_doubles_the_inks(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS];
    char inks[2 * INKS] = "";
    size_t count = 0, reversed = 0;
    struct cell before = {0};
    for (int grey = 0; grey <= 255; grey++) {
        memset(pixels, grey, sizeof pixels);
        struct canvas *canvas = draw(pixels, &REVERSE_LOOK);
        const struct cell *cell = canvas_at(canvas, 3, 3);
        if (grey == 0 || cell->character != before.character ||
            cell->style.attributes != before.style.attributes) {
            assert_true(count + 1 < sizeof inks);
            inks[count++] = (char)cell->character;
            reversed += cell->style.attributes == CELL_REVERSE;
        }
        before = *cell;
        canvas_destroy(canvas);
    }
    /* In the middle the densest characters and the densest in reverse alternate. */
    assert_string_equal(inks, " .:;-+=o@%0##0%@o=+-;:. ");
    assert_int_equal(reversed, INKS / 2);
    assert_int_equal(before.style.attributes, CELL_REVERSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_has_as_many_dots_as_it_is_bright),
        cmocka_unit_test(each_pixel_of_a_black_and_white_image_is_a_dot),
        cmocka_unit_test(a_place_outside_the_clip_is_left_alone),
        cmocka_unit_test(reverse_video_doubles_the_inks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
