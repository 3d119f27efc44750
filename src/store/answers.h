// SPDX-License-Identifier: MIT
/*
 * What a network answered on a set of images, as bytes to keep: arrays of struct evaluation one
 * behind the other, little-endian, compressed by zlib as one.
 *
 *     images          count x 4 bytes
 *     wrong_since     count x 2
 *     forgotten       count x 2
 *     labels          count x 1
 *     predicted       count x 1
 *     probabilities   count x 10 float32, as four planes: all lowest bytes first, highest last
 *
 * Pure functions of any thread.
 */
#ifndef STORE_ANSWERS_H
#define STORE_ANSWERS_H

#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/train/evaluation.h"

/* The bytes, for the caller to free(); NULL with `err` set where memory is short. */
void *answers_pack(const struct evaluation *evaluation, size_t *size, struct error *err);

/* The evaluation with these answers; of `kept` all but the arrays must be set. With one reference.
 * NULL with `err` set where the bytes are damaged or memory is short. */
const struct evaluation *answers_unpack(const struct evaluation *kept, const void *bytes,
                                        size_t size, struct error *err);

#endif
