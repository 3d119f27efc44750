// SPDX-License-Identifier: MIT
#include "comm/parts.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/patience.h"

/* Half a minute is how long a run may go on after a rank was lost; others need time to end, too. */
const double COMM_SECONDS = 20;

enum { REST_EVERY = 16 }; /* looks at what is under way */

/* $FMNIST_PATIENCE, where that is a number of seconds. */
static double patience(void)
{
    const char *text = getenv("FMNIST_PATIENCE");
    char *end = NULL;
    double seconds = text ? strtod(text, &end) : 0;
    return end && end != text && *end == '\0' && seconds > 0 ? seconds : COMM_SECONDS;
}

struct comm *comm_create(const struct transport *transport, void *state, unsigned rank,
                         unsigned size, const char *hosts, struct error *err)
{
    struct comm *comm = memory_array(1, sizeof *comm, err);
    if (!comm)
        goto fail;
    comm->transport = transport;
    comm->state = state;
    comm->rank = rank;
    comm->size = size;
    comm->limit = patience();
    if (size > COMM_RANKS_MAX) {
        error_set(err, ERROR_USAGE, "%u ranks: 1 to %d are possible", size, COMM_RANKS_MAX);
        goto fail;
    }
    comm->hosts = memory_array(size, sizeof *comm->hosts, err);
    if (!comm->hosts)
        goto fail;
    if (hosts)
        memcpy(comm->hosts, hosts, size * sizeof *comm->hosts);
    for (unsigned other = 0; other <= size; other++)
        comm->starts[other] = other;
    for (unsigned other = 0; other < size; other++)
        comm->local_size += strcmp(comm->hosts[other], comm->hosts[rank]) == 0;
    return comm;
fail:
    if (transport)
        transport->close(state, false);
    free(comm);
    return NULL;
}

void comm_close(struct comm *comm)
{
    if (!comm)
        return;
    if (comm->whole)
        comm_report_to_whole(comm);
    if (comm->transport)
        comm->transport->close(comm->state, comm->failed);
    for (size_t slot = 0; slot < COMM_SLOTS; slot++)
        free(comm->slots[slot].buffer);
    free(comm->hosts);
    free(comm);
}

unsigned comm_rank(const struct comm *comm)
{
    return comm->rank;
}

unsigned comm_size(const struct comm *comm)
{
    return comm->size;
}

unsigned comm_local_size(const struct comm *comm)
{
    return comm->local_size;
}

const char *comm_host(const struct comm *comm, unsigned rank)
{
    return comm->hosts[rank];
}

double comm_set_limit(struct comm *comm, double seconds)
{
    double before = comm->limit;
    comm->limit = seconds;
    return before;
}

double comm_limit(const struct comm *comm)
{
    return comm->limit;
}

void comm_hurry(struct comm *comm)
{
    atomic_store(&comm->hurried_at, clock_seconds());
}

const _Atomic double *comm_hurried(const struct comm *comm)
{
    return comm->whole ? &comm->whole->hurried_at : &comm->hurried_at;
}

void comm_blame(const struct comm *comm, unsigned rank, struct error *err)
{
    if (atomic_load(comm_hurried(comm)) > 0)
        error_set(err, ERROR_SYSTEM, "rank %u on %s does not answer, and the run is being ended",
                  rank, comm->hosts[rank]);
    else
        error_set(err, ERROR_SYSTEM, "rank %u on %s has not answered for %.0f seconds", rank,
                  comm->hosts[rank], comm->limit);
}

size_t comm_bound(const struct comm *comm, size_t count, unsigned rank)
{
    return count * comm->starts[rank] / comm->starts[comm->size];
}

void comm_divide(const struct comm *comm, size_t count, struct comm_shares *shares)
{
    comm_divide_groups(comm, count, count, shares);
}

void comm_divide_groups(const struct comm *comm, size_t count, size_t groups,
                        struct comm_shares *shares)
{
    for (unsigned rank = 0; rank <= comm->size; rank++)
        shares->bounds[rank] = groups ? count * comm_bound(comm, groups, rank) / groups : 0;
}

static size_t share_size(const struct comm_piece *piece, unsigned rank)
{
    return (piece->shares->bounds[rank + 1] - piece->shares->bounds[rank]) * piece->item_size;
}

static size_t rank_size(const struct slot *slot, unsigned rank)
{
    size_t size = 0;
    for (size_t piece = 0; piece < slot->piece_count; piece++)
        size += slot->pieces[piece].rows * share_size(&slot->pieces[piece], rank);
    return size;
}

/* Where the items of a rank begin: in the buffer, or in the array itself. */
static unsigned char *rank_place(const struct slot *slot, unsigned rank)
{
    if (!slot->packed)
        return (unsigned char *)slot->pieces->data +
               slot->pieces->shares->bounds[rank] * slot->pieces->item_size;
    unsigned char *place = slot->buffer;
    for (unsigned before = 0; before < rank; before++)
        place += rank_size(slot, before);
    return place;
}

/* Copies a rank's items to the buffer or from it. */
static void copy_items(const struct slot *slot, unsigned rank, bool pack)
{
    unsigned char *packed = rank_place(slot, rank);
    for (size_t number = 0; number < slot->piece_count; number++) {
        const struct comm_piece *piece = &slot->pieces[number];
        size_t size = share_size(piece, rank);
        unsigned char *item =
            (unsigned char *)piece->data + piece->shares->bounds[rank] * piece->item_size;
        for (size_t row = 0; size && row < piece->rows; row++, item += piece->row_size) {
            memcpy(pack ? packed : item, pack ? item : packed, size);
            packed += size;
        }
    }
}

static bool comm_keep(struct comm *comm, bool good, const struct error *err)
{
    if (!good && !comm->failed) {
        comm->failed = true;
        comm->failure = *err;
    }
    return good;
}

void comm_fail(struct comm *comm, const struct error *err)
{
    (void)comm_keep(comm, false, err);
}

bool comm_failed(const struct comm *comm, struct error *err)
{
    if (comm->failed && err)
        *err = comm->failure;
    return comm->failed;
}

/* Makes sure that the slot's buffer holds all ranks' items. */
static bool slot_reserve(struct slot *slot, unsigned ranks, struct error *err)
{
    size_t size = 0;
    for (unsigned rank = 0; rank < ranks; rank++)
        size += rank_size(slot, rank);
    if (size <= slot->capacity)
        return true;
    free(slot->buffer);
    slot->capacity = 0;
    slot->buffer = memory_array(size, 1, err);
    if (slot->buffer)
        slot->capacity = size;
    return slot->buffer;
}

static bool send_all(struct comm *comm, size_t number, struct error *err)
{
    struct slot *slot = &comm->slots[number];
    const struct transport *transport = comm->transport;
    size_t own = rank_size(slot, comm->rank);
    for (unsigned step = 1; step < comm->size; step++) {
        unsigned from = (comm->rank + comm->size - step) % comm->size;
        size_t size = rank_size(slot, from);
        comm->figures.received += size;
        if (size &&
            !transport->receive(comm->state, number, from, rank_place(slot, from), size, err))
            return false;
    }
    for (unsigned step = 1; own && step < comm->size; step++) {
        unsigned to = (comm->rank + step) % comm->size;
        comm->figures.sent += own;
        if (!transport->send(comm->state, number, to, rank_place(slot, comm->rank), own, err))
            return false;
    }
    return true;
}

bool comm_start(struct comm *comm, size_t number, const struct comm_piece *pieces, size_t count)
{
    struct error err = {0};
    struct slot *slot = &comm->slots[number];
    if (comm->failed)
        return false;
    if (comm->size == 1)
        return true;
    memcpy(slot->pieces, pieces, count * sizeof *pieces);
    slot->piece_count = count;
    slot->busy = true;
    if (comm->follows)
        return true;
    slot->packed = count > 1 || pieces->rows > 1;
    if (slot->packed) {
        if (!slot_reserve(slot, comm->size, &err))
            return comm_keep(comm, false, &err);
        copy_items(slot, comm->rank, true);
    }
    return comm_keep(comm, send_all(comm, number, &err), &err);
}

bool comm_start_sum(struct comm *comm, size_t number, float *numbers, size_t count)
{
    struct error err = {0};
    struct slot *slot = &comm->slots[number];
    if (comm->failed)
        return false;
    if (comm->size == 1)
        return true;
    slot->packed = false;
    slot->busy = true;
    comm->figures.sent += count * sizeof *numbers; /* at least */
    comm->figures.received += count * sizeof *numbers;
    if (comm->transport->sum)
        return comm_keep(comm, comm->transport->sum(comm->state, number, numbers, count, &err),
                         &err);
    error_set(&err, ERROR_USAGE, "these ranks cannot add up numbers");
    return comm_keep(comm, false, &err);
}

static void comm_late(const struct comm *comm, size_t number, struct error *err)
{
    unsigned rank = comm->transport->laggard(comm->state, number);
    if (rank >= comm->size) {
        error_set(err, ERROR_SYSTEM, "one of the ranks has not answered for %.0f seconds",
                  comm->limit);
        return;
    }
    comm_blame(comm->whole ? comm->whole : comm, comm->starts[rank], err);
}

static bool comm_wait(struct comm *comm, size_t number, struct error *err)
{
    double start = clock_seconds();
    for (unsigned looks = 1;; looks++) {
        bool done = false;
        if (!comm->transport->test(comm->state, number, &done, err))
            return false;
        if (done)
            break;
        if (looks % REST_EVERY)
            continue;
        patience_rest(start);
        if (patience_over(start, comm->limit, comm_hurried(comm))) {
            comm_late(comm, number, err);
            return false;
        }
    }
    comm->figures.wait_seconds += clock_seconds() - start;
    return true;
}

/* Finishes an exchange with the others. */
static bool comm_complete(struct comm *comm, size_t number, struct error *err)
{
    const struct slot *slot = &comm->slots[number];
    if (!comm_wait(comm, number, err))
        return false;
    for (unsigned rank = 0; slot->packed && rank < comm->size; rank++)
        if (rank != comm->rank)
            copy_items(slot, rank, false);
    return true;
}

bool comm_finish(struct comm *comm, size_t number)
{
    struct error err = {0};
    struct slot *slot = &comm->slots[number];
    if (comm->failed)
        return false;
    if (!slot->busy)
        return true;
    bool good = comm->follows || comm_complete(comm, number, &err);
    slot->busy = false;
    return comm_keep(comm, comm_meet_mates(comm, good, &err), &err);
}

bool comm_exchange(struct comm *comm, const struct comm_piece *pieces, size_t count)
{
    return comm_start(comm, COMM_SLOTS - 1, pieces, count) && comm_finish(comm, COMM_SLOTS - 1);
}

bool comm_broadcast(struct comm *comm, void *data, size_t size)
{
    struct comm_shares shares = {{0}};
    for (unsigned rank = 1; rank <= comm->size; rank++)
        shares.bounds[rank] = size;
    return comm_exchange(comm, &(struct comm_piece){data, 1, size, 1, &shares}, 1);
}

bool comm_gather(struct comm *comm, void *items, size_t size)
{
    struct comm_shares shares;
    comm_divide(comm, comm->size, &shares);
    return comm_exchange(comm, &(struct comm_piece){items, 1, 0, size, &shares}, 1);
}

void comm_progress(struct comm *comm)
{
    if (comm->size > 1 && !comm->failed && !comm->follows)
        comm->transport->progress(comm->state);
}

struct comm_figures comm_figures(const struct comm *comm)
{
    return comm->figures;
}
