// SPDX-License-Identifier: MIT
/* What the store says of a run: values, copied out of it, which belong to who asked for them. */
#ifndef FMNIST_STORE_RUN_H
#define FMNIST_STORE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/data/dataset.h"
#include "fmnist/train/evaluation.h"

/* Sizes of texts, with the 0 at their end; what is longer was cut. */
enum {
    RUN_NAME_SIZE = 64,
    RUN_MODEL_SIZE = 16,
    RUN_HOST_SIZE = 65,
    RUN_VERSION_SIZE = 24,
    RUN_CORE_SIZE = 32,
    RUN_DATA_NAME_SIZE = 64,
    RUN_PATH_SIZE = 512,
    RUN_HASH_SIZE = 65,
    RUN_MESSAGE_SIZE = 512,
    RUN_STEM_SIZE = 64,
    RUN_EVENT_SIZE = 16,
    RUN_DETAIL_SIZE = 512,
};

enum run_state {
    RUN_STATE_RUNNING,
    RUN_STATE_PAUSED,
    RUN_STATE_WAITING,     /* until the disk can be written */
    RUN_STATE_FINISHED,    /* all epochs made and evaluated */
    RUN_STATE_STOPPED,     /* its user left before that */
    RUN_STATE_FAILED,      /* `message` says why */
    RUN_STATE_INTERRUPTED, /* its process was ended by a signal, or died */
};

enum { RUN_STATES = RUN_STATE_INTERRUPTED + 1 };

const char *run_state_name(enum run_state state); /* "interrupted" */

/* What does not change while a run lasts (but a run that is resumed may get another host, program,
 * kernels, threads, and more epochs), and how far it has come. Moments are seconds since 1970 UTC.
 */
struct run_row {
    int64_t id;
    char name[RUN_NAME_SIZE];   /* given by the user; empty: none */
    char model[RUN_MODEL_SIZE]; /* "lenet" */
    enum run_state state;       /* as it really is: a dead one is interrupted */
    bool live;                  /* a process has it in its hands, in whatever state */
    double started_at, updated_at;
    double ended_at;  /* 0: not yet */
    unsigned resumes; /* how often it was resumed; then rows of later steps are gone */

    char host[RUN_HOST_SIZE];
    char program[RUN_VERSION_SIZE]; /* version */
    char isa[RUN_MODEL_SIZE];       /* "avx512" */
    char blas_core[RUN_CORE_SIZE];
    unsigned threads;

    size_t epochs; /* to make in all */
    size_t batch;
    double initial_learning_rate;
    uint64_t seed;
    size_t weight_count, steps_per_epoch;
    char data_name[RUN_DATA_NAME_SIZE];
    char data_source[RUN_PATH_SIZE]; /* folder, or "embedded sample" */
    char data_sha256[RUN_HASH_SIZE];
    size_t train_count, validation_count, test_count;

    uint64_t step;                         /* training steps made */
    double epochs_done;                    /* with the part of the one under way */
    double seconds;                        /* of training and evaluation */
    double learning_rate;                  /* of the next update */
    double images_per_second, eta_seconds; /* as in struct learner_snapshot */
    double train_loss, train_accuracy;     /* likewise */
    double best_accuracy;                  /* validation; 0: no evaluation yet */
    size_t best_epoch;
    double test_accuracy, test_loss; /* test_accuracy negative: not tested */
    char message[RUN_MESSAGE_SIZE];  /* a notice of the run, or why it failed; else empty */
    size_t checkpoints;              /* how many there are, */
    uint64_t saved_step;             /* and the newest one's step */
};

/* Figures of an evaluation, without its answers. */
struct run_evaluation {
    enum evaluation_part part;
    uint64_t step;
    double epoch;
    size_t count, correct;
    double loss, accuracy;
    bool answers;                                       /* the answers are kept, too */
    size_t confusion[DATASET_CLASSES][DATASET_CLASSES]; /* [true][predicted] */
    struct class_score classes[DATASET_CLASSES];
};

/* The kinds of events of a checkpoint that was written, which may be thinned since; of a program
 * that was ended by a signal, or died. */
#define RUN_EVENT_SAVED "saved"
#define RUN_EVENT_INTERRUPTED "interrupted"

/* Something that happened. Other kinds: "paused", "rate", "switched", "restarted", "resumed",
 * "waiting", "failed", "stopped", "finished", "NaN", "unsaved" (a checkpoint could not be written),
 * "imported". */
struct run_event {
    double at;
    uint64_t step;
    double seconds; /* of training and evaluation */
    char kind[RUN_EVENT_SIZE];
    char detail[RUN_DETAIL_SIZE];
    double before, after; /* "rate": learning rates; else 0 */
};

/* For lists that people read: what the first of `count` events, 1 at least, comes to; several
 * checkpoints that were saved one after the other are one. Returns how many events that is. */
size_t run_events_sum_up(const struct run_event *events, size_t count, struct run_event *sum);

/* A checkpoint: files whose names begin with the stem, in store_checkpoint_directory(). */
struct run_checkpoint {
    uint64_t step;
    double epoch;
    double accuracy; /* validation at this step; negative: not evaluated there */
    bool best;       /* of those evaluated so far */
    char stem[RUN_STEM_SIZE];
    uint64_t bytes;
    double saved_at;
};

#endif
