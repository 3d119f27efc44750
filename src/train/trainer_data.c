// SPDX-License-Identifier: MIT
/* Loads the data. Of the ranks of a host the first reads them for all, which share its copy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "train/trainer_parts.h"

enum { WISH_SIZE = 1024 };

/* To read data may take much longer than a rank waits for others. */
static const double LOAD_SECONDS = 600;

/* What a rank tells the others: the data it wants, and when it has read them. */
struct reading {
    char wish[WISH_SIZE]; /* empty: too long to tell */
    size_t size;          /* of a copy; 0: none was read */
};

static void report_load(void *context, double fraction)
{
    struct trainer *trainer = context;
    trainer->load_progress = fraction;
    trainer_publish_some(trainer);
}

static bool read_data(struct trainer *trainer, struct error *err)
{
    const struct trainer_settings *settings = &trainer->settings;
    trainer->dataset = settings->sample
                           ? dataset_load_sample(err)
                           : dataset_load(settings->data_directory, report_load, trainer, err);
    return trainer->dataset;
}

/* Whether the data are those that are expected. */
static bool check_data(const struct trainer *trainer, struct error *err)
{
    const char *expected = trainer->settings.data_sha256;
    if (!expected || strcmp(expected, dataset_sha256(trainer->dataset)) == 0)
        return true;
    error_set(err, ERROR_USAGE,
              "%s: not the data that this run was trained on; name those with --data DIR",
              dataset_source(trainer->dataset));
    return false;
}

static void make_wish(const struct trainer_settings *settings, char wish[WISH_SIZE])
{
    const char *directory = settings->data_directory, *named = getenv("FMNIST_DATA");
    int length = snprintf(wish, WISH_SIZE, "%s %s", settings->sample ? "sample" : "files",
                          directory ? directory
                          : named   ? named
                                    : "");
    if (length < 0 || length >= WISH_SIZE)
        *wish = '\0';
}

/* Tells all ranks each one's, within the time that reading may take. */
static bool tell_all(const struct trainer *trainer, struct reading *all)
{
    struct comm *comm = trainer->settings.comm;
    double limit = comm_set_limit(comm, LOAD_SECONDS);
    bool told = comm_gather(comm, all, sizeof *all);
    (void)comm_set_limit(comm, limit);
    return told;
}

static bool same_wishes(const struct trainer *trainer, const struct reading *all)
{
    bool same = *all->wish;
    for (unsigned rank = 1; rank < comm_size(trainer->settings.comm); rank++)
        same = same && strcmp(all->wish, all[rank].wish) == 0;
    return same;
}

/* The bytes that the first rank of this host has read; 0 where one of the hosts has none. */
static size_t size_to_share(const struct comm *comm, const struct reading *all)
{
    size_t size = 0;
    for (unsigned rank = 0; rank < comm_size(comm); rank++) {
        bool first = rank == 0 || strcmp(comm_host(comm, rank), comm_host(comm, rank - 1)) != 0;
        if (first && all[rank].size == 0)
            return 0;
        if (first && strcmp(comm_host(comm, rank), comm_host(comm, comm_rank(comm))) == 0)
            size = all[rank].size;
    }
    return size;
}

/* Puts the data of the host's first rank where all of its ranks read them. */
static bool share_data(struct trainer *trainer, size_t size, struct error *err)
{
    size_t bytes = 0;
    if (arena_plan(size, 1, &bytes))
        trainer->dataset_memory = pool_arena(trainer->pool, bytes, NULL);
    if (!trainer->dataset_memory) /* then each has its own */
        return trainer->dataset || read_data(trainer, err);
    void *memory = arena_cut(trainer->dataset_memory, size, 1);
    if (trainer->dataset)
        dataset_copy(trainer->dataset, memory);
    dataset_destroy(trainer->dataset);
    trainer->dataset = NULL;
    if (!pool_meet(trainer->pool))
        return !trainer_lost(trainer, err);
    trainer->dataset = dataset_at(memory, err);
    return trainer->dataset;
}

/* Reads or waits, then shares. */
static bool read_for_host(struct trainer *trainer, struct reading *all, struct error *err)
{
    struct comm *comm = trainer->settings.comm;
    bool leads = pool_leads(trainer->pool);
    if (leads && read_data(trainer, err))
        all[comm_rank(comm)].size = dataset_copy_size(trainer->dataset);
    if (!tell_all(trainer, all))
        return !comm_failed(comm, err);
    size_t size = size_to_share(comm, all);
    if (size > 0)
        return share_data(trainer, size, err);
    if (!leads)
        error_set(err, ERROR_SYSTEM, "another rank could not read the data");
    return trainer->dataset;
}

static bool read_together(struct trainer *trainer, struct error *err)
{
    struct comm *comm = trainer->settings.comm;
    struct reading *all = memory_array(comm_size(comm), sizeof *all, err);
    if (!all)
        return false;
    make_wish(&trainer->settings, all[comm_rank(comm)].wish);
    bool good = tell_all(trainer, all);
    if (!good)
        (void)comm_failed(comm, err);
    else if (same_wishes(trainer, all))
        good = read_for_host(trainer, all, err);
    else
        good = read_data(trainer, err);
    free(all);
    return good;
}

bool trainer_load_data(struct trainer *trainer, struct error *err)
{
    bool good =
        pool_has_partners(trainer->pool) ? read_together(trainer, err) : read_data(trainer, err);
    return good && check_data(trainer, err);
}
