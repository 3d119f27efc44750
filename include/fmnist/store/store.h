// SPDX-License-Identifier: MIT
/*
 * The run store: a folder with an SQLite database `runs.db` and the checkpoints of each run in
 * `checkpoints/RUN/`. Several programs may use one store at once, one of them or all writing; who
 * reads sees what was committed.
 *
 * Runs have whole numbers (1, 2, 3 ... never used again) and may have names. Whoever records a run
 * holds a lock (flock) on `checkpoints/RUN/lock`: a run that says it is running while nobody holds
 * the lock is interrupted, its process has died.
 *
 * A struct store is used by one thread at a time; each thread that needs one opens its own.
 */
#ifndef FMNIST_STORE_STORE_H
#define FMNIST_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/store/run.h"
#include "fmnist/train/anatomy.h"
#include "fmnist/train/archive.h"
#include "fmnist/train/command.h"
#include "fmnist/train/history.h"
#include "fmnist/train/trainer.h"

struct store;

enum store_mode {
    STORE_READ, /* changes nothing, works on read-only media; where there is no store it is empty */
    STORE_WRITE, /* creates what is missing, brings an older store up to date */
};

/* Where runs are kept unless a folder is named: $XDG_DATA_HOME/fmnist-tui, or
 * ~/.local/share/fmnist-tui. False with `err` set where there is no such place. */
bool store_default_directory(char *path, size_t size, struct error *err);

/* Opens the store in `directory`; NULL: the default.
 * NULL with `err` set: one line that names the file and what to do. */
struct store *store_open(const char *directory, enum store_mode mode, struct error *err);

/* NULL is allowed. */
void store_close(struct store *store);

/* The folder's name, as long as the store is open. */
const char *store_directory(const struct store *store);

/* Whether another program (or another struct store) has committed something since the last call
 * with this store; true the first time, and where that cannot be found out. Cheap. */
bool store_changed(struct store *store);

/* All runs by rising id: *count of them, for the caller to free(). */
bool store_list_runs(struct store *store, struct run_row **runs, size_t *count, struct error *err);

/* The run of that number or name (the newest of that name); NULL: the newest of all. False with
 * `err` set (ERROR_USAGE: "no run 12; ...") where there is none. */
bool store_find_run(struct store *store, const char *text, struct run_row *run, struct error *err);

/* The run of that id. */
bool store_read_run(struct store *store, int64_t id, struct run_row *run, struct error *err);

/* How many points of a history are there. */
struct history_counts {
    size_t steps, epochs, events;
};

/* Appends to `history` what the run has beyond *counts, but nothing after step `last_step`
 * (UINT64_MAX: all), and counts it. Other threads may go on reading the points that were counted
 * before. The points are the trainer's, bit for bit. */
bool store_read_history(struct store *store, int64_t id, uint64_t last_step,
                        struct history *history, struct history_counts *counts, struct error *err);

/* The evaluations on the validation part whose answers are kept, up to step `last_step`, with one
 * reference; *archive is NULL where there are none. Those that `before` (NULL: none) has of the
 * same steps are shared with it instead of being read again. */
bool store_read_archive(struct store *store, int64_t id, uint64_t last_step,
                        const struct archive *before, const struct archive **archive,
                        struct error *err);

/* The same of all steps, but of those that `before` does not have the figures alone are read, which
 * takes a hundredth of the time. */
bool store_read_figures(struct store *store, int64_t id, const struct archive *before,
                        const struct archive **archive, struct error *err);

/* The newest evaluation on the validation part up to that step whose answers are kept, with them;
 * *validation is NULL where there is none. */
bool store_read_validation(struct store *store, int64_t id, uint64_t last_step,
                           const struct evaluation **validation, struct error *err);

/* The newest evaluation on the test part up to that step; *test is NULL where there is none. */
bool store_read_test(struct store *store, int64_t id, uint64_t last_step,
                     const struct evaluation **test, struct error *err);

/* Figures of all evaluations of the run by rising step: *count of them, to free(). */
bool store_list_evaluations(struct store *store, int64_t id, struct run_evaluation **evaluations,
                            size_t *count, struct error *err);

/* What happened, oldest first, to free(). */
bool store_list_events(struct store *store, int64_t id, struct run_event **events, size_t *count,
                       struct error *err);

/* The run's checkpoints by rising step, to free(). */
bool store_list_checkpoints(struct store *store, int64_t id, struct run_checkpoint **checkpoints,
                            size_t *count, struct error *err);

/* The newest anatomy of its layers, with one reference; *anatomy is NULL where there is none. */
bool store_read_anatomy(struct store *store, int64_t id, const struct anatomy **anatomy,
                        struct error *err);

/* Writes the name of the folder with the run's checkpoints. False with `err` set where it is too
 * long. */
bool store_checkpoint_directory(const struct store *store, int64_t id, char *path, size_t size,
                                struct error *err);

/* Writes the path of a checkpoint's weights, as checkpoint_file.h takes it. False with `err` set
 * where that is too long or the stem is none. */
bool store_checkpoint_path(const struct store *store, int64_t id, const char *stem, char *path,
                           size_t size, struct error *err);

/* All that is needed to go on from the run's last checkpoint that can be read: with its history,
 * archive and test up to that step, as they were then. Where newer checkpoints cannot be read,
 * `warning` (may be NULL) says so. For the caller to learner_past_release(). */
bool store_read_past(struct store *store, int64_t id, struct learner_past *past,
                     struct error *warning, struct error *err);

/* Below: stores opened with STORE_WRITE. */

/* Gives a run a name, or none where that is empty. False (ERROR_USAGE) where the name is too long,
 * is a number or holds control characters. */
bool store_rename_run(struct store *store, int64_t id, const char *name, struct error *err);

/* Whether a run may be called so. */
bool store_check_name(const char *name, struct error *err);

/* Deletes a run and its checkpoints. False (ERROR_USAGE) where a program has it in its hands. */
bool store_remove_run(struct store *store, int64_t id, struct error *err);

/* Adds a run that was made elsewhere, such as weights from PyTorch: row->id is set, and row->state
 * is kept. Used with store_add_checkpoint(). */
bool store_add_run(struct store *store, struct run_row *row, struct error *err);

/* Adds an event now. */
bool store_add_event(struct store *store, int64_t id, const struct run_event *event,
                     struct error *err);

/* Writes into the store that runs whose program has died were interrupted, with an event: until
 * then only readers know. */
bool store_end_dead_runs(struct store *store, struct error *err);

/* Writes a checkpoint's files into the run's folder, then its row. */
bool store_add_checkpoint(struct store *store, int64_t id, const struct checkpoint *checkpoint,
                          struct error *err);

/* Leaves a command for the program that trains the run (taken within a second). */
bool store_send_command(struct store *store, int64_t id, const struct run_command *command,
                        struct error *err);

#endif
