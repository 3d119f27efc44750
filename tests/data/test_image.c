// SPDX-License-Identifier: MIT
/* Reading image files, good and bad ones, and bringing them to 28x28 pixels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <png.h>
#include <unistd.h>

#include "files.h"
#include "fmnist/data/image.h"

enum { PIECE_SIZE = 1 << 16 };

/* A file in memory. */
struct piece {
    uint8_t bytes[PIECE_SIZE];
    size_t size;
};

static void set_text(struct piece *piece, const char *text)
{
    piece->size = strlen(text);
    memcpy(piece->bytes, text, piece->size);
}

/* A PNG file of values in one of libpng's formats. */
static void set_png(struct piece *piece, uint32_t width, uint32_t height, uint32_t format,
                    const void *values)
{
    png_image png = {.version = PNG_IMAGE_VERSION, width, height, format, 0, 0};
    png_alloc_size_t size = sizeof piece->bytes;
    /* 0 rows between: tight; 0: 16-bit values stay linear, so none are given here */
    assert_true(png_image_write_to_memory(&png, piece->bytes, &size, 0, values, 0, NULL));
    piece->size = size;
}

static void grow(png_structp png, png_bytep bytes, size_t size)
{
    struct piece *piece = png_get_io_ptr(png);
    assert_true(piece->size + size <= sizeof piece->bytes);
    memcpy(piece->bytes + piece->size, bytes, size);
    piece->size += size;
}

static void flush(png_structp png)
{
    (void)png;
}

/* A grey PNG file of any depth, interlaced or not, from rows as they are in the file. */
static void set_grey_png(struct piece *piece, uint32_t width, uint32_t height, int depth,
                         int interlace, const uint8_t *values)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    size_t row_size = ((size_t)width * (size_t)depth + 7) / 8;
    piece->size = 0;
    png_set_write_fn(png, piece, grow, flush);
    png_set_IHDR(png, info, width, height, depth, PNG_COLOR_TYPE_GRAY, interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t row = 0; row < height; row++)
            png_write_row(png, values + row * row_size);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

static struct image read_piece(const struct piece *piece, uint8_t background)
{
    struct image image;
    struct error err = {0};
    /* a copy of the very size, so that the sanitizer sees each byte too many */
    uint8_t *copy = malloc(piece->size ? piece->size : 1);
    assert_non_null(copy);
    memcpy(copy, piece->bytes, piece->size);
    if (!image_parse(copy, piece->size, "a file", background, &image, &err))
        fail_msg("%s", err.message);
    free(copy);
    return image;
}

static void expect_pixels(const struct piece *piece, uint8_t background, size_t height,
                          size_t width, const uint8_t *pixels)
{
    struct image image = read_piece(piece, background);
    assert_int_equal(image.height, height);
    assert_int_equal(image.width, width);
    assert_memory_equal(image.pixels, pixels, height * width);
    image_free(&image);
}

static void expect_error(const struct piece *piece, const char *message)
{
    struct image image;
    struct error err = {0};
    assert_false(image_parse(piece->bytes, piece->size, "a file", 0, &image, &err));
    assert_null(image.pixels);
    if (!strstr(err.message, message))
        fail_msg("'%s' lacks '%s'", err.message, message);
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_ptr_equal(strstr(err.message, "a file: "), err.message);
}

/* Every value from 0 to 255, in 16 rows of 16. */
static void fill(uint8_t pixels[256])
{
    for (int pixel = 0; pixel < 256; pixel++)
        pixels[pixel] = (uint8_t)pixel;
}

static void a_grey_png_keeps_every_value(void **state)
{
    (void)state;
    struct piece piece;
    uint8_t pixels[256];
    fill(pixels);
    set_png(&piece, 16, 16, PNG_FORMAT_GRAY, pixels);
    expect_pixels(&piece, 0, 16, 16, pixels);
    set_grey_png(&piece, 16, 16, 8, PNG_INTERLACE_ADAM7, pixels);
    expect_pixels(&piece, 0, 16, 16, pixels);
}

static void equal_red_green_and_blue_are_that_grey(void **state)
{
    (void)state;
    struct piece piece;
    uint8_t pixels[256], colors[256 * 3];
    fill(pixels);
    for (int byte = 0; byte < 256 * 3; byte++)
        colors[byte] = (uint8_t)(byte / 3);
    set_png(&piece, 16, 16, PNG_FORMAT_RGB, colors);
    expect_pixels(&piece, 0, 16, 16, pixels);
}

static void pixels_of_1_and_of_16_bits_become_8(void **state)
{
    (void)state;
    struct piece piece;
    const uint8_t bits[] = {0xA5, 0x0F}, wide[] = {0, 0, 0x80, 0x80, 0xFF, 0xFF};
    const uint8_t black_and_white[] = {255, 0, 255, 0, 0,   255, 0,   255,
                                       0,   0, 0,   0, 255, 255, 255, 255};
    const uint8_t three[] = {0, 128, 255};
    set_grey_png(&piece, 8, 2, 1, PNG_INTERLACE_NONE, bits);
    expect_pixels(&piece, 0, 2, 8, black_and_white);
    set_grey_png(&piece, 3, 1, 16, PNG_INTERLACE_NONE, wide);
    expect_pixels(&piece, 0, 1, 3, three);
}

static void transparency_shows_the_background(void **state)
{
    (void)state;
    struct piece piece;
    const uint8_t values[] = {10, 0, 20, 255, 200, 0, 255, 255};
    const uint8_t on_black[] = {0, 20, 0, 255}, on_white[] = {255, 20, 255, 255};
    set_png(&piece, 4, 1, PNG_FORMAT_GA, values);
    expect_pixels(&piece, 0, 1, 4, on_black);
    expect_pixels(&piece, 255, 1, 4, on_white);
}

static void pgm_files_are_read_in_all_their_forms(void **state)
{
    (void)state;
    struct piece piece;
    const uint8_t six[] = {0, 51, 102, 153, 204, 255};
    set_text(&piece, "P2 3 2 5\n0 1 2\n3 4 5\n");
    expect_pixels(&piece, 0, 2, 3, six);
    set_text(&piece, "P2# of\n#two\n3#wide\r2 # high\n 5#\n0 1 2#\n3 4 5");
    expect_pixels(&piece, 0, 2, 3, six);
    set_text(&piece, "P5\n# a comment\n2 3\n255\n\1\063\146\231\314\377");
    piece.bytes[piece.size - 6] = 0;
    expect_pixels(&piece, 0, 3, 2, six);
    set_text(&piece, "P5 1 2 65535 1234");
    memcpy(piece.bytes + piece.size - 4, "\x33\x33\xFF\xFF", 4);
    const uint8_t two[] = {51, 255};
    expect_pixels(&piece, 0, 2, 1, two);
    set_text(&piece, "P5 1 1 300 12");
    memcpy(piece.bytes + piece.size - 2, "\x01\x2C", 2);
    expect_pixels(&piece, 0, 1, 1, two + 1);
}

static void a_damaged_pgm_file_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"P5", "no space after"},
        {"P52 2 255 1234", "no space after"},
        {"P5 ", "ends too early"},
        {"P5 2 2", "ends too early"},
        {"P5 2 2 # 255 1234", "ends too early"},
        {"P5 2 x 255\n1234", "a number is missing"},
        {"P5 -2 2 255\n1234", "a number is missing"},
        {"P5 2 2 255", "no space after the header"},
        {"P5 2 2 255;1234", "no space after the header"},
        {"P5 2 2 255\n123", "ends too early"},
        {"P5 2 2 256\n1234567", "ends too early"},
        {"P5 2 2 255\n12345", "something follows"},
        {"P5 2 2 100\n123\377", "a number is too large"},
        {"P5 2 2 0\n1234", "greatest value is 0"},
        {"P5 2 2 65536\n1234", "a number is too large"},
        {"P5 99999999999999999999 1 255\n1", "a number is too large"},
        {"P5 4294967295 4294967295 255\n1", "4294967295x4294967295 pixels; 1x1 to 8192x8192"},
        {"P5 0 2 255\n", "0x2 pixels"},
        {"P5 2 8193 255\n", "2x8193 pixels"},
        {"P2 2 2 255 1 2 3", "ends too early"},
        {"P2 2 2 255 1 2 3 256", "a number is too large"},
        {"P2 2 2 255 1 2 3 4 5", "something follows"},
        {"P2 2 2 255 1 2 3 a", "a number is missing"},
    };
    struct piece piece;
    for (size_t number = 0; number < sizeof cases / sizeof *cases; number++) {
        set_text(&piece, cases[number].text);
        expect_error(&piece, cases[number].message);
    }
}

static void other_formats_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "P1 1 1 0", "P6 1 1 255 123", "\xFF\xD8\xFF\xE0JFIF", "GIF89a", "P", "\x89PNG\r\n\x1A"};
    struct piece piece;
    for (size_t number = 0; number < sizeof texts / sizeof *texts; number++) {
        set_text(&piece, texts[number]);
        expect_error(&piece, "neither PNG nor PGM");
    }
    set_text(&piece, "");
    expect_error(&piece, "empty file");
}

static void a_png_file_cut_short_is_refused(void **state)
{
    (void)state;
    struct piece piece;
    uint8_t pixels[256];
    fill(pixels);
    set_png(&piece, 16, 16, PNG_FORMAT_GRAY, pixels);
    size_t whole = piece.size;
    for (piece.size = 8; piece.size < whole - 16; piece.size++)
        expect_error(&piece, "damaged PNG file");
}

/* The header's chunk with a new width, and its checksum. */
static void set_width(struct piece *piece, uint32_t width)
{
    enum { TYPE = 12, WIDTH = 16, CHECKSUM = 29 };
    uint32_t sum = UINT32_MAX;
    for (int byte = 0; byte < 4; byte++)
        piece->bytes[WIDTH + byte] = (uint8_t)(width >> (24 - 8 * byte));
    for (int byte = TYPE; byte < CHECKSUM; byte++) {
        sum ^= piece->bytes[byte];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
    }
    sum = ~sum;
    for (int byte = 0; byte < 4; byte++)
        piece->bytes[CHECKSUM + byte] = (uint8_t)(sum >> (24 - 8 * byte));
}

static void a_png_file_that_claims_to_be_huge_is_refused(void **state)
{
    (void)state;
    struct piece piece;
    uint8_t pixels[256];
    fill(pixels);
    set_png(&piece, 16, 16, PNG_FORMAT_GRAY, pixels);
    set_width(&piece, 16); /* which changes nothing */
    expect_pixels(&piece, 0, 16, 16, pixels);
    set_width(&piece, 8193);
    expect_error(&piece, "8193x16 pixels; 1x1 to 8192x8192");
    set_width(&piece, UINT32_MAX);
    expect_error(&piece, "damaged PNG file");
    set_width(&piece, 0);
    expect_error(&piece, "damaged PNG file");
    set_width(&piece, 8192);
    expect_error(&piece, "damaged PNG file");
}

static uint32_t draw_number(uint64_t *random)
{
    *random = *random * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)(*random >> 33);
}

/* Changes, cuts and copies bytes at random: whatever comes of it is an image or an error. */
static void mutate(const struct piece *good, uint64_t seed, int times)
{
    for (int time = 0; time < times; time++) {
        struct piece piece = *good;
        struct image image;
        struct error err = {0};
        uint64_t random = seed + (uint64_t)time;
        for (uint32_t change = draw_number(&random) % 4 + 1; change > 0; change--) {
            size_t place = draw_number(&random) % piece.size;
            if (draw_number(&random) % 4 == 0)
                piece.bytes[place] = piece.bytes[draw_number(&random) % piece.size];
            else
                piece.bytes[place] ^= (uint8_t)(1U << draw_number(&random) % 8);
        }
        if (draw_number(&random) % 8 == 0)
            piece.size = draw_number(&random) % piece.size;
        uint8_t *copy = malloc(piece.size ? piece.size : 1);
        assert_non_null(copy);
        memcpy(copy, piece.bytes, piece.size);
        if (image_parse(copy, piece.size, "a file", 0, &image, &err)) {
            uint8_t pixels[DATASET_PIXELS];
            assert_in_range(image.height, 1, IMAGE_SIDE_MAX);
            assert_in_range(image.width, 1, IMAGE_SIDE_MAX);
            image_fit(&image, pixels);
            image_free(&image);
        } else {
            assert_int_not_equal(err.code, ERROR_NONE);
        }
        free(copy);
    }
}

static void any_damage_gives_an_image_or_an_error(void **state)
{
    (void)state;
    struct piece piece;
    uint8_t pixels[256], values[256 * 4];
    fill(pixels);
    for (int byte = 0; byte < 256 * 4; byte++)
        values[byte] = (uint8_t)(byte * 7);
    set_png(&piece, 16, 16, PNG_FORMAT_GRAY, pixels);
    mutate(&piece, 1, 2000);
    set_png(&piece, 16, 16, PNG_FORMAT_RGBA, values);
    mutate(&piece, 2, 2000);
    set_grey_png(&piece, 16, 16, 8, PNG_INTERLACE_ADAM7, pixels);
    mutate(&piece, 3, 2000);
    set_text(&piece, "P2 # six\n3 2 5\n0 1 2\n3 4 5\n");
    mutate(&piece, 4, 4000);
    set_text(&piece, "P5 4 2 255\n12345678");
    mutate(&piece, 5, 4000);
    set_text(&piece, "P5 2 2 65535\n12345678");
    mutate(&piece, 6, 4000);
}

static void a_file_is_read_by_its_path(void **state)
{
    (void)state;
    struct files files;
    struct image image;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    files_create(&files);
    files_write(&files, "image", "P5 1 1 255\n*", 12);
    assert_true(image_read(files_path(&files, "image", path), 0, &image, &err));
    assert_int_equal(image.pixels[0], '*');
    image_free(&image);
    assert_false(image_read(files_path(&files, "none", path), 0, &image, &err));
    assert_int_equal(err.code, ERROR_SYSTEM);
    assert_non_null(strstr(err.message, "/none: cannot open it: No such file"));
    assert_false(image_read(files.directory, 0, &image, &err));
    assert_non_null(strstr(err.message, "cannot read it: Is a directory"));
    assert_false(image_read("/dev/zero", 0, &image, &err));
    assert_string_equal(err.message, "/dev/zero: too large; files of up to 128 MiB are read");
    files_destroy(&files);
}

static void expect_fit(size_t height, size_t width, const uint8_t *pixels,
                       const uint8_t expected[DATASET_PIXELS])
{
    uint8_t fitted[DATASET_PIXELS];
    struct image image = {height, width, (uint8_t *)(uintptr_t)pixels};
    image_fit(&image, fitted);
    assert_memory_equal(fitted, expected, DATASET_PIXELS);
}

static void an_image_of_28x28_pixels_stays_as_it_is(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS];
    for (int pixel = 0; pixel < DATASET_PIXELS; pixel++)
        pixels[pixel] = (uint8_t)(pixel * 37);
    expect_fit(28, 28, pixels, pixels);
}

static void a_larger_image_gives_means_over_areas(void **state)
{
    (void)state;
    static uint8_t large[56 * 56], half[42 * 42];
    uint8_t expected[DATASET_PIXELS];
    for (int pixel = 0; pixel < DATASET_PIXELS; pixel++) {
        int row = pixel / 28, column = pixel % 28;
        uint8_t *corner = large + (2 * row * 56) + 2 * column;
        expected[pixel] = (uint8_t)(pixel % 250);
        corner[0] = expected[pixel];
        corner[1] = (uint8_t)(expected[pixel] + 2);
        corner[56] = (uint8_t)(expected[pixel] + 1);
        corner[57] = (uint8_t)(expected[pixel] + 1);
        expected[pixel]++;
    }
    expect_fit(56, 56, large, expected);
    /* columns 0, 90, 180 and so on: of 1.5 pixels each, thirds of the one in the middle */
    for (int pixel = 0; pixel < 42 * 42; pixel++)
        half[pixel] = (uint8_t)(pixel % 3 * 90);
    for (int pixel = 0; pixel < DATASET_PIXELS; pixel++)
        expected[pixel] = pixel % 2 ? 150 : 30;
    expect_fit(42, 42, half, expected);
}

static void a_smaller_image_is_interpolated(void **state)
{
    (void)state;
    uint8_t small[14 * 14], expected[DATASET_PIXELS];
    for (int pixel = 0; pixel < 14 * 14; pixel++)
        small[pixel] = (uint8_t)(16 * (pixel % 14));
    for (int pixel = 0; pixel < DATASET_PIXELS; pixel++) {
        int column = pixel % 28, value = 8 * column - 4;
        expected[pixel] = (uint8_t)(value < 0 ? 0 : value > 208 ? 208 : value);
    }
    expect_fit(14, 14, small, expected);
}

static void what_is_not_square_is_centred_on_black(void **state)
{
    (void)state;
    static uint8_t white[8192];
    uint8_t expected[DATASET_PIXELS] = {0};
    memset(white, 255, sizeof white);
    for (int row = 0; row < 28; row++)
        memset(expected + row * 28 + 7, 255, 14);
    expect_fit(28, 14, white, expected);
    expect_fit(56, 28, white, expected);
    expect_fit(2, 1, white, expected);
    memset(expected, 0, sizeof expected);
    memset(expected + 13 * 28, 255, 28);
    expect_fit(1, 8192, white, expected);
    memset(expected, 255, sizeof expected);
    expect_fit(1, 1, white, expected);
}

static void contrast_tells_light_ink_from_dark(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS] = {0};
    struct image image = {28, 28, pixels};
    assert_true(image_is_blank(&image));
    assert_float_equal(image_contrast(&image), 0, 0);
    for (int row = 7; row < 21; row++)
        memset(pixels + row * 28 + 7, 255, 14);
    assert_false(image_is_blank(&image));
    assert_float_equal(image_contrast(&image), 1, 1e-6);
    image_invert(&image);
    assert_int_equal(pixels[0], 255);
    assert_int_equal(pixels[14 * 28 + 14], 0);
    assert_float_equal(image_contrast(&image), -1, 1e-6);
    struct image point = {1, 1, pixels}, column = {300, 1, pixels};
    assert_true(image_is_blank(&point));
    assert_float_equal(image_contrast(&point), 0, 0);
    assert_float_equal(image_contrast(&column), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grey_png_keeps_every_value),
        cmocka_unit_test(equal_red_green_and_blue_are_that_grey),
        cmocka_unit_test(pixels_of_1_and_of_16_bits_become_8),
        cmocka_unit_test(transparency_shows_the_background),
        cmocka_unit_test(pgm_files_are_read_in_all_their_forms),
        cmocka_unit_test(a_damaged_pgm_file_is_refused),
        cmocka_unit_test(other_formats_are_refused),
        cmocka_unit_test(a_png_file_cut_short_is_refused),
        cmocka_unit_test(a_png_file_that_claims_to_be_huge_is_refused),
        cmocka_unit_test(any_damage_gives_an_image_or_an_error),
        cmocka_unit_test(a_file_is_read_by_its_path),
        cmocka_unit_test(an_image_of_28x28_pixels_stays_as_it_is),
        cmocka_unit_test(a_larger_image_gives_means_over_areas),
        cmocka_unit_test(a_smaller_image_is_interpolated),
        cmocka_unit_test(what_is_not_square_is_centred_on_black),
        cmocka_unit_test(contrast_tells_light_ink_from_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
