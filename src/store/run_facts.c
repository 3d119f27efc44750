// SPDX-License-Identifier: MIT
#include "fmnist/store/run_facts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fmnist/nn/network.h"

const char *run_title(const struct run_row *run)
{
    const struct network_spec *spec = network_spec_find(run->model);
    return spec ? network_spec_title(spec) : run->model;
}

void run_write_name(const struct run_row *run, char *text, size_t size)
{
    if (*run->name)
        (void)snprintf(text, size, "%s", run->name);
    else
        (void)snprintf(text, size, "run %" PRId64, run->id);
}

static void write_percent(double part, bool known, char *text, size_t size)
{
    if (known)
        (void)snprintf(text, size, "%.2f", 100 * part);
    else
        *text = '\0';
}

void run_write_best(const struct run_row *run, char *text, size_t size)
{
    write_percent(run->best_accuracy, run->best_accuracy > 0, text, size);
}

void run_write_test(const struct run_row *run, char *text, size_t size)
{
    write_percent(run->test_accuracy, run->test_accuracy >= 0, text, size);
}

void run_write_epochs(const struct run_row *run, char *text, size_t size)
{
    double tenths = floor(10 * run->epochs_done + 1e-6);
    if (fmod(tenths, 10) > 0)
        (void)snprintf(text, size, "%.1f/%zu", tenths / 10, run->epochs);
    else
        (void)snprintf(text, size, "%.0f/%zu", tenths / 10, run->epochs);
}

void run_write_time(const struct run_row *run, char *text, size_t size)
{
    unsigned long seconds = (unsigned long)fmin(fmax(run->seconds, 0), 1e9);
    if (seconds >= 3600)
        (void)snprintf(text, size, "%lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60,
                       seconds % 60);
    else
        (void)snprintf(text, size, "%lu:%02lu", seconds / 60, seconds % 60);
}

void run_write_moment(double moment, char *text, size_t size)
{
    time_t seconds = (time_t)fmin(fmax(moment, 0), 1e11);
    struct tm local;
    *text = '\0';
    if (seconds > 0 && localtime_r(&seconds, &local))
        (void)strftime(text, size, "%Y-%m-%d %H:%M", &local);
}

static void write_model(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run_title(run));
}

static void write_data(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->data_name);
}

static void write_images(const struct run_row *run, char *text, size_t size)
{
    *text = '\0';
    if (run->train_count > 0)
        (void)snprintf(text, size, "%zu/%zu/%zu", run->train_count, run->validation_count,
                       run->test_count);
}

static void write_seed(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%" PRIu64, run->seed);
}

static void write_batch(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%zu", run->batch);
}

static void write_rate(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%.6g", run->initial_learning_rate);
}

static void write_all_epochs(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%zu", run->epochs);
}

static void write_kernels(const struct run_row *run, char *text, size_t size)
{
    if (*run->blas_core)
        (void)snprintf(text, size, "%s, %s", run->isa, run->blas_core);
    else
        (void)snprintf(text, size, "%s", run->isa);
}

static void write_threads(const struct run_row *run, char *text, size_t size)
{
    *text = '\0';
    if (run->threads > 0)
        (void)snprintf(text, size, "%u", run->threads);
}

static void write_program(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->program);
}

static void write_host(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->host);
}

static void write_source(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->data_source);
}

static void write_state(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run_state_name(run->state));
}

static void write_best_epoch(const struct run_row *run, char *text, size_t size)
{
    *text = '\0';
    if (run->best_epoch > 0)
        (void)snprintf(text, size, "%zu", run->best_epoch);
}

static void write_rate_now(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%.6g", run->learning_rate);
}

static void write_steps(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%" PRIu64, run->step);
}

static void write_speed(const struct run_row *run, char *text, size_t size)
{
    *text = '\0';
    if (run->images_per_second > 0)
        (void)snprintf(text, size, "%.0f", run->images_per_second);
}

static void write_started(const struct run_row *run, char *text, size_t size)
{
    run_write_moment(run->started_at, text, size);
}

static void write_ended(const struct run_row *run, char *text, size_t size)
{
    run_write_moment(run->ended_at, text, size);
}

static void write_resumes(const struct run_row *run, char *text, size_t size)
{
    *text = '\0';
    if (run->resumes > 0)
        (void)snprintf(text, size, "%u", run->resumes);
}

static void write_checkpoints(const struct run_row *run, char *text, size_t size)
{
    *text = '\0';
    if (run->checkpoints > 0)
        (void)snprintf(text, size, "%zu, step %" PRIu64, run->checkpoints, run->saved_step);
}

static void write_message(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->message);
}

static const struct run_fact FACTS[] = {
    {"model", RUN_FACT_SETTING, write_model},
    {"data", RUN_FACT_SETTING, write_data},
    {"images", RUN_FACT_SETTING, write_images},
    {"seed", RUN_FACT_SETTING, write_seed},
    {"batch", RUN_FACT_SETTING, write_batch},
    {"learning rate", RUN_FACT_SETTING, write_rate},
    {"epochs", RUN_FACT_SETTING, write_all_epochs},
    {"threads", RUN_FACT_SETTING, write_threads},
    {"kernels", RUN_FACT_SETTING, write_kernels},
    {"program", RUN_FACT_SETTING, write_program},
    {"host", RUN_FACT_SETTING, write_host},
    {"images from", RUN_FACT_SETTING, write_source},
    {"state", RUN_FACT_RESULT, write_state},
    {"best val. %", RUN_FACT_RESULT, run_write_best},
    {"best epoch", RUN_FACT_DETAIL, write_best_epoch},
    {"test %", RUN_FACT_RESULT, run_write_test},
    {"epochs made", RUN_FACT_RESULT, run_write_epochs},
    {"steps", RUN_FACT_DETAIL, write_steps},
    {"rate at last", RUN_FACT_DETAIL, write_rate_now},
    {"training time", RUN_FACT_RESULT, run_write_time},
    {"images/s", RUN_FACT_RESULT, write_speed},
    {"started", RUN_FACT_DETAIL, write_started},
    {"ended", RUN_FACT_DETAIL, write_ended},
    {"resumed", RUN_FACT_DETAIL, write_resumes},
    {"checkpoints", RUN_FACT_DETAIL, write_checkpoints},
    {"message", RUN_FACT_DETAIL, write_message},
};

const struct run_fact *run_fact(size_t index)
{
    return index < sizeof FACTS / sizeof *FACTS ? &FACTS[index] : NULL;
}

/* Whether it is not the same for all of them. */
static bool differs(const struct run_fact *fact, const struct run_row *const *runs, size_t count)
{
    char first[RUN_FACT_SIZE], other[RUN_FACT_SIZE];
    if (count > 0)
        fact->write(runs[0], first, sizeof first);
    for (size_t index = 1; index < count; index++) {
        fact->write(runs[index], other, sizeof other);
        if (strcmp(first, other) != 0)
            return true;
    }
    return false;
}

bool run_fact_compared(const struct run_fact *fact, const struct run_row *const *runs, size_t count)
{
    return fact->kind == RUN_FACT_RESULT ||
           (fact->kind == RUN_FACT_SETTING && differs(fact, runs, count));
}
