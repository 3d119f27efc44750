// SPDX-License-Identifier: MIT
/* The command predict, as a person and as a script see it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "fmnist/data/dataset.h"
#include "run.h"
#include "trained.h"

enum { IMAGES = 3, PICTURE_ROWS = 14 };

static void expect_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g is not %.12g", value, expected);
}

/* The directory with what the tests need, in which they run. */
static struct files *files_of(void **state)
{
    return *state;
}

static void write_pgm(const struct files *files, const char *name, const uint8_t *pixels)
{
    static const char header[] = "P5 28 28 255\n";
    uint8_t bytes[sizeof header - 1 + DATASET_PIXELS];
    memcpy(bytes, header, sizeof header - 1);
    memcpy(bytes + sizeof header - 1, pixels, DATASET_PIXELS);
    files_write(files, name, bytes, sizeof bytes);
}

static void write_png(const char *name, const uint8_t *pixels)
{
    png_image png = {.version = PNG_IMAGE_VERSION, 28, 28, PNG_FORMAT_GRAY, 0, 0};
    assert_true(png_image_write_to_file(&png, name, 0, pixels, 0, NULL));
}

/* net.safetensors, and the sample's first test images: 0.pgm, 0.png, dark0.pgm and so on. */
static int setup(void **state)
{
    struct files *files = calloc(1, sizeof *files);
    assert_non_null(files);
    files_create(files);
    assert_int_equal(chdir(files->directory), 0);
    struct checkpoint *checkpoint = trained_create(false);
    trained_write(checkpoint, "net.safetensors");
    checkpoint->parameters[0].value[0] = NAN;
    trained_write(checkpoint, "nan.safetensors");
    checkpoint_release(checkpoint);
    struct dataset *dataset = dataset_load_sample(NULL);
    assert_non_null(dataset);
    for (size_t image = 0; image < IMAGES; image++) {
        const uint8_t *pixels = dataset_test(dataset)->pixels + image * DATASET_PIXELS;
        uint8_t dark[DATASET_PIXELS];
        char name[32];
        for (size_t pixel = 0; pixel < DATASET_PIXELS; pixel++)
            dark[pixel] = (uint8_t)(255 - pixels[pixel]);
        (void)snprintf(name, sizeof name, "%zu.pgm", image);
        write_pgm(files, name, pixels);
        (void)snprintf(name, sizeof name, "dark%zu.pgm", image);
        write_pgm(files, name, dark);
        (void)snprintf(name, sizeof name, "%zu.png", image);
        write_png(name, pixels);
    }
    dataset_destroy(dataset);
    *state = files;
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(chdir("/"), 0);
    files_destroy(*state);
    free(*state);
    return 0;
}

static json_t *parse(struct run *run)
{
    json_error_t error;
    json_t *result = json_loads(run->out, 0, &error);
    if (!result)
        fail_msg("line %d: %s, in:\n%s%s", error.line, error.text, run->out, run->err);
    run_free(run);
    return result;
}

static double number_at(json_t *document, size_t image, const char *list, size_t index)
{
    json_t *entry = json_array_get(json_object_get(document, "images"), image);
    json_t *value = json_array_get(json_object_get(entry, list), index);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static json_int_t class_at(json_t *document, size_t image)
{
    json_t *entry = json_array_get(json_object_get(document, "images"), image);
    return json_integer_value(json_object_get(entry, "class"));
}

static void expect_same_answers(json_t *a, size_t image_a, json_t *b, size_t image_b)
{
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        expect_near(number_at(a, image_a, "logits", label), number_at(b, image_b, "logits", label),
                    1e-5);
}

static void json_holds_classes_probabilities_and_logits(void **state)
{
    (void)state;
    json_t *document = parse(run_program("predict net.safetensors 0.pgm 1.pgm 2.pgm --json"));
    json_t *images = json_object_get(document, "images");
    assert_int_equal(json_array_size(images), IMAGES);
    for (size_t image = 0; image < IMAGES; image++) {
        double sum = 0, exponentials = 0;
        size_t best = 0;
        for (size_t label = 0; label < DATASET_CLASSES; label++) {
            sum += number_at(document, image, "probabilities", label);
            exponentials += exp(number_at(document, image, "logits", label));
            if (number_at(document, image, "logits", label) >
                number_at(document, image, "logits", best))
                best = label;
        }
        expect_near(sum, 1, 1e-5);
        assert_int_equal(class_at(document, image), best);
        expect_near(number_at(document, image, "probabilities", best),
                    exp(number_at(document, image, "logits", best)) / exponentials, 1e-5);
    }
    json_t *checkpoint = json_object_get(document, "checkpoint");
    assert_string_equal(json_string_value(json_object_get(checkpoint, "model")), "lenet");
    assert_int_equal(json_array_size(json_object_get(document, "classes")), DATASET_CLASSES);
    json_decref(document);
}

static void png_pgm_and_standard_input_give_the_same(void **state)
{
    (void)state;
    json_t *pgm = parse(run_program("predict net.safetensors 1.pgm --json"));
    json_t *png = parse(run_program("predict --json net.safetensors 0.png 1.png"));
    json_t *input = parse(run_with_input("predict net.safetensors - --json", "1.png"));
    expect_same_answers(pgm, 0, png, 1);
    expect_same_answers(pgm, 0, input, 0);
    json_decref(pgm);
    json_decref(png);
    json_decref(input);
}

static void dark_images_are_inverted_or_noticed(void **state)
{
    (void)state;
    json_t *light = parse(run_program("predict net.safetensors 0.pgm --json"));
    struct run *run = run_program("predict net.safetensors dark0.pgm --json --invert");
    assert_string_equal(run->err, "");
    json_t *inverted = parse(run);
    expect_same_answers(light, 0, inverted, 0);
    json_decref(light);
    json_decref(inverted);
    run = run_program("predict net.safetensors dark0.pgm");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "fmnist-tui: dark0.pgm: its edge is lighter than its middle; for "
                                  "dark things on a light ground give --invert\n");
    run_free(run);
    run = run_program("predict net.safetensors 0.pgm --invert");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->err, "without --invert?\n"));
    run_free(run);
}

static void an_image_without_anything_on_it_is_noticed(void **state)
{
    files_write(files_of(state), "blank.pgm", "P2 1 1 1 0", 10);
    struct run *run = run_program("predict net.safetensors blank.pgm");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "fmnist-tui: blank.pgm: all of it is of one colour\n");
    run_free(run);
}

static void a_name_that_is_no_utf8_is_made_readable(void **state)
{
    files_write(files_of(state), "\xFF.pgm", "P2 2 1 1 0 1", 12);
    json_t *document = parse(run_program("predict net.safetensors \xFF.pgm --json"));
    json_t *image = json_array_get(json_object_get(document, "images"), 0);
    assert_string_equal(json_string_value(json_object_get(image, "file")), "?.pgm");
    assert_int_equal(json_integer_value(json_object_get(image, "width")), 2);
    json_decref(document);
}

/* The percentage at the end of a line. */
static double percent(const char *line)
{
    const char *end = strstr(line, " %");
    assert_non_null(end);
    while (end > line && end[-1] != ' ')
        end--;
    return strtod(end, NULL);
}

static void each_image_is_drawn_beside_its_three_likeliest_classes(void **state)
{
    (void)state;
    struct run *run = run_program("predict net.safetensors 0.png 1.png");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    assert_null(strchr(run->out, '\033'));
    assert_int_equal(run_lines(run->out), 2 * (1 + PICTURE_ROWS) + 1);
    assert_ptr_equal(strstr(run->out, "0.png: "), run->out);
    assert_non_null(strstr(run->out, "\n\n1.png: "));
    double first = percent(run->out);
    size_t classes = 0;
    const char *line = run->out;
    for (size_t row = 0; row < 1 + PICTURE_ROWS; row++, line = strchr(line, '\n') + 1) {
        char text[128] = "";
        memcpy(text, line, strcspn(line, "\n"));
        for (const char *byte = text; *byte; byte++)
            assert_true(*byte >= ' ' && *byte < 127);
        if (row == 0 || !strchr(text, '%') || strlen(text) < 60)
            continue;
        double share = percent(text + 60);
        assert_true(share <= first);
        if (classes == 0)
            assert_true(share >= first);
        first = share;
        classes++;
    }
    assert_int_equal(classes, 3);
    run_free(run);
}

static void a_terminal_gets_greys_in_half_blocks(void **state)
{
    (void)state;
    assert_int_equal(setenv("TERM", "xterm-256color", 1), 0);
    assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1), 0);
    assert_int_equal(unsetenv("NO_COLOR"), 0);
    struct run *run = run_on_terminal("predict net.safetensors 0.png");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "\033[48;5;"));
    assert_non_null(strstr(run->out, "\342\226\200"));
    run_free(run);
    run = run_on_terminal("predict net.safetensors 0.png --color never");
    assert_null(strchr(run->out, '\033'));
    assert_non_null(strstr(run->out, "\342\226\223")); /* a shade */
    run_free(run);
    run = run_on_terminal("predict net.safetensors 0.png --ascii");
    assert_null(strstr(run->out, "\342\226"));
    run_free(run);
    assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
    run = run_on_terminal("predict net.safetensors 0.png");
    assert_null(strchr(run->out, '\033'));
    run_free(run);
    run = run_program("predict net.safetensors 0.png --color always --glyphs utf8");
    assert_non_null(strstr(run->out, "\033[48;5;"));
    run_free(run);
}

static void a_bad_image_does_not_keep_the_others_from_being_shown(void **state)
{
    files_write(files_of(state), "bad.png", "GIF89a", 6);
    struct run *run = run_program("predict net.safetensors 0.pgm bad.png none.png 1.pgm");
    assert_int_equal(run->status, 1);
    assert_non_null(strstr(run->out, "0.pgm: "));
    assert_non_null(strstr(run->out, "1.pgm: "));
    assert_string_equal(
        run->err, "fmnist-tui: bad.png: neither PNG nor PGM; convert it to one of them first\n"
                  "fmnist-tui: none.png: cannot open it: No such file or directory\n");
    run_free(run);
    run = run_program("predict net.safetensors bad.png 1.pgm --json");
    assert_int_equal(run->status, 1);
    json_t *document = parse(run);
    json_t *images = json_object_get(document, "images");
    const char *message = json_string_value(json_object_get(json_array_get(images, 0), "error"));
    assert_non_null(message);
    assert_non_null(strstr(message, "neither PNG nor PGM"));
    assert_null(json_object_get(json_array_get(images, 1), "error"));
    json_decref(document);
    run = run_program("predict net.safetensors -"); /* there is nothing */
    assert_int_equal(run->status, 1);
    assert_string_equal(run->out, "");
    assert_string_equal(run->err, "fmnist-tui: standard input: empty file; PNG or PGM expected\n");
    run_free(run);
}

static void expect_failure(const char *arguments, int status, const char *message)
{
    struct run *run = run_program(arguments);
    assert_int_equal(run->status, status);
    assert_string_equal(run->out, "");
    assert_int_equal(run_lines(run->err), 1);
    assert_ptr_equal(strstr(run->err, "fmnist-tui: "), run->err);
    if (!strstr(run->err, message))
        fail_msg("'%s' lacks '%s'", run->err, message);
    run_free(run);
}

static void a_bad_checkpoint_is_refused_in_one_line(void **state)
{
    (void)state;
    expect_failure("predict none.safetensors 0.pgm", 1, "none.safetensors: ");
    expect_failure("predict ./0.pgm 0.pgm", 1, "0.pgm: no safetensors file");
    expect_failure("predict nan.safetensors 0.pgm", 1, "nan.safetensors: ");
    assert_int_equal(truncate("nan.safetensors", 1000), 0);
    expect_failure("predict nan.safetensors 0.pgm", 1, "nan.safetensors: ");
}

static void what_makes_no_sense_has_status_2(void **state)
{
    (void)state;
    expect_failure("predict", 2, "CHECKPOINT IMAGE...");
    expect_failure("predict net.safetensors", 2, "CHECKPOINT IMAGE...");
    expect_failure("predict net.safetensors 0.pgm --worst 3", 2, "--worst belongs to");
    expect_failure("train --invert", 2, "--invert belongs to the command predict");
}

static void names_come_from_the_data_set_that_is_named(void **state)
{
    struct files data;
    files_create_in(&data, files_of(state), "data");
    files_write_dataset(&data, 20, 10);
    files_write(&data, "classes.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nten\n", 22);
    json_t *document = parse(run_program("predict net.safetensors 0.pgm --data data --json"));
    assert_string_equal(json_string_value(json_array_get(json_object_get(document, "classes"), 9)),
                        "ten");
    json_decref(document);
    files_destroy(&data);
    expect_failure("predict net.safetensors 0.pgm --data data", 1, "data: ");
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    struct run *run = run_into("predict net.safetensors 0.pgm", "/dev/full");
    assert_int_equal(run->status, 1);
    assert_int_equal(run_lines(run->err), 1);
    run_free(run);
    run = run_into("predict net.safetensors 0.pgm --json", "/dev/full");
    assert_int_equal(run->status, 1);
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_holds_classes_probabilities_and_logits),
        cmocka_unit_test(png_pgm_and_standard_input_give_the_same),
        cmocka_unit_test(dark_images_are_inverted_or_noticed),
        cmocka_unit_test(an_image_without_anything_on_it_is_noticed),
        cmocka_unit_test(a_name_that_is_no_utf8_is_made_readable),
        cmocka_unit_test(each_image_is_drawn_beside_its_three_likeliest_classes),
        cmocka_unit_test(a_terminal_gets_greys_in_half_blocks),
        cmocka_unit_test(a_bad_image_does_not_keep_the_others_from_being_shown),
        cmocka_unit_test(a_bad_checkpoint_is_refused_in_one_line),
        cmocka_unit_test(what_makes_no_sense_has_status_2),
        cmocka_unit_test(names_come_from_the_data_set_that_is_named),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
