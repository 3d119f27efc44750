// SPDX-License-Identifier: MIT
/*
 * What all views look at: the newest snapshot, what the terminal can show, and where the user is:
 * at which evaluation of the run, on which pair of classes. Owned by the main loop;
 * views change what is the user's in it when they act. Needs no terminal.
 */
#ifndef FMNIST_TUI_SCENE_H
#define FMNIST_TUI_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/train/snapshot.h"
#include "tui/filter.h"
#include "tui/look.h"
#include "tui/request.h"

struct store;

/* A cell of the confusion matrix. */
struct class_pair {
    bool chosen;
    size_t label, predicted;
};

/* An image of the data set. */
struct chosen_image {
    bool chosen;               /* false: the one below is the first */
    enum evaluation_part part; /* of the training images for EVALUATION_VALIDATION */
    uint32_t image;
};

/* What a view asks the user; the answer goes back to it. */
enum scene_question {
    QUESTION_NONE,
    QUESTION_FILTER, /* a line: which runs to show */
    QUESTION_NAME,   /* a line: a run's name */
    QUESTION_DELETE, /* yes or no: to delete a run */
};

enum { SCENE_WISH_SIZE = 256 };

/* What a view asks the main loop for as it acts; all zero: nothing. */
struct scene_wish {
    enum scene_question question;
    char text[SCENE_WISH_SIZE]; /* the line to begin with, or what is to be deleted */
    int64_t open, resume;       /* stored runs to show or to go on with */
};

struct scene {
    const struct snapshot *snapshot; /* valid while a view draws or acts */
    struct look look;

    enum evaluation_part part; /* the images that were evaluated */
    bool past;                 /* not the newest evaluation but the one */
    uint64_t step;             /* after that step of the active learner */
    size_t model;              /* whose step it is */

    size_t picked; /* what was clicked: the cell 10 x label + predicted, or the image's place */

    struct class_pair pair;    /* whose mistakes are wanted; see the view of mistakes */
    struct filter filter;      /* which of them */
    unsigned filtered;         /* changes with the filter */
    struct chosen_image image; /* that was looked at last */
    enum request wanted;       /* a view that a view asks for; REQUEST_NONE: none */
    struct store *store;       /* of runs; NULL: there is none */
    bool can_resume;           /* the program can go on with a stored run in place of this one */
    struct scene_wish wish;
    const char *notice; /* for the user, good until the next request; NULL: none */
};

/* The cell of the confusion matrix that was clicked. */
struct class_pair scene_picked_cell(const struct scene *scene);

/* The learner that trains, or would. */
const struct learner_snapshot *scene_learner(const struct scene *scene);

/* The evaluation that the user is at; NULL where there is none yet. */
const struct evaluation *scene_evaluation(const struct scene *scene);

/* The newest evaluation of a learner whose answers are known; NULL where there is none. */
const struct evaluation *scene_newest_answered(const struct learner_snapshot *learner,
                                               enum evaluation_part part);

/* The evaluation whose answers the user looks at: that which he is at, or where he is at the newest
 * and its answers are not known yet, the newest with them. NULL where they must be read first, and
 * where there is no evaluation. */
const struct evaluation *scene_answered(const struct scene *scene);

/* Adds to what a view wants looked at the answers of that evaluation, and those of the newest of
 * all models, where they are not all known anyway. */
void scene_ask_answers(const struct scene *scene, struct observation *observation);

/* The images that an evaluation is of. */
const struct image_set *scene_images(const struct scene *scene,
                                     const struct evaluation *evaluation);

/* Remembers the image at that place of the evaluation as the one looked at last. */
void scene_look_at(struct scene *scene, const struct evaluation *evaluation, uint32_t place);

/* What each model says of the images of that evaluation: the active one in it, others in their
 * newest; NULL for those that say nothing. */
void scene_answers(const struct scene *scene, const struct evaluation *evaluation,
                   const struct evaluation *answers[SNAPSHOT_MODELS_MAX]);

/* Takes another filter; an empty text means none. False with `err` set where it makes no sense, and
 * the filter as it was. */
bool scene_set_filter(struct scene *scene, const char *text, struct error *err);

/* Takes in a newer snapshot: another model brings the user back to the newest evaluation. */
void scene_update(struct scene *scene, const struct snapshot *snapshot);

/* Acts on requests that hold for all views: back and forth through the evaluations, validation or
 * test, how pictures look. False for others. */
bool scene_act(struct scene *scene, enum request request);

#endif
