// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"

static void the_length_is_that_of_one_character(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("a"), 1);
    assert_int_equal(utf8_length("\xC3\xA9x"), 2);
    assert_int_equal(utf8_length("\xE2\x86\x92x"), 3);
    assert_int_equal(utf8_length("\xF4\x8F\xBF\xBF"), 4);
}

static void what_is_no_character_has_no_length(void **state)
{
    static const char *const wrong[] = {
        "\x80",             /* goes on, but nothing began */
        "\xC3",             /* cut */
        "\xE2\x86",         /* cut */
        "\xC0\xAF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xF4\x90\x80\x80", /* past U+10FFFF */
        "\xFF",
    };
    (void)state;
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++)
        assert_int_equal(utf8_length(wrong[index]), 0);
}

static void cleaning_leaves_text_and_replaces_the_rest(void **state)
{
    static const struct {
        const char *text, *clean;
    } cases[] = {
        {"", ""},
        {"caf\xC3\xA9 \xE2\x86\x92 <b>", "caf\xC3\xA9 \xE2\x86\x92 <b>"},
        {"a\x1B[2Jb\n\x7F", "a?[2Jb??"},
        {"\xC2\x9B"
         "1m",
         "?1m"},
        {"x\xFF\xC3y\xE2\x86", "x??y??"},
    };
    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        char text[32];
        (void)snprintf(text, sizeof text, "%s", cases[index].text);
        utf8_clean(text);
        assert_string_equal(text, cases[index].clean);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_length_is_that_of_one_character),
        cmocka_unit_test(what_is_no_character_has_no_length),
        cmocka_unit_test(cleaning_leaves_text_and_replaces_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
