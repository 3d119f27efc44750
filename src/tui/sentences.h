// SPDX-License-Identifier: MIT
/* What happened since the last snapshot, and how things stand, as sentences for plain.c. */
#ifndef FMNIST_TUI_SENTENCES_H
#define FMNIST_TUI_SENTENCES_H

#include <stdio.h>

#include "fmnist/train/snapshot.h"
#include "tui/album.h"
#include "tui/scene.h"

/* What was told so far; zeroed at the start. */
struct sentences {
    bool begun;
    enum trainer_state state;
    size_t model;
    const struct evaluation *told[SNAPSHOT_MODELS_MAX]; /* only compared, */
    uint64_t told_steps[SNAPSHOT_MODELS_MAX];           /* and their steps */
    bool tested[SNAPSHOT_MODELS_MAX];
    char failure[ERROR_MESSAGE_SIZE];
};

/* Writes a sentence for each thing that changed. */
void sentences_update(struct sentences *sentences, const struct snapshot *snapshot, FILE *out);

/* How far the run is. */
void sentences_progress(const struct snapshot *snapshot, FILE *out);

/* What came of the evaluation that is looked at; the pairs most often confused in it. */
void sentences_evaluation(const struct scene *scene, FILE *out);
void sentences_confusions(const struct scene *scene, FILE *out);

/* Which images are told. */
struct sentences_wish {
    enum album_order order;
    bool all; /* right answers, too */
};

/* The first of its mistakes, or of those that the scene's filter takes. */
void sentences_mistakes(const struct scene *scene, const struct sentences_wish *wanted, FILE *out);

/* What keys and commands do; what a filter is made of. */
void sentences_keys(FILE *out);
void sentences_filters(FILE *out);

#endif
