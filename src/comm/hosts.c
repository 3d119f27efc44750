// SPDX-License-Identifier: MIT
/* The hosts of a comm as ranks: the lowest rank of each sends and receives for all. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "comm/parts.h"

/* The transport's state. */
struct bridge {
    struct comm *whole;
    const unsigned *starts; /* the lowest rank of each host */
    unsigned hosts;
};

static bool bridge_send(void *state, size_t slot, unsigned peer, const void *data, size_t size,
                        struct error *err)
{
    const struct bridge *bridge = state;
    const struct comm *whole = bridge->whole;
    return whole->transport->send(whole->state, slot, bridge->starts[peer], data, size, err);
}

static bool bridge_receive(void *state, size_t slot, unsigned peer, void *data, size_t size,
                           struct error *err)
{
    const struct bridge *bridge = state;
    const struct comm *whole = bridge->whole;
    return whole->transport->receive(whole->state, slot, bridge->starts[peer], data, size, err);
}

static bool bridge_test(void *state, size_t slot, bool *done, struct error *err)
{
    const struct bridge *bridge = state;
    return bridge->whole->transport->test(bridge->whole->state, slot, done, err);
}

static void bridge_progress(void *state)
{
    const struct bridge *bridge = state;
    bridge->whole->transport->progress(bridge->whole->state);
}

static unsigned bridge_laggard(void *state, size_t slot)
{
    const struct bridge *bridge = state;
    unsigned rank = bridge->whole->transport->laggard(bridge->whole->state, slot), host = 0;
    while (host < bridge->hosts && bridge->starts[host] != rank)
        host++;
    return host;
}

static void bridge_close(void *state, bool failed)
{
    (void)failed; /* the whole comm's matter */
    free(state);
}

static const struct transport BRIDGE = {
    .send = bridge_send,
    .receive = bridge_receive,
    .test = bridge_test,
    .progress = bridge_progress,
    .laggard = bridge_laggard,
    .close = bridge_close,
};

static bool same_host(const struct comm *comm, unsigned one, unsigned other)
{
    return strcmp(comm->hosts[one], comm->hosts[other]) == 0;
}

unsigned comm_host_count(const struct comm *comm)
{
    unsigned hosts = 1;
    for (unsigned rank = 1; rank < comm->size; rank++) {
        if (same_host(comm, rank, rank - 1))
            continue;
        hosts++;
        for (unsigned other = 0; other < rank; other++)
            if (same_host(comm, rank, other))
                return 0;
    }
    return hosts;
}

/* Fills in which ranks each host has, and names; returns which host this rank is on. */
static unsigned list_hosts(const struct comm *whole, unsigned *starts,
                           char (*names)[COMM_HOST_SIZE])
{
    unsigned hosts = 0, own = 0;
    for (unsigned rank = 0; rank < whole->size; rank++) {
        if (rank == 0 || !same_host(whole, rank, rank - 1)) {
            memcpy(names[hosts], whole->hosts[rank], sizeof *names);
            starts[hosts++] = rank;
        }
        if (rank == whole->rank)
            own = hosts - 1;
    }
    starts[hosts] = whole->size;
    return own;
}

struct comm *comm_hosts(struct comm *whole, const struct comm_mates *mates, struct error *err)
{
    unsigned starts[COMM_RANKS_MAX + 1];
    struct comm *comm = NULL;
    struct bridge *bridge = memory_array(1, sizeof *bridge, err);
    char(*names)[COMM_HOST_SIZE] = memory_array(whole->size, sizeof *names, err);
    if (bridge && names) {
        unsigned host = list_hosts(whole, starts, names);
        *bridge = (struct bridge){.whole = whole, .hosts = comm_host_count(whole)};
        comm = comm_create(&BRIDGE, bridge, host, bridge->hosts, *names, err);
        bridge = comm ? bridge : NULL;
    }
    free(names);
    if (!comm) {
        free(bridge);
        return NULL;
    }
    memcpy(comm->starts, starts, sizeof starts);
    bridge->starts = comm->starts;
    comm->whole = whole;
    comm->mates = *mates;
    comm->follows = whole->rank != starts[comm->rank];
    comm->limit = whole->limit;
    return comm;
}

bool comm_leads(const struct comm *comm)
{
    return !comm->follows;
}

bool comm_meet_mates(const struct comm *comm, bool good, struct error *err)
{
    if (!comm->whole)
        return good;
    if (!good) {
        comm->mates.give_up(comm->mates.context);
        return false;
    }
    if (comm->mates.meet(comm->mates.context))
        return true;
    error_set(err, ERROR_SYSTEM, "another rank on %s is gone", comm->hosts[comm->rank]);
    return false;
}

void comm_report_to_whole(const struct comm *comm)
{
    struct comm_figures *figures = &comm->whole->figures;
    figures->wait_seconds += comm->figures.wait_seconds;
    figures->sent += comm->figures.sent;
    figures->received += comm->figures.received;
}
