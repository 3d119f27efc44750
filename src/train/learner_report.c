// SPDX-License-Identifier: MIT
/* What snapshots say of a learner. */
#include <math.h>

#include "train/learner_parts.h"

/* Evaluation is this much faster than training, as long as nothing was measured. */
static const double EVALUATION_SPEEDUP = 2.5;

/* Seconds until all is done; negative while the speed is unknown. */
static double learner_eta(const struct learner *learner)
{
    const struct learner_base *base = learner->base;
    double rate = meter_rate(&learner->training);
    if (rate <= 0)
        return learner_idle(learner) ? 0 : -1;
    double evaluation_rate = meter_rate(&learner->evaluation);
    if (evaluation_rate <= 0)
        evaluation_rate = EVALUATION_SPEEDUP * rate;
    double epochs = (double)learner->epochs;
    double left = (epochs - learner_epochs(learner)) * (double)base->split->train_count;
    double validations = epochs - (double)learner->epochs_done +
                         (learner->validation_due || learner->validation_requested);
    double test = learner_trained(learner) && !learner->test_due
                      ? 0
                      : (double)dataset_test(base->dataset)->count;
    double evaluate = validations * (double)base->split->validation_count + test;
    if (learner->draft)
        evaluate -= (double)draft_done(learner->draft);
    return left / rate + evaluate / evaluation_rate;
}

double learner_debias(const struct learner *learner)
{
    return learner->step ? 1 - pow(LEARNER_AVERAGE_FACTOR, (double)learner->step) : 1;
}

void learner_describe(const struct learner *learner, struct learner_snapshot *snapshot)
{
    size_t epochs = learner->epochs;
    double debias = learner_debias(learner);
    *snapshot = (struct learner_snapshot){
        .name = network_spec_name(learner->spec),
        .title = network_spec_title(learner->spec),
        .started = true,
        .life = learner->life,
        .finished = learner_trained(learner) && !learner->validation_due && !learner->test_due,
        .weight_count = network_weight_count(learner->network),
        .step = learner->step,
        .steps_per_epoch = learner->steps_per_epoch,
        .epochs = epochs,
        .epoch = learner_trained(learner) ? epochs : learner->epochs_done + 1,
        .epoch_step = learner_trained(learner) ? learner->steps_per_epoch : learner->epoch_step,
        .learning_rate = learner->learning_rate,
        .train_loss = learner->loss_average / debias,
        .train_accuracy = learner->accuracy_average / debias,
        .train_seconds = learner->seconds,
        .images_per_second = meter_rate(&learner->training),
        .eta_seconds = learner_eta(learner),
        .best_accuracy = learner->best_accuracy,
        .best_epoch = learner->best_epoch,
        .history = history_share(learner->history),
        .step_points = learner->step_points,
        .epoch_points = learner->epoch_points,
        .event_points = learner->event_points,
        .validation = evaluation_share(learner->validation),
        .archive = archive_share(learner->archive),
        .test = evaluation_share(learner->test),
        .anatomy = anatomy_share(observer_anatomy(learner->observer)),
        .study = study_share(observer_study(learner->observer)),
    };
}
