// SPDX-License-Identifier: MIT
#include "train/learner.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "train/learner_parts.h"

enum { EVALUATION_BATCH_MIN = 100 }; /* evaluation does not suffer from a small training batch */

void learner_shuffle(struct learner *learner)
{
    split_shuffle(learner->base->split, learner->base->settings->seed,
                  (uint32_t)learner->epochs_done, learner->order);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static bool learner_join(struct learner *learner, struct error *err)
{
    struct comm *team = learner->base->team;
    if (!team)
        return true;
    return learner->base->settings->fast_reduce ? network_join_fast(learner->network, team, err)
                                                : network_join(learner->network, team, err);
}

static bool learner_allocate(struct learner *learner, struct error *err)
{
    const struct trainer_settings *settings = learner->base->settings;
    size_t images = learner->base->split->train_count;
    size_t max_batch = larger(settings->batch, EVALUATION_BATCH_MIN);
    learner->order = memory_array(images, sizeof *learner->order, err);
    if (!learner->order)
        return false;
    learner->labels = memory_array(max_batch, sizeof *learner->labels, err);
    if (!learner->labels)
        return false;
    learner->network = network_create(learner->spec, max_batch, settings->seed, settings->isa,
                                      learner->base->pool, err);
    if (!learner->network || !learner_join(learner, err))
        return false;
    learner->adam = adam_create(learner->network, ADAM_DEFAULTS, err);
    if (!learner->adam)
        return false;
    learner->observer =
        observer_create(learner->network, learner->base->dataset, learner->base->split, err);
    if (!learner->observer)
        return false;
    learner->history = history_create(err);
    return learner->history;
}

struct learner *learner_create(const struct network_spec *spec, const struct learner_base *base,
                               struct error *err)
{
    size_t images = base->split->train_count, batch = base->settings->batch;
    if (batch > images) {
        error_set(err, ERROR_USAGE, "--batch %zu: there are only %zu training images", batch,
                  images);
        return NULL;
    }
    struct learner *learner = memory_array(1, sizeof *learner, err);
    if (!learner)
        return NULL;
    learner->spec = spec;
    learner->base = base;
    learner->steps_per_epoch = (images + batch - 1) / batch;
    learner->epochs = base->settings->epochs;
    learner->learning_rate = base->settings->learning_rate;
    if (!learner_allocate(learner, err)) {
        learner_destroy(learner);
        return NULL;
    }
    learner_shuffle(learner);
    return learner;
}

void learner_destroy(struct learner *learner)
{
    if (!learner)
        return;
    evaluation_release(learner->validation);
    evaluation_release(learner->test);
    archive_release(learner->archive);
    draft_destroy(learner->draft);
    history_release(learner->history);
    observer_destroy(learner->observer);
    adam_destroy(learner->adam);
    network_destroy(learner->network);
    free(learner->labels);
    free(learner->order);
    free(learner);
}

bool learner_restart(struct learner *learner, struct error *err)
{
    struct history *history = history_create(err);
    if (!history || !observer_reset(learner->observer, err)) {
        history_release(history);
        return false;
    }
    history_release(learner->history);
    evaluation_release(learner->validation);
    evaluation_release(learner->test);
    archive_release(learner->archive);
    draft_destroy(learner->draft);
    network_reset(learner->network, learner->base->settings->seed);
    adam_reset(learner->adam, learner->base->pool);
    *learner = (struct learner){
        .spec = learner->spec,
        .base = learner->base,
        .life = learner->life + 1,
        .changes = learner->changes + 1,
        .network = learner->network,
        .adam = learner->adam,
        .observer = learner->observer,
        .order = learner->order,
        .labels = learner->labels,
        .steps_per_epoch = learner->steps_per_epoch,
        .epochs = learner->epochs,
        .learning_rate = learner->base->settings->learning_rate,
        .history = history,
        .training = learner->training,
        .evaluation = learner->evaluation,
    };
    learner_shuffle(learner);
    return true;
}

/* Appends to the history what the user did. The training goes on without what finds no room there:
 * it is only a mark on a chart. */
static void learner_record(struct learner *learner, struct event_point event)
{
    event.step = (uint32_t)learner->step;
    event.seconds = (float)learner->seconds;
    if (history_add_event(learner->history, &event, NULL))
        learner->event_points++;
}

void learner_set_rate(struct learner *learner, double learning_rate)
{
    learner_record(learner, (struct event_point){.kind = EVENT_RATE,
                                                 .rate_before = (float)learner->learning_rate,
                                                 .rate = (float)learning_rate});
    learner->learning_rate = learning_rate;
    learner->changes++;
}

void learner_note_pause(struct learner *learner)
{
    learner_record(learner, (struct event_point){.kind = EVENT_PAUSE});
}

bool learner_trained(const struct learner *learner)
{
    return learner->epochs_done >= learner->epochs;
}

bool learner_set_epochs(struct learner *learner, size_t epochs, struct error *err)
{
    size_t begun = learner->epochs_done + (learner->epoch_step > 0);
    size_t least = begun > 0 ? begun : 1;
    if (epochs < least || epochs > TRAINER_EPOCHS_MAX) {
        error_set(err, ERROR_USAGE, "%zu epochs: %zu to %d are possible now", epochs, least,
                  TRAINER_EPOCHS_MAX);
        return false;
    }
    bool trained = learner_trained(learner);
    learner->epochs = epochs;
    learner->changes++;
    bool test_begun = learner->draft && draft_part(learner->draft) == EVALUATION_TEST;
    if (learner_trained(learner) != trained && !test_begun)
        learner->test_due = learner_trained(learner);
    return true;
}

unsigned learner_life(const struct learner *learner)
{
    return learner->life;
}

uint64_t learner_changes(const struct learner *learner)
{
    return learner->changes;
}

bool learner_at_epoch_end(const struct learner *learner)
{
    return learner->step > 0 && learner->epoch_step == 0;
}

uint64_t learner_step(const struct learner *learner)
{
    return learner->step;
}

uint64_t learner_epoch_end(const struct learner *learner)
{
    if (learner->validation_due || learner->test_due)
        return learner->step;
    return learner->step + learner->steps_per_epoch - learner->epoch_step;
}

double learner_epochs(const struct learner *learner)
{
    return (double)learner->epochs_done +
           (double)learner->epoch_step / (double)learner->steps_per_epoch;
}

/* Counts a training step and what it measured. */
static bool learner_count_step(struct learner *learner, const struct network_loss *loss,
                               size_t batch, double seconds, struct error *err)
{
    double accuracy = (double)loss->correct / (double)batch;
    learner->step++;
    learner->changes++;
    learner->seconds += seconds;
    meter_add(&learner->training, (double)batch, seconds);
    learner->loss_average += (1 - LEARNER_AVERAGE_FACTOR) * (loss->loss - learner->loss_average);
    learner->accuracy_average +=
        (1 - LEARNER_AVERAGE_FACTOR) * (accuracy - learner->accuracy_average);
    struct step_point point = {
        .step = (uint32_t)learner->step,
        .loss = (float)loss->loss,
        .accuracy = (float)accuracy,
        .learning_rate = (float)learner->learning_rate,
        .seconds = (float)learner->seconds,
    };
    if (!history_add_step(learner->history, &point, err))
        return false;
    learner->step_points++;
    return true;
}

static void learner_end_epoch(struct learner *learner)
{
    learner->epochs_done++;
    learner->epoch_step = 0;
    learner->validation_due = true;
    learner->test_due = learner_trained(learner);
    learner_shuffle(learner);
}

static enum learner_event learner_diverge(const struct learner *learner, double loss,
                                          struct error *err)
{
    error_set(err, ERROR_NUMBERS,
              "%s: the loss became %s at step %llu; a lower learning rate may help",
              network_spec_title(learner->spec), isnan(loss) ? "NaN" : "infinite",
              (unsigned long long)learner->step + 1);
    return LEARNER_DIVERGED;
}

/* Updates the weights, at the end of a step that began at `start`, and measures that now and then.
 */
static void learner_update(struct learner *learner, double start)
{
    struct pool *pool = learner->base->pool;
    double begin = clock_seconds();
    const struct comm *comm = learner->base->settings->comm;
    bool alone = !comm || comm_size(comm) == 1; /* else there are norms of a part only */
    if (alone && observer_due(learner->observer, begin)) {
        adam_update_measured(learner->adam, learner->learning_rate, pool,
                             observer_norms(learner->observer));
        double now = clock_seconds();
        observer_count_measured(learner->observer, now - begin, now);
    } else {
        adam_update(learner->adam, learner->learning_rate, pool);
    }
    observer_count_step(learner->observer, clock_seconds() - start);
}

/* Forward and backward of a batch; of its part of one where ranks add up gradients. */
static bool learner_pass(struct learner *learner, const struct image_set *set,
                         const uint32_t *images, size_t batch, struct network_loss *loss)
{
    const struct comm *comm = learner->base->settings->comm;
    bool part = learner->base->settings->fast_reduce && comm && comm_size(comm) > 1;
    size_t first = part ? batch * comm_rank(comm) / comm_size(comm) : 0;
    size_t count = part ? batch * (comm_rank(comm) + 1) / comm_size(comm) - first : batch;
    batch_labels(set, images + first, count, learner->labels);
    network_take_images(learner->network, set->pixels, images + first, count);
    uint64_t step = learner->step + 1;
    return part ? network_train_part(learner->network, first, count, batch, learner->labels, step,
                                     loss)
                : network_train(learner->network, batch, learner->labels, step, loss);
}

static enum learner_event learner_train(struct learner *learner, struct error *err)
{
    double start = clock_seconds();
    size_t first = learner->epoch_step * learner->base->settings->batch;
    size_t left = learner->base->split->train_count - first;
    size_t batch = learner->base->settings->batch < left ? learner->base->settings->batch : left;
    struct network_loss loss;
    const struct image_set *set = dataset_train(learner->base->dataset);
    const uint32_t *images = learner->order + first;
    if (!learner_pass(learner, set, images, batch, &loss)) {
        observer_forget_times(learner->observer);
        return LEARNER_INTERRUPTED;
    }
    if (!isfinite(loss.loss))
        return learner_diverge(learner, loss.loss, err);
    learner_update(learner, start);
    if (pool_lost(learner->base->pool, NULL))
        return LEARNER_INTERRUPTED;
    if (!network_send_weights(learner->network)) {
        (void)comm_failed(learner->base->team, err);
        return LEARNER_FAILED;
    }
    if (!learner_count_step(learner, &loss, batch, clock_seconds() - start, err))
        return LEARNER_FAILED;
    if (++learner->epoch_step == learner->steps_per_epoch)
        learner_end_epoch(learner);
    return LEARNER_STEPPED;
}

enum learner_event learner_advance(struct learner *learner, struct error *err)
{
    return learner_evaluating(learner) ? learner_evaluate(learner, err)
                                       : learner_train(learner, err);
}

void learner_observe(struct learner *learner, const struct observation *wish)
{
    observer_ask(learner->observer, wish);
}

void learner_hurry_observation(struct learner *learner)
{
    observer_hurry(learner->observer);
}

enum observer_event learner_look(struct learner *learner, bool resting, struct error *err)
{
    return observer_look(learner->observer, learner->step, resting, err);
}
