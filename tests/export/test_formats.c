// SPDX-License-Identifier: MIT
/* What each format holds of a staged run, value by value, and what programs made for the formats
 * say of the files (readers.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "export/csv.h"
#include "export/folder.h"
#include "export/formats.h"
#include "export/tensorboard.h"
#include "staged_run.h"

enum { EPOCHS = 5, STEPS = EPOCHS * STAGED_STEPS_PER_EPOCH };

static const struct export_file CSV_FILES[] = {
    {"epochs.csv", format_csv, CSV_EPOCHS},   {"steps.csv", format_csv, CSV_STEPS},
    {"classes.csv", format_csv, CSV_CLASSES}, {"confusion.csv", format_csv, CSV_CONFUSION},
    {"events.csv", format_csv, CSV_EVENTS},
};
static const struct export_file JSON_FILE = {"run.json", format_json, 0};
static const struct export_file HTML_FILE = {"run.html", format_html, 0};

static char *render(const struct export_file *file, const struct export_run *run, size_t *size)
{
    struct error err = {0};
    struct buffer content;
    if (!export_render(file, run, &content, &err))
        fail_msg("%s", err.message);
    if (size)
        *size = content.size;
    buffer_character(&content, '\0');
    assert_false(content.failed);
    return (char *)content.bytes;
}

static size_t count_text(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

static void csv_has_a_line_a_step_with_all_digits(void **state)
{
    const struct export_run *run = *state;
    char *content = render(&CSV_FILES[CSV_STEPS], run, NULL), *line = content;
    assert_int_equal(count_text(content, "\r\n"), STEPS + 1);
    assert_int_equal(count_text(content, "\n"), STEPS + 1);
    for (size_t index = 0; index < STEPS; index++) {
        const struct step_point *point = history_step(run->history, index);
        unsigned step;
        float values[4];
        line = strstr(line, "\r\n") + 2;
        assert_int_equal(sscanf(line, "%u,%f,%f,%f,%f\r\n", &step, &values[0], &values[1],
                                &values[2], &values[3]),
                         5);
        assert_int_equal(step, point->step);
        assert_true(values[0] == point->seconds && values[1] == point->learning_rate);
        assert_true(values[2] == point->loss || (isnan(values[2]) && isnan(point->loss)));
        assert_true(values[3] == point->accuracy);
    }
    assert_int_equal(count_text(content, ",nan,"), 1);
    free(content);
}

static void csv_quotes_what_has_to_be(void **state)
{
    char *content = render(&CSV_FILES[CSV_EVENTS], *state, NULL);
    assert_non_null(strstr(content, "\r\n1764079333.500,40,0.6,paused,,,\r\n"));
    assert_non_null(strstr(content, "\r\n1764079334.000,108,1.6,rate,,0.001,0.0005\r\n"));
    assert_non_null(strstr(content, ",unsaved,\"</title><script>\"\"a\"\", 'b' & c\",,\r\n"));
    free(content);
}

static void csv_tells_classes_and_pairs_of_each_evaluation(void **state)
{
    const struct export_run *run = *state;
    const struct run_evaluation *test = &run->evaluations[EPOCHS];
    char expected[128];
    char *classes = render(&CSV_FILES[CSV_CLASSES], run, NULL);
    char *confusion = render(&CSV_FILES[CSV_CONFUSION], run, NULL);
    assert_int_equal(count_text(classes, "\r\n"), 1 + (EPOCHS + 1) * 10);
    assert_int_equal(count_text(confusion, "\r\n"), 1 + (EPOCHS + 1) * 100);
    (void)snprintf(expected, sizeof expected, "\r\ntest,5,270,6,Shirt,%zu,%.9g,%.9g,%.9g\r\n",
                   test->classes[6].support, test->classes[6].precision, test->classes[6].recall,
                   test->classes[6].f1);
    assert_non_null(strstr(classes, expected));
    (void)snprintf(expected, sizeof expected, "\r\ntest,5,270,6,Shirt,7,Sneaker,%zu\r\n",
                   test->confusion[6][7]);
    assert_non_null(strstr(confusion, expected));
    free(classes);
    free(confusion);
}

/* The number of that name; NAN for null. */
static double number_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_true(json_is_number(value) || json_is_null(value));
    return json_is_null(value) ? (double)NAN : json_number_value(value);
}

static void assert_float(double number, float expected)
{
    assert_true((float)number == expected || (isnan(number) && !isfinite(expected)));
}

static void check_json_steps(const json_t *steps, const struct export_run *run)
{
    assert_int_equal(json_array_size(json_object_get(steps, "loss")), STEPS);
    for (size_t index = 0; index < STEPS; index++) {
        const struct step_point *point = history_step(run->history, index);
        const json_t *loss = json_array_get(json_object_get(steps, "loss"), index);
        const json_t *rate = json_array_get(json_object_get(steps, "learning_rate"), index);
        assert_float(json_is_null(loss) ? (double)NAN : json_number_value(loss), point->loss);
        assert_float(json_number_value(rate), point->learning_rate);
    }
}

static void json_holds_every_number_as_it_was(void **state)
{
    const struct export_run *run = *state;
    char *content = render(&JSON_FILE, run, NULL);
    json_error_t error;
    json_t *root = json_loads(content, 0, &error);
    if (!root)
        fail_msg("%d: %s", error.line, error.text);
    assert_string_equal(json_string_value(json_object_get(root, "name")), run->row.name);
    assert_int_equal(json_integer_value(json_object_get(root, "run")), 12);
    check_json_steps(json_object_get(root, "steps"), run);
    for (size_t index = 0; index < EPOCHS; index++) {
        const struct epoch_point *point = history_epoch(run->history, index);
        const json_t *epoch = json_array_get(json_object_get(root, "epochs"), index);
        assert_float(number_of(epoch, "validation_loss"), point->loss);
        assert_float(number_of(epoch, "validation_accuracy"), point->accuracy);
        assert_float(number_of(epoch, "train_loss"), point->train_loss);
    }
    assert_int_equal(json_array_size(json_object_get(root, "evaluations")), EPOCHS + 1);
    assert_int_equal(json_array_size(json_object_get(root, "test_mistakes")),
                     run->test->mistake_count);
    assert_int_equal(json_array_size(json_object_get(root, "events")), run->event_count);
    json_decref(root);
    free(content);
}

/* One bit at a time, unlike the program. */
static uint32_t slow_crc32c(const unsigned char *bytes, size_t size)
{
    uint32_t remainder = UINT32_MAX;
    for (; size > 0; size--) {
        remainder ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            remainder = remainder >> 1 ^ (remainder & 1 ? 0x82F63B78U : 0);
    }
    return ~remainder;
}

static uint64_t little_endian(const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;
    while (size-- > 0)
        number = number << 8 | bytes[size];
    return number;
}

static void check_crc(const unsigned char *bytes, size_t size)
{
    uint32_t crc = slow_crc32c(bytes, size);
    assert_int_equal(little_endian(bytes + size, 4),
                     (uint32_t)((crc >> 15 | crc << 17) + 0xA282EAD8U));
}

/* How many records there are, each whole and with its CRCs. */
static size_t check_records(const char *content, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)content;
    size_t records = 0;
    for (size_t start = 0; start < size; records++) {
        assert_true(size - start >= 16);
        uint64_t length = little_endian(bytes + start, 8);
        assert_true(length <= size - start - 16);
        check_crc(bytes + start, 8);
        check_crc(bytes + start + 12, (size_t)length);
        start += (size_t)length + 16;
    }
    return records;
}

static void event_files_are_whole_records(void **state)
{
    static const size_t records[TENSORBOARD_PARTS] = {2, 1 + STEPS + EPOCHS, 1 + EPOCHS, 2};
    for (int part = 0; part < TENSORBOARD_PARTS; part++) {
        const struct export_file file = {"events", format_events, part};
        size_t size = 0;
        char *content = render(&file, *state, &size);
        assert_int_equal(check_records(content, size), records[part]);
        free(content);
    }
}

static void html_escapes_all_text_and_loads_nothing(void **state)
{
    char *content = render(&HTML_FILE, *state, NULL);
    assert_non_null(strstr(content, "&lt;b&gt;R&amp;D, &quot;wide&quot;&lt;/b&gt; \xC3\xA9"));
    assert_non_null(
        strstr(content, "&lt;/title&gt;&lt;script&gt;&quot;a&quot;, &#39;b&#39; &amp;"));
    assert_null(strstr(content, "<script"));
    assert_null(strstr(content, "<b>R"));
    assert_null(strstr(content, "<link"));
    assert_null(strstr(content, "@import"));
    assert_int_equal(count_text(content, "src=\""), count_text(content, "src=\"data:image/png;"));
    assert_int_equal(count_text(content, "http://"),
                     count_text(content, "xmlns=\"http://www.w3.org/2000/svg\""));
    assert_null(strstr(content, "https://"));
    free(content);
}

static void html_shows_matrix_mistakes_and_marks(void **state)
{
    const struct export_run *run = *state;
    char expected[128];
    char *content = render(&HTML_FILE, run, NULL);
    (void)snprintf(expected, sizeof expected, "Shirt taken for Sneaker: %zu of %zu images, %.1f %%",
                   run->evaluations[EPOCHS].confusion[6][7],
                   run->evaluations[EPOCHS].classes[6].support,
                   100.0 * (double)run->evaluations[EPOCHS].confusion[6][7] /
                       (double)run->evaluations[EPOCHS].classes[6].support);
    assert_non_null(strstr(content, expected));
    assert_int_equal(count_text(content, "class=\"cell "), 100);
    assert_int_equal(count_text(content, "<li><img"), 60);
    assert_int_equal(count_text(content, "<circle"), 2 * EPOCHS);
    assert_int_equal(count_text(content, "class=\"best\""), 2);
    assert_int_equal(count_text(content, "class=\"broken\""), 2); /* one a chart */
    assert_non_null(strstr(content, "rate 0.001 to 0.0005"));
    assert_int_equal(count_text(content, ">saved<"), 1); /* both in one row, none in a chart */
    assert_non_null(strstr(content, "2 checkpoints since step 100"));
    (void)snprintf(expected, sizeof expected, "%.2f <small>\xC2\xB1 %.2f %%</small>",
                   100 * run->test->accuracy,
                   200 * sqrt(run->test->accuracy * (1 - run->test->accuracy) / 600));
    assert_non_null(strstr(content, expected));
    free(content);
}

static void html_says_where_the_pictures_are_missing(void **state)
{
    (void)state;
    struct export_run *run = staged_run_create(2, true);
    dataset_destroy(run->dataset);
    run->dataset = NULL;
    error_set(&run->missing, ERROR_FORMAT, "/data: holds <other> images");
    char *content = render(&HTML_FILE, run, NULL);
    assert_non_null(strstr(content, "/data: holds &lt;other&gt; images"));
    assert_null(strstr(content, "<img"));
    free(content);
    staged_run_destroy(run);
}

static void a_long_run_takes_no_more_room_for_its_curves(void **state)
{
    (void)state;
    struct export_run *few = staged_run_create(30, true), *many = staged_run_create(300, true);
    size_t small, large;
    free(render(&HTML_FILE, few, &small));
    free(render(&HTML_FILE, many, &large));
    /* ten times the steps; beside the curves there are points and rows of the epochs */
    assert_in_range(large, 1, small + 150000);
    staged_run_destroy(few);
    staged_run_destroy(many);
}

static void a_run_without_any_step_can_be_exported(void **state)
{
    (void)state;
    struct export_run *run = staged_run_create(0, true);
    char *content = render(&HTML_FILE, run, NULL);
    assert_non_null(strstr(content, "No training step is recorded."));
    assert_non_null(strstr(content, "No evaluation has been made."));
    assert_null(strstr(content, "<svg"));
    free(content);
    free(render(&JSON_FILE, run, NULL));
    for (int part = 0; part < TENSORBOARD_PARTS; part++) {
        const struct export_file file = {"events", format_events, part};
        free(render(&file, run, NULL));
    }
    staged_run_destroy(run);
}

static int run_command(const char *format, const char *argument)
{
    char command[1024];
    (void)snprintf(command, sizeof command, format, argument);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *make_directory(void)
{
    char *directory = strdup("/tmp/fmnist-export-XXXXXX");
    assert_non_null(directory);
    assert_non_null(mkdtemp(directory));
    return directory;
}

static void remove_directory(char *directory)
{
    assert_int_equal(run_command("rm -r '%s'", directory), 0);
    free(directory);
}

static void files_there_are_replaced_only_on_request(void **state)
{
    char *directory = make_directory();
    char path[256];
    struct error err = {0};
    struct stat status;
    (void)snprintf(path, sizeof path, "%s/steps.csv", directory);
    assert_true(export_folder(directory, &CSV_FILES[CSV_STEPS], 1, false, *state, &err));
    assert_false(export_folder(directory, CSV_FILES, 5, false, *state, &err));
    assert_int_equal(err.code, ERROR_SYSTEM);
    assert_non_null(strstr(err.message, path));
    (void)snprintf(path, sizeof path, "%s/epochs.csv", directory);
    assert_int_not_equal(stat(path, &status), 0);
    assert_true(export_folder(directory, CSV_FILES, 5, true, *state, &err));
    assert_int_equal(stat(path, &status), 0);
    remove_directory(directory);
}

/* Writes the run in all formats, in a folder that is not there yet. */
static void write_all(const struct export_run *run, const char *directory)
{
    char folder[256], paths[TENSORBOARD_PARTS][TENSORBOARD_PATH_SIZE];
    struct export_file files[TENSORBOARD_PARTS];
    struct error err = {0};
    (void)snprintf(folder, sizeof folder, "%s/a/b/", directory);
    for (int part = 0; part < TENSORBOARD_PARTS; part++) {
        tensorboard_path(run, (enum tensorboard_part)part, paths[part]);
        files[part] = (struct export_file){paths[part], format_events, part};
    }
    if (!export_folder(folder, CSV_FILES, 5, false, run, &err) ||
        !export_folder(folder, &JSON_FILE, 1, false, run, &err) ||
        !export_folder(folder, &HTML_FILE, 1, false, run, &err) ||
        !export_folder(folder, files, TENSORBOARD_PARTS, false, run, &err))
        fail_msg("%s", err.message);
}

static void readers_of_each_format_find_the_same(void **state)
{
    if (run_command("python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>%s",
                    "/dev/null") != 0)
        skip();
    char *directory = make_directory();
    write_all(*state, directory);
    assert_int_equal(
        run_command("python3 \"${FMNIST_SOURCE:-.}/tests/export/readers.py\" '%s/a/b'", directory),
        0);
    remove_directory(directory);
}

static int set_up(void **state)
{
    *state = staged_run_create(EPOCHS, false);
    return 0;
}

static int tear_down(void **state)
{
    staged_run_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_has_a_line_a_step_with_all_digits),
        cmocka_unit_test(csv_quotes_what_has_to_be),
        cmocka_unit_test(csv_tells_classes_and_pairs_of_each_evaluation),
        cmocka_unit_test(json_holds_every_number_as_it_was),
        cmocka_unit_test(event_files_are_whole_records),
        cmocka_unit_test(html_escapes_all_text_and_loads_nothing),
        cmocka_unit_test(html_shows_matrix_mistakes_and_marks),
        cmocka_unit_test(html_says_where_the_pictures_are_missing),
        cmocka_unit_test(a_long_run_takes_no_more_room_for_its_curves),
        cmocka_unit_test(a_run_without_any_step_can_be_exported),
        cmocka_unit_test(files_there_are_replaced_only_on_request),
        cmocka_unit_test(readers_of_each_format_find_the_same),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
