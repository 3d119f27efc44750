// SPDX-License-Identifier: MIT
#include "staged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "train/draft.h"

enum { STEPS_PER_EPOCH = 54, EPOCHS = 15, VALIDATION = 600, BATCH = 100 };

/* A fixed scatter of whole numbers below `below`. */
static unsigned scatter(size_t index, unsigned below)
{
    return (unsigned)((index * 2654435761U) >> 7) % below;
}

static double falling_loss(size_t step)
{
    return 0.4 + 2 / (1 + (double)step / 40);
}

static double rising_accuracy(size_t step)
{
    return 0.88 - 0.78 / (1 + (double)step / 25);
}

static void add_steps(struct history *history, size_t steps)
{
    for (size_t step = 1; step <= steps; step++) {
        double noise = ((double)scatter(step, 201) - 100) / 1000;
        struct step_point point = {.step = (uint32_t)step,
                                   .loss = (float)(falling_loss(step) * (1 + 2 * noise)),
                                   .accuracy = (float)(rising_accuracy(step) * (1 + noise)),
                                   .learning_rate = 1e-3F,
                                   .seconds = (float)step / 64};
        assert_true(history_add_step(history, &point, NULL));
    }
}

static void add_epochs(struct history *history, size_t steps)
{
    for (size_t epoch = 1; epoch * STEPS_PER_EPOCH <= steps; epoch++) {
        size_t step = epoch * STEPS_PER_EPOCH;
        struct epoch_point point = {.step = (uint32_t)step,
                                    .epoch = (float)epoch,
                                    .loss = (float)falling_loss(step) + 0.03F,
                                    .accuracy = (float)rising_accuracy(step) - 0.01F,
                                    .seconds = (float)step / 64};
        assert_true(history_add_epoch(history, &point, NULL));
    }
}

static struct history *make_history(size_t steps)
{
    struct history *history = history_create(NULL);
    assert_non_null(history);
    add_steps(history, steps);
    add_epochs(history, steps);
    return history;
}

/* The true class mostly, one of three others at every sixth image; more in early epochs. */
static void answer(size_t image, size_t label, size_t epoch, float *logits)
{
    static const size_t OTHERS[] = {1, 2, 4};
    for (size_t column = 0; column < DATASET_CLASSES; column++)
        logits[column] = -(float)scatter(image + column, 4);
    bool wrong = scatter(image, 6) == 0 || scatter(image + 977 * epoch, 8) > 2 + epoch;
    size_t answered = (label + (wrong ? OTHERS[scatter(5 * image + 1, 3)] : 0)) % DATASET_CLASSES;
    logits[answered] = 2 + (float)scatter(image, 50) / 16;
}

static const struct evaluation *make_evaluation(const struct dataset *dataset, size_t epoch,
                                                const struct evaluation *before)
{
    const struct image_set *set = dataset_train(dataset);
    uint32_t indices[VALIDATION];
    for (uint32_t place = 0; place < VALIDATION; place++)
        indices[place] = 7 * place;
    struct draft *draft = draft_create(EVALUATION_VALIDATION, set, indices, VALIDATION, NULL);
    assert_non_null(draft);
    for (size_t place = 0; place < VALIDATION; place += BATCH) {
        float logits[BATCH * DATASET_CLASSES];
        for (size_t row = 0; row < BATCH; row++)
            answer(place + row, set->labels[indices[place + row]], epoch,
                   logits + row * DATASET_CLASSES);
        draft_add(draft, logits, BATCH);
    }
    return draft_finish(draft, epoch * STEPS_PER_EPOCH, (double)epoch, before);
}

/* An evaluation after each epoch; NULL for none. */
static const struct archive *make_archive(const struct dataset *dataset, size_t epochs)
{
    const struct archive *archive = NULL;
    for (size_t epoch = 1; epoch <= epochs; epoch++) {
        const struct evaluation *before = archive ? archive->evaluations[archive->count - 1] : NULL;
        const struct evaluation *evaluation = make_evaluation(dataset, epoch, before);
        const struct archive *longer = archive_add(archive, evaluation, NULL);
        assert_non_null(longer);
        evaluation_release(evaluation);
        archive_release(archive);
        archive = longer;
    }
    return archive;
}

static struct learner_snapshot stage_learner(const char *name, const char *title,
                                             const struct dataset *dataset,
                                             const struct history *history, size_t steps)
{
    size_t epochs = steps / STEPS_PER_EPOCH;
    const struct archive *archive = make_archive(dataset, epochs);
    struct learner_snapshot learner = {
        .name = name,
        .title = title,
        .started = true,
        .step = steps,
        .steps_per_epoch = STEPS_PER_EPOCH,
        .epochs = EPOCHS,
        .epoch = epochs + 1,
        .epoch_step = steps % STEPS_PER_EPOCH,
        .learning_rate = 1e-3,
        .train_loss = steps ? falling_loss(steps) : 0,
        .train_accuracy = steps ? rising_accuracy(steps) : 0,
        .train_seconds = (double)steps / 64,
        .images_per_second = 6400,
        .eta_seconds = (double)(EPOCHS * STEPS_PER_EPOCH - steps) / 64,
        .best_accuracy = epochs ? rising_accuracy(epochs * STEPS_PER_EPOCH) - 0.01 : 0,
        .best_epoch = epochs,
        .history = history,
        .step_points = steps,
        .epoch_points = epochs,
        .validation = archive ? evaluation_share(archive->evaluations[archive->count - 1]) : NULL,
        .archive = archive,
    };
    return learner;
}

struct staged *staged_create(size_t steps)
{
    struct staged *staged = calloc(1, sizeof *staged);
    assert_non_null(staged);
    staged->dataset = dataset_load_sample(NULL);
    assert_non_null(staged->dataset);
    staged->history = make_history(steps);
    staged->parked = make_history(steps / 2);
    staged->snapshot = (struct snapshot){
        .state = TRAINER_TRAINING,
        .load_progress = 1,
        .threads = 2,
        .isa = ISA_AVX512,
        .seed = 1,
        .batch = BATCH,
        .train_count = 5400,
        .validation_count = VALIDATION,
        .test_count = 1000,
        .dataset = staged->dataset,
        .learner_count = 2,
    };
    staged->snapshot.learners[0] =
        stage_learner("lenet", "LeNet-5", staged->dataset, staged->history, steps);
    staged->snapshot.learners[1] =
        stage_learner("alexnet", "AlexNet", staged->dataset, staged->parked, steps / 2);
    return staged;
}

static struct history *make_rival_history(size_t steps)
{
    struct history *history = history_create(NULL);
    assert_non_null(history);
    for (size_t step = 1; step <= steps; step++) {
        double noise = ((double)scatter(3 * step, 201) - 100) / 1000;
        double loss = falling_loss(2 * step) - 0.1, accuracy = rising_accuracy(3 * step);
        struct step_point point = {.step = (uint32_t)step,
                                   .loss = (float)(loss * (1 + noise)),
                                   .accuracy = (float)(accuracy * (1 + noise)),
                                   .learning_rate = 1e-3F,
                                   .seconds = (float)step / 4};
        struct epoch_point epoch = {.step = point.step,
                                    .epoch = (float)step / STEPS_PER_EPOCH,
                                    .loss = (float)loss,
                                    .accuracy = (float)accuracy,
                                    .seconds = point.seconds};
        assert_true(history_add_step(history, &point, NULL));
        if (step % STEPS_PER_EPOCH == 0)
            assert_true(history_add_epoch(history, &epoch, NULL));
    }
    return history;
}

static void diverge_answer(size_t image, size_t label, float *logits)
{
    bool wrong = scatter(11 * image + 3, 6) == 0;
    for (size_t column = 0; column < DATASET_CLASSES; column++)
        logits[column] = -(float)scatter(image + 7 * column, 4);
    logits[(label + (wrong ? 6 : 0)) % DATASET_CLASSES] = 1 + (float)scatter(image + 9, 40) / 16;
}

static const struct evaluation *make_rival_evaluation(const struct dataset *dataset, size_t epoch)
{
    const struct image_set *set = dataset_train(dataset);
    uint32_t indices[VALIDATION];
    for (uint32_t place = 0; place < VALIDATION; place++)
        indices[place] = 7 * place;
    struct draft *draft = draft_create(EVALUATION_VALIDATION, set, indices, VALIDATION, NULL);
    assert_non_null(draft);
    for (size_t place = 0; place < VALIDATION; place++) {
        float logits[DATASET_CLASSES];
        diverge_answer(place, set->labels[indices[place]], logits);
        draft_add(draft, logits, 1);
    }
    return draft_finish(draft, epoch * STEPS_PER_EPOCH, (double)epoch, NULL);
}

void staged_diverge(struct staged *staged)
{
    struct learner_snapshot *learner = &staged->snapshot.learners[1];
    size_t epochs = learner->epoch_points;
    history_release(staged->parked);
    staged->parked = make_rival_history((size_t)learner->step);
    learner->history = staged->parked;
    learner->train_loss = falling_loss(2 * (size_t)learner->step) - 0.1;
    learner->train_accuracy = rising_accuracy(3 * (size_t)learner->step);
    learner->train_seconds = (double)learner->step / 4;
    learner->images_per_second = 400;
    learner->weight_count = 7954122;
    staged->snapshot.learners[0].weight_count = 44426;
    if (epochs == 0)
        return;
    evaluation_release(learner->validation);
    learner->validation = make_rival_evaluation(staged->dataset, epochs);
    learner->best_accuracy = rising_accuracy(3 * epochs * STEPS_PER_EPOCH);
}

void staged_destroy(struct staged *staged)
{
    for (size_t model = 0; model < staged->snapshot.learner_count; model++) {
        evaluation_release(staged->snapshot.learners[model].validation);
        archive_release(staged->snapshot.learners[model].archive);
    }
    history_release(staged->history);
    history_release(staged->parked);
    dataset_destroy(staged->dataset);
    free(staged);
}
