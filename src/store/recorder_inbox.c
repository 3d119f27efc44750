// SPDX-License-Identifier: MIT
#include <time.h>

#include "base/clock.h"
#include "store/recorder_parts.h"

bool inbox_create(struct recorder_inbox *inbox, struct error *err)
{
    pthread_condattr_t attributes;
    int result = pthread_mutex_init(&inbox->lock, NULL);
    if (result != 0)
        goto fail;
    result = pthread_condattr_init(&attributes);
    if (result == 0) {
        (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        result = pthread_cond_init(&inbox->arrived, &attributes);
        (void)pthread_condattr_destroy(&attributes);
    }
    if (result == 0)
        return true;
    pthread_mutex_destroy(&inbox->lock);
fail:
    error_set_errno(err, result, "cannot start the recorder");
    return false;
}

void item_release(struct recorder_item *item)
{
    evaluation_release(item->evaluation);
    snapshot_release(item->last);
    waiting_saves_release(&item->saves);
    *item = (struct recorder_item){0};
}

void inbox_destroy(struct recorder_inbox *inbox)
{
    for (size_t place = 0; place < inbox->item_count; place++)
        item_release(&inbox->items[place]);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        waiting_saves_release(&inbox->saves[model]);
    snapshot_release(inbox->newest);
    pthread_cond_destroy(&inbox->arrived);
    pthread_mutex_destroy(&inbox->lock);
}

/* An item more; NULL where there is no room, which cannot be as long as training waits where the
 * inbox is half full. */
static struct recorder_item *inbox_add(struct recorder_inbox *inbox)
{
    if (inbox->item_count + inbox->batch_count >= INBOX_MAX)
        return NULL;
    if (inbox->item_count + inbox->batch_count + 1 >= INBOX_MAX / 2)
        inbox->draining = true;
    return &inbox->items[inbox->item_count++];
}

/* Whether the end of the model's life before is waiting, with nothing after it. */
static bool end_waits(const struct recorder_inbox *inbox, size_t model)
{
    for (size_t place = inbox->item_count; place > 0; place--)
        if (inbox->items[place - 1].model == model)
            return !inbox->items[place - 1].evaluation;
    return false;
}

/* Keeps what the learner of a life that has ended was last. */
static void inbox_end_life(struct recorder_inbox *inbox, size_t model)
{
    const struct learner_snapshot *before = &inbox->newest->learners[model];
    struct recorder_item *item =
        before->step == 0 && end_waits(inbox, model) ? NULL : inbox_add(inbox);
    if (!item) {
        waiting_saves_release(&inbox->saves[model]);
        return;
    }
    *item = (struct recorder_item){
        .model = model,
        .life = before->life,
        .last = snapshot_share(inbox->newest),
        .saves = inbox->saves[model],
        .lock = -1,
    };
    inbox->saves[model].count = 0;
}

static void inbox_learn_facts(struct recorder_inbox *inbox, const struct dataset *dataset)
{
    struct recorder_facts *facts = &inbox->facts;
    text_copy(facts->data_name, sizeof facts->data_name, dataset_name(dataset));
    text_copy(facts->data_source, sizeof facts->data_source, dataset_source(dataset));
    text_copy(facts->data_sha256, sizeof facts->data_sha256, dataset_sha256(dataset));
    facts->known = true;
}

void inbox_publish(struct recorder_inbox *inbox, const struct snapshot *snapshot)
{
    pthread_mutex_lock(&inbox->lock);
    if (snapshot->dataset && !inbox->facts.known)
        inbox_learn_facts(inbox, snapshot->dataset);
    for (size_t model = 0; inbox->newest && model < snapshot->learner_count; model++)
        if (inbox->newest->learners[model].started &&
            inbox->newest->learners[model].life != snapshot->learners[model].life)
            inbox_end_life(inbox, model);
    const struct snapshot *before = inbox->newest;
    inbox->newest = snapshot_share(snapshot);
    pthread_cond_signal(&inbox->arrived);
    pthread_mutex_unlock(&inbox->lock);
    snapshot_release(before);
}

void inbox_evaluated(struct recorder_inbox *inbox, size_t model, unsigned life,
                     const struct evaluation *evaluation)
{
    pthread_mutex_lock(&inbox->lock);
    struct recorder_item *item = inbox_add(inbox);
    if (item)
        *item = (struct recorder_item){
            .model = model, .life = life, .evaluation = evaluation_share(evaluation), .lock = -1};
    pthread_cond_signal(&inbox->arrived);
    pthread_mutex_unlock(&inbox->lock);
}

/* What the run was when a checkpoint was taken: the trainer has just published that. */
static struct checkpoint_mark inbox_mark(const struct recorder_inbox *inbox, size_t model)
{
    if (!inbox->newest)
        return (struct checkpoint_mark){.test_step = -1};
    const struct learner_snapshot *learner = &inbox->newest->learners[model];
    return (struct checkpoint_mark){
        .epoch_points = learner->epoch_points,
        .event_points = learner->event_points,
        .test_step = learner->test ? (int64_t)learner->test->step : -1,
    };
}

void inbox_save(struct recorder_inbox *inbox, size_t model, unsigned life,
                const struct checkpoint *checkpoint)
{
    pthread_mutex_lock(&inbox->lock);
    struct recorder_save save = {.checkpoint = checkpoint_share(checkpoint), .life = life};
    save.mark = inbox_mark(inbox, model);
    waiting_saves_add(&inbox->saves[model], save);
    pthread_cond_signal(&inbox->arrived);
    pthread_mutex_unlock(&inbox->lock);
}

bool inbox_busy(struct recorder_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    bool busy = inbox->saving || clock_seconds() < inbox->saves_at;
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        busy = busy || waiting_saves_any(&inbox->saves[model], false);
    pthread_mutex_unlock(&inbox->lock);
    return busy;
}

bool inbox_ready(struct recorder_inbox *inbox, struct error *why)
{
    pthread_mutex_lock(&inbox->lock);
    bool ready = inbox->blocked.code == ERROR_NONE && !inbox->draining;
    if (inbox->blocked.code != ERROR_NONE)
        *why = inbox->blocked;
    else if (inbox->draining)
        error_set(why, ERROR_SYSTEM, "training waits until what it did is in the run store");
    pthread_mutex_unlock(&inbox->lock);
    return ready;
}

struct learner_record inbox_describe(struct recorder_inbox *inbox, size_t model, unsigned life)
{
    struct learner_record record = {0};
    pthread_mutex_lock(&inbox->lock);
    if (inbox->record_lives[model] == life)
        record = inbox->records[model];
    pthread_mutex_unlock(&inbox->lock);
    return record;
}
