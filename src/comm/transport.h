// SPDX-License-Identifier: MIT
/* What an implementation of comm.h contributes: messages between two ranks. */
#ifndef FMNIST_COMM_TRANSPORT_H
#define FMNIST_COMM_TRANSPORT_H

#include "fmnist/comm/comm.h"

/* A set of messages under way: those of one exchange. All functions return false with `err` set
 * where the transport has failed. */
struct transport {
    /* Starts to send `size` bytes to `peer` and to receive into `data` from it, as message number
     * `slot`; between two ranks those of a slot arrive in the order in which they were sent. */
    bool (*send)(void *state, size_t slot, unsigned peer, const void *data, size_t size,
                 struct error *err);
    bool (*receive)(void *state, size_t slot, unsigned peer, void *data, size_t size,
                    struct error *err);

    /* Starts to add numbers up over all ranks, in place; NULL: it cannot. */
    bool (*sum)(void *state, size_t slot, float *numbers, size_t count, struct error *err);

    /* Moves messages on; *done: all of the slot are through. */
    bool (*test)(void *state, size_t slot, bool *done, struct error *err);

    /* Moves all messages on. */
    void (*progress)(void *state);

    /* A rank for whose message the slot waits; their number where it waits for all of them. */
    unsigned (*laggard)(void *state, size_t slot);

    void (*close)(void *state, bool failed);
};

/* Makes a comm of these ranks; takes `state` over, also where it fails. `hosts`: `size` names of
 * COMM_HOST_SIZE bytes, copied; NULL with size 1. */
struct comm *comm_create(const struct transport *transport, void *state, unsigned rank,
                         unsigned size, const char *hosts, struct error *err);

#endif
