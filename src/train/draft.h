// SPDX-License-Identifier: MIT
/*
 * An evaluation in the making: the answers come in batch by batch; when the last one is there the
 * figures are computed and it becomes an immutable struct evaluation. Trainer's thread.
 */
#ifndef FMNIST_TRAIN_DRAFT_H
#define FMNIST_TRAIN_DRAFT_H

#include "fmnist/train/evaluation.h"

struct draft;

/* For `count` images of `set`, those at `indices`, or its first ones where that is NULL. NULL with
 * `err` set where memory is short. */
struct draft *draft_create(enum evaluation_part part, const struct image_set *set,
                           const uint32_t *indices, size_t count, struct error *err);
void draft_destroy(struct draft *draft);

enum evaluation_part draft_part(const struct draft *draft);
size_t draft_count(const struct draft *draft);
size_t draft_done(const struct draft *draft); /* images answered so far */

/* The next images to answer, draft_count() - draft_done() of them. */
const uint32_t *draft_images(const struct draft *draft);

/* Takes the logits (batch x 10) of the next `batch` images. */
void draft_add(struct draft *draft, const float *logits, size_t batch);

/* Computes the figures after the last image and turns the draft, which is gone then, into an
 * evaluation with one reference. `epoch` is in epochs; `before` is the evaluation of the same part
 * before this one, or NULL: it tells since when an image has been wrong. */
const struct evaluation *draft_finish(struct draft *draft, uint64_t step, double epoch,
                                      const struct evaluation *before);

#endif
