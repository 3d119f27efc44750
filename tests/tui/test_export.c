// SPDX-License-Identifier: MIT
/* Images written to files, read back by libpng. Runs in a directory of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session.h"
#include "tui/ink.h"

enum { STEPS = 345, SCALE = 8, PAGE_SCALE = 4, PAGE_TILE = 28 * PAGE_SCALE + 4 };

static int enter_directory(void **state)
{
    static char directory[] = "/tmp/fmnist-export-XXXXXX";
    (void)state;
    (void)strcpy(directory + strlen(directory) - 6, "XXXXXX");
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

/* Empties and removes the directory. */
static int leave_directory(void **state)
{
    char path[4096];
    const struct dirent *entry;
    (void)state;
    DIR *directory = opendir(".");
    while (directory && (entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            (void)unlink(entry->d_name);
    if (directory)
        (void)closedir(directory);
    return getcwd(path, sizeof path) && chdir("/") == 0 && rmdir(path) == 0 ? 0 : -1;
}

/* Reads a file as grey pixels, for the caller to free. */
static uint8_t *read_png(const char *name, uint32_t *width, uint32_t *height)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_file(&image, name))
        fail_msg("%s: %s", name, image.message);
    assert_int_equal(image.format, PNG_FORMAT_GRAY);
    uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_non_null(pixels);
    assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    *width = image.width;
    *height = image.height;
    return pixels;
}

static struct session *open_mistakes(void)
{
    struct session *session = session_open(STEPS);
    session_press(session, REQUEST_VIEW_3);
    free(session_draw(session, 24, 80));
    return session;
}

/* The file's name in the notice after x. */
static const char *press_export(struct session *session)
{
    static const char told[] = "wrote ./";
    session_press(session, REQUEST_EXPORT);
    const char *notice = session->frame.scene.notice;
    if (!notice || strncmp(notice, told, strlen(told)) != 0)
        fail_msg("the notice is '%s'", notice ? notice : "");
    return notice + strlen(told);
}

static const struct evaluation *newest(const struct session *session)
{
    return session->staged->snapshot.learners[0].validation;
}

/* The pixels of mistake `index`, surest first. */
static const uint8_t *mistake_pixels(const struct session *session, size_t index)
{
    uint32_t image = newest(session)->images[newest(session)->mistakes[index]];
    return dataset_train(session->staged->dataset)->pixels + (size_t)image * DATASET_PIXELS;
}

static void check_tile(const uint8_t *file, size_t width, size_t scale, const uint8_t *pixels,
                       bool inverted)
{
    for (size_t y = 0; y < 28 * scale; y++)
        for (size_t x = 0; x < 28 * scale; x++) {
            int pixel = pixels[y / scale * 28 + x / scale];
            assert_int_equal(file[y * width + x], inverted ? 255 - pixel : pixel);
        }
}

static void x_writes_the_image_that_is_shown_alone(void **state)
{
    (void)state;
    struct session *session = open_mistakes();
    uint32_t width, height;
    session_press(session, REQUEST_RIGHT);
    session_press(session, REQUEST_ENTER);
    const char *name = press_export(session);
    char expected[64];
    (void)snprintf(expected, sizeof expected, "fmnist-validation-%u-",
                   (unsigned)newest(session)->images[newest(session)->mistakes[1]]);
    assert_memory_equal(name, expected, strlen(expected));
    assert_non_null(strstr(name, "-as-"));
    assert_non_null(strstr(name, "-lenet-step324.png"));
    uint8_t *file = read_png(name, &width, &height);
    assert_int_equal(width, 28 * SCALE);
    assert_int_equal(height, 28 * SCALE);
    check_tile(file, width, SCALE, mistake_pixels(session, 1), false);
    free(file);
    session_close(session);
}

static void it_looks_as_on_the_screen(void **state)
{
    (void)state;
    struct session *session = open_mistakes();
    uint32_t width, height;
    uint8_t fitted[DATASET_PIXELS];
    size_t index = 0;
    for (;; index++) { /* one that does not fill its frame */
        assert_true(index < newest(session)->mistake_count);
        ink_fit(mistake_pixels(session, index), fitted);
        if (memcmp(fitted, mistake_pixels(session, index), DATASET_PIXELS) != 0)
            break;
        session_press(session, REQUEST_RIGHT);
    }
    session_press(session, REQUEST_ENTER);
    session_press(session, REQUEST_FIT);
    session_press(session, REQUEST_INVERT);
    uint8_t *file = read_png(press_export(session), &width, &height);
    check_tile(file, width, SCALE, fitted, true);
    free(file);
    session_close(session);
}

static void x_writes_all_images_that_are_on_the_screen(void **state)
{
    (void)state;
    struct session *session = open_mistakes();
    uint32_t width, height;
    session_press(session, REQUEST_PAGE_DOWN); /* drawn, the second page */
    free(session_draw(session, 24, 80));
    const char *name = press_export(session);
    size_t first = 0;
    assert_int_equal(sscanf(name, "fmnist-validation-%zu-to-", &first), 1);
    assert_true(first > 1);
    uint8_t *file = read_png(name, &width, &height);
    assert_int_equal(width, 3 * PAGE_TILE - 4); /* three across, two down at 80x24 */
    assert_int_equal(height, 2 * PAGE_TILE - 4);
    for (size_t tile = 0; tile < 6; tile++)
        check_tile(file + (tile / 3 * PAGE_TILE) * width + tile % 3 * PAGE_TILE, width, PAGE_SCALE,
                   mistake_pixels(session, first - 1 + tile), false);
    free(file);
    session_close(session);
}

static void no_file_is_ever_overwritten(void **state)
{
    (void)state;
    struct session *session = open_mistakes();
    char first[4096];
    struct stat before, after;
    (void)snprintf(first, sizeof first, "%s", press_export(session));
    assert_int_equal(stat(first, &before), 0);
    const char *second = press_export(session);
    assert_string_not_equal(first, second);
    assert_non_null(strstr(second, "-2.png"));
    assert_non_null(strstr(press_export(session), "-3.png"));
    assert_int_equal(stat(first, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
    session_close(session);
}

static void a_place_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    struct session *session = open_mistakes();
    char path[4096];
    assert_non_null(getcwd(path, sizeof path));
    assert_int_equal(chdir("/proc/self"), 0); /* nobody creates files there, not even root */
    session_press(session, REQUEST_EXPORT);
    const char *notice = session->frame.scene.notice;
    assert_non_null(strstr(notice, "cannot write fmnist-validation-"));
    assert_non_null(strstr(notice, ".png here: "));
    assert_int_equal(chdir(path), 0);
    session_close(session);
}

static void there_must_be_an_image(void **state)
{
    (void)state;
    struct session *session = open_mistakes();
    assert_true(scene_set_filter(&session->frame.scene, "p<1%", NULL));
    session_press(session, REQUEST_EXPORT);
    assert_string_equal(session->frame.scene.notice, "there is no image to write");
    session_press(session, REQUEST_VIEW_1);
    session_press(session, REQUEST_EXPORT);
    assert_non_null(strstr(session->frame.scene.notice, "view 3"));
    session_close(session);
}

static void ink_fills_the_frame_from_black_to_white(void **state)
{
    (void)state;
    uint8_t pixels[DATASET_PIXELS] = {0}, fitted[DATASET_PIXELS];
    for (int row = 10; row < 20; row++)
        for (int column = 4; column < 8; column++)
            pixels[row * 28 + column] = (uint8_t)(20 + 10 * (row - 10));
    ink_fit(pixels, fitted);
    uint8_t least = 255, greatest = 0;
    for (int pixel = 0; pixel < DATASET_PIXELS; pixel++) {
        least = fitted[pixel] < least ? fitted[pixel] : least;
        greatest = fitted[pixel] > greatest ? fitted[pixel] : greatest;
    }
    assert_int_equal(least, 0);
    assert_int_equal(greatest, 255);
    assert_int_equal(fitted[27 * 28 + 14], 255); /* the brightest row is the last */
    assert_true(fitted[14] > 0 && fitted[14] < 80);
    memset(pixels, 5, sizeof pixels); /* no ink */
    ink_fit(pixels, fitted);
    assert_memory_equal(pixels, fitted, sizeof pixels);
    memset(pixels, 200, sizeof pixels); /* nothing but ink */
    ink_fit(pixels, fitted);
    for (int pixel = 0; pixel < DATASET_PIXELS; pixel++)
        assert_int_equal(fitted[pixel], 255);
}

int main(void)
{
#define DIRECTORY_TEST(name) cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)
    const struct CMUnitTest tests[] = {
        DIRECTORY_TEST(x_writes_the_image_that_is_shown_alone),
        DIRECTORY_TEST(it_looks_as_on_the_screen),
        DIRECTORY_TEST(x_writes_all_images_that_are_on_the_screen),
        DIRECTORY_TEST(no_file_is_ever_overwritten),
        DIRECTORY_TEST(a_place_that_cannot_be_written_is_told),
        DIRECTORY_TEST(there_must_be_an_image),
        cmocka_unit_test(ink_fills_the_frame_from_black_to_white),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
