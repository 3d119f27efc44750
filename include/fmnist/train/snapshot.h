// SPDX-License-Identifier: MIT
/*
 * The state of a run at one moment, for the screen, the progress line, and tests: immutable
 * once published and counted by reference.
 */
#ifndef FMNIST_TRAIN_SNAPSHOT_H
#define FMNIST_TRAIN_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/data/dataset.h"
#include "fmnist/nn/isa.h"
#include "fmnist/train/anatomy.h"
#include "fmnist/train/archive.h"
#include "fmnist/train/evaluation.h"
#include "fmnist/train/history.h"
#include "fmnist/train/study.h"

enum trainer_state {
    TRAINER_LOADING, /* reading the data, building the network */
    TRAINER_TRAINING,
    TRAINER_EVALUATING, /* on its way through the validation or test images */
    TRAINER_PAUSED,     /* between two steps */
    TRAINER_WAITING,    /* for the recorder; the notice in `failure` says for what */
    TRAINER_FINISHED,   /* all epochs done, tested; waits for commands */
    TRAINER_STOPPED,    /* told to stop; the thread has ended */
    TRAINER_FAILED,     /* `failure` says why; the thread has ended */
};

/* What is behind a snapshot. */
enum snapshot_origin {
    SNAPSHOT_TRAINED,  /* a trainer in this process */
    SNAPSHOT_WATCHED,  /* a run of another process, as it goes on */
    SNAPSHOT_REPLAYED, /* a stored run, as it was at some step; TRAINING while that moves on */
};

enum { SNAPSHOT_MODELS_MAX = 8, SNAPSHOT_RUN_SIZE = 24 };

/* What is kept of a learner beyond the life of the program. */
struct learner_record {
    char run[SNAPSHOT_RUN_SIZE]; /* how the user calls the run; empty: nothing is kept */
    bool saved;                  /* a checkpoint has been written, */
    uint64_t saved_step;         /* after that step */
    uint64_t saves;              /* how many have been written by this program */
    struct error failure;        /* why the last one could not be written; or ERROR_NONE */
};

/* One learner: a model that was started in this run, training or parked. */
struct learner_snapshot {
    const char *name;  /* "lenet" */
    const char *title; /* "LeNet-5" */
    bool started;      /* false: never chosen yet, all else below is zero */
    unsigned life;     /* restarts so far */
    struct learner_record record;
    bool finished; /* all its epochs are done */
    size_t weight_count;
    uint64_t step; /* training steps made */
    size_t steps_per_epoch;
    size_t epochs;         /* to make in all */
    size_t epoch;          /* the one under way, from 1; `epochs` when finished */
    size_t epoch_step;     /* steps made in it */
    double learning_rate;  /* of the next update */
    double train_loss;     /* debiased moving average over steps, factor 0.98; 0 before the first */
    double train_accuracy; /* likewise */
    double train_seconds;  /* of training and evaluation, pauses and parking excluded */
    double images_per_second; /* training, over the last second or so; 0 when unknown */
    double eta_seconds;       /* until finished, evaluations included; negative when unknown */
    double best_accuracy;     /* validation; 0 before the first evaluation */
    size_t best_epoch;
    const struct history *history;
    size_t step_points; /* how many points of `history` may be read */
    size_t epoch_points;
    size_t event_points;
    const struct evaluation *validation; /* the newest, NULL before the first */
    const struct archive *archive;       /* evaluations on the validation part so far, the newest
                                            last; NULL before the first */
    const struct evaluation *answered;   /* where the newest are known without their answers, as of
                                            a run of another process: the newest with them */
    const struct evaluation *test;       /* NULL until finished */
    const struct anatomy *anatomy;       /* of its layers */
    const struct study *study;           /* of the layer that was asked for; NULL: none yet, */
    bool unseen;                         /* or there are no weights to look into */
};

struct snapshot {
    uint64_t number; /* rises with each one published */
    enum snapshot_origin origin;
    bool steered; /* watched: commands are passed on to it */
    enum trainer_state state;
    bool evaluating; /* also true when paused and evaluating on request */
    enum evaluation_part evaluation_part;
    double evaluation_progress; /* 0 to 1 */
    double load_progress;       /* 0 to 1 */
    unsigned threads;
    enum isa isa;
    uint64_t seed;
    size_t batch;
    size_t train_count, validation_count, test_count; /* images; 0 while loading */
    const struct dataset *dataset; /* NULL while loading; lives as long as the trainer */
    size_t active;                 /* index in `learners` of the chosen model */
    size_t learner_count;
    struct learner_snapshot learners[SNAPSHOT_MODELS_MAX];
    struct error failure; /* TRAINER_FAILED: why; else a notice for the user (such as a loss that
                             became infinite and paused the training) or ERROR_NONE */
};

/* A zeroed snapshot with one reference, to be filled before others see it; NULL with `err` set
 * where memory is short. What its learners refer to are references that it will release. */
struct snapshot *snapshot_create(struct error *err);

/* One more reference; returns its argument. */
const struct snapshot *snapshot_share(const struct snapshot *snapshot);

/* One reference less; the last one frees it. NULL is fine. */
void snapshot_release(const struct snapshot *snapshot);

#endif
