// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "fmnist/base/error.h"

/* Text that is longer than any message. */
static void fill(char text[2 * ERROR_MESSAGE_SIZE], char letter)
{
    memset(text, letter, 2 * ERROR_MESSAGE_SIZE - 1);
    text[2 * ERROR_MESSAGE_SIZE - 1] = '\0';
}

static void a_message_is_formatted(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, ERROR_FORMAT, "%s: %d bytes expected", "images.gz", 16);
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_string_equal(err.message, "images.gz: 16 bytes expected");
}

static void a_system_error_names_its_cause(void **state)
{
    (void)state;
    struct error err = {0};
    error_set_errno(&err, ENOENT, "cannot open %s", "images.gz");
    assert_int_equal(err.code, ERROR_SYSTEM);
    assert_string_equal(err.message, "cannot open images.gz: No such file or directory");
}

static void a_full_disk_has_a_code_of_its_own(void **state)
{
    (void)state;
    struct error err = {0};
    error_set_errno(&err, ENOSPC, "x: cannot write");
    assert_int_equal(err.code, ERROR_FULL);
    error_set_errno(&err, EDQUOT, "x: cannot write");
    assert_int_equal(err.code, ERROR_FULL);
}

static void a_prefix_keeps_the_code(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, ERROR_MEMORY, "no memory");
    error_prefix(&err, "batch of %d", 7);
    error_prefix(&err, "LeNet-5");
    assert_int_equal(err.code, ERROR_MEMORY);
    assert_string_equal(err.message, "LeNet-5: batch of 7: no memory");
}

static void a_message_that_is_too_long_is_cut(void **state)
{
    (void)state;
    char text[2 * ERROR_MESSAGE_SIZE];
    fill(text, 'x');
    struct error err;
    error_set(&err, ERROR_USAGE, "%s", text);
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
    error_set_errno(&err, ENOENT, "%s", text);
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
    assert_int_equal(err.message[ERROR_MESSAGE_SIZE - 2], 'x');
}

static void a_long_prefix_or_rest_is_cut_at_the_end(void **state)
{
    (void)state;
    char text[2 * ERROR_MESSAGE_SIZE];
    struct error err;
    fill(text, 'x');
    error_set(&err, ERROR_USAGE, "%s", text);
    error_prefix(&err, "path");
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
    assert_memory_equal(err.message, "path: xx", 8);

    error_set(&err, ERROR_USAGE, "rest");
    fill(text, 'y');
    text[ERROR_MESSAGE_SIZE - 4] = '\0';
    error_prefix(&err, "%s", text);
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
    assert_string_equal(err.message + ERROR_MESSAGE_SIZE - 5, "y: r");
}

static void who_does_not_ask_gets_no_error(void **state)
{
    (void)state;
    error_set(NULL, ERROR_USAGE, "text");
    error_set_errno(NULL, ENOENT, "text");
    error_prefix(NULL, "text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_formatted),
        cmocka_unit_test(a_system_error_names_its_cause),
        cmocka_unit_test(a_full_disk_has_a_code_of_its_own),
        cmocka_unit_test(a_prefix_keeps_the_code),
        cmocka_unit_test(a_message_that_is_too_long_is_cut),
        cmocka_unit_test(a_long_prefix_or_rest_is_cut_at_the_end),
        cmocka_unit_test(who_does_not_ask_gets_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
