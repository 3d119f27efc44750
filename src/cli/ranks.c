// SPDX-License-Identifier: MIT
#include "cli/ranks.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/option.h"
#include "fmnist/base/pool.h"

/* What each rank tells the others of its CPUs. */
struct placement {
    unsigned cpus;      /* it may use */
    unsigned available; /* to what has started it, on its host */
    unsigned threads;
    bool given; /* threads were asked for */
#ifdef CPU_COUNT
    cpu_set_t mask;
#endif
};

/* How many CPUs mpirun's process on this host may use, which taskset or a container may limit: no
 * way to bind ranks gives them more. */
static unsigned available_cpus(void)
{
#ifdef CPU_COUNT
    cpu_set_t mask;
    if (sched_getaffinity(getppid(), sizeof mask, &mask) == 0)
        return (unsigned)CPU_COUNT(&mask);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

static void own_placement(struct placement *own)
{
    own->available = available_cpus();
    own->cpus = pool_default_threads();
#ifdef CPU_COUNT
    CPU_ZERO(&own->mask);
    (void)sched_getaffinity(0, sizeof own->mask, &own->mask);
#endif
}

static bool same_cpus(const struct placement *one, const struct placement *other)
{
#ifdef CPU_COUNT
    return CPU_EQUAL(&one->mask, &other->mask);
#else
    (void)one;
    (void)other;
    return true;
#endif
}

/* How many ranks of the host have this rank's very CPUs: these they share. */
static unsigned count_sharers(const struct comm *comm, const struct placement *all, unsigned rank)
{
    unsigned sharers = 0;
    for (unsigned other = 0; other < comm_size(comm); other++)
        sharers += strcmp(comm_host(comm, other), comm_host(comm, rank)) == 0 &&
                   same_cpus(&all[other], &all[rank]);
    return sharers;
}

static unsigned count_ranks(const struct comm *comm, unsigned rank)
{
    unsigned ranks = 0;
    for (unsigned other = 0; other < comm_size(comm); other++)
        ranks += strcmp(comm_host(comm, other), comm_host(comm, rank)) == 0;
    return ranks;
}

/* Whether no rank before this one is on its host. */
static bool first_of_host(const struct comm *comm, unsigned rank)
{
    for (unsigned other = 0; other < rank; other++)
        if (strcmp(comm_host(comm, other), comm_host(comm, rank)) == 0)
            return false;
    return true;
}

/* What a rank takes that shares its CPUs with so many, itself included. */
static unsigned default_threads(const struct placement *own, unsigned sharers)
{
    return sharers > 0 && sharers < own->cpus ? own->cpus / sharers : 1;
}

/* Says where a rank cannot use what it asked for, or a host is left idle or has too much to do. */
static void warn(const struct comm *comm, const struct placement *all, unsigned rank, FILE *out)
{
    const struct placement *own = &all[rank];
    unsigned sharers = count_sharers(comm, all, rank), ranks = count_ranks(comm, rank);
    unsigned threads = own->given ? own->threads : default_threads(own, sharers);
    const char *host = comm_host(comm, rank);
    if (threads > own->cpus && threads * ranks <= own->available)
        (void)fprintf(out,
                      "rank %u on %s: %u threads, but it is bound to %u of %u CPUs; start with "
                      "mpirun --bind-to none, or --map-by slot:PE=%u\n",
                      rank, host, threads, own->cpus, own->available, threads);
    else if (threads > own->cpus)
        (void)fprintf(out, "rank %u on %s: %u threads share %u CPU%s; take fewer threads\n", rank,
                      host, threads, own->cpus, own->cpus == 1 ? "" : "s");
    else if (threads * sharers > own->cpus && first_of_host(comm, rank))
        (void)fprintf(out, "%s: %u ranks of %u thread%s share %u CPU%s; take fewer %s\n", host,
                      sharers, threads, threads == 1 ? "" : "s", own->cpus,
                      own->cpus == 1 ? "" : "s", threads == 1 ? "ranks" : "threads");
    else if (!own->given && sharers == 1 && own->cpus * ranks < own->available &&
             first_of_host(comm, rank))
        (void)fprintf(out,
                      "%s: ranks are bound to %u of %u CPUs each, so some are idle; start with "
                      "mpirun --bind-to none\n",
                      host, own->cpus, own->available);
}

/* Says where Open MPI's mpirun would wait for a lost host long after the run has ended. */
static void warn_of_patience(const char *library, unsigned hosts, FILE *out)
{
    bool impatient = getenv("OMPI_MCA_oob_tcp_keepalive_time");
    if (hosts > 1 && strncmp(library, "Open MPI v4", strlen("Open MPI v4")) == 0 && !impatient)
        (void)fputs(
            "where a host is lost the run ends, but mpirun waits for minutes; start it with "
            "--mca oob_tcp_keepalive_time 5 --mca oob_tcp_keepalive_intvl 2 "
            "--mca oob_tcp_keepalive_probes 3\n",
            out);
}

static void introduce(const struct comm *comm, const struct placement *all, bool fast_reduce,
                      FILE *out)
{
    char library[128];
    unsigned hosts = 0;
    comm_library(library, sizeof library);
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        hosts += first_of_host(comm, rank);
    (void)fprintf(out, "%u rank%s on %u host%s, %s\n", comm_size(comm),
                  comm_size(comm) == 1 ? "" : "s", hosts, hosts == 1 ? "" : "s", library);
    if (fast_reduce && comm_size(comm) > 1)
        (void)fputs("MPI adds up gradients: other numbers of ranks give other bits\n", out);
    warn_of_patience(library, hosts, out);
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        warn(comm, all, rank, out);
}

bool ranks_prepare(struct trainer_settings *settings, bool threads_given, FILE *out,
                   struct error *err)
{
    struct comm *comm = settings->comm;
    unsigned rank = comm_rank(comm);
    struct placement *all = memory_array(comm_size(comm), sizeof *all, err);
    if (!all)
        return false;
    own_placement(&all[rank]);
    all[rank].given = threads_given;
    all[rank].threads = settings->threads;
    bool good = comm_gather(comm, all, sizeof *all);
    if (!good)
        (void)comm_failed(comm, err);
    unsigned sharers = count_sharers(comm, all, rank);
    if (!threads_given)
        settings->threads = default_threads(&all[rank], sharers);
    char library[128];
    comm_library(library, sizeof library);
    if (good && rank == 0 && strcmp(library, "none") != 0)
        introduce(comm, all, settings->fast_reduce, out);
    free(all);
    return good;
}

/* What a run that goes on does not leave to the options. */
struct shared_settings {
    bool good, resumed, sample;
    size_t model, epochs, batch;
    double learning_rate;
    uint64_t seed;
    enum isa isa;
    char directory[RANKS_PATH_SIZE]; /* of the data; empty: none was named */
};

/* Sets this rank's data where a run goes on and the options do not say where they are here. */
static void take_data(const struct shared_settings *shared, const struct options *options,
                      struct trainer_settings *settings, char directory[RANKS_PATH_SIZE])
{
    if (!shared->resumed || option_given(options, "data") || option_given(options, "sample"))
        return;
    memcpy(directory, shared->directory, RANKS_PATH_SIZE);
    settings->sample = shared->sample;
    settings->data_directory = *directory ? directory : NULL;
}

bool ranks_share(const struct options *options, struct trainer_settings *settings, bool good,
                 char directory[RANKS_PATH_SIZE], struct error *err)
{
    struct shared_settings shared = {
        .good = good,
        .resumed = settings->data_sha256,
        .sample = settings->sample,
        .model = network_spec_number(settings->model),
        .epochs = settings->epochs,
        .batch = settings->batch,
        .learning_rate = settings->learning_rate,
        .seed = settings->seed,
        .isa = settings->isa,
    };
    if (settings->data_directory)
        (void)snprintf(shared.directory, sizeof shared.directory, "%s", settings->data_directory);
    if (!comm_broadcast(settings->comm, &shared, sizeof shared))
        return !comm_failed(settings->comm, err);
    if (comm_rank(settings->comm) == 0)
        return good;
    if (!shared.good) {
        error_set(err, ERROR_USAGE, "rank 0 cannot start");
        return false;
    }
    take_data(&shared, options, settings, directory);
    settings->model = network_spec_at(shared.model);
    settings->epochs = shared.epochs;
    settings->batch = shared.batch;
    settings->learning_rate = shared.learning_rate;
    settings->seed = shared.seed;
    settings->isa = shared.isa;
    return true;
}

void ranks_report(const struct comm *comm, double seconds, FILE *out)
{
    const double mega = 1e6;
    struct comm_figures figures = comm_figures(comm);
    if (comm_size(comm) > 1)
        (void)fprintf(out, "rank %u sent %.1f MB, received %.1f MB, waited %.1f s (%.1f %%)\n",
                      comm_rank(comm), (double)figures.sent / mega, (double)figures.received / mega,
                      figures.wait_seconds, seconds > 0 ? 100 * figures.wait_seconds / seconds : 0);
}
