// SPDX-License-Identifier: MIT
#include "store/survey.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/thread.h"
#include "fmnist/store/checkpoint_file.h"
#include "fmnist/train/surveyor.h"

struct survey {
    struct queue *queue;
    pthread_t thread;
    bool runs; /* owner's thread only */

    pthread_mutex_t lock; /* guards the next three */
    pthread_cond_t arrived;
    struct survey_order order; /* the newest */
    struct survey_result result;
    atomic_bool ordered; /* the order is not taken yet; written with the lock held */
    atomic_bool stop;    /* likewise */

    /* The thread's: what the surveyor has the weights of. */
    struct surveyor *surveyor;
    struct survey_order held;
};

struct survey *survey_create(struct queue *queue, struct error *err)
{
    struct survey *survey = memory_array(1, sizeof *survey, err);
    if (!survey)
        return NULL;
    survey->queue = queue;
    (void)pthread_mutex_init(&survey->lock, NULL);
    (void)pthread_cond_init(&survey->arrived, NULL);
    return survey;
}

void survey_result_release(struct survey_result *result)
{
    anatomy_release(result->anatomy);
    study_release(result->study);
    *result = (struct survey_result){0};
}

void survey_destroy(struct survey *survey)
{
    if (!survey)
        return;
    pthread_mutex_lock(&survey->lock);
    survey->stop = true;
    pthread_cond_signal(&survey->arrived);
    pthread_mutex_unlock(&survey->lock);
    if (survey->runs)
        pthread_join(survey->thread, NULL);
    survey_result_release(&survey->result);
    pthread_cond_destroy(&survey->arrived);
    pthread_mutex_destroy(&survey->lock);
    free(survey);
}

/* Whether the look under way is not wanted any more. */
static bool is_overtaken(void *context)
{
    struct survey *survey = context;
    return atomic_load(&survey->ordered) || atomic_load(&survey->stop);
}

static void forget(struct survey *survey)
{
    surveyor_destroy(survey->surveyor);
    survey->surveyor = NULL;
    survey->held = (struct survey_order){0};
}

/* Whether a surveyor that was made for one order is one for the other. */
static bool same_run(const struct survey_order *a, const struct survey_order *b)
{
    return a->run == b->run && a->spec == b->spec && a->dataset == b->dataset && a->seed == b->seed;
}

/* Sees to it that the surveyor has the order's weights. */
static bool hold(struct survey *survey, const struct survey_order *order, struct error *err)
{
    bool same = same_run(&survey->held, order);
    if (same && strcmp(survey->held.path, order->path) == 0)
        return true;
    const struct checkpoint *checkpoint =
        checkpoint_file_load_weights(order->path, CHECKPOINT_FINITE, err);
    if (!checkpoint)
        return false;
    if (!same) {
        forget(survey);
        survey->surveyor =
            surveyor_create(order->spec, order->dataset, order->seed, is_overtaken, survey, err);
    }
    bool good = survey->surveyor && surveyor_take_weights(survey->surveyor, checkpoint, err);
    checkpoint_release(checkpoint);
    if (good)
        survey->held = *order;
    else
        forget(survey);
    return good;
}

/* Keeps a result until it is taken. */
static void report(struct survey *survey, struct survey_result *result)
{
    pthread_mutex_lock(&survey->lock);
    struct survey_result before = survey->result;
    survey->result = *result;
    pthread_mutex_unlock(&survey->lock);
    survey_result_release(&before);
    (void)queue_put(survey->queue, (struct run_command){.kind = RUN_REFRESH});
}

/* Processor time of this thread. */
static double work_seconds(void)
{
    struct timespec time = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void carry_out(struct survey *survey, const struct survey_order *order)
{
    struct survey_result result = {.run = order->run, .step = order->step};
    double start = work_seconds();
    if (!hold(survey, order, &result.failure)) {
        error_prefix(&result.failure, "run %" PRId64, order->run);
    } else if (surveyor_look(survey->surveyor, &order->wish, order->step, &result.failure)) {
        result.anatomy = anatomy_share(surveyor_anatomy(survey->surveyor));
        result.study = study_share(surveyor_study(survey->surveyor));
    } else if (result.failure.code == ERROR_NONE) {
        return; /* overtaken */
    }
    result.seconds = work_seconds() - start;
    report(survey, &result);
}

/* Waits for an order; false: to stop. */
static bool take_order(struct survey *survey, struct survey_order *order)
{
    pthread_mutex_lock(&survey->lock);
    while (!survey->ordered && !survey->stop)
        (void)pthread_cond_wait(&survey->arrived, &survey->lock);
    survey->ordered = false;
    *order = survey->order;
    bool stop = survey->stop;
    pthread_mutex_unlock(&survey->lock);
    return !stop;
}

static void *survey_main(void *argument)
{
    struct survey *survey = argument;
    struct survey_order order;
    while (take_order(survey, &order)) {
        if (order.run == 0)
            forget(survey);
        else
            carry_out(survey, &order);
    }
    forget(survey);
    return NULL;
}

bool survey_order(struct survey *survey, const struct survey_order *order, struct error *err)
{
    int result = survey->runs ? 0 : thread_start(&survey->thread, survey_main, survey);
    if (result != 0) {
        error_set_errno(err, result, "cannot start a thread");
        return false;
    }
    survey->runs = true;
    pthread_mutex_lock(&survey->lock);
    survey->order = *order;
    survey->ordered = true;
    pthread_cond_signal(&survey->arrived);
    pthread_mutex_unlock(&survey->lock);
    return true;
}

bool survey_take(struct survey *survey, struct survey_result *result)
{
    pthread_mutex_lock(&survey->lock);
    *result = survey->result;
    survey->result = (struct survey_result){0};
    pthread_mutex_unlock(&survey->lock);
    return result->run != 0;
}
