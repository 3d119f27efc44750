// SPDX-License-Identifier: MIT
/* What the files of the learner share: learner.c (its life and its steps), learner_evaluation.c,
 * learner_report.c (what snapshots say) and learner_state.c (checkpoints). */
#ifndef FMNIST_TRAIN_LEARNER_PARTS_H
#define FMNIST_TRAIN_LEARNER_PARTS_H

#include "fmnist/nn/adam.h"
#include "train/draft.h"
#include "train/learner.h"
#include "train/meter.h"

#define LEARNER_AVERAGE_FACTOR 0.98 /* of the moving averages over steps */

struct learner {
    const struct network_spec *spec;
    const struct learner_base *base;
    unsigned life;    /* restarts so far */
    uint64_t changes; /* rises with each one that a checkpoint would show */
    struct network *network;
    struct adam *adam;
    struct observer *observer;
    uint32_t *order; /* the images of the epoch under way, train_count */
    uint8_t *labels; /* of a batch */
    size_t steps_per_epoch;
    size_t epochs; /* to make in all */
    double learning_rate;

    uint64_t step;
    size_t epochs_done;
    size_t epoch_step; /* steps made in the epoch under way */

    bool validation_due, test_due; /* the run's own evaluations */
    bool validation_requested;
    struct draft *draft;                        /* the evaluation under way */
    const struct evaluation *validation, *test; /* the newest */
    const struct archive *archive;              /* all on the validation part */
    double best_accuracy;
    size_t best_epoch;

    struct history *history;
    size_t step_points, epoch_points, event_points;
    double loss_average, accuracy_average; /* exponential, biased to zero at the start */
    double seconds;                        /* of completed units */
    struct meter training, evaluation;     /* images */
};

/* Draws the order of the epoch under way. */
void learner_shuffle(struct learner *learner);

/* All epochs are made, if not all evaluated. */
bool learner_trained(const struct learner *learner);

/* Epochs made, with the part of the one under way. */
double learner_epochs(const struct learner *learner);

/* What the averages are to be divided by, because they began at zero. */
double learner_debias(const struct learner *learner);

/* Answers the next batch of the evaluation under way, or of the one that is due. */
enum learner_event learner_evaluate(struct learner *learner, struct error *err);

#endif
