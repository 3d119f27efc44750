// SPDX-License-Identifier: MIT
/* What comm.c and hosts.c share. */
#ifndef FMNIST_COMM_PARTS_H
#define FMNIST_COMM_PARTS_H

#include "comm/transport.h"

/* An exchange. Arrays whose items lie side by side travel as they are; others, and several, are
 * copied to and from one buffer, in which the ranks' items follow one another. */
struct slot {
    bool busy;
    struct comm_piece pieces[COMM_PIECES_MAX];
    size_t piece_count;
    unsigned char *buffer; /* NULL where none was needed so far */
    size_t capacity;
    bool packed;
};

struct comm {
    const struct transport *transport;
    void *state;
    unsigned rank, size, local_size;
    char (*hosts)[COMM_HOST_SIZE];
    unsigned starts[COMM_RANKS_MAX + 1]; /* the lowest rank of each of the hosts: comm_hosts() */
    struct comm *whole;                  /* whose hosts they are; NULL: ranks are ranks */
    struct comm_mates mates;
    bool follows; /* another rank of the host exchanges */
    double limit;
    _Atomic double hurried_at; /* clock_seconds() of comm_hurry(); 0: never */
    bool failed;
    struct error failure;
    struct comm_figures figures;
    struct slot slots[COMM_SLOTS];
};

/* Of a comm of hosts: waits until the rank that exchanges has done so, `good` or not on that rank.
 * Of others: does nothing, and returns `good`. */
bool comm_meet_mates(const struct comm *comm, bool good, struct error *err);

/* Adds its figures to those of the comm whose hosts it has. */
void comm_report_to_whole(const struct comm *comm);

#endif
