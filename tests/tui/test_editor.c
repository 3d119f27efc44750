// SPDX-License-Identifier: MIT
/* A line that is typed: its keys, its history, completion, and how it is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tui/console.h"
#include "tui/keys.h"
#include "tui/prompt.h"

static const struct editor_lines NO_LINES;

/* Presses the keys one after the other; none of them may end the line. */
static void press(struct editor *editor, const uint32_t *keys)
{
    for (; *keys; keys++)
        assert_int_equal(editor_press(editor, &NO_LINES, *keys), EDITOR_GOES_ON);
}

static void type(struct editor *editor, const char *text)
{
    for (; *text; text++)
        assert_int_equal(editor_press(editor, &NO_LINES, (unsigned char)*text), EDITOR_GOES_ON);
}

static void check_keys(const char *before, const uint32_t *keys, const char *after)
{
    struct editor editor = {.cursor = 0};
    type(&editor, before);
    press(&editor, keys);
    assert_string_equal(editor.text, after);
}

static void keys_move_insert_and_erase(void **state)
{
    (void)state;
    check_keys("goto", (uint32_t[]){' ', '7', 0}, "goto 7");
    check_keys("abc", (uint32_t[]){KEYS_LEFT, KEYS_LEFT, 'x', 0}, "axbc");
    check_keys("abc", (uint32_t[]){KEYS_HOME, 'x', KEYS_RIGHT, 'y', KEYS_END, 'z', 0}, "xaybcz");
    check_keys("abc", (uint32_t[]){KEYS_HOME, KEYS_LEFT, KEYS_CONTROL('D'), 0}, "bc");
    check_keys("abc", (uint32_t[]){KEYS_RIGHT, KEYS_CONTROL('D'), KEYS_BACKSPACE, 0}, "ab");
    check_keys("abc", (uint32_t[]){KEYS_LEFT, 127, 0}, "ac");
    check_keys("run 50 60", (uint32_t[]){KEYS_CONTROL('W'), 0}, "run 50 ");
    check_keys("run 50  ", (uint32_t[]){KEYS_CONTROL('W'), KEYS_CONTROL('W'), KEYS_CONTROL('W'), 0},
               "");
    check_keys("abcd", (uint32_t[]){KEYS_LEFT, KEYS_CONTROL('U'), 0}, "d");
    check_keys("abcd", (uint32_t[]){KEYS_CONTROL('A'), KEYS_RIGHT, KEYS_CONTROL('K'), 0}, "a");
    check_keys("ab", (uint32_t[]){KEYS_F1, KEYS_OTHER, KEYS_PAGE_UP, 7, 0}, "ab");
}

static void a_character_of_several_bytes_is_one(void **state)
{
    (void)state;
    check_keys("", (uint32_t[]){0xE9, 0x5B57, 0x1F600, KEYS_BACKSPACE, 0}, "\303\251\345\255\227");
    check_keys("", (uint32_t[]){0xE9, 0x5B57, KEYS_LEFT, KEYS_LEFT, 'x', KEYS_CONTROL('D'), 0},
               "x\345\255\227");
}

static void a_full_line_takes_no_more_and_stays_whole(void **state)
{
    (void)state;
    struct editor editor = {.cursor = 0};
    for (int index = 0; index < 2 * EDITOR_SIZE; index++)
        (void)editor_press(&editor, &NO_LINES, 0x5B57);
    assert_int_equal(strlen(editor.text), (EDITOR_SIZE - 1) / 3 * 3);
    assert_int_equal(editor.cursor, strlen(editor.text));
}

static void enter_accepts_and_escape_leaves(void **state)
{
    (void)state;
    struct editor editor = {.cursor = 0};
    assert_int_equal(editor_press(&editor, &NO_LINES, KEYS_BACKSPACE), EDITOR_LEFT);
    type(&editor, "x");
    assert_int_equal(editor_press(&editor, &NO_LINES, KEYS_ENTER), EDITOR_ACCEPTED);
    assert_int_equal(editor_press(&editor, &NO_LINES, KEYS_ESCAPE), EDITOR_LEFT);
    assert_int_equal(editor_press(&editor, &NO_LINES, '\t'), EDITOR_COMPLETE);
}

static void the_history_leads_back_and_forth_to_what_was_typed(void **state)
{
    (void)state;
    struct editor_lines lines = {.count = 0};
    struct editor editor = {.cursor = 0};
    editor_remember(&lines, "one");
    editor_remember(&lines, "two");
    editor_remember(&lines, "two");
    editor_remember(&lines, "");
    assert_int_equal(lines.count, 2);
    type(&editor, "thr");
    static const struct {
        uint32_t key;
        const char *text;
    } STEPS[] = {{KEYS_UP, "two"},   {KEYS_UP, "one"},   {KEYS_UP, "one"},
                 {KEYS_DOWN, "two"}, {KEYS_DOWN, "thr"}, {KEYS_DOWN, "thr"}};
    for (size_t step = 0; step < sizeof STEPS / sizeof *STEPS; step++) {
        (void)editor_press(&editor, &lines, STEPS[step].key);
        assert_string_equal(editor.text, STEPS[step].text);
    }
}

static void the_history_forgets_the_oldest(void **state)
{
    (void)state;
    struct editor_lines lines = {.count = 0};
    char text[3] = "a0";
    for (int index = 0; index < EDITOR_LINES_MAX + 3; index++, text[1]++)
        editor_remember(&lines, text);
    assert_int_equal(lines.count, EDITOR_LINES_MAX);
    assert_string_equal(lines.lines[0], "a3");
}

static void check_completion(const char *before, const char *after)
{
    struct editor editor = {.cursor = 0};
    editor_set(&editor, before);
    console_complete(&editor);
    assert_string_equal(editor.text, after);
    assert_int_equal(editor.cursor, strlen(editor.text));
}

static void tab_completes_names_and_choices_as_far_as_they_are_clear(void **state)
{
    (void)state;
    check_completion("ep", "epochs ");
    check_completion("e", "e"); /* epochs, evaluate */
    check_completion("res", "res");
    check_completion("rest", "restart");
    check_completion("xyz", "xyz");
    check_completion("", "");
    check_completion(" ", "");
    check_completion("lr", "lr ");
    check_completion("lr 5", "lr 5");
    check_completion("model a", "model alexnet");
    check_completion("mo l", "model lenet");
    check_completion("model ", "model ");
    check_completion("model x", "model x");
}

static void every_command_has_a_help_and_does_one_thing(void **state)
{
    (void)state;
    const struct console_command *command;
    size_t index = 0;
    for (; (command = console_command(index)); index++) {
        assert_true(strlen(command->name) > 0 && strlen(command->help) > 0);
        assert_true((command->request != REQUEST_NONE) != (command->run != NULL));
        assert_true(!command->choice || command->argument);
    }
    assert_true(index > 8);
}

/* The last row of a screen with the prompt, as text. */
static void check_drawing(const struct prompt *prompt, int columns, const char *expected)
{
    struct canvas *canvas = canvas_create(1, columns, NULL);
    assert_non_null(canvas);
    (void)canvas_text(canvas, (struct rect){0, 0, 1, columns}, 0, 0, (struct style){0},
                      "the key bar that was there, and is long");
    prompt_draw(prompt, canvas, 0);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(text, expected);
    free(text);
    canvas_destroy(canvas);
}

static void the_line_is_drawn_with_what_it_may_become(void **state)
{
    (void)state;
    struct prompt prompt = {.kind = PROMPT_CLOSED};
    check_drawing(&prompt, 20, "the key bar that was");
    prompt_open(&prompt, PROMPT_COMMAND, "lr 5e");
    check_drawing(&prompt, 80, ":lr 5e   lr RATE: set the learning rate");
    check_drawing(&prompt, 10, ":lr 5e");
    prompt_open(&prompt, PROMPT_COMMAND, "e");
    check_drawing(&prompt, 80, ":e   epochs evaluate");
    prompt_open(&prompt, PROMPT_COMMAND, "what");
    check_drawing(&prompt, 80, ":what   no such command");
    prompt_open(&prompt, PROMPT_SEARCH, "rate");
    check_drawing(&prompt, 80, "/rate");
    prompt_open(&prompt, PROMPT_FILTER, "");
    check_drawing(&prompt, 80, "/   such as true:shirt pred:coat p>0.9 and not alexnet:wrong");
}

static void a_long_line_is_scrolled_to_its_cursor(void **state)
{
    (void)state;
    struct prompt prompt = {.kind = PROMPT_CLOSED};
    prompt_open(&prompt, PROMPT_SEARCH, "0123456789");
    check_drawing(&prompt, 6, "/6789");
    for (int step = 0; step < 10; step++)
        (void)prompt_press(&prompt, KEYS_LEFT);
    check_drawing(&prompt, 6, "/01234");
    for (int columns = 1; columns < 5; columns++) {
        struct canvas *canvas = canvas_create(1, columns, NULL);
        assert_non_null(canvas);
        prompt_draw(&prompt, canvas, 0);
        canvas_destroy(canvas);
    }
}

static void each_kind_of_line_has_a_history_of_its_own(void **state)
{
    (void)state;
    struct prompt prompt = {.kind = PROMPT_CLOSED};
    prompt_open(&prompt, PROMPT_COMMAND, "pause");
    assert_int_equal(prompt_press(&prompt, KEYS_ENTER), PROMPT_ACCEPTED);
    assert_int_equal(prompt.kind, PROMPT_CLOSED);
    prompt_open(&prompt, PROMPT_SEARCH, "");
    assert_int_equal(prompt_press(&prompt, KEYS_UP), PROMPT_GOES_ON);
    assert_string_equal(prompt.editor.text, "");
    assert_int_equal(prompt_press(&prompt, KEYS_ESCAPE), PROMPT_LEFT);
    prompt_open(&prompt, PROMPT_COMMAND, "");
    (void)prompt_press(&prompt, KEYS_UP);
    assert_string_equal(prompt.editor.text, "pause");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_move_insert_and_erase),
        cmocka_unit_test(a_character_of_several_bytes_is_one),
        cmocka_unit_test(a_full_line_takes_no_more_and_stays_whole),
        cmocka_unit_test(enter_accepts_and_escape_leaves),
        cmocka_unit_test(the_history_leads_back_and_forth_to_what_was_typed),
        cmocka_unit_test(the_history_forgets_the_oldest),
        cmocka_unit_test(tab_completes_names_and_choices_as_far_as_they_are_clear),
        cmocka_unit_test(every_command_has_a_help_and_does_one_thing),
        cmocka_unit_test(the_line_is_drawn_with_what_it_may_become),
        cmocka_unit_test(a_long_line_is_scrolled_to_its_cursor),
        cmocka_unit_test(each_kind_of_line_has_a_history_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
