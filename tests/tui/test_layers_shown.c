// SPDX-License-Identifier: MIT
/* The layers of a network that trains, seen and opened by keys: the real program in a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "dashboard.h"

enum { ROWS = 40, COLUMNS = 120, HALF_BLOCK = 0x2580, TONES_MIN = 6 };

static void quit(struct terminal *terminal)
{
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
}

static struct terminal *open_layers(void **state, const char *locale, const char *model)
{
    const char *const arguments[] = {"--model", model, NULL};
    struct terminal *terminal = dashboard_open(
        state, (struct terminal_settings){
                   .arguments = arguments, .rows = ROWS, .columns = COLUMNS, .locale = locale});
    terminal_type(terminal, "4");
    return terminal;
}

/* How many colours the lower halves of half blocks have in some columns of the screen. */
static size_t count_tones(struct terminal *terminal, int first, int end)
{
    bool seen[256] = {false};
    size_t tones = 0;
    for (int row = 3; row < ROWS - 2; row++) {
        for (int column = first; column < end; column++) {
            VTermScreenCell cell = terminal_cell(terminal, row, column);
            if (cell.chars[0] != HALF_BLOCK || !VTERM_COLOR_IS_INDEXED(&cell.bg) ||
                seen[cell.bg.indexed.idx])
                continue;
            seen[cell.bg.indexed.idx] = true;
            tones++;
        }
    }
    return tones;
}

/* Pictures of many greys in both halves of the screen. */
static bool shows_pictures(struct terminal *terminal, void *context)
{
    (void)context;
    return count_tones(terminal, 0, COLUMNS / 2 - 1) >= TONES_MIN &&
           count_tones(terminal, COLUMNS / 2 + 1, COLUMNS) >= TONES_MIN;
}

/* The step of the study, from the title of the filters: "..., step 12 ". */
static long study_step(struct terminal *terminal)
{
    const char *found = strstr(terminal_text(terminal), "filters 6x5x5, step ");
    long step = -1;
    if (found)
        (void)sscanf(found, "filters 6x5x5, step %ld", &step);
    return step;
}

static bool study_is_of_the_last_step(struct terminal *terminal, void *context)
{
    (void)context;
    return study_step(terminal) >= 0 && study_step(terminal) == dashboard_step(terminal);
}

static bool study_is_above(struct terminal *terminal, void *step)
{
    return study_step(terminal) > *(const long *)step;
}

static void key_4_shows_the_layers_of_the_network_that_trains(void **state)
{
    struct terminal *terminal = open_layers(state, "C.UTF-8", "lenet");
    terminal_await_text(terminal, "11 layers, 44426 parameters");
    terminal_await_text(terminal, "ms a step, norms of step ");
    terminal_await_text(terminal, "feature_extractor.6");
    terminal_await_text(terminal, "1 conv feature_extractor.0: norm of weights ");
    terminal_await_text(terminal, "sat. ");
    quit(terminal);
}

static void enter_shows_filters_and_maps_that_follow_the_training(void **state)
{
    struct terminal *terminal = open_layers(state, "C.UTF-8", "lenet");
    terminal_await_text(terminal, "11 layers");
    terminal_type(terminal, "jjj\r");
    terminal_await_text(terminal, "4 conv: 16 filters 6x5x5, step ");
    terminal_await_text(terminal, "16 maps 8x8, ");
    terminal_await(terminal, "pictures of filters and maps", shows_pictures, NULL);
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    terminal_await(terminal, "filters of the last step", study_is_of_the_last_step, NULL);
    long before = study_step(terminal);
    terminal_type(terminal, ".");
    terminal_await(terminal, "filters of one step more", study_is_above, &before);
    terminal_type(terminal, "\tG");
    terminal_await_text(terminal, "  map 15");
    terminal_type(terminal, "\033");
    terminal_await_text(terminal, "11 layers, 44426 parameters");
    quit(terminal);
}

static void ascii_and_small_screens_show_one_pane(void **state)
{
    struct terminal *terminal = open_layers(state, "C", "lenet");
    terminal_resize(terminal, 12, 40);
    terminal_await_text(terminal, " 1 conv ");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "1 conv: 6 filters 1x5x5");
    terminal_await_text(terminal, "  filter 0");
    terminal_type(terminal, "l");
    terminal_await_text(terminal, "  filter 1");
    terminal_type(terminal, "\t");
    terminal_await_text(terminal, "6 maps 24x24");
    quit(terminal);
}

static void alexnet_has_its_layers_too(void **state)
{
    struct terminal *terminal = open_layers(state, "C.UTF-8", "alexnet");
    terminal_await_text(terminal, "19 layers, 7954122 parameters");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "1 conv: 96 filters 1x5x5");
    terminal_await_text(terminal, "96 maps 28x28, ");
    terminal_await(terminal, "pictures of filters and maps", shows_pictures, NULL);
    terminal_type(terminal, "m");
    terminal_await_text(terminal, "11 layers, 44426 parameters");
    quit(terminal);
}

int main(void)
{
    dashboard_skip_without_terminals();
#define TERMINAL_TEST(name) cmocka_unit_test_teardown(name, dashboard_teardown)
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(key_4_shows_the_layers_of_the_network_that_trains),
        TERMINAL_TEST(enter_shows_filters_and_maps_that_follow_the_training),
        TERMINAL_TEST(ascii_and_small_screens_show_one_pane),
        TERMINAL_TEST(alexnet_has_its_layers_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
