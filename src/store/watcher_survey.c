// SPDX-License-Identifier: MIT
/* Looks into the network of the run that is shown: what is ordered of the survey, and when. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/watcher_parts.h"

/* Newer weights are read so many times as long after the last ones as those took: where the run is
 * trained beside, that is a two-hundredth of a core. */
static const double SURVEY_RARITY = 200;

static bool orders_equal(const struct survey_order *a, const struct survey_order *b)
{
    return a->run == b->run && a->step == b->step && a->dataset == b->dataset &&
           strcmp(a->path, b->path) == 0 && observation_equal(&a->wish, &b->wish);
}

static void forget(struct watcher *watcher)
{
    watcher->unpublished = watcher->unpublished || watcher->unseen || watcher->seen.run != 0;
    watcher->unseen = false;
    survey_result_release(&watcher->seen);
}

static void take_result(struct watcher *watcher)
{
    struct survey_result result;
    if (!survey_take(watcher->survey, &result))
        return;
    double next = clock_seconds() + SURVEY_RARITY * result.seconds;
    if (result.run != watcher->ordered.run) {
        survey_result_release(&result);
        return;
    }
    if (next > watcher->survey_at)
        watcher->survey_at = next;
    survey_result_release(&watcher->seen);
    watcher->unseen = result.failure.code != ERROR_NONE;
    if (watcher->unseen)
        watcher_notice(watcher, &result.failure);
    watcher->seen = result;
    watcher->unpublished = true;
}

static void order(struct watcher *watcher, const struct survey_order *order)
{
    struct error err = {0};
    watcher->ordered = *order;
    if (!survey_order(watcher->survey, order, &err))
        watcher_notice(watcher, &err);
}

/* The newest checkpoint of the run, or in a replay, up to its cursor; *found tells whether there is
 * one. */
static bool find_checkpoint(const struct watcher *watcher, const struct watched *watched,
                            struct survey_order *order, bool *found, struct error *err)
{
    struct run_checkpoint *checkpoints;
    uint64_t last = watched->followed ? UINT64_MAX : watched->cursor;
    size_t count;
    if (!store_list_checkpoints(watcher->store, watched->row.id, &checkpoints, &count, err))
        return false;
    while (count > 0 && checkpoints[count - 1].step > last)
        count--;
    *found = count > 0;
    bool good = true;
    if (*found) {
        order->step = checkpoints[count - 1].step;
        good = store_checkpoint_path(watcher->store, watched->row.id, checkpoints[count - 1].stem,
                                     order->path, sizeof order->path, err);
    }
    free(checkpoints);
    return good;
}

/* Orders what is wanted of those weights, or while newer ones are not due, of those before. */
static void order_look(struct watcher *watcher, const struct survey_order *wanted)
{
    const struct survey_order *before = &watcher->ordered;
    struct survey_order next = *wanted;
    bool newer = before->run == next.run && strcmp(before->path, next.path) != 0;
    if (newer && watcher_active(watcher)->followed && !watcher->unseen &&
        clock_seconds() < watcher->survey_at) {
        next.step = before->step;
        memcpy(next.path, before->path, sizeof next.path);
    }
    if (before->run != next.run)
        forget(watcher);
    if (!orders_equal(before, &next))
        order(watcher, &next);
}

void watcher_look_into(struct watcher *watcher)
{
    static const struct survey_order NOTHING;
    const struct watched *watched = watcher_active(watcher);
    struct survey_order wanted = {.run = watched->row.id,
                                  .spec = watched->spec,
                                  .dataset = watcher->dataset,
                                  .seed = watched->row.seed,
                                  .wish = watcher->wish};
    struct error err = {0};
    bool found = false;
    take_result(watcher);
    bool wished = watcher->wish.watched || watcher->wish.opened;
    if (wished && !find_checkpoint(watcher, watched, &wanted, &found, &err)) {
        watcher_notice(watcher, &err);
        return;
    }
    if (found) {
        order_look(watcher, &wanted);
        return;
    }
    if (watcher->ordered.run != 0)
        order(watcher, &NOTHING);
    if (watcher->unseen != wished || watcher->seen.run != 0)
        forget(watcher);
    watcher->unpublished = watcher->unpublished || watcher->unseen != wished;
    watcher->unseen = wished;
}

/* The anatomy that the trainer left, with the survey's idle units, unless it counted them itself at
 * a later step that has been made by now; the survey's where it left none. */
static const struct anatomy *merge(const struct anatomy *stored, const struct anatomy *seen,
                                   uint64_t step)
{
    if (!stored)
        return anatomy_share(seen);
    if (seen->idle_images == 0 || (stored->idle_images > 0 && stored->idle_step > seen->idle_step &&
                                   stored->idle_step <= step))
        return anatomy_share(stored);
    const struct anatomy *merged = anatomy_with_census(stored, seen, NULL);
    return merged ? merged : anatomy_share(stored);
}

void watcher_describe_look(const struct watcher *watcher, struct learner_snapshot *learner)
{
    const struct survey_result *seen = &watcher->seen;
    const struct anatomy *stored = learner->anatomy;
    learner->unseen = watcher->unseen;
    if (seen->run != watcher->runs[watcher->active].row.id || !seen->anatomy)
        return;
    learner->study = study_share(seen->study);
    learner->anatomy = merge(stored, seen->anatomy, learner->step);
    anatomy_release(stored);
}
