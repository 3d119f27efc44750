// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/canvas.h"
#include "tui/dialog.h"
#include "tui/help.h"
#include "tui/keys.h"

static void no_key_means_two_things(void **state)
{
    (void)state;
    const struct key_binding *binding;
    for (size_t index = 0; (binding = keys_binding(index)); index++)
        for (size_t number = 0; number < KEYS_PER_BINDING; number++)
            if (binding->keys[number] != KEYS_NONE)
                assert_int_equal(keys_request(binding->keys[number]), binding->request);
}

static void every_request_has_a_key_and_a_help_text(void **state)
{
    (void)state;
    for (int request = REQUEST_NONE + 1; request <= REQUEST_ABORT; request++) {
        size_t index = 0;
        while (keys_binding(index) && keys_binding(index)->request != (enum request)request)
            index++;
        const struct key_binding *binding = keys_binding(index);
        assert_non_null(binding);
        assert_true(binding->keys[0] != KEYS_NONE);
        assert_true(strlen(binding->names) > 0 && strlen(binding->help) > 0);
    }
}

static void an_unknown_key_means_nothing(void **state)
{
    (void)state;
    assert_int_equal(keys_request('Q'), REQUEST_NONE);
    assert_int_equal(keys_request(KEYS_OTHER), REQUEST_NONE);
    assert_int_equal(keys_request(KEYS_NONE), REQUEST_NONE);
}

/* The bar at a width, as text. */
static void check_bar(int columns, enum keys_bar kind, const char *expected)
{
    struct canvas *canvas = canvas_create(1, columns, NULL);
    assert_non_null(canvas);
    keys_draw_bar(canvas, 0, kind);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(text, expected);
    free(text);
    canvas_destroy(canvas);
}

static void the_bar_keeps_what_matters_most(void **state)
{
    (void)state;
    check_bar(132, KEYS_BAR_STEERED,
              "Spc pause  m model  . step  e eval  s save  +/- lr  R restart  1-6 views  [ ] "
              "epoch  Tab panel"
              "  / filter  : command  ? help  q quit");
    check_bar(120, KEYS_BAR_STEERED,
              "Spc pause  m model  . step  e eval  s save  +/- lr  1-6 views  [ ] epoch  Tab panel"
              "  / filter  : command  ? help  q quit");
    check_bar(80, KEYS_BAR_STEERED,
              "Spc pause  m model  . step  e eval  +/- lr  1-6 views  Tab panel  ? help  q quit");
    check_bar(79, KEYS_BAR_STEERED,
              "Spc pause  m model  . step  e eval  +/- lr  Tab panel  ? help  q quit");
    check_bar(40, KEYS_BAR_STEERED, "Spc pause  m model  ? help  q quit");
    check_bar(10, KEYS_BAR_STEERED, "Spc pause");
    check_bar(3, KEYS_BAR_STEERED, "");
}

static void the_bar_of_a_replay_has_no_keys_that_train(void **state)
{
    (void)state;
    check_bar(120, KEYS_BAR_REPLAYED,
              "Spc play  m model  . step  R restart  1-6 views  [ ] epoch  Tab panel  / filter"
              "  : command  ? help  q quit");
    check_bar(80, KEYS_BAR_REPLAYED,
              "Spc play  m model  . step  1-6 views  [ ] epoch  Tab panel  ? help  q quit");
}

static void the_bar_of_a_watched_run_has_no_keys_that_steer(void **state)
{
    (void)state;
    check_bar(120, KEYS_BAR_WATCHED,
              "m model  1-6 views  [ ] epoch  Tab panel  / filter  : command  ? help  q quit");
}

/* Fails the test unless a click on the place of the bar at which the text begins is that key. */
static void check_click(struct canvas *canvas, const char *text, int offset, uint32_t key)
{
    char *bar = canvas_to_text(canvas);
    assert_non_null(bar);
    const char *found = strstr(bar, text);
    assert_non_null(found);
    const struct zone *zone = canvas_zone_at(canvas, 0, (int)(found - bar) + offset);
    assert_int_equal(zone ? zone->key : KEYS_NONE, key);
    free(bar);
}

static void a_click_on_the_bar_is_the_key_that_stands_there(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(1, 130, NULL);
    assert_non_null(canvas);
    keys_draw_bar(canvas, 0, KEYS_BAR_STEERED);
    check_click(canvas, "Spc pause", 0, ' ');
    check_click(canvas, "pause", 0, ' ');
    check_click(canvas, "m model", -1, KEYS_NONE);
    check_click(canvas, "m model", 6, 'm');
    check_click(canvas, "+/-", 0, '+');
    check_click(canvas, "+/-", 1, KEYS_NONE);
    check_click(canvas, "+/-", 2, '-');
    check_click(canvas, "1-6", 0, '1');
    check_click(canvas, "1-6", 2, '6');
    check_click(canvas, "[ ]", 0, '[');
    check_click(canvas, "[ ]", 2, ']');
    check_click(canvas, "Tab panel", 2, '\t');
    check_click(canvas, "q quit", 5, 'q');
    canvas_destroy(canvas);
}

static void the_harmless_answer_has_the_focus(void **state)
{
    (void)state;
    struct dialog dialog;
    dialog_open(&dialog, DIALOG_QUIT, "text");
    assert_int_equal(dialog_press(&dialog, KEYS_ENTER), DIALOG_NO);
    assert_int_equal(dialog.kind, DIALOG_CLOSED);
    dialog_open(&dialog, DIALOG_RESTART, "text");
    assert_int_equal(dialog_press(&dialog, '\t'), DIALOG_UNDECIDED);
    assert_int_equal(dialog_press(&dialog, KEYS_ENTER), DIALOG_YES);
}

static void a_dialog_takes_no_key_it_does_not_show(void **state)
{
    (void)state;
    struct dialog dialog;
    dialog_open(&dialog, DIALOG_QUIT, "text");
    assert_int_equal(dialog_press(&dialog, ' '), DIALOG_UNDECIDED);
    assert_int_equal(dialog_press(&dialog, 'R'), DIALOG_UNDECIDED);
    assert_int_equal(dialog.kind, DIALOG_QUIT);
    assert_int_equal(dialog_press(&dialog, KEYS_ESCAPE), DIALOG_NO);
}

static void a_dialog_shows_its_buttons_in_any_size(void **state)
{
    (void)state;
    const struct look look = {.glyphs = GLYPHS_ASCII};
    struct dialog dialog;
    dialog_open(&dialog, DIALOG_QUIT, "a text that is far too long for a narrow terminal");
    for (int rows = 1; rows <= 12; rows++) {
        struct canvas *canvas = canvas_create(rows, 30, NULL);
        assert_non_null(canvas);
        dialog_draw(&dialog, canvas, &look);
        char *text = canvas_to_text(canvas);
        assert_non_null(strstr(text, "q quit"));
        assert_non_null(strstr(text, "[Esc stay]"));
        free(text);
        canvas_destroy(canvas);
    }
}

static void the_help_scrolls_to_its_end_and_no_further(void **state)
{
    (void)state;
    const struct look look = {.glyphs = GLYPHS_ASCII};
    struct help help = {.open = true};
    struct canvas *canvas = canvas_create(10, 70, NULL);
    assert_non_null(canvas);
    assert_true(help_act(&help, REQUEST_LAST));
    help_draw(&help, canvas, &look);
    int last = help.first;
    assert_true(help_act(&help, REQUEST_DOWN));
    help_draw(&help, canvas, &look);
    assert_int_equal(help.first, last);
    assert_true(help_act(&help, REQUEST_FIRST));
    assert_true(help_act(&help, REQUEST_UP));
    help_draw(&help, canvas, &look);
    assert_int_equal(help.first, 0);
    assert_true(help_act(&help, REQUEST_BACK));
    assert_false(help.open);
    canvas_destroy(canvas);
}

static void check_help(struct help *help, const char *there, const char *not_there)
{
    const struct look look = {.glyphs = GLYPHS_ASCII};
    struct canvas *canvas = canvas_create(80, 90, NULL);
    assert_non_null(canvas);
    help_draw(help, canvas, &look);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    assert_non_null(strstr(text, there));
    assert_null(strstr(text, not_there));
    free(text);
    canvas_destroy(canvas);
}

static void a_search_in_the_help_finds_keys_and_commands_in_whatever_case(void **state)
{
    (void)state;
    struct help help = {.open = true};
    check_help(&help, ":goto STEP", "nothing has that");
    help_search(&help, "LEARNING");
    check_help(&help, "learning rate up by half", "pause the training");
    check_help(&help, ":lr RATE", ":goto");
    help_search(&help, "no such thing");
    check_help(&help, "nothing has that in it", "learning rate");
    assert_true(help_act(&help, REQUEST_BACK)); /* the search goes first */
    assert_true(help.open);
    check_help(&help, "pause the training", "nothing has that");
    assert_true(help_act(&help, REQUEST_BACK));
    assert_false(help.open);
}

/* Whether the text can be scrolled to in a help of 12 rows and 40 columns. */
static bool help_reaches(const char *text)
{
    const struct look look = {.glyphs = GLYPHS_ASCII};
    struct canvas *canvas = canvas_create(12, 40, NULL);
    struct help help = {.open = true};
    bool found = false;
    int before = -1;
    while (!found && help.first != before) {
        before = help.first;
        canvas_clear(canvas);
        help_draw(&help, canvas, &look);
        char *screen = canvas_to_text(canvas);
        assert_non_null(screen);
        found = strstr(screen, text) != NULL;
        free(screen);
        (void)help_act(&help, REQUEST_DOWN);
        help_draw(&help, canvas, &look);
    }
    canvas_destroy(canvas);
    return found;
}

static void the_help_can_be_read_to_the_end_at_40_columns(void **state)
{
    (void)state;
    const struct key_binding *binding;
    for (size_t index = 0; (binding = keys_binding(index)); index++) {
        const char *last_word = strrchr(binding->help, ' ');
        char line_end[64]; /* before the frame */
        (void)snprintf(line_end, sizeof line_end, "%s ", last_word ? last_word + 1 : binding->help);
        assert_true(help_reaches(binding->names));
        assert_true(help_reaches(line_end));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_key_means_two_things),
        cmocka_unit_test(every_request_has_a_key_and_a_help_text),
        cmocka_unit_test(an_unknown_key_means_nothing),
        cmocka_unit_test(the_bar_keeps_what_matters_most),
        cmocka_unit_test(the_bar_of_a_replay_has_no_keys_that_train),
        cmocka_unit_test(the_bar_of_a_watched_run_has_no_keys_that_steer),
        cmocka_unit_test(a_click_on_the_bar_is_the_key_that_stands_there),
        cmocka_unit_test(the_harmless_answer_has_the_focus),
        cmocka_unit_test(a_dialog_takes_no_key_it_does_not_show),
        cmocka_unit_test(a_dialog_shows_its_buttons_in_any_size),
        cmocka_unit_test(the_help_scrolls_to_its_end_and_no_further),
        cmocka_unit_test(a_search_in_the_help_finds_keys_and_commands_in_whatever_case),
        cmocka_unit_test(the_help_can_be_read_to_the_end_at_40_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
