// SPDX-License-Identifier: MIT
/* When checkpoints are taken, and how the recorder holds the training up. */
#include "base/clock.h"
#include "fmnist/train/recorder.h"
#include "train/trainer_parts.h"

static const struct recorder *trainer_recorder(const struct trainer *trainer)
{
    const struct recorder *recorder = &trainer->settings.recorder;
    return recorder->operations ? recorder : NULL;
}

/* What a learner's last checkpoint was of. */
static struct saved_place *trainer_saved(struct trainer *trainer)
{
    return &trainer->saved[trainer->active];
}

/* Whether the active learner's last checkpoint tells all there is. */
static bool is_saved(struct trainer *trainer)
{
    const struct learner *learner = trainer_learner(trainer);
    const struct saved_place *saved = trainer_saved(trainer);
    return saved->taken && saved->life == learner_life(learner) &&
           saved->changes == learner_changes(learner);
}

void trainer_save(struct trainer *trainer)
{
    const struct recorder *recorder = trainer_recorder(trainer);
    struct learner *learner = trainer_learner(trainer);
    if (!(recorder || trainer->records) || !learner || is_saved(trainer) ||
        trainer_lost(trainer, NULL))
        return;
    *trainer_saved(trainer) =
        (struct saved_place){true, learner_life(learner), learner_changes(learner)};
    if (!learner_exchange(learner, &trainer->notice) || !recorder)
        return;
    const struct checkpoint *checkpoint = learner_capture(learner, &trainer->notice);
    trainer->saved_at = clock_seconds();
    if (!checkpoint) {
        error_prefix(&trainer->notice, "no checkpoint was taken");
        return;
    }
    trainer_publish(trainer); /* the recorder is to know all that led to it */
    recorder->operations->save(recorder->self, trainer->active, learner_life(learner), checkpoint);
    checkpoint_release(checkpoint);
}

bool trainer_save_due(struct trainer *trainer)
{
    const struct recorder *recorder = trainer_recorder(trainer);
    return recorder && trainer_learner(trainer) && !is_saved(trainer) &&
           clock_seconds() - trainer->saved_at >= trainer->settings.save_seconds &&
           !recorder->operations->busy(recorder->self);
}

void trainer_save_some(struct trainer *trainer, enum learner_event event)
{
    const struct learner *learner = trainer_learner(trainer);
    /* Ranks must decide alike, whatever each of them knows of the accuracy. */
    bool worth =
        learner_at_epoch_end(learner) || trainer_shares(trainer) || learner_at_best(learner);
    bool end = event == LEARNER_COMPLETED && worth;
    /* Of several ranks the first decides when it is time. */
    bool late = event == LEARNER_STEPPED && !trainer_shares(trainer) && trainer_save_due(trainer);
    if (end || late)
        trainer_save(trainer);
}

void trainer_check_recorder(struct trainer *trainer)
{
    const struct recorder *recorder = trainer_recorder(trainer);
    struct error why = {0};
    bool ready = !recorder || recorder->operations->ready(recorder->self, &why);
    if (ready && trainer->waiting)
        trainer->notice = (struct error){0};
    if (!ready)
        trainer->notice = why;
    if (ready == trainer->waiting)
        trainer->unpublished = true;
    trainer->waiting = !ready;
}
