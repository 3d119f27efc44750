// SPDX-License-Identifier: MIT
/* Whichever allocation fails while a run is exported: it is told, or the export is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "allocations.h"
#include "export/csv.h"
#include "export/folder.h"
#include "export/formats.h"
#include "export/tensorboard.h"
#include "staged_run.h"

enum { EVERY = 29 }; /* of many allocations alike, so that the test is quick */

/* Exports once with that allocation failing; false once there are not so many. */
static bool check_failure(const struct export_file *file, const struct export_run *run,
                          const struct buffer *whole, size_t number)
{
    struct error err = {0};
    struct buffer content;
    size_t before = allocations_count();
    allocations_fail(number);
    bool good = export_render(file, run, &content, &err);
    allocations_fail(0);
    if (good &&
        (content.size != whole->size || memcmp(content.bytes, whole->bytes, whole->size) != 0))
        fail_msg("%s: without allocation %zu it is not whole, and nobody says so", file->path,
                 number);
    if (good)
        buffer_free(&content);
    else
        assert_int_equal(err.code, ERROR_MEMORY);
    return allocations_count() - before >= number;
}

static void check_format(const struct export_file *file, const struct export_run *run, size_t every)
{
    struct error err = {0};
    struct buffer whole;
    size_t number = 1;
    assert_true(export_render(file, run, &whole, &err));
    while (check_failure(file, run, &whole, number))
        number += every;
    assert_true(number > every); /* some were there */
    buffer_free(&whole);
}

static void every_failing_allocation_is_told(void **state)
{
    static const struct export_file files[] = {
        {"steps", format_csv, CSV_STEPS},
        {"classes", format_csv, CSV_CLASSES},
        {"HTML", format_html, 0},
        {"settings", format_events, TENSORBOARD_SETTINGS},
        {"train", format_events, TENSORBOARD_TRAIN},
        {"validation", format_events, TENSORBOARD_VALIDATION},
    };
    if (!allocations_are_counted())
        skip();
    for (size_t file = 0; file < sizeof files / sizeof *files; file++)
        check_format(&files[file], *state, 1);
}

static void a_failing_allocation_leaves_no_number_out_of_json(void **state)
{
    static const struct export_file file = {"JSON", format_json, 0};
    if (!allocations_are_counted())
        skip();
    check_format(&file, *state, EVERY);
}

static int set_up(void **state)
{
    *state = staged_run_create(1, true);
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
        cmocka_unit_test(every_failing_allocation_is_told),
        cmocka_unit_test(a_failing_allocation_leaves_no_number_out_of_json),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
