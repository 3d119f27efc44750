// SPDX-License-Identifier: MIT
/* What the program asks the terminal at its start: answered by libvterm, by nobody, too late, and
 * with what other terminals say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>

#include "dashboard.h"

/* The question after which there is nothing more to wait for. */
#define LAST_QUESTION "\342\243\277\033[6n"
#define ONE "\033[2;2R"
#define TWO "\033[2;3R"
#define NARROW ONE ONE ONE ONE

enum { ACCENT_DARK = 175, ACCENT_LIGHT = 132 };

static void quit(struct terminal *terminal)
{
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
}

/* Starts the program on a terminal that answers by `answers` alone. */
static struct terminal *start_with(void **state, const char *answers)
{
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.type = "xterm-256color", .silent = true});
    if (*answers) {
        terminal_await_bytes(terminal, LAST_QUESTION);
        terminal_type(terminal, answers);
    }
    terminal_await_text(terminal, "loss  train");
    terminal_await_text(terminal, "q quit");
    return terminal;
}

static bool shows_unicode(struct terminal *terminal)
{
    return strstr(terminal_text(terminal), "\342\224\200") != NULL;
}

/* The key bar's first cell has the accent's colour. */
static void check_accent(struct terminal *terminal, int expected)
{
    VTermScreenCell cell = terminal_cell(terminal, 23, 0);
    assert_true(VTERM_COLOR_IS_INDEXED(&cell.fg));
    assert_int_equal(cell.fg.indexed.idx, expected);
}

/* Whether keys do what they should, and nothing else was taken for one. */
static void check_keys(struct terminal *terminal)
{
    assert_non_null(strstr(terminal_text(terminal), "Spc pause"));
    terminal_type(terminal, "?");
    terminal_await_text(terminal, "pause the training");
    terminal_type(terminal, "?");
    terminal_await_no_text(terminal, "pause the training");
    terminal_await_text(terminal, "Spc pause");
}

static void libvterm_answers_and_gets_unicode(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    assert_true(shows_unicode(terminal));
    check_accent(terminal, ACCENT_DARK);
    check_keys(terminal);
    quit(terminal);
}

static void a_terminal_that_never_answers_is_not_waited_for(void **state)
{
    struct terminal *terminal = start_with(state, "");
    assert_true(shows_unicode(terminal));
    check_accent(terminal, ACCENT_DARK);
    check_keys(terminal);
    quit(terminal);
}

static void answers_that_come_late_are_no_keys(void **state)
{
    struct terminal *terminal = start_with(state, "");
    terminal_type(terminal, "\033]11;rgb:ffff/ffff/ffff\033\\\033]11;rgb:ffff/ffff/ffff\007"
                            "\033[?2026;2$y" NARROW);
    check_keys(terminal);
    quit(terminal);
}

/* Whether a character of Unicode from `first` to `last`, all of three bytes in UTF-8, is shown. */
static bool shows_any(struct terminal *terminal, unsigned first, unsigned last)
{
    const unsigned char *text = (const unsigned char *)terminal_text(terminal);
    for (; *text; text++) {
        if ((*text & 0xF0) != 0xE0)
            continue;
        unsigned character = (text[0] & 0xFU) << 12 | (text[1] & 0x3FU) << 6 | (text[2] & 0x3FU);
        if (character >= first && character <= last)
            return true;
    }
    return false;
}

static void sets_of_characters_with_two_columns_are_not_used(void **state)
{
    static const struct {
        const char *answers;
        bool signs, lines, blocks, braille;
    } CASES[] = {
        {TWO ONE ONE ONE, false, true, true, true},   {ONE TWO ONE ONE, true, false, true, true},
        {ONE ONE TWO ONE, true, true, false, true},   {ONE ONE ONE TWO, true, true, true, false},
        {TWO TWO TWO ONE, false, false, false, true}, {TWO TWO TWO TWO, false, false, false, false},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        struct terminal *terminal = start_with(state, CASES[index].answers);
        check_keys(terminal); /* after that the frame is whole */
        assert_int_equal(shows_any(terminal, 0x25A0, 0x25FF), CASES[index].signs);
        assert_int_equal(shows_any(terminal, 0x2500, 0x257F), CASES[index].lines);
        assert_int_equal(shows_any(terminal, 0x2580, 0x259F), CASES[index].blocks);
        assert_int_equal(shows_any(terminal, 0x2801, 0x28FF), CASES[index].braille);
        quit(terminal);
        (void)dashboard_teardown(state);
    }
}

static void a_light_background_gets_darker_colors(void **state)
{
    static const char *const answers[] = {"\033]11;rgb:ffff/ffff/dddd\033\\" NARROW,
                                          "\033]11;rgb:ff/ee/ee\007" NARROW};
    for (size_t index = 0; index < 2; index++) {
        struct terminal *terminal = start_with(state, answers[index]);
        check_accent(terminal, ACCENT_LIGHT);
        check_keys(terminal);
        quit(terminal);
        (void)dashboard_teardown(state);
    }
    check_accent(start_with(state, "\033]11;rgb:0000/2222/7777\033\\" NARROW), ACCENT_DARK);
}

static void answers_that_make_no_sense_do_no_harm(void **state)
{
    static const char *const answers[] = {
        "\033]11;rgb:////\033\\\033[R\033[;R\033[99999999999;99999999999R\033[?2026$y\033[2;",
        "\033]11;rgb:12345/zz/1\007\033[?2026;9$y\033[1;1R\033[2;1R\033[2;0R\033P1$r\033",
    };
    for (size_t index = 0; index < 2; index++) {
        struct terminal *terminal = start_with(state, answers[index]);
        check_keys(terminal);
        quit(terminal);
        (void)dashboard_teardown(state);
    }
}

static void keys_typed_during_the_questions_are_not_lost(void **state)
{
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.type = "xterm-256color", .silent = true});
    terminal_await_bytes(terminal, LAST_QUESTION);
    terminal_type(terminal, "2" NARROW "?");
    terminal_await_text(terminal, "pause the training");
    terminal_type(terminal, "?");
    terminal_await_text(terminal, "most often confused");
    quit(terminal);
}

static void frames_are_marked_where_the_terminal_knows_that(void **state)
{
    size_t size;
    struct terminal *terminal = start_with(state, "\033[?2026;2$y" NARROW);
    terminal_await_bytes(terminal, "\033[?2026h");
    quit(terminal);
    (void)dashboard_teardown(state);
    terminal = start_with(state, "\033[?2026;0$y" NARROW);
    assert_null(strstr(terminal_bytes(terminal, &size), "\033[?2026h"));
}

static void a_terminal_of_another_kind_is_asked_nothing_it_does_not_know(void **state)
{
    size_t size;
    struct terminal *terminal =
        dashboard_open(state, (struct terminal_settings){.type = "vt220", .locale = "C"});
    const char *bytes = terminal_bytes(terminal, &size);
    assert_null(strstr(bytes, "\033]"));
    assert_null(strstr(bytes, "[6n"));
    assert_null(strstr(bytes, "[?2026"));
    assert_null(strstr(bytes, "[?1000"));
    assert_null(strstr(bytes, "[?2004"));
    quit(terminal);
}

#define ANSWER_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(void)
{
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        ANSWER_TEST(libvterm_answers_and_gets_unicode),
        ANSWER_TEST(a_terminal_that_never_answers_is_not_waited_for),
        ANSWER_TEST(answers_that_come_late_are_no_keys),
        ANSWER_TEST(sets_of_characters_with_two_columns_are_not_used),
        ANSWER_TEST(a_light_background_gets_darker_colors),
        ANSWER_TEST(answers_that_make_no_sense_do_no_harm),
        ANSWER_TEST(keys_typed_during_the_questions_are_not_lost),
        ANSWER_TEST(frames_are_marked_where_the_terminal_knows_that),
        ANSWER_TEST(a_terminal_of_another_kind_is_asked_nothing_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
