// SPDX-License-Identifier: MIT
#include "store/store_checkpoints.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fmnist/store/checkpoint_file.h"
#include "store/atomic_file.h"
#include "store/rows.h"
#include "store/store_parts.h"

#define WEIGHTS_SUFFIX ".safetensors"
#define STATE_SUFFIX ".state.safetensors"

bool store_checkpoint_directory(const struct store *store, int64_t id, char *path, size_t size,
                                struct error *err)
{
    return store_path(path, size, err, "%s/checkpoints/%lld", store->directory, (long long)id);
}

/* Whether a stem, which was read from a file, leads nowhere else. */
static bool is_plain(const char *stem)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return *stem && stem[strspn(stem, PLAIN)] == '\0';
}

/* The path of a file with that stem and suffix. */
static bool file_path(const struct store *store, int64_t run, const char *stem, const char *suffix,
                      char *path, size_t size, struct error *err)
{
    if (is_plain(stem))
        return store_path(path, size, err, "%s/checkpoints/%lld/%s%s", store->directory,
                          (long long)run, stem, suffix);
    error_set(err, ERROR_FORMAT, "%s: a checkpoint of run %lld has no proper name",
              store->database.path, (long long)run);
    return false;
}

bool store_checkpoint_path(const struct store *store, int64_t id, const char *stem, char *path,
                           size_t size, struct error *err)
{
    return file_path(store, id, stem, WEIGHTS_SUFFIX, path, size, err);
}

static bool file_bytes(const char *path, uint64_t *bytes, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        error_set_errno(err, errno, "%s", path);
        return false;
    }
    *bytes += (uint64_t)status.st_size;
    return true;
}

/* What both files take. */
static bool stem_bytes(const struct store *store, int64_t run, const char *stem, bool whole,
                       uint64_t *bytes, struct error *err)
{
    char path[STORE_PATH_SIZE];
    *bytes = 0;
    return file_path(store, run, stem, WEIGHTS_SUFFIX, path, sizeof path, err) &&
           file_bytes(path, bytes, err) &&
           (!whole || (file_path(store, run, stem, STATE_SUFFIX, path, sizeof path, err) &&
                       file_bytes(path, bytes, err)));
}

static bool remove_stem(const struct store *store, int64_t run, const char *stem, struct error *err)
{
    char path[STORE_PATH_SIZE];
    return file_path(store, run, stem, WEIGHTS_SUFFIX, path, sizeof path, err) &&
           checkpoint_file_remove(path, err);
}

/* The stem of the row of that step; empty where there is none. */
static bool find_stem(struct database *database, int64_t run, uint64_t step,
                      char stem[RUN_STEM_SIZE], struct error *err)
{
    struct query query =
        query_begin(database, "SELECT stem FROM checkpoints WHERE run = ? AND step = ?");
    query_bind_integer(&query, run);
    query_bind_size(&query, step);
    stem[0] = '\0';
    if (query_next(&query))
        query_text(&query, stem, RUN_STEM_SIZE);
    return query_end(&query, err);
}

/* The step names the files; where one of that step is there already, the other of two names. */
static void choose_stem(char stem[RUN_STEM_SIZE], uint64_t step, const char *taken)
{
    (void)snprintf(stem, RUN_STEM_SIZE, "step-%09llu", (unsigned long long)step);
    if (strcmp(stem, taken) == 0)
        (void)snprintf(stem, RUN_STEM_SIZE, "step-%09llu-b", (unsigned long long)step);
}

static bool write_row(struct database *database, int64_t run, const struct checkpoint *checkpoint,
                      const struct checkpoint_mark *mark, const char *stem, uint64_t bytes,
                      double now, struct error *err)
{
    struct query query = query_begin(
        database,
        "INSERT OR REPLACE INTO checkpoints (run, step, accuracy, best, stem, bytes, saved_at,"
        " epoch_points, event_points, test_step, epoch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
        " ?9, ?10, CAST(?2 AS REAL) / (SELECT max(steps_per_epoch, 1) FROM runs WHERE id = ?1))");
    query_bind_integer(&query, run);
    query_bind_size(&query, checkpoint->place.step);
    query_bind_real(&query, checkpoint->accuracy >= 0 ? checkpoint->accuracy : NAN);
    query_bind_integer(&query, checkpoint->best);
    query_bind_text(&query, stem);
    query_bind_size(&query, bytes);
    query_bind_real(&query, now);
    query_bind_size(&query, mark->epoch_points);
    query_bind_size(&query, mark->event_points);
    if (mark->test_step >= 0)
        query_bind_integer(&query, mark->test_step);
    else
        query_bind_null(&query);
    return query_run(&query, err);
}

/* Writes the files. */
static bool write_files(const struct store *store, int64_t run, const char *stem,
                        const struct checkpoint *checkpoint, struct error *err)
{
    char path[STORE_PATH_SIZE], name[RUN_STEM_SIZE];
    (void)snprintf(name, sizeof name, "%lld", (long long)run);
    if (!store_checkpoint_directory(store, run, path, sizeof path, err) ||
        !store_make_directory(path, err))
        return false;
    return file_path(store, run, stem, WEIGHTS_SUFFIX, path, sizeof path, err) &&
           checkpoint_file_save(checkpoint, path, name, err);
}

/* The event stays where the row is thinned. */
static bool write_event(struct database *database, int64_t run, const struct checkpoint *checkpoint,
                        double now, struct error *err)
{
    struct run_event event = {.at = now, .kind = RUN_EVENT_SAVED};
    event.step = checkpoint->place.step;
    event.seconds = checkpoint->place.seconds;
    text_copy(event.detail, sizeof event.detail, checkpoint->best ? "best" : "");
    return event_write(database, run, &event, err);
}

/* Writes the row in a transaction of its own. */
static bool commit_row(struct store *store, int64_t run, const struct checkpoint *checkpoint,
                       const struct checkpoint_mark *mark, const char *stem, struct error *err)
{
    uint64_t bytes;
    if (!stem_bytes(store, run, stem, checkpoint->whole, &bytes, err) || !store_begin(store, err))
        return false;
    double now = store_now();
    if (write_row(&store->database, run, checkpoint, mark, stem, bytes, now, err) &&
        write_event(&store->database, run, checkpoint, now, err))
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}

bool checkpoint_store(struct store *store, int64_t run, const struct checkpoint *checkpoint,
                      const struct checkpoint_mark *mark, struct error *err)
{
    char before[RUN_STEM_SIZE], stem[RUN_STEM_SIZE];
    if (!find_stem(&store->database, run, checkpoint->place.step, before, err))
        return false;
    choose_stem(stem, checkpoint->place.step, before);
    if (!write_files(store, run, stem, checkpoint, err) ||
        !commit_row(store, run, checkpoint, mark, stem, err)) {
        (void)remove_stem(store, run, stem, NULL);
        return false;
    }
    return before[0] == '\0' || remove_stem(store, run, before, err);
}

bool store_add_checkpoint(struct store *store, int64_t id, const struct checkpoint *checkpoint,
                          struct error *err)
{
    const struct checkpoint_mark mark = {.test_step = -1};
    return checkpoint_store(store, id, checkpoint, &mark, err);
}

static void take_checkpoint(struct query *query, struct run_checkpoint *checkpoint)
{
    checkpoint->step = query_size(query);
    checkpoint->epoch = query_real(query);
    double accuracy = query_real(query);
    checkpoint->accuracy = isnan(accuracy) ? -1 : accuracy;
    checkpoint->best = query_integer(query) != 0;
    query_text(query, checkpoint->stem, sizeof checkpoint->stem);
    checkpoint->bytes = query_size(query);
    checkpoint->saved_at = query_real(query);
}

bool store_list_checkpoints(struct store *store, int64_t id, struct run_checkpoint **checkpoints,
                            size_t *count, struct error *err)
{
    struct rows rows = {.size = sizeof(struct run_checkpoint)};
    struct query query =
        query_begin(&store->database, "SELECT step, epoch, accuracy, best, stem, bytes, saved_at"
                                      " FROM checkpoints WHERE run = ? ORDER BY step");
    query_bind_integer(&query, id);
    while (!rows.failed && query_next(&query)) {
        struct run_checkpoint *checkpoint = rows_append(&rows, err);
        if (checkpoint)
            take_checkpoint(&query, checkpoint);
    }
    bool good = query_end(&query, rows.failed ? NULL : err) && !rows.failed;
    *checkpoints = rows_end(&rows, good, count);
    return good;
}

/* The place of the best among checkpoints by rising step; `count` where none was evaluated. */
static size_t best_place(const struct run_checkpoint *checkpoints, size_t count)
{
    for (size_t place = count; place > 0; place--)
        if (checkpoints[place - 1].best)
            return place - 1;
    return count;
}

static bool drop_row(struct store *store, int64_t run, uint64_t step, struct error *err)
{
    if (!store_begin(store, err))
        return false;
    struct query query =
        query_begin(&store->database, "DELETE FROM checkpoints WHERE run = ? AND step = ?");
    query_bind_integer(&query, run);
    query_bind_size(&query, step);
    if (query_run(&query, err))
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}

bool checkpoints_thin(struct store *store, int64_t run, size_t keep, struct error *err)
{
    struct run_checkpoint *checkpoints;
    size_t count;
    if (!store_list_checkpoints(store, run, &checkpoints, &count, err))
        return false;
    size_t best = best_place(checkpoints, count);
    bool good = true;
    for (size_t place = count; good && place > 0; place--) {
        const struct run_checkpoint *checkpoint = &checkpoints[place - 1];
        if (place == count || place - 1 == best)
            continue;
        if (keep > 0)
            keep--;
        else
            good = drop_row(store, run, checkpoint->step, err) &&
                   remove_stem(store, run, checkpoint->stem, err);
    }
    free(checkpoints);
    return good;
}

/* Ends as they were with the checkpoint, except for the step; found is false where there is none.
 */
static bool marked_end(struct database *database, int64_t run, uint64_t step,
                       struct curve_end *curves, struct evaluation_end *evaluations, bool *found,
                       struct error *err)
{
    struct query query = query_begin(
        database, "SELECT epoch_points, event_points,"
                  " coalesce((SELECT step FROM epochs WHERE run = c.run AND number = "
                  "c.epoch_points - 1), -1),"
                  " coalesce(test_step, -1) FROM checkpoints AS c WHERE run = ? AND step = ?");
    query_bind_integer(&query, run);
    query_bind_size(&query, step);
    *found = query_next(&query);
    if (*found) {
        curves->epochs = query_size(&query);
        curves->events = query_size(&query);
        evaluations->validation = query_integer(&query);
        evaluations->test = query_integer(&query);
    }
    return query_end(&query, err);
}

/* The number of rows of the table that are numbered and not after the step. */
static bool count_up_to(struct database *database, const char *sql, int64_t run, uint64_t step,
                        uint64_t *count, struct error *err)
{
    struct query query = query_begin(database, sql);
    query_bind_integer(&query, run);
    query_bind_size(&query, step);
    *count = query_next(&query) ? query_size(&query) : 0;
    return query_end(&query, err);
}

bool checkpoint_end(struct database *database, int64_t run, uint64_t step, struct curve_end *curves,
                    struct evaluation_end *evaluations, struct error *err)
{
    bool found;
    curves->step = step;
    if (!marked_end(database, run, step, curves, evaluations, &found, err))
        return false;
    if (found)
        return true;
    *evaluations = (struct evaluation_end){(int64_t)step, (int64_t)step};
    return count_up_to(database, "SELECT count(*) FROM epochs WHERE run = ? AND step <= ?", run,
                       step, &curves->epochs, err) &&
           count_up_to(database,
                       "SELECT count(*) FROM events WHERE run = ? AND step <= ?"
                       " AND number IS NOT NULL",
                       run, step, &curves->events, err);
}

bool run_forget_after(struct database *database, int64_t run, uint64_t step, struct error *err)
{
    struct curve_end curves;
    struct evaluation_end evaluations;
    if (!checkpoint_end(database, run, step, &curves, &evaluations, err) ||
        !curves_cut(database, run, curves, err) ||
        !evaluations_cut(database, run, evaluations, err))
        return false;
    struct query query =
        query_begin(database, "DELETE FROM checkpoints WHERE run = ? AND step > ?");
    query_bind_integer(&query, run);
    query_bind_size(&query, step);
    return query_run(&query, err);
}

/* The length of the stem in the name of a checkpoint's file; 0 where it is none. */
static size_t stem_length(const char *name)
{
    static const char *const SUFFIXES[] = {STATE_SUFFIX, WEIGHTS_SUFFIX};
    size_t length = strlen(name);
    for (size_t number = 0; number < sizeof SUFFIXES / sizeof *SUFFIXES; number++) {
        size_t suffix = strlen(SUFFIXES[number]);
        if (length > suffix && strcmp(name + length - suffix, SUFFIXES[number]) == 0)
            return length - suffix;
    }
    return 0;
}

static bool is_listed(const struct run_checkpoint *checkpoints, size_t count, const char *stem)
{
    for (size_t place = 0; place < count; place++)
        if (strcmp(checkpoints[place].stem, stem) == 0)
            return true;
    return false;
}

/* Removes a file of the folder where it belongs to a checkpoint that is not listed. */
static bool sweep_file(const struct store *store, int64_t run, const char *name,
                       const struct run_checkpoint *checkpoints, size_t count, struct error *err)
{
    char stem[RUN_STEM_SIZE];
    size_t length = stem_length(name);
    if (length == 0 || length >= sizeof stem)
        return true;
    memcpy(stem, name, length);
    stem[length] = '\0';
    return is_listed(checkpoints, count, stem) || remove_stem(store, run, stem, err);
}

bool checkpoints_sweep(struct store *store, int64_t run, struct error *err)
{
    char path[STORE_PATH_SIZE];
    struct run_checkpoint *checkpoints;
    size_t count;
    if (!store_checkpoint_directory(store, run, path, sizeof path, err))
        return false;
    DIR *folder = opendir(path);
    if (!folder && errno == ENOENT)
        return true;
    if (!folder) {
        error_set_errno(err, errno, "%s", path);
        return false;
    }
    bool good = store_list_checkpoints(store, run, &checkpoints, &count, err);
    for (struct dirent *entry; good && (entry = readdir(folder));)
        good = sweep_file(store, run, entry->d_name, checkpoints, count, err);
    if (good)
        free(checkpoints);
    (void)closedir(folder);
    return good && atomic_file_clean(path, NULL, err);
}
