// SPDX-License-Identifier: MIT
/*
 * Waiting until a trainer's snapshot shows something, woken by the trainer's own descriptor. When
 * that has not come by the deadline, the test fails and says what the newest snapshot shows.
 */
#ifndef FMNIST_TESTS_TRAIN_WATCH_H
#define FMNIST_TESTS_TRAIN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/train/trainer.h"

/* Far beyond what anything that is waited for takes, sanitizers and a busy machine included. */
enum { WATCH_SECONDS = 180 };

typedef bool (*watch_condition)(const struct snapshot *snapshot, const void *context);

/* The first snapshot seen that meets the condition, for the caller to snapshot_release(). */
const struct snapshot *watch_for(struct trainer *trainer, watch_condition condition,
                                 const void *context);

/* The same for what tests wait for most. */
const struct snapshot *watch_for_state(struct trainer *trainer, enum trainer_state state);
const struct snapshot *watch_for_step(struct trainer *trainer, uint64_t step); /* or a later one */
const struct snapshot *watch_for_newer(struct trainer *trainer, uint64_t number);

/* Waits for the state and keeps no snapshot. */
void watch_until(struct trainer *trainer, enum trainer_state state);

/* The chosen model's part of the snapshot. */
const struct learner_snapshot *watch_active(const struct snapshot *snapshot);

/* Returns after the trainer has answered `count` commands that change nothing, one after the other.
 * The chosen model's learning rate must be `rate`. */
void watch_answers(struct trainer *trainer, size_t count, double rate);

/* Waits for a newer snapshot, `seconds` at most; true where none came. While a run trains that
 * means: it is still inside the same unit of work, that much further on. It serves to meet a step
 * at a chosen place, and no test may need more of it. */
bool watch_silence(struct trainer *trainer, double seconds);

#endif
