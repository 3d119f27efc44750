// SPDX-License-Identifier: MIT
/* The mouse, pasted text and unknown sequences, in the real program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "dashboard.h"

/* A click on the second cell of the diagonal in the view Matrix. */
#define TROUSERS_RIGHT "\033[<0;22;6M\033[<0;22;6m"

/* Half blocks of two pictures side by side. */
#define TWO_PICTURES "\342\226\200  \342\226\200"

static void quit(struct terminal *terminal)
{
    size_t size;
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
    const char *bytes = terminal_bytes(terminal, &size);
    assert_non_null(strstr(bytes, "\033[?1000l"));
    assert_non_null(strstr(bytes, "\033[?2004l"));
}

/* A run with the evaluation of at least one epoch, paused. */
static struct terminal *open_evaluated(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_await_text(terminal, "worst");
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    terminal_await_text(terminal, "Spc pause");
    return terminal;
}

static void a_click_on_a_tab_shows_that_view(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_click(terminal, "2 Matrix");
    terminal_await_text(terminal, "most often confused");
    terminal_click(terminal, "3 Mistakes");
    terminal_await_no_text(terminal, "most often confused");
    terminal_click(terminal, "1 Live");
    terminal_await_text(terminal, "loss  train");
    quit(terminal);
}

static void a_click_on_the_bar_presses_the_key(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_click(terminal, "+/-");
    terminal_await_text(terminal, "learning rate 0.0015");
    terminal_type(terminal, "\033"); /* closes the notice */
    terminal_await_text(terminal, "Spc pause");
    terminal_click(terminal, "/- lr"); /* between the halves: nothing */
    terminal_click(terminal, "- lr");
    terminal_await_text(terminal, "lr 0.001 ");
    quit(terminal);
}

static void a_click_on_a_button_answers_and_the_rest_is_out_of_reach(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, "R");
    terminal_await_text(terminal, "Restart?");
    terminal_type(terminal, "\033[<0;10;2M\033[<0;10;2m"); /* the tab of Matrix */
    terminal_click(terminal, "Esc go on");
    terminal_await_no_text(terminal, "Restart?");
    terminal_await_text(terminal, "worst");
    terminal_type(terminal, "R");
    terminal_await_text(terminal, "Restart?");
    terminal_click(terminal, "y restart");
    terminal_await_text(terminal, "no training step yet");
    quit(terminal);
}

static void clicks_lead_from_a_cell_to_its_images_and_to_one_of_them(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, "2");
    terminal_await_text(terminal, "T-shirt/top: ");
    terminal_type(terminal, TROUSERS_RIGHT);
    terminal_await_text(terminal, "Trouser: ");
    terminal_type(terminal, TROUSERS_RIGHT);
    terminal_await_text(terminal, "Trouser \342\206\222 Trouser (Esc: all)");
    terminal_await_text(terminal, "images  1 of");
    terminal_click(terminal, TWO_PICTURES);
    terminal_click(terminal, TWO_PICTURES);
    terminal_await_no_text(terminal, TWO_PICTURES);
    quit(terminal);
}

static void a_click_types_nothing_into_a_line(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, ":lr 5e");
    terminal_await_text(terminal, ":lr 5e");
    terminal_click(terminal, "2 Matrix");
    terminal_type(terminal, "-4");
    terminal_await_text(terminal, ":lr 5e-4");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "lr 0.0005");
    quit(terminal);
}

static void the_wheel_moves(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, "2g");
    terminal_await_text(terminal, "T-shirt/top: ");
    terminal_type(terminal, "\033[<65;10;10M");
    terminal_await_text(terminal, "Trouser taken for T-shirt/top");
    terminal_type(terminal, "\033[<64;10;10M");
    terminal_await_text(terminal, "T-shirt/top: ");
    quit(terminal);
}

static void over_a_chart_the_wheel_zooms_and_a_click_reads(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, "\033[<64;10;5M");
    terminal_await_text(terminal, "  avg ");
    terminal_await_text(terminal, "loss  epoch ");
    terminal_type(terminal, "\033\033");
    terminal_await_text(terminal, "loss  train");
    terminal_type(terminal, "5");
    terminal_await_text(terminal, "figures");
    terminal_type(terminal, "\033[<0;10;5M\033[<0;10;5m");
    terminal_await_text(terminal, "loss  epoch ");
    quit(terminal);
}

static void m_gives_the_mouse_back_and_takes_it(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, "M");
    terminal_await_text(terminal, "the mouse selects text");
    terminal_type(terminal, "M");
    terminal_await_text(terminal, "the mouse works here");
    quit(terminal);
}

static void no_mouse_leaves_it_alone(void **state)
{
    size_t size;
    const char *const arguments[] = {"--no-mouse", NULL};
    struct terminal *terminal =
        dashboard_open(state, (struct terminal_settings){.arguments = arguments});
    assert_null(strstr(terminal_bytes(terminal, &size), "\033[?1000h"));
    quit(terminal);
}

static void pasted_text_does_nothing_but_a_hint(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    long step = dashboard_step(terminal);
    terminal_type(terminal, "\033[200~R y q .... \003\003 \033[A\033[20 1\n2\033[201~");
    terminal_await_text(terminal, "pasted text does nothing here");
    terminal_type(terminal, "2");
    terminal_await_text(terminal, "most often confused");
    terminal_type(terminal, "1");
    terminal_await_text(terminal, "loss  train");
    assert_int_equal(dashboard_step(terminal), step);
    assert_null(strstr(terminal_text(terminal), "Restart?"));
    quit(terminal);
}

/* Presses 2 now and then; whether it did what it does. */
static bool key_works(struct terminal *terminal, void *pressed_at)
{
    double *last = pressed_at, now = clock_seconds();
    if (now - *last > 1.5) {
        terminal_type(terminal, "2");
        *last = now;
    }
    return strstr(terminal_text(terminal), "most often confused");
}

static void a_paste_whose_end_is_lost_ends_nevertheless(void **state)
{
    /* In a long run the screen changes all the time, and the condition is looked at. */
    const char *const arguments[] = {"--epochs", "100000", NULL};
    struct terminal *terminal =
        dashboard_open(state, (struct terminal_settings){.arguments = arguments});
    terminal_await_text(terminal, "worst");
    double pressed_at = clock_seconds();
    terminal_type(terminal, "\033[200~2");
    terminal_await_text(terminal, "pasted text does nothing here");
    terminal_await(terminal, "a key that works", key_works, &pressed_at);
    quit(terminal);
}

static void an_unknown_sequence_gives_a_hint_once(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    terminal_type(terminal, "\033[99;5z");
    terminal_await_text(terminal, "not known here");
    terminal_type(terminal, "\033[99;5z");
    terminal_await_no_text(terminal, "not known here");
    quit(terminal);
}

static void bytes_that_are_no_utf8_are_unknown_keys_and_swallow_none(void **state)
{
    struct terminal *terminal = open_evaluated(state);
    for (int round = 0; round < 5; round++) {
        terminal_type(terminal, "\351");
        terminal_type(terminal, "\342\2242");
        terminal_await_text(terminal, "most often confused");
        terminal_type(terminal, "\303\2511");
        terminal_await_text(terminal, "loss  train");
    }
    quit(terminal);
}

#define MOUSE_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(void)
{
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        MOUSE_TEST(a_click_on_a_tab_shows_that_view),
        MOUSE_TEST(a_click_on_the_bar_presses_the_key),
        MOUSE_TEST(a_click_on_a_button_answers_and_the_rest_is_out_of_reach),
        MOUSE_TEST(clicks_lead_from_a_cell_to_its_images_and_to_one_of_them),
        MOUSE_TEST(a_click_types_nothing_into_a_line),
        MOUSE_TEST(the_wheel_moves),
        MOUSE_TEST(over_a_chart_the_wheel_zooms_and_a_click_reads),
        MOUSE_TEST(m_gives_the_mouse_back_and_takes_it),
        MOUSE_TEST(no_mouse_leaves_it_alone),
        MOUSE_TEST(pasted_text_does_nothing_but_a_hint),
        MOUSE_TEST(a_paste_whose_end_is_lost_ends_nevertheless),
        MOUSE_TEST(bytes_that_are_no_utf8_are_unknown_keys_and_swallow_none),
        MOUSE_TEST(an_unknown_sequence_gives_a_hint_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
