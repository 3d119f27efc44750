// SPDX-License-Identifier: MIT
/* What the user is told of checkpoints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/keeping.h"

static struct snapshot snapshot_with(struct learner_record record)
{
    return (struct snapshot){.learner_count = 1, .learners = {{.started = true, .record = record}}};
}

static void a_save_is_told_where_it_was_asked_for(void **state)
{
    (void)state;
    struct keeping keeping = {.wanted = false};
    char text[128] = "";
    struct snapshot saved = snapshot_with(
        (struct learner_record){.run = "12", .saved = true, .saved_step = 540, .saves = 1});
    saved.learners[0].step = 580;
    assert_false(keeping_update(&keeping, &saved, text, sizeof text));
    keeping_ask(&keeping, &saved);
    assert_false(keeping_update(&keeping, &saved, text, sizeof text));
    saved.learners[0].record.saved_step = 600;
    assert_true(keeping_update(&keeping, &saved, text, sizeof text));
    assert_string_equal(text, "run 12 is saved as of step 600");
    saved.learners[0].record.saved_step = 610;
    assert_false(keeping_update(&keeping, &saved, text, sizeof text));
}

static void a_save_that_failed_is_told_once(void **state)
{
    (void)state;
    struct keeping keeping = {.wanted = false};
    char text[128] = "";
    struct learner_record record = {.run = "12"};
    error_set(&record.failure, ERROR_SYSTEM, "/tmp/x: Input/output error");
    struct snapshot failed = snapshot_with(record);
    assert_true(keeping_update(&keeping, &failed, text, sizeof text));
    assert_string_equal(text, "not saved: /tmp/x: Input/output error");
    assert_false(keeping_update(&keeping, &failed, text, sizeof text));
    struct snapshot good = snapshot_with((struct learner_record){.run = "12", .saves = 1});
    assert_false(keeping_update(&keeping, &good, text, sizeof text));
    assert_true(keeping_update(&keeping, &failed, text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_save_is_told_where_it_was_asked_for),
        cmocka_unit_test(a_save_that_failed_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
