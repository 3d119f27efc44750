// SPDX-License-Identifier: MIT
#include "train/observer.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "train/anatomist.h"

enum { CENSUS_IMAGES = 64, PROBE_BATCH = 8 };

static const double SAMPLE_SECONDS = 1;  /* between two measured updates, at least */
static const double MEASURED_PART = 0.5; /* of a measured update is spent on measuring, at most */
static const double LOOK_SECONDS = 1;    /* between two looks through the probe, at least */
static const double LOOK_RARITY = 400;   /* and so many times as long as the last one took */

struct observer {
    struct network *network;
    const struct dataset *dataset;
    const struct split *split;
    const struct anatomy *anatomy; /* the newest */
    const struct study *study;     /* NULL: none wanted, or none yet */

    struct adam_norms *norms; /* of the last measured update */
    bool fresh;               /* the anatomy does not hold them yet */
    double sample_at;         /* clock_seconds() of the next one */
    size_t samples, trend_every;
    size_t timed_steps; /* since the network's times began */
    double timed_seconds;

    struct observation wish;
    struct probe *probe;
    double census_at, study_at;
};

struct observer *observer_create(struct network *network, const struct dataset *dataset,
                                 const struct split *split, struct error *err)
{
    struct observer *observer = memory_array(1, sizeof *observer, err);
    if (!observer)
        return NULL;
    observer->network = network;
    observer->dataset = dataset;
    observer->split = split;
    observer->norms = memory_array(network_parameter_count(network), sizeof *observer->norms, err);
    if (!observer->norms || !observer_reset(observer, err)) {
        observer_destroy(observer);
        return NULL;
    }
    return observer;
}

void observer_destroy(struct observer *observer)
{
    if (!observer)
        return;
    probe_destroy(observer->probe);
    study_release(observer->study);
    anatomy_release(observer->anatomy);
    free(observer->norms);
    free(observer);
}

bool observer_reset(struct observer *observer, struct error *err)
{
    const struct anatomy *anatomy = anatomy_create(observer->network, err);
    if (!anatomy)
        return false;
    anatomy_release(observer->anatomy);
    study_release(observer->study);
    observer->anatomy = anatomy;
    observer->study = NULL;
    observer->fresh = false;
    observer->sample_at = 0;
    observer->samples = 0;
    observer->trend_every = 1;
    observer_forget_times(observer);
    return true;
}

void observer_hurry(struct observer *observer)
{
    observer->sample_at = 0;
}

bool observer_due(const struct observer *observer, double now)
{
    return now >= observer->sample_at;
}

struct adam_norms *observer_norms(struct observer *observer)
{
    return observer->norms;
}

/* When to do again what has taken so long up to `now`. */
static double next_time(double now, double took, double least)
{
    double wait = LOOK_RARITY * took;
    return now + (wait > least ? wait : least);
}

void observer_count_measured(struct observer *observer, double seconds, double now)
{
    /* The very first update takes long for other reasons: its memory is new. */
    double took = observer->samples == 0 ? 0 : seconds * MEASURED_PART;
    observer->fresh = true;
    observer->sample_at = next_time(now, took, SAMPLE_SECONDS);
}

void observer_count_step(struct observer *observer, double seconds)
{
    observer->timed_steps++;
    observer->timed_seconds += seconds;
}

void observer_forget_times(struct observer *observer)
{
    network_reset_times(observer->network);
    observer->timed_steps = 0;
    observer->timed_seconds = 0;
}

static const struct image_set *image_set(const struct observer *observer, enum evaluation_part part)
{
    return part == EVALUATION_TEST ? dataset_test(observer->dataset)
                                   : dataset_train(observer->dataset);
}

void observer_ask(struct observer *observer, const struct observation *wish)
{
    observer->wish = *wish;
    if (wish->layer >= network_layer_count(observer->network) ||
        wish->image >= image_set(observer, wish->part)->count)
        observer->wish.opened = false;
    if (!observer->wish.opened) {
        study_release(observer->study);
        observer->study = NULL;
    }
    if (!observer->wish.opened && !observer->wish.watched) {
        probe_destroy(observer->probe);
        observer->probe = NULL;
    }
}

static void take_anatomy(struct observer *observer, const struct anatomy *anatomy)
{
    anatomy_release(observer->anatomy);
    observer->anatomy = anatomy;
}

/* Adds to the trend where that is this sample's turn. */
static void follow_trend(struct observer *observer, struct anatomy *anatomy)
{
    if (observer->samples++ % observer->trend_every != 0)
        return;
    bool full = anatomy->trend_count == ANATOMY_TREND_MAX;
    anatomy_add_trend(anatomy, full);
    if (full)
        observer->trend_every *= 2;
}

/* Takes the last measured update and the times up to it into the anatomy; where memory is short
 * they are passed over. */
static enum observer_event look_at_norms(struct observer *observer, uint64_t step)
{
    struct anatomy *anatomy = anatomy_copy(observer->anatomy, NULL);
    observer->fresh = false;
    if (!anatomy)
        return OBSERVER_NOTHING;
    anatomy_set_norms(anatomy, observer->network, observer->norms, step);
    if (observer->timed_steps > 0) {
        anatomy_set_times(anatomy, observer->network, observer->timed_steps);
        anatomy->step_seconds = observer->timed_seconds / (double)observer->timed_steps;
    }
    observer_forget_times(observer);
    follow_trend(observer, anatomy);
    take_anatomy(observer, anatomy);
    return OBSERVER_SAW;
}

/* Sends images through the probe, which is made where there is none yet. */
static enum observer_event send_images(struct observer *observer, const struct image_set *set,
                                       const uint32_t *images, size_t count, struct error *err)
{
    if (!observer->probe)
        observer->probe = probe_create(observer->network, PROBE_BATCH, err);
    if (!observer->probe)
        return OBSERVER_FAILED;
    probe_take_images(observer->probe, set->pixels, images, count);
    return probe_forward(observer->probe, count) ? OBSERVER_SAW : OBSERVER_INTERRUPTED;
}

/* Counts idle units over the first validation images. */
static enum observer_event count_census(struct observer *observer, struct census *census,
                                        struct error *err)
{
    size_t images = observer->split->validation_count;
    images = images < CENSUS_IMAGES ? images : CENSUS_IMAGES;
    for (size_t first = 0; first < images; first += PROBE_BATCH) {
        size_t count = images - first < PROBE_BATCH ? images - first : PROBE_BATCH;
        enum observer_event event = send_images(observer, dataset_train(observer->dataset),
                                                observer->split->validation + first, count, err);
        if (event != OBSERVER_SAW)
            return event;
        census_count(census, observer->anatomy, observer->probe, count);
    }
    return OBSERVER_SAW;
}

static enum observer_event look_at_units(struct observer *observer, uint64_t step,
                                         struct error *err)
{
    struct census census;
    if (!census_begin(&census, observer->anatomy, err))
        return OBSERVER_FAILED;
    enum observer_event event = count_census(observer, &census, err);
    if (event == OBSERVER_SAW) {
        struct anatomy *anatomy = anatomy_copy(observer->anatomy, err);
        if (anatomy) {
            census_report(&census, anatomy, step);
            take_anatomy(observer, anatomy);
        } else {
            event = OBSERVER_FAILED;
        }
    }
    census_end(&census);
    return event;
}

static enum observer_event look_at_layer(struct observer *observer, uint64_t step,
                                         struct error *err)
{
    const struct observation *wish = &observer->wish;
    enum observer_event event =
        send_images(observer, image_set(observer, wish->part), &wish->image, 1, err);
    if (event != OBSERVER_SAW)
        return event;
    const struct study *study = study_create(observer->network, observer->probe, wish, step, err);
    if (!study)
        return OBSERVER_FAILED;
    study_release(observer->study);
    observer->study = study;
    return OBSERVER_SAW;
}

static bool census_due(const struct observer *observer, uint64_t step, bool resting, double now)
{
    const struct anatomy *anatomy = observer->anatomy;
    if (!observer->wish.watched || observer->wish.opened)
        return false;
    return anatomy->idle_images == 0 ||
           (anatomy->idle_step != step && (resting || now >= observer->census_at));
}

static bool study_due(const struct observer *observer, uint64_t step, bool resting, double now)
{
    const struct study *study = observer->study;
    if (!observer->wish.opened)
        return false;
    return !study || !observation_equal(&study->subject, &observer->wish) ||
           (study->step != step && (resting || now >= observer->study_at));
}

/* When to look again after a look that began at `start`. */
static double next_look(double start)
{
    double now = clock_seconds();
    return next_time(now, now - start, LOOK_SECONDS);
}

enum observer_event observer_look(struct observer *observer, uint64_t step, bool resting,
                                  struct error *err)
{
    double start = clock_seconds();
    enum observer_event event = OBSERVER_NOTHING;
    if (observer->fresh)
        event = look_at_norms(observer, step);
    if (study_due(observer, step, resting, start)) {
        event = look_at_layer(observer, step, err);
        if (event == OBSERVER_SAW)
            observer->study_at = next_look(start);
    } else if (census_due(observer, step, resting, start)) {
        event = look_at_units(observer, step, err);
        if (event == OBSERVER_SAW)
            observer->census_at = next_look(start);
    }
    return event;
}

const struct anatomy *observer_anatomy(const struct observer *observer)
{
    return observer->anatomy;
}

const struct study *observer_study(const struct observer *observer)
{
    return observer->study;
}
