// SPDX-License-Identifier: MIT
/* Charts without a screen: scales, the part of a run that is shown, curves, and what is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ticks.h"
#include "staged.h"
#include "tui/chart.h"

static const struct look ASCII = {.glyphs = GLYPHS_ASCII};

static void check_ticks(const struct scale *scale, const char *expected)
{
    char text[256] = "", label[TICKS_LABEL_SIZE];
    double value;
    for (int number = 0; scale_tick(scale, number, &value); number++) {
        scale_label(scale, value, 1, label);
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s ", label);
    }
    assert_string_equal(text, expected);
}

static void ticks_are_one_two_or_five_times_a_power_of_ten(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        int ticks;
        const char *linear, *logarithmic;
    } CASES[] = {
        {0.1, 2.4, 5, "0.5 1.0 1.5 2.0 ", "0.1 0.2 0.5 1 2 "},
        {0.4, 0.9, 5, "0.4 0.5 0.6 0.7 0.8 0.9 ", "0.4 0.5 0.6 0.7 0.8 0.9 "},
        {0.0002, 3, 5, "1 2 3 ", "0.001 0.01 0.1 1 "},
        {0.0001, 1000, 3, "500 1000 ", "1e-04 0.1 100 "},
        {1e-9, 1e9, 4, "0 5e+08 1e+09 ", "1e-09 1e-04 10 1e+06 "},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        struct scale linear = scale_fit(CASES[index].low, CASES[index].high, CASES[index].ticks);
        struct scale log = scale_fit_log(CASES[index].low, CASES[index].high, CASES[index].ticks);
        check_ticks(&linear, CASES[index].linear);
        check_ticks(&log, CASES[index].logarithmic);
    }
}

static void a_logarithmic_scale_gives_each_decade_the_same_room(void **state)
{
    (void)state;
    struct scale scale = scale_fit_log(0.01, 100, 5);
    for (int decade = 0; decade <= 4; decade++)
        assert_true(fabs(scale_part(&scale, 0.01 * pow(10, decade)) - decade / 4.0) < 1e-12);
    assert_true(scale_part(&scale, 0) < 0 && scale_part(&scale, -1) < 0);
}

static void seconds_are_divided_as_on_clocks(void **state)
{
    (void)state;
    assert_true(ticks_seconds_step(100, 5) == 30);
    assert_true(ticks_seconds_step(3600, 5) == 900);
    assert_true(ticks_seconds_step(400000, 4) == 172800);
    assert_true(ticks_seconds_step(8, 4) == 2);
}

/* Runs of which only the history matters, with one model's curve taken in. */
struct bench {
    struct staged *staged;
    struct curve curves[SNAPSHOT_MODELS_MAX];
    struct span span;
};

static struct bench *bench_open(size_t steps)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->staged = staged_create(steps);
    bench->staged->snapshot.learners[0].finished = true; /* the axis ends where the run does */
    for (size_t model = 0; model < bench->staged->snapshot.learner_count; model++)
        curve_update(&bench->curves[model], bench->staged->snapshot.learners[model].history,
                     bench->staged->snapshot.learners[model].step_points);
    return bench;
}

static void bench_close(struct bench *bench)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        curve_release(&bench->curves[model]);
    staged_destroy(bench->staged);
    free(bench);
}

/* Adds a step to LeNet-5's run. */
static void bench_step(struct bench *bench, float loss)
{
    struct learner_snapshot *learner = &bench->staged->snapshot.learners[0];
    struct step_point point = {.step = (uint32_t)++learner->step,
                               .loss = loss,
                               .accuracy = 0.5F,
                               .learning_rate = 1e-3F,
                               .seconds = (float)learner->step / 64};
    learner->step_points++;
    learner->train_seconds = (double)point.seconds;
    assert_true(history_add_step(bench->staged->history, &point, NULL));
    curve_update(&bench->curves[0], learner->history, learner->step_points);
}

static void bench_event(struct bench *bench, struct event_point event)
{
    event.seconds = (float)event.step / 64;
    bench->staged->snapshot.learners[0].event_points++;
    assert_true(history_add_event(bench->staged->history, &event, NULL));
}

static char *bench_draw(struct bench *bench, enum curve_value value, int rows, int columns)
{
    struct canvas *canvas = canvas_create(rows, columns, NULL);
    assert_non_null(canvas);
    const struct chart chart = {value, &bench->staged->snapshot, bench->curves, &bench->span};
    chart_draw(&chart, canvas, (struct rect){0, 0, rows, columns}, &ASCII);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    canvas_destroy(canvas);
    return text;
}

static void bench_act(struct bench *bench, enum request request, int times)
{
    for (int time = 0; time < times; time++)
        assert_true(span_act(&bench->span, request, &bench->staged->snapshot));
}

static const char *bench_title(struct bench *bench, enum curve_value value, struct caption *caption)
{
    const struct chart chart = {value, &bench->staged->snapshot, bench->curves, &bench->span};
    *caption = (struct caption){.room = 120};
    chart_title(&chart, &ASCII, caption);
    return caption->text;
}

static void check_text(char *text, const char *expected)
{
    if (strcmp(text, expected) != 0)
        fail_msg("not\n%s\nbut\n%s", expected, text);
    free(text);
}

static void expect(char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in\n%s", part, text);
    free(text);
}

static void x_is_in_epochs_steps_or_seconds(void **state)
{
    (void)state;
    struct bench *bench = bench_open(540); /* ten epochs, 8.4 s */
    expect(bench_draw(bench, CURVE_LOSS, 8, 60),
           "\nepoch+----------2+--------4+---------6+--------8+--------10+\n");
    bench_act(bench, REQUEST_AXIS, 1);
    expect(bench_draw(bench, CURVE_LOSS, 8, 60), "\n step+-");
    bench_act(bench, REQUEST_AXIS, 1);
    expect(bench_draw(bench, CURVE_LOSS, 8, 60), "\n    s+-");
    bench_act(bench, REQUEST_AXIS, 1);
    expect(bench_draw(bench, CURVE_LOSS, 8, 60), "\nepoch+-");
    bench_close(bench);
}

static void times_of_a_minute_and_more_are_those_of_a_clock(void **state)
{
    (void)state;
    struct bench *bench = bench_open(64 * 140);
    bench->span.unit = SPAN_SECONDS;
    expect(bench_draw(bench, CURVE_LOSS, 8, 60), "0:30+");
    expect(bench_draw(bench, CURVE_LOSS, 8, 60), "2:00+");
    expect(bench_draw(bench, CURVE_LOSS, 8, 60), "\n time+-");
    bench_close(bench);
}

static void the_loss_can_have_a_logarithmic_axis(void **state)
{
    (void)state;
    struct bench *bench = bench_open(0);
    bench->staged->snapshot.learner_count = 1;
    for (int step = 0; step < 31; step++)
        bench_step(bench, (float)pow(10, 1 - step / 10.0));
    bench_act(bench, REQUEST_LOG, 1);
    char *text = bench_draw(bench, CURVE_LOSS, 9, 38);
    /* Twice the loss is as far everywhere: from 10 to 5, and from 2 to 1. */
    check_text(text, "   10+ '-.            -o- average 0.98\n"
                     "     |    '-.\n"
                     "    5+       '-.\n"
                     "     |          ''-.\n"
                     "     |              ''-..\n"
                     "    2+                   ''-..\n"
                     "     |                        ''--...\n"
                     "    1+                               '\n"
                     "epoch+--------0.2+-------0.4+---------\n");
    bench_close(bench);
}

static void zoom_shows_the_end_or_the_cursor(void **state)
{
    (void)state;
    struct bench *bench = bench_open(540);
    struct span_range range = span_range(&bench->span, &bench->staged->snapshot);
    assert_true(range.from == 0 && range.to == 10);
    bench_act(bench, REQUEST_LARGER, 2);
    range = span_range(&bench->span, &bench->staged->snapshot);
    assert_true(range.from == 7.5 && range.to == 10);
    bench->span.columns = 60;
    bench_act(bench, REQUEST_FIRST, 1);
    range = span_range(&bench->span, &bench->staged->snapshot);
    assert_true(range.from == 0 && range.to == 2.5);
    bench->span.at = 5;
    range = span_range(&bench->span, &bench->staged->snapshot);
    assert_true(range.from == 3.75 && range.to == 6.25);
    bench_act(bench, REQUEST_SMALLER, 5);
    range = span_range(&bench->span, &bench->staged->snapshot);
    assert_true(range.from == 0 && range.to == 10);
    bench_act(bench, REQUEST_LARGER, 40);
    range = span_range(&bench->span, &bench->staged->snapshot);
    assert_true(range.to > range.from && bench->span.zoom == SPAN_ZOOM_MAX);
    free(bench_draw(bench, CURVE_LOSS, 9, 38));
    bench_act(bench, REQUEST_BACK, 2);
    assert_false(span_act(&bench->span, REQUEST_BACK, &bench->staged->snapshot));
    bench_close(bench);
}

/* How often the axis changes while LeNet-5 makes its run, which begins with nothing. */
static size_t count_axes(struct bench *bench, double *end)
{
    struct learner_snapshot *learner = &bench->staged->snapshot.learners[0];
    size_t axes = 0, all = learner->steps_per_epoch * learner->epochs;
    double before = 0;
    learner->finished = false;
    while (learner->step < all) {
        bench_step(bench, 1);
        double now = (double)learner->step / (double)learner->steps_per_epoch;
        struct span_range range = span_range(&bench->span, &bench->staged->snapshot);
        *end = range.to;
        axes += range.to != before;
        before = range.to;
        if (bench->span.unit == SPAN_EPOCHS)
            assert_true(range.from <= now && now <= range.to);
    }
    return axes;
}

static void the_axis_stands_still_while_the_curve_grows_into_it(void **state)
{
    (void)state;
    for (enum span_unit unit = SPAN_EPOCHS; unit < SPAN_UNITS; unit++) {
        struct bench *bench = bench_open(0);
        double end;
        bench->span.unit = unit;
        assert_in_range(count_axes(bench, &end), 2, 5); /* 0.3, 1, 3 and all of the 15 epochs */
        assert_true(end == (unit == SPAN_EPOCHS ? 15 : unit == SPAN_STEPS ? 15 * 54 : 15));
        bench_close(bench);
    }
}

static void a_zoomed_axis_moves_by_quarters(void **state)
{
    (void)state;
    struct bench *bench = bench_open(0);
    double end;
    bench->span.zoom = 3;
    assert_in_range(count_axes(bench, &end), 60, 100); /* of 810 steps, at four axes */
    assert_true(end == 15);
    bench_close(bench);
}

static void a_step_changes_the_chart_only_where_the_curve_ends(void **state)
{
    (void)state;
    struct bench *bench = bench_open(430);
    bench->staged->snapshot.learners[0].finished = false;
    for (int step = 0; step < 100; step++) {
        char *before = bench_draw(bench, CURVE_LOSS, 16, 60);
        bench_step(bench, 0.5F + 0.1F * (float)(step % 3));
        char *after = bench_draw(bench, CURVE_LOSS, 16, 60);
        char *line_before, *line_after, *rest_before = before, *rest_after = after;
        int lines = 0;
        while ((line_before = strsep(&rest_before, "\n")) &&
               (line_after = strsep(&rest_after, "\n")))
            lines += strcmp(line_before, line_after) != 0;
        assert_in_range(lines, 0, 2);
        free(before);
        free(after);
    }
    bench_close(bench);
}

/* The column of the cursor. */
static double cursor_column(struct bench *bench)
{
    struct span_range range = span_range(&bench->span, &bench->staged->snapshot);
    return (bench->span.at - range.from) / (range.to - range.from) * bench->span.columns;
}

static void the_wheel_zooms_around_the_place_under_the_mouse(void **state)
{
    (void)state;
    struct bench *bench = bench_open(540);
    bench->span.columns = 50;
    bench->span.pointed = 40;
    bench_act(bench, REQUEST_CLOSER_THERE, 1);
    double at = bench->span.at, column = cursor_column(bench);
    assert_true(bench->span.zoom == 1 && fabs(column - 40.5) < 0.5);
    bench_act(bench, REQUEST_CLOSER_THERE, 3);
    assert_true(bench->span.at == at && fabs(cursor_column(bench) - column) < 1e-6);
    bench->span.pointed = 3;
    bench_act(bench, REQUEST_FARTHER_THERE, 1);
    assert_true(bench->span.at < at && bench->span.zoom == 3);
    assert_true(fabs(cursor_column(bench) - 3.5) < 0.5);
    bench_act(bench, REQUEST_FARTHER_THERE, 5);
    bench->span.pointed = 25;
    bench_act(bench, REQUEST_PICK_PLACE, 1);
    assert_true(bench->span.zoom == 0 && fabs(cursor_column(bench) - 25.5) < 0.5);
    bench_act(bench, REQUEST_BACK, 1);
    assert_false(span_act(&bench->span, REQUEST_BACK, &bench->staged->snapshot));
    bench_close(bench);
}

static void the_cursor_reads_the_step_under_it(void **state)
{
    (void)state;
    struct bench *bench = bench_open(540);
    struct caption caption;
    char expected[128];
    free(bench_draw(bench, CURVE_LOSS, 9, 40));
    bench_act(bench, REQUEST_LEFT, 3);
    bench_act(bench, REQUEST_AXIS, 1);
    size_t step = span_step(&bench->span, &bench->staged->snapshot.learners[0], bench->span.at);
    assert_true(step < 540 && step > 480);
    const struct step_point *point = history_step(bench->staged->history, step - 1);
    (void)snprintf(expected, sizeof expected, "loss  step %zu  avg ", step);
    assert_non_null(strstr(bench_title(bench, CURVE_LOSS, &caption), expected));
    (void)snprintf(expected, sizeof expected, "batch %#.3g  lr 0.001", (double)point->loss);
    assert_non_null(strstr(caption.text, expected));
    (void)snprintf(expected, sizeof expected, "o %#.3g",
                   (double)history_epoch(bench->staged->history, 8)->loss);
    assert_non_null(strstr(caption.text, expected));
    (void)snprintf(expected, sizeof expected, "accuracy %%  step %zu  avg ", step);
    assert_non_null(strstr(bench_title(bench, CURVE_ACCURACY, &caption), expected));
    bench_act(bench, REQUEST_FIRST, 1);
    assert_non_null(strstr(bench_title(bench, CURVE_LOSS, &caption), "loss  step 1  avg "));
    bench_act(bench, REQUEST_LEFT, 1);
    assert_non_null(strstr(bench_title(bench, CURVE_LOSS, &caption), "loss  step 1  avg "));
    bench_close(bench);
}

static void the_cursor_moves_by_single_steps_when_zoomed_in(void **state)
{
    (void)state;
    struct bench *bench = bench_open(540);
    const struct learner_snapshot *learner = &bench->staged->snapshot.learners[0];
    for (enum span_unit unit = 0; unit < SPAN_UNITS; unit++) {
        bench->span = (struct span){.unit = unit, .zoom = SPAN_ZOOM_MAX, .columns = 60};
        bench_act(bench, REQUEST_LEFT, 1);
        size_t before = span_step(&bench->span, learner, bench->span.at);
        assert_int_equal(before, 539);
        bench_act(bench, REQUEST_LEFT, 1);
        assert_int_equal(span_step(&bench->span, learner, bench->span.at), 538);
        bench_act(bench, REQUEST_RIGHT, 1);
        assert_int_equal(span_step(&bench->span, learner, bench->span.at), 539);
    }
    bench_close(bench);
}

static void a_part_of_a_long_curve_is_read_step_by_step(void **state)
{
    (void)state;
    enum { STEPS = 5000 };
    struct bench *bench = bench_open(0);
    struct curve fine = {.width = 1};
    double average = 0, weight = 0;
    for (int step = 0; step < STEPS; step++)
        bench_step(bench, 1 + (float)(step % 97) / 10);
    assert_true(bench->curves[0].width > 1);
    struct curve_part part = curve_part(&bench->curves[0], 3001, 3500);
    assert_int_equal(part.width, 1);
    assert_int_equal(part.count, 500);
    for (size_t step = 0; step < 3500; step++) {
        double loss = (double)history_step(bench->staged->history, step)->loss;
        average = 0.98 * average + 0.02 * loss;
        weight = 0.98 * weight + 0.02;
        if (step < 3000)
            continue;
        const struct curve_bucket *bucket = &part.buckets[step - 3000];
        assert_int_equal(curve_part_end(&part, step - 3000), step + 1);
        assert_true((double)bucket->low[CURVE_LOSS] == loss);
        assert_true(fabs((double)bucket->smooth[CURVE_LOSS] - average / weight) < 1e-5);
    }
    part = curve_part(&bench->curves[0], 1, STEPS);
    assert_int_equal(part.width, bench->curves[0].width);
    assert_int_equal(curve_part_end(&part, part.count - 1), STEPS);
    curve_release(&fine);
    bench_close(bench);
}

static void a_single_spike_among_many_steps_stays_visible(void **state)
{
    (void)state;
    struct bench *bench = bench_open(0);
    const struct look colors = {.glyphs = GLYPHS_ASCII, .colors = 8};
    struct canvas *canvas = canvas_create(12, 40, NULL);
    size_t dots = 0;
    for (int step = 0; step < 20000; step++)
        bench_step(bench, step == 12345 ? 0.9F : 1);
    bench->staged->snapshot.learner_count = 1;
    const struct chart chart = {CURVE_LOSS, &bench->staged->snapshot, bench->curves, &bench->span};
    chart_draw(&chart, canvas, (struct rect){0, 0, 12, 40}, &colors);
    /* Of 33 dots the average lies at the top, the spike 3.2 below; a row has three. */
    for (int column = 6; column < 40; column++)
        dots += canvas_at(canvas, 1, column)->character != ' ';
    assert_int_equal(dots, 1);
    assert_int_not_equal(canvas_at(canvas, 1, 6 + 12345 * 33 / 20000)->character, ' ');
    canvas_destroy(canvas);
    bench_close(bench);
}

static void what_the_user_did_is_marked_on_the_axis(void **state)
{
    (void)state;
    struct bench *bench = bench_open(540);
    bench_event(bench, (struct event_point){.kind = EVENT_PAUSE, .step = 100});
    bench_event(bench, (struct event_point){
                           .kind = EVENT_RATE, .step = 300, .rate_before = 1e-3F, .rate = 2e-3F});
    bench_event(bench, (struct event_point){
                           .kind = EVENT_RATE, .step = 500, .rate_before = 2e-3F, .rate = 1e-3F});
    expect(bench_draw(bench, CURVE_LOSS, 8, 60),
           "\nepoch+----------2+=-------4+-------^-6+--------8+------v-10+\n");
    bench_close(bench);
}

static void values_that_are_not_finite_leave_a_mark_on_every_axis(void **state)
{
    (void)state;
    static const float BROKEN[] = {INFINITY, NAN, -INFINITY};
    struct bench *bench = bench_open(100);
    for (int index = 0; index < 3; index++)
        bench_step(bench, BROKEN[index]);
    for (int log = 0; log < 2; log++) {
        for (int zoom = 0; zoom <= SPAN_ZOOM_MAX; zoom++) {
            bench->span = (struct span){.log = log, .zoom = zoom};
            char *text = bench_draw(bench, CURVE_LOSS, 10, 50);
            assert_non_null(strchr(text, '!'));
            assert_null(strstr(text, "nan"));
            assert_null(strstr(text, "inf"));
            free(text);
        }
    }
    bench_close(bench);
}

static void a_loss_of_zero_fits_a_logarithmic_axis(void **state)
{
    (void)state;
    struct bench *bench = bench_open(0);
    for (int step = 0; step < 100; step++)
        bench_step(bench, 0);
    bench->span.log = true;
    expect(bench_draw(bench, CURVE_LOSS, 10, 50), "epoch+");
    bench_close(bench);
}

static void fewer_steps_than_before_are_the_curve_as_it_was_then(void **state)
{
    (void)state;
    struct bench *bench = bench_open(3000), *earlier = bench_open(700);
    struct curve *curve = &bench->curves[0];
    curve_update(curve, bench->staged->snapshot.learners[0].history, 700);
    assert_int_equal(curve->steps, 700);
    assert_int_equal(curve->count, earlier->curves[0].count);
    assert_memory_equal(curve->buckets, earlier->curves[0].buckets,
                        curve->count * sizeof curve->buckets[0]);
    bench_close(bench);
    bench_close(earlier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_one_two_or_five_times_a_power_of_ten),
        cmocka_unit_test(a_logarithmic_scale_gives_each_decade_the_same_room),
        cmocka_unit_test(seconds_are_divided_as_on_clocks),
        cmocka_unit_test(x_is_in_epochs_steps_or_seconds),
        cmocka_unit_test(times_of_a_minute_and_more_are_those_of_a_clock),
        cmocka_unit_test(the_loss_can_have_a_logarithmic_axis),
        cmocka_unit_test(zoom_shows_the_end_or_the_cursor),
        cmocka_unit_test(the_axis_stands_still_while_the_curve_grows_into_it),
        cmocka_unit_test(a_zoomed_axis_moves_by_quarters),
        cmocka_unit_test(fewer_steps_than_before_are_the_curve_as_it_was_then),
        cmocka_unit_test(a_step_changes_the_chart_only_where_the_curve_ends),
        cmocka_unit_test(the_wheel_zooms_around_the_place_under_the_mouse),
        cmocka_unit_test(the_cursor_reads_the_step_under_it),
        cmocka_unit_test(the_cursor_moves_by_single_steps_when_zoomed_in),
        cmocka_unit_test(a_part_of_a_long_curve_is_read_step_by_step),
        cmocka_unit_test(a_single_spike_among_many_steps_stays_visible),
        cmocka_unit_test(what_the_user_did_is_marked_on_the_axis),
        cmocka_unit_test(values_that_are_not_finite_leave_a_mark_on_every_axis),
        cmocka_unit_test(a_loss_of_zero_fits_a_logarithmic_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
