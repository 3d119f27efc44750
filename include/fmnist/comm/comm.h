// SPDX-License-Identifier: MIT
/*
 * What the ranks of a run say to one another. A run has one rank, or is several processes of the
 * same program, on one host or more, that MPI has started; the rest of the program is written once
 * and asks only here. Two implementations: single.c (one rank, nothing to say; in fmnist-tui) and
 * mpi.c (in fmnist-tui-mpi, which alone needs libmpi). Whichever is linked is opened.
 *
 * There is one operation, the exchange: an array whose items are dealt out to the ranks, each of
 * which has computed its own, becomes whole on all of them. An exchange is started, goes on while
 * its rank computes (comm_progress() moves it), and is finished. A broadcast is an exchange of an
 * array that belongs to rank 0. Nothing is added up on the way, so no sum depends on the number of
 * ranks; comm_start_sum() alone does that, for who prefers speed. Every rank must start the same
 * exchanges, in the same order.
 *
 * An exchange that is not finished in time, a rank that is gone, or an error of MPI makes the comm
 * fail, for good: functions return false from then on and comm_failure() tells which rank on which
 * host.
 *
 * One thread at a time may use a comm: the main thread, then the trainer's.
 */
#ifndef FMNIST_COMM_COMM_H
#define FMNIST_COMM_COMM_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

enum {
    COMM_RANKS_MAX = 256,
    COMM_SLOTS = 64,      /* exchanges that can be under way */
    COMM_PIECES_MAX = 16, /* arrays in one exchange */
    COMM_HOST_SIZE = 64,
};

struct comm;

/* Joins the ranks that MPI has started; alone where it has started none. NULL with `err` set. To be
 * called once in a process, before any other thread exists. */
struct comm *comm_open(struct error *err);

/* Leaves. Where the comm has failed the other ranks are ended, too, and the process with them, with
 * exit status 1. */
void comm_close(struct comm *comm);

unsigned comm_rank(const struct comm *comm);
unsigned comm_size(const struct comm *comm);

/* How many ranks share this host, this one included, and its name. */
unsigned comm_local_size(const struct comm *comm);
const char *comm_host(const struct comm *comm, unsigned rank);

/* Writes which MPI library it is, "none" where there is none, as one line. */
void comm_library(char *text, size_t size);

/* Ends waiting for others after that many seconds; at first $FMNIST_PATIENCE, or COMM_SECONDS.
 * Returns what it was before. */
extern const double COMM_SECONDS;
double comm_set_limit(struct comm *comm, double seconds);
double comm_limit(const struct comm *comm);

/* From now on whoever does not answer soon is lost: this process was told to end, and the one that
 * told it, such as mpirun after another rank's death, will not wait long. Any thread. */
void comm_hurry(struct comm *comm);

/* Where clock_seconds() of that stands, 0 before; for others that wait. */
const _Atomic double *comm_hurried(const struct comm *comm);

/* Tells in `err` that rank `rank` did not answer. */
void comm_blame(const struct comm *comm, unsigned rank, struct error *err);

/* How the items of an array are dealt out: rank r has those from bounds[r] to below bounds[r + 1].
 */
struct comm_shares {
    size_t bounds[COMM_RANKS_MAX + 1];
};

/* The first of `count` items that are not those of ranks before this one. Evenly dealt out; among
 * hosts (comm_hosts) each has as many parts as ranks. */
size_t comm_bound(const struct comm *comm, size_t count, unsigned rank);

/* Evenly: item i of `count` goes to the lower rank where they do not come out even. */
void comm_divide(const struct comm *comm, size_t count, struct comm_shares *shares);

/* The same for `count` items that hang together in `groups` groups: number g has those from
 * count * g / groups. */
void comm_divide_groups(const struct comm *comm, size_t count, size_t groups,
                        struct comm_shares *shares);

/* An array of `rows` rows, `row_size` bytes from one to the next; every row has items of
 * `item_size` bytes that are dealt out alike. */
struct comm_piece {
    void *data;
    size_t rows, row_size, item_size;
    const struct comm_shares *shares; /* must stay until the exchange is finished */
};

/* Starts exchange number `slot`, which must not be under way, of `count` pieces. Until it is
 * finished this rank's own items must not change, nor others' be read. */
bool comm_start(struct comm *comm, size_t slot, const struct comm_piece *pieces, size_t count);

/* Waits until exchange `slot` is done; true at once where it is not under way. */
bool comm_finish(struct comm *comm, size_t slot);

/* Starts, as exchange `slot`, to add up `count` numbers over all ranks, in place, in an order that
 * MPI chooses: bits may depend on the number of ranks. */
bool comm_start_sum(struct comm *comm, size_t slot, float *numbers, size_t count);

/* Both, in the last slot. */
bool comm_exchange(struct comm *comm, const struct comm_piece *pieces, size_t count);

/* Gives every rank what rank 0 has at `data`. */
bool comm_broadcast(struct comm *comm, void *data, size_t size);

/* Gives every rank all ranks' items: number `rank` of `items`, `size` bytes each. */
bool comm_gather(struct comm *comm, void *items, size_t size);

/* Maps zeros that all ranks of a host have in common, to be given back by munmap(). All ranks call
 * it at the same time; on all of them it returns NULL with `err` set where one cannot have them. */
void *comm_share(struct comm *comm, size_t bytes, struct error *err);

/* What the ranks of a host do together, so that one of them can exchange for all. */
struct comm_mates {
    bool (*meet)(void *context);    /* waits for all of them; false: one is gone */
    void (*give_up)(void *context); /* this one cannot go on */
    void *context;
};

/* The hosts as ranks: a comm whose exchanges the lowest rank of each host makes with the others, of
 * arrays that all ranks of a host share. All of them call its functions at the same times. NULL
 * with `err` set where memory is short; `comm` must outlive it. */
struct comm *comm_hosts(struct comm *comm, const struct comm_mates *mates, struct error *err);

/* The number of hosts, where the ranks of each follow one another; 0 where they do not. */
unsigned comm_host_count(const struct comm *comm);

/* Whether this rank is the one that exchanges. */
bool comm_leads(const struct comm *comm);

/* Moves on what is under way, without waiting. Cheap: to be called between two tasks. */
void comm_progress(struct comm *comm);

/* Whether the comm has failed; tells how in `err`. */
bool comm_failed(const struct comm *comm, struct error *err);

/* Makes it fail: others will see that this rank does not answer. */
void comm_fail(struct comm *comm, const struct error *err);

/* What was done so far, for reports. */
struct comm_figures {
    double wait_seconds;               /* in comm_finish() */
    unsigned long long sent, received; /* bytes */
};

struct comm_figures comm_figures(const struct comm *comm);

#endif
