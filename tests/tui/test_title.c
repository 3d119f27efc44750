// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tui/title.h"

/* The data set is beside the point here: these stand in for the real functions. */
const char *dataset_name(const struct dataset *dataset)
{
    (void)dataset;
    return "Fashion-MNIST";
}

static const struct snapshot TRAINING = {
    .state = TRAINER_TRAINING,
    .threads = 2,
    .isa = ISA_AVX512,
    .seed = 1,
    .train_count = 54000,
    .validation_count = 6000,
    .test_count = 10000,
    .dataset = (const struct dataset *)&TRAINING,
    .learner_count = 1,
    .learners = {{.name = "lenet",
                  .title = "LeNet-5",
                  .started = true,
                  .step = 3454,
                  .steps_per_epoch = 540,
                  .epochs = 15,
                  .epoch = 7,
                  .train_loss = 0.3117,
                  .learning_rate = 1e-3,
                  .train_seconds = 75,
                  .images_per_second = 9812,
                  .eta_seconds = 3725,
                  .best_accuracy = 0.8893,
                  .best_epoch = 6}},
};

static void check_title(const struct snapshot *snapshot, int rows, int columns,
                        const char *expected)
{
    const struct look look = {.glyphs = GLYPHS_ASCII};
    struct canvas *canvas = canvas_create(rows, columns, NULL);
    assert_non_null(canvas);
    title_draw(canvas, snapshot, &look);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    text[strlen(expected)] = '\0';
    assert_string_equal(text, expected);
    free(text);
    canvas_destroy(canvas);
}

/* The progress right of column `left`, at the right edge. */
static void check_progress(const struct snapshot *snapshot, int columns, int left,
                           const char *expected)
{
    struct canvas *canvas = canvas_create(1, columns, NULL);
    assert_non_null(canvas);
    title_draw_progress(canvas, 0, left, snapshot);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    text[strcspn(text, "\n")] = '\0';
    assert_true(*expected == '\0' || strlen(text) == (size_t)columns);
    assert_string_equal(text + strspn(text, " "), expected);
    free(text);
    canvas_destroy(canvas);
}

static void a_large_screen_has_room_for_all(void **state)
{
    (void)state;
    check_title(&TRAINING, 24, 120,
                "fmnist-tui  LeNet-5  > training  Fashion-MNIST  54000/6000/10000 images"
                "  step 3454  lr 0.001   1:15  AVX-512 x2  seed 1\n");
    check_progress(&TRAINING, 80, 10,
                   "best 88.93 % (epoch 6)  epoch 7/15    9812 img/s  1:02:05 left");
}

static void the_least_important_goes_first(void **state)
{
    (void)state;
    check_title(&TRAINING, 24, 80,
                "LeNet-5  > training  Fashion-MNIST  step 3454  lr 0.001   1:15  AVX-512 x2\n");
    check_title(&TRAINING, 12, 40, "LeNet-5  > training  7/15  step 3454\n");
    check_title(&TRAINING, 1, 8, "LeNet-5\n");
    check_progress(&TRAINING, 80, 50, "epoch 7/15    9812 img/s");
    check_progress(&TRAINING, 80, 65, "epoch 7/15");
    check_progress(&TRAINING, 80, 76, "");
}

static void rates_of_all_sizes_are_equally_wide(void **state)
{
    (void)state;
    struct snapshot snapshot = TRAINING;
    snapshot.learners[0].images_per_second = 101;
    check_progress(&snapshot, 30, 0, "epoch 7/15     101 img/s");
    snapshot.learners[0].images_per_second = 67312;
    check_progress(&snapshot, 30, 0, "epoch 7/15   67.3k img/s");
    snapshot.learners[0].images_per_second = 145312;
    check_progress(&snapshot, 30, 0, "epoch 7/15  145.3k img/s");
}

static void loading_is_said_before_there_is_a_network(void **state)
{
    (void)state;
    const struct snapshot loading = {.state = TRAINER_LOADING};
    check_title(&loading, 24, 80, "fmnist-tui  loading  seed 0\n\n");
}

static void durations_are_written_as_people_read_them(void **state)
{
    (void)state;
    char text[16];
    assert_string_equal(title_duration(-1, text, sizeof text), "--:--");
    assert_string_equal(title_duration(0.9, text, sizeof text), "0:00");
    assert_string_equal(title_duration(59.9, text, sizeof text), "0:59");
    assert_string_equal(title_duration(3600, text, sizeof text), "1:00:00");
}

static void a_run_that_is_not_trained_here_says_so(void **state)
{
    (void)state;
    struct snapshot snapshot = TRAINING;
    snapshot.origin = SNAPSHOT_WATCHED;
    check_title(&snapshot, 24, 80, "LeNet-5  > training  watched  Fashion-MNIST");
    snapshot.origin = SNAPSHOT_REPLAYED;
    check_title(&snapshot, 12, 40, "LeNet-5  > training  replay  7/15\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_screen_has_room_for_all),
        cmocka_unit_test(the_least_important_goes_first),
        cmocka_unit_test(rates_of_all_sizes_are_equally_wide),
        cmocka_unit_test(loading_is_said_before_there_is_a_network),
        cmocka_unit_test(durations_are_written_as_people_read_them),
        cmocka_unit_test(a_run_that_is_not_trained_here_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
