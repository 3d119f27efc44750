// SPDX-License-Identifier: MIT
/* What a person sees and steers: the real program, trained on its sample, in a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dashboard.h"

/* Ends the program in order. */
static void quit(struct terminal *terminal)
{
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
}

/* Opens and closes the help: by then all that was drawn before has arrived, to the last cell. */
static void await_whole_frame(struct terminal *terminal)
{
    terminal_type(terminal, "?");
    terminal_await_text(terminal, "pause the training");
    terminal_type(terminal, "?");
    terminal_await_no_text(terminal, "pause the training");
    terminal_await_text(terminal, "Spc pause  m model");
}

static void pause_training(struct terminal *terminal)
{
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    await_whole_frame(terminal);
}

static bool loss_is_below(struct terminal *terminal, void *limit)
{
    double loss = dashboard_loss(terminal);
    return loss > 0 && loss < *(const double *)limit;
}

static bool step_is(struct terminal *terminal, void *step)
{
    return dashboard_step(terminal) == *(const long *)step;
}

static bool step_is_above(struct terminal *terminal, void *step)
{
    return dashboard_step(terminal) > *(const long *)step;
}

static void the_loss_falls_on_the_screen(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    double limit = 0.6 * 2.303; /* the loss of guessing is ln 10 */
    terminal_await(terminal, "a loss 40 % below that of guessing", loss_is_below, &limit);
    quit(terminal);
}

static void the_step_counter_stands_still_while_paused(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    long before = dashboard_step(terminal), next = before + 1;
    await_whole_frame(terminal);
    assert_int_equal(dashboard_step(terminal), before);
    terminal_type(terminal, ".");
    terminal_await(terminal, "one step more", step_is, &next);
    terminal_await_text(terminal, "paused");
    terminal_type(terminal, "p");
    terminal_await(terminal, "further steps", step_is_above, &next);
    quit(terminal);
}

static void switching_the_model_and_back_loses_nothing(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    long step = dashboard_step(terminal), none = 0;
    terminal_type(terminal, "m");
    terminal_await_text(terminal, "AlexNet");
    terminal_await(terminal, "AlexNet at its start", step_is, &none);
    terminal_type(terminal, "m");
    terminal_await_text(terminal, "LeNet-5");
    terminal_await(terminal, "LeNet-5 where it was", step_is, &step);
    quit(terminal);
}

static void every_size_is_drawn_and_survived(void **state)
{
    static const struct {
        int rows, columns;
    } sizes[] = {{40, 120}, {100, 300}, {1, 1},   {12, 40},  {11, 39},
                 {50, 80},  {2, 300},   {100, 2}, {30, 100}, {24, 80}};
    struct terminal *terminal = dashboard_train(state);
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        terminal_resize(terminal, sizes[index].rows, sizes[index].columns);
        if (sizes[index].rows >= 12 && sizes[index].columns >= 40)
            terminal_await_text(terminal, "q quit");
        else if (sizes[index].columns >= 39)
            terminal_await_text(terminal, "40x12 needed");
    }
    quit(terminal);
}

static void a_key_works_where_nothing_fits(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_resize(terminal, 11, 39);
    terminal_await_text(terminal, "training: 40x12 needed");
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused: 40x12 needed");
    quit(terminal);
}

static void help_lists_the_keys_and_closes(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "?");
    terminal_await_text(terminal, "pause the training, or go on");
    terminal_type(terminal, "G");
    terminal_await_text(terminal, "join tests; and may be left out");
    terminal_type(terminal, "\033");
    terminal_await_no_text(terminal, "join tests; and may be left out");
    quit(terminal);
}

static void restart_asks_and_begins_at_step_zero(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    long step = dashboard_step(terminal), first = 1;
    terminal_type(terminal, "R");
    terminal_await_text(terminal, "Restart?");
    terminal_type(terminal, "n");
    terminal_await_no_text(terminal, "Restart?");
    assert_int_equal(dashboard_step(terminal), step);
    terminal_type(terminal, "Ry.");
    terminal_await(terminal, "the first step again", step_is, &first);
    quit(terminal);
}

static void plus_and_minus_change_the_learning_rate(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    terminal_type(terminal, "++");
    terminal_await_text(terminal, "learning rate 0.00225");
    terminal_type(terminal, "--");
    terminal_await_text(terminal, "learning rate 0.001, u");
    quit(terminal);
}

static void u_takes_changes_of_the_learning_rate_back(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    terminal_type(terminal, "++");
    terminal_await_text(terminal, "learning rate 0.00225");
    terminal_type(terminal, "uu");
    terminal_await_text(terminal, "learning rate 0.001 again");
    await_whole_frame(terminal);
    terminal_await_text(terminal, "lr 0.001 ");
    quit(terminal);
}

static void a_typed_learning_rate_is_in_the_title(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    terminal_type(terminal, ":lr 5e-4");
    terminal_await_text(terminal, "\n:lr 5e-4   lr RATE: set the learning rate");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "lr 0.0005 ");
    terminal_type(terminal, ":lr fast\r");
    terminal_await_text(terminal, "'fast' is no learning rate; try :lr 5e-4");
    terminal_type(terminal, ":\033OA"); /* the line before */
    terminal_await_text(terminal, "\n:lr fast");
    terminal_type(terminal, "\033");
    terminal_await_text(terminal, "Spc pause");
    quit(terminal);
}

static void goto_and_the_end_of_the_epoch_pause_there(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    long step = dashboard_step(terminal), goal = step + 7, end = (goal / 54 + 1) * 54;
    char command[64];
    (void)snprintf(command, sizeof command, ":go\t%ld\r", goal);
    terminal_type(terminal, command);
    terminal_await(terminal, "the step that was named", step_is, &goal);
    await_whole_frame(terminal);
    terminal_await_text(terminal, "paused");
    assert_int_equal(dashboard_step(terminal), goal);
    terminal_type(terminal, ">");
    terminal_await(terminal, "the end of the epoch", step_is, &end);
    terminal_await_text(terminal, "paused");
    await_whole_frame(terminal);
    assert_int_equal(dashboard_step(terminal), end);
    quit(terminal);
}

static void what_is_typed_in_a_line_is_no_key(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    long step = dashboard_step(terminal);
    terminal_type(terminal, ":q.mR~1 ?\t ");
    terminal_await_text(terminal, "\n:q.mR~1 ?");
    terminal_type(terminal, "\025evaluate\033"); /* Ctrl-U; Escape does not run it */
    terminal_await_text(terminal, "Spc pause");
    terminal_await_text(terminal, "LeNet-5");
    assert_int_equal(dashboard_step(terminal), step);
    quit(terminal);
}

static void the_help_can_be_searched(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "?/undo");
    terminal_await_text(terminal, "keys with 'undo'");
    terminal_await_text(terminal, "take the last change of the learning rate back");
    terminal_await_no_text(terminal, "pause the training");
    terminal_type(terminal, "\r\033");
    terminal_await_text(terminal, "pause the training");
    terminal_type(terminal, "\033");
    terminal_await_no_text(terminal, "pause the training");
    quit(terminal);
}

static void a_typed_filter_shows_the_images_of_a_class(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    terminal_type(terminal, "e");
    terminal_await_text(terminal, "mistakes  1 of ");
    terminal_type(terminal, "/true:shrt\r");
    terminal_await_text(terminal, "column 6: no class begins with 'shrt'\n/true:shrt");
    terminal_type(terminal, "\010\010irt\r"); /* "true:sh" and so on */
    terminal_await_text(terminal, "/true:shirt (Esc: all), surest first");
    terminal_await_text(terminal, "true Shirt");
    terminal_type(terminal, "\033");
    terminal_await_no_text(terminal, "/true:shirt");
    quit(terminal);
}

/* Reads the file that the notice at the bottom names, and removes it. */
static void check_written_file(struct terminal *terminal)
{
    char name[256];
    png_image image = {.version = PNG_IMAGE_VERSION};
    const char *notice = strstr(terminal_text(terminal), "wrote ./");
    assert_non_null(notice);
    assert_int_equal(sscanf(notice, "wrote ./%255s", name), 1);
    if (!png_image_begin_read_from_file(&image, name))
        fail_msg("%s: %s", name, image.message);
    assert_int_equal(image.width, 224);
    assert_int_equal(image.height, 224);
    png_image_free(&image);
    assert_int_equal(unlink(name), 0);
}

static void x_writes_a_file_that_libpng_reads(void **state)
{
    char directory[] = "/tmp/fmnist-dashboard-XXXXXX", before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_non_null(mkdtemp(directory));
    assert_int_equal(chdir(directory), 0);
    struct terminal *terminal = dashboard_train(state);
    assert_int_equal(chdir(before), 0);
    pause_training(terminal);
    terminal_type(terminal, "e");
    terminal_await_text(terminal, "mistakes  1 of ");
    terminal_type(terminal, "3\rx");
    terminal_await_text(terminal, ".png");
    assert_int_equal(chdir(directory), 0);
    check_written_file(terminal);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(rmdir(directory), 0);
    quit(terminal);
}

static void an_unknown_key_gives_a_hint_once(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "Q");
    terminal_await_text(terminal, "this key does nothing");
    terminal_type(terminal, "Q");
    terminal_await_no_text(terminal, "this key does nothing");
    quit(terminal);
}

static void control_l_draws_everything_anew(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    pause_training(terminal);
    terminal_spoil(terminal);
    terminal_await_text(terminal, "spoilt");
    terminal_type(terminal, "\014");
    terminal_await_text(terminal, "q quit");
    terminal_await_no_text(terminal, "spoilt");
    quit(terminal);
}

/* Whether the program has written nothing but ASCII so far. */
static bool wrote_only_ascii(const struct terminal *terminal)
{
    size_t size;
    const char *bytes = terminal_bytes(terminal, &size);
    for (size_t index = 0; index < size; index++)
        if ((unsigned char)bytes[index] >= 0x80)
            return false;
    return true;
}

static void only_ascii_is_written_in_the_c_locale(void **state)
{
    struct terminal *terminal = dashboard_open(state, (struct terminal_settings){.locale = "C"});
    long few = 3;
    terminal_await(terminal, "some steps", step_is_above, &few);
    assert_true(wrote_only_ascii(terminal));
    quit(terminal);
}

static void the_tilde_switches_the_characters(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    assert_false(wrote_only_ascii(terminal));
    terminal_type(terminal, "~?");
    terminal_await_text(terminal, "+- keys");
    terminal_type(terminal, "~");
    terminal_await_text(terminal, "\342\224\200 keys");
    quit(terminal);
}

/* Whether a sequence that sets a colour (SGR 30 to 49) was written. */
static bool wrote_colors(const struct terminal *terminal)
{
    size_t size;
    const char *bytes = terminal_bytes(terminal, &size), *at = bytes;
    while ((at = strstr(at, "\033["))) {
        const char *end = at + 2 + strspn(at + 2, "0123456789;");
        for (const char *digit = at + 2; *end == 'm' && digit < end; digit++)
            if ((digit[-1] == '[' || digit[-1] == ';') && (*digit == '3' || *digit == '4') &&
                digit + 1 < end && digit[1] != ';' && digit[1] != '9')
                return true;
        at = end;
    }
    return false;
}

static void colors_are_written_unless_no_color_is_set(void **state)
{
    struct terminal *terminal = dashboard_open(state, (struct terminal_settings){0});
    assert_true(wrote_colors(terminal));
    quit(terminal);
    (void)dashboard_teardown(state);
    terminal = dashboard_open(state, (struct terminal_settings){.no_color = true});
    assert_false(wrote_colors(terminal));
    quit(terminal);
}

static void both_models_can_be_compared(void **state)
{
    struct terminal *terminal = dashboard_train(state);
    terminal_type(terminal, "e");
    terminal_await_text(terminal, "mistakes  1 of ");
    terminal_resize(terminal, 40, 120);
    terminal_type(terminal, "5");
    terminal_await_text(terminal, "press m to train AlexNet, too");
    terminal_type(terminal, "m");
    terminal_await_text(terminal, "AlexNet has not been evaluated");
    terminal_type(terminal, ".");
    terminal_await_text(terminal, "paused");
    terminal_type(terminal, "e");
    terminal_await_text(terminal, "McNemar's test");
    terminal_await_text(terminal, " of 600 differ");
    terminal_await_text(terminal, "7,954,122");
    terminal_await_text(terminal, "LeNet-5 ");
    terminal_type(terminal, "\t\t\tjl"); /* to the agreement, its last cell */
    terminal_await_text(terminal, "Enter: both wrong");
    terminal_type(terminal, "\rl");
    terminal_await_text(terminal, "both wrong  2 of ");
    quit(terminal);
}

static void a_pause_and_a_learning_rate_leave_marks_on_the_axis(void **state)
{
    const char *const arguments[] = {"--epochs", "1000", NULL};
    struct terminal *terminal =
        dashboard_open(state, (struct terminal_settings){.locale = "C", .arguments = arguments});
    long few = 3;
    terminal_await(terminal, "some steps", step_is_above, &few);
    pause_training(terminal);
    terminal_await_text(terminal, "\nepoch+");
    assert_non_null(strpbrk(strstr(terminal_text(terminal), "\nepoch+"), "="));
    terminal_type(terminal, "X");
    terminal_await_text(terminal, "\n step+");
    terminal_type(terminal, "h");
    terminal_await_text(terminal, "loss  step ");
    terminal_await_text(terminal, "acc %  step ");
    terminal_type(terminal, "y");
    terminal_await_text(terminal, "loss, log  step ");
    quit(terminal);
}

static void the_chosen_kernels_are_shown(void **state)
{
    const char *const arguments[] = {"--isa", "generic", "--threads", "3", NULL};
    struct terminal *terminal = dashboard_open(
        state, (struct terminal_settings){.arguments = arguments, .rows = 40, .columns = 120});
    terminal_await_text(terminal, "generic \303\2273");
    quit(terminal);
}

static void a_loss_that_is_no_number_pauses_with_a_message(void **state)
{
    const char *const arguments[] = {"--lr", "1e38", NULL};
    struct terminal *terminal = dashboard_open(
        state, (struct terminal_settings){.arguments = arguments, .rows = 40, .columns = 120});
    terminal_await_text(terminal, "LeNet-5: the loss became ");
    terminal_await_text(terminal, "; a lower learning rate may help");
    terminal_await_text(terminal, "paused");
    quit(terminal);
}

int main(void)
{
    dashboard_skip_without_terminals();
#define TERMINAL_TEST(name) cmocka_unit_test_teardown(name, dashboard_teardown)
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(the_loss_falls_on_the_screen),
        TERMINAL_TEST(the_step_counter_stands_still_while_paused),
        TERMINAL_TEST(switching_the_model_and_back_loses_nothing),
        TERMINAL_TEST(every_size_is_drawn_and_survived),
        TERMINAL_TEST(a_key_works_where_nothing_fits),
        TERMINAL_TEST(help_lists_the_keys_and_closes),
        TERMINAL_TEST(restart_asks_and_begins_at_step_zero),
        TERMINAL_TEST(plus_and_minus_change_the_learning_rate),
        TERMINAL_TEST(u_takes_changes_of_the_learning_rate_back),
        TERMINAL_TEST(a_typed_learning_rate_is_in_the_title),
        TERMINAL_TEST(goto_and_the_end_of_the_epoch_pause_there),
        TERMINAL_TEST(what_is_typed_in_a_line_is_no_key),
        TERMINAL_TEST(the_help_can_be_searched),
        TERMINAL_TEST(a_typed_filter_shows_the_images_of_a_class),
        TERMINAL_TEST(x_writes_a_file_that_libpng_reads),
        TERMINAL_TEST(an_unknown_key_gives_a_hint_once),
        TERMINAL_TEST(control_l_draws_everything_anew),
        TERMINAL_TEST(only_ascii_is_written_in_the_c_locale),
        TERMINAL_TEST(the_tilde_switches_the_characters),
        TERMINAL_TEST(colors_are_written_unless_no_color_is_set),
        TERMINAL_TEST(both_models_can_be_compared),
        TERMINAL_TEST(a_pause_and_a_learning_rate_leave_marks_on_the_axis),
        TERMINAL_TEST(the_chosen_kernels_are_shown),
        TERMINAL_TEST(a_loss_that_is_no_number_pauses_with_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
