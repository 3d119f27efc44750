// SPDX-License-Identifier: MIT
/* A trainer on the excerpt of the data with a recorder behind it. */
#ifndef FMNIST_TESTS_STORE_RECORDING_H
#define FMNIST_TESTS_STORE_RECORDING_H

#include "fmnist/store/run_recorder.h"
#include "fmnist/train/trainer.h"

/* Folders of a test, its state: of data, and of a store. */
struct folders {
    char *data, *store;
};

int folders_setup(void **state);
int folders_teardown(void **state);

struct recording {
    struct store *store; /* of the folder, to read and write */
    struct run_recorder *recorder;
    struct trainer *trainer;
};

/* Starts both; recorder_settings->store is set here. `run` above 0: goes on with that run. Ends the
 * test where something fails. */
struct recording recording_start(const char *folder, const struct trainer_settings *settings,
                                 struct run_recorder_settings recorder_settings, int64_t run);

/* Ends the trainer, then the recorder; whether all was recorded. The store is left open. */
bool recording_stop(struct recording *recording, bool interrupted, struct error *err);

/* The same, where that must go well, and closes the store. */
void recording_end(struct recording *recording);

/* Waits until the record of the active model's run tells of a checkpoint of that step or later. */
void recording_watch_saved(const struct recording *recording, uint64_t step);

#endif
