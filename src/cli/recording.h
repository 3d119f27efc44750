// SPDX-License-Identifier: MIT
/*
 * Keeping runs in the store, for the commands that train: opens it, finds the run to go on with,
 * and records. Where nobody asked for a certain store and there is none that works, training goes
 * on without, and a line on stderr says so.
 *
 *     recording_begin(&recording, options, &settings, err);    settings for trainer_create()
 *     trainer = trainer_create(&settings, err);
 *     recording_connect(&recording, trainer);
 *     ...
 *     recording_disconnect(&recording);
 *     trainer_end(trainer);
 *     recording_end(&recording, interrupted, err);             whatever happened before
 *     recording_tell(&recording, snapshot, out);
 *     trainer_destroy(trainer);
 */
#ifndef FMNIST_CLI_RECORDING_H
#define FMNIST_CLI_RECORDING_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"
#include "fmnist/store/run_recorder.h"

struct recording {
    struct store *store;               /* NULL: nothing is kept */
    const struct comm *comm;           /* NULL: alone */
    const char *directory;             /* that was named for it; NULL: none */
    struct run_recorder *recorder;     /* likewise */
    struct run_row resumed;            /* id 0: none */
    int64_t runs[SNAPSHOT_MODELS_MAX]; /* of each model, after recording_end() */
};

/* Completes the settings, which are those of the options so far. False with `err` set where the run
 * to resume cannot be resumed or the store that was asked for cannot be used; there is nothing to
 * end then. */
bool recording_begin(struct recording *recording, const struct options *options,
                     struct trainer_settings *settings, struct error *err);

/* Lets the recorder wake the trainer, and no more. */
void recording_connect(struct recording *recording, struct trainer *trainer);
void recording_disconnect(struct recording *recording);

/* Writes what is left. `interrupted`: by a signal. False with `err` set where something that should
 * be in the store is not. */
bool recording_end(struct recording *recording, bool interrupted, struct error *err);

/* Says where what the last snapshot shows is kept, and how to go on; false where it is not. */
bool recording_tell(const struct recording *recording, const struct snapshot *snapshot, FILE *out);

#endif
