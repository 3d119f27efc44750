// SPDX-License-Identifier: MIT
#include "staged_run.h"

#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"

enum { PATH_SIZE = 256, DESCRIPTORS = 8, STEPS_PER_EPOCH = 540 };

char *staged_folder(void)
{
    const char *temporary = getenv("TMPDIR");
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/fmnist-store-XXXXXX", temporary ? temporary : "/tmp");
    char *folder = mkdtemp(path) ? strdup(path) : NULL;
    assert_non_null(folder);
    return folder;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void staged_folder_remove(char *folder)
{
    assert_int_equal(nftw(folder, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS), 0);
    free(folder);
}

int staged_folder_setup(void **state)
{
    *state = staged_folder();
    return 0;
}

int staged_folder_teardown(void **state)
{
    staged_folder_remove(*state);
    return 0;
}

struct store *staged_store(const char *folder, enum store_mode mode)
{
    struct error err = {0};
    struct store *store = store_open(folder, mode, &err);
    if (!store)
        fail_msg("%s", err.message);
    return store;
}

struct run_row staged_row(void)
{
    return (struct run_row){
        .name = "first try",
        .model = "lenet",
        .state = RUN_STATE_FINISHED,
        .host = "box",
        .program = "0.1.0",
        .isa = "avx2",
        .blas_core = "Haswell",
        .threads = 2,
        .epochs = 15,
        .batch = 100,
        .initial_learning_rate = 0.001,
        .seed = UINT64_MAX - 5,
        .weight_count = 44426,
        .steps_per_epoch = STEPS_PER_EPOCH,
        .data_name = "Fashion-MNIST",
        .data_source = "/usr/share/datasets/fashion-mnist",
        .data_sha256 = "0123",
        .train_count = 54000,
        .validation_count = 6000,
        .test_count = 10000,
        .step = 1000,
        .epochs_done = 1.85,
        .seconds = 12.25,
        .learning_rate = 0.0005,
        .images_per_second = 400000,
        .eta_seconds = 3,
        .train_loss = 0.25,
        .train_accuracy = 0.875,
        .best_accuracy = 0.89,
        .best_epoch = 2,
        .test_accuracy = -1,
        .message = "",
    };
}

/* Any float but NaN. */
static float draw_float(struct random *random)
{
    float value;
    do {
        uint32_t bits = random_bits(random);
        memcpy(&value, &bits, sizeof value);
    } while (isnan(value));
    return value;
}

static void add_steps(struct history *history, size_t count)
{
    struct random random;
    random_init(&random, 1, RANDOM_TEST, 0);
    for (size_t step = 1; step <= count; step++) {
        struct step_point point = {.step = (uint32_t)step};
        point.loss = draw_float(&random);
        point.accuracy = draw_float(&random);
        point.learning_rate = draw_float(&random);
        point.seconds = draw_float(&random);
        assert_true(history_add_step(history, &point, NULL));
    }
}

/* One after each 100 steps. */
static void add_epochs(struct history *history, size_t count)
{
    struct random random;
    random_init(&random, 1, RANDOM_TEST, 1);
    for (size_t number = 0; number < count; number++) {
        struct epoch_point point = {.step = (uint32_t)(100 * (number + 1))};
        point.epoch = draw_float(&random);
        point.loss = draw_float(&random);
        point.accuracy = draw_float(&random);
        point.train_loss = draw_float(&random);
        point.train_accuracy = draw_float(&random);
        point.learning_rate = draw_float(&random);
        point.images_per_second = draw_float(&random);
        point.seconds = draw_float(&random);
        assert_true(history_add_epoch(history, &point, NULL));
    }
}

/* One after each 10 steps. */
static void add_events(struct history *history, size_t count)
{
    struct random random;
    random_init(&random, 1, RANDOM_TEST, 2);
    for (size_t number = 0; number < count; number++) {
        struct event_point event = {.step = (uint32_t)(10 * (number + 1))};
        event.kind = random_below(&random, 2) ? EVENT_PAUSE : EVENT_RATE;
        event.seconds = draw_float(&random);
        event.rate_before = draw_float(&random);
        event.rate = draw_float(&random);
        assert_true(history_add_event(history, &event, NULL));
    }
}

struct history *staged_history(struct history_counts counts)
{
    struct history *history = history_create(NULL);
    assert_non_null(history);
    add_steps(history, counts.steps);
    add_epochs(history, counts.epochs);
    add_events(history, counts.events);
    return history;
}

void assert_same_history(const struct history *a, const struct history *b,
                         struct history_counts counts)
{
    for (size_t step = 0; step < counts.steps; step++)
        assert_memory_equal(history_step(a, step), history_step(b, step),
                            sizeof(struct step_point));
    for (size_t number = 0; number < counts.epochs; number++)
        assert_memory_equal(history_epoch(a, number), history_epoch(b, number),
                            sizeof(struct epoch_point));
    for (size_t number = 0; number < counts.events; number++)
        assert_memory_equal(history_event(a, number), history_event(b, number),
                            sizeof(struct event_point));
}

/* Arrays for the evaluation, in one block. */
struct drawn {
    uint32_t *images;
    uint16_t *wrong_since, *forgotten;
    uint8_t *labels, *predicted;
    float *probabilities;
};

static void draw_answers(struct drawn *drawn, size_t count, uint64_t seed)
{
    struct random random;
    random_init(&random, seed, RANDOM_TEST, 3);
    for (size_t place = 0; place < count; place++) {
        drawn->images[place] = random_bits(&random);
        drawn->wrong_since[place] = (uint16_t)random_below(&random, 1 << 16);
        drawn->forgotten[place] = (uint16_t)random_below(&random, 1 << 16);
        drawn->labels[place] = (uint8_t)random_below(&random, DATASET_CLASSES);
        drawn->predicted[place] = (uint8_t)random_below(&random, DATASET_CLASSES);
        for (size_t class = 0; class < DATASET_CLASSES; class ++)
            drawn->probabilities[place * DATASET_CLASSES + class] = random_unit(&random);
    }
}

const struct evaluation *staged_evaluation(enum evaluation_part part, uint64_t step, size_t count)
{
    struct drawn drawn = {
        .images = calloc(count, sizeof *drawn.images),
        .wrong_since = calloc(count, sizeof *drawn.wrong_since),
        .forgotten = calloc(count, sizeof *drawn.forgotten),
        .labels = calloc(count, 1),
        .predicted = calloc(count, 1),
        .probabilities = calloc(count, DATASET_CLASSES * sizeof *drawn.probabilities),
    };
    assert_true(drawn.images && drawn.wrong_since && drawn.forgotten && drawn.labels &&
                drawn.predicted && drawn.probabilities);
    draw_answers(&drawn, count, step);
    struct evaluation kept = {
        .part = part,
        .step = step,
        .epoch = (double)step / STEPS_PER_EPOCH,
        .count = count,
        .loss = 0.1 + (double)step * 1e-3,
        .images = drawn.images,
        .labels = drawn.labels,
        .predicted = drawn.predicted,
        .probabilities = drawn.probabilities,
        .wrong_since = drawn.wrong_since,
        .forgotten = drawn.forgotten,
    };
    const struct evaluation *evaluation = evaluation_restore(&kept, NULL);
    assert_non_null(evaluation);
    free(drawn.images);
    free(drawn.wrong_since);
    free(drawn.forgotten);
    free(drawn.labels);
    free(drawn.predicted);
    free(drawn.probabilities);
    return evaluation;
}

void assert_same_evaluation(const struct evaluation *a, const struct evaluation *b)
{
    size_t count = a->count;
    assert_int_equal(a->part, b->part);
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->correct, b->correct);
    assert_memory_equal(&a->epoch, &b->epoch, sizeof a->epoch);
    assert_memory_equal(&a->loss, &b->loss, sizeof a->loss);
    assert_memory_equal(&a->accuracy, &b->accuracy, sizeof a->accuracy);
    assert_memory_equal(a->images, b->images, count * sizeof *a->images);
    assert_memory_equal(a->labels, b->labels, count);
    assert_memory_equal(a->predicted, b->predicted, count);
    assert_memory_equal(a->wrong_since, b->wrong_since, count * sizeof *a->wrong_since);
    assert_memory_equal(a->forgotten, b->forgotten, count * sizeof *a->forgotten);
    assert_memory_equal(a->probabilities, b->probabilities,
                        count * DATASET_CLASSES * sizeof *a->probabilities);
    assert_int_equal(a->mistake_count, b->mistake_count);
    assert_memory_equal(a->mistakes, b->mistakes, a->mistake_count * sizeof *a->mistakes);
    assert_memory_equal(a->confusion, b->confusion, sizeof a->confusion);
    assert_memory_equal(a->classes, b->classes, sizeof a->classes);
}

static void draw_numbers(struct random *random, float *numbers, size_t count)
{
    for (size_t place = 0; place < count; place++)
        numbers[place] = random_unit(random);
}

struct checkpoint *staged_checkpoint(uint64_t step)
{
    struct checkpoint *checkpoint = checkpoint_create(network_spec_find("lenet"), true, NULL);
    struct random random;
    assert_non_null(checkpoint);
    random_init(&random, step, RANDOM_TEST, 4);
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
        draw_numbers(&random, parameter->value, parameter->count);
        draw_numbers(&random, parameter->first_moment, parameter->count);
        draw_numbers(&random, parameter->second_moment, parameter->count);
    }
    checkpoint->isa = ISA_GENERIC;
    (void)snprintf(checkpoint->blas_core, sizeof checkpoint->blas_core, "Haswell");
    checkpoint->place = (struct checkpoint_place){
        .seed = 1,
        .batch = 100,
        .train_count = 54000,
        .epochs = 15,
        .epochs_done = step / STEPS_PER_EPOCH,
        .epoch_step = step % STEPS_PER_EPOCH,
        .step = step,
        .updates = step,
        .learning_rate = 0.001,
        .initial_learning_rate = 0.001,
        .seconds = 1,
    };
    return checkpoint;
}

void assert_same_checkpoint(const struct checkpoint *a, const struct checkpoint *b)
{
    assert_ptr_equal(a->spec, b->spec);
    assert_int_equal(a->place.step, b->place.step);
    assert_int_equal(a->place.updates, b->place.updates);
    for (size_t index = 0; index < a->parameter_count; index++) {
        const struct checkpoint_parameter *left = &a->parameters[index];
        const struct checkpoint_parameter *right = &b->parameters[index];
        size_t bytes = left->count * sizeof(float);
        assert_memory_equal(left->value, right->value, bytes);
        assert_memory_equal(left->first_moment, right->first_moment, bytes);
        assert_memory_equal(left->second_moment, right->second_moment, bytes);
    }
}
