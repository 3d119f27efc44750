// SPDX-License-Identifier: MIT
/* Deleting runs. */
#include <errno.h>
#include <unistd.h>

#include "store/run_lock.h"
#include "store/store_checkpoints.h"
#include "store/store_parts.h"

static bool delete_row(struct store *store, int64_t id, struct error *err)
{
    if (!store_begin(store, err))
        return false;
    struct query query = query_begin(&store->database, "DELETE FROM runs WHERE id = ?");
    query_bind_integer(&query, id);
    if (query_run(&query, err))
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}

/* Removes the run's folder; one that holds files of others is left. */
static bool remove_folder(struct store *store, int64_t id, struct error *err)
{
    char folder[STORE_PATH_SIZE], lock[STORE_PATH_SIZE];
    if (!checkpoints_sweep(store, id, err) ||
        !store_checkpoint_directory(store, id, folder, sizeof folder, err) ||
        !store_path(lock, sizeof lock, err, "%s/lock", folder))
        return false;
    if (unlink(lock) == 0 && (rmdir(folder) == 0 || errno == ENOTEMPTY || errno == EEXIST))
        return true;
    error_set_errno(err, errno, "cannot remove %s", folder);
    return false;
}

bool store_remove_run(struct store *store, int64_t id, struct error *err)
{
    struct run_row run;
    if (!store_read_run(store, id, &run, err))
        return false;
    if (store->mode != STORE_WRITE) {
        error_set(err, ERROR_USAGE, "%s was opened to read only", store->database.path);
        return false;
    }
    int lock = run_lock_take(store->directory, id, err);
    if (lock < 0)
        return false;
    bool good = delete_row(store, id, err) && remove_folder(store, id, err);
    run_lock_release(lock);
    return good;
}
