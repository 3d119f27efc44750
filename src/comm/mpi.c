// SPDX-License-Identifier: MIT
/*
 * Ranks that MPI has started. Every exchange is sent straight from each rank to each other one, as
 * non-blocking messages whose tag is the exchange's number; waiting with a limit is comm.c's.
 */
#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "comm/transport.h"

/* The messages of one exchange. */
struct messages {
    MPI_Request *requests; /* 2 (size - 1) */
    unsigned *peers;       /* of each request */
    int count;
};

struct mpi_state {
    MPI_Comm comm;
    unsigned size;
    struct messages slots[COMM_SLOTS];
};

static bool mpi_good(int result, struct error *err, const char *what, unsigned peer)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    if (result == MPI_SUCCESS)
        return true;
    (void)MPI_Error_string(result, text, &length);
    error_set(err, ERROR_SYSTEM, "%s rank %u: %s", what, peer, text);
    return false;
}

static MPI_Request *next_request(struct messages *messages, unsigned peer)
{
    messages->peers[messages->count] = peer;
    return &messages->requests[messages->count++];
}

static bool too_large(size_t size, struct error *err)
{
    if (size <= INT_MAX)
        return false;
    error_set(err, ERROR_MEMORY, "%zu bytes are too large for a message", size);
    return true;
}

static bool mpi_send(void *context, size_t slot, unsigned peer, const void *data, size_t size,
                     struct error *err)
{
    struct mpi_state *state = context;
    if (too_large(size, err))
        return false;
    int result = MPI_Isend(data, (int)size, MPI_BYTE, (int)peer, (int)slot, state->comm,
                           next_request(&state->slots[slot], peer));
    return mpi_good(result, err, "cannot send to", peer);
}

static bool mpi_receive(void *context, size_t slot, unsigned peer, void *data, size_t size,
                        struct error *err)
{
    struct mpi_state *state = context;
    if (too_large(size, err))
        return false;
    int result = MPI_Irecv(data, (int)size, MPI_BYTE, (int)peer, (int)slot, state->comm,
                           next_request(&state->slots[slot], peer));
    return mpi_good(result, err, "cannot receive from", peer);
}

static bool mpi_sum(void *context, size_t slot, float *numbers, size_t count, struct error *err)
{
    struct mpi_state *state = context;
    if (too_large(count, err))
        return false;
    int result = MPI_Iallreduce(MPI_IN_PLACE, numbers, (int)count, MPI_FLOAT, MPI_SUM, state->comm,
                                next_request(&state->slots[slot], state->size));
    return mpi_good(result, err, "cannot add up with", state->size);
}

static bool mpi_test(void *context, size_t slot, bool *done, struct error *err)
{
    struct mpi_state *state = context;
    struct messages *messages = &state->slots[slot];
    int flag = 1;
    /* One by one, so that an error is known to be a rank's. */
    while (messages->count > 0 && flag) {
        int last = messages->count - 1;
        int result = MPI_Test(&messages->requests[last], &flag, MPI_STATUS_IGNORE);
        if (!mpi_good(result, err, "lost", messages->peers[last]))
            return false;
        messages->count -= flag != 0;
    }
    *done = messages->count == 0;
    return true;
}

static void mpi_progress(void *context)
{
    struct mpi_state *state = context;
    int flag;
    /* Any call of MPI moves all messages on. */
    (void)MPI_Iprobe(MPI_ANY_SOURCE, COMM_SLOTS, state->comm, &flag, MPI_STATUS_IGNORE);
}

static unsigned mpi_laggard(void *context, size_t slot)
{
    const struct mpi_state *state = context;
    const struct messages *messages = &state->slots[slot];
    return messages->count ? messages->peers[messages->count - 1] : 0;
}

static void mpi_free(struct mpi_state *state)
{
    for (size_t slot = 0; slot < COMM_SLOTS; slot++) {
        free(state->slots[slot].requests);
        free(state->slots[slot].peers);
    }
    free(state);
}

static void mpi_close(void *context, bool failed)
{
    struct mpi_state *state = context;
    if (failed) {
        (void)fflush(NULL);
        (void)MPI_Abort(MPI_COMM_WORLD, 1);
        return;
    }
    (void)MPI_Comm_free(&state->comm);
    (void)MPI_Finalize();
    mpi_free(state);
}

static const struct transport MPI_TRANSPORT = {
    .send = mpi_send,
    .receive = mpi_receive,
    .sum = mpi_sum,
    .test = mpi_test,
    .progress = mpi_progress,
    .laggard = mpi_laggard,
    .close = mpi_close,
};

static bool mpi_allocate(struct mpi_state *state, struct error *err)
{
    for (size_t slot = 0; slot < COMM_SLOTS; slot++) {
        struct messages *messages = &state->slots[slot];
        messages->requests = memory_array(2 * (size_t)state->size, sizeof *messages->requests, err);
        messages->peers = memory_array(2 * (size_t)state->size, sizeof *messages->peers, err);
        if (!messages->requests || !messages->peers)
            return false;
    }
    return true;
}

/* The host's name, short as people know it. */
static void own_host(char host[COMM_HOST_SIZE])
{
    memset(host, 0, COMM_HOST_SIZE);
    if (gethostname(host, COMM_HOST_SIZE - 1) != 0)
        (void)snprintf(host, COMM_HOST_SIZE, "unknown host");
}

/* Sets up what all ranks share; MPI has been initialized. */
static struct comm *mpi_join(struct mpi_state *state, struct error *err)
{
    int rank = 0, size = 1;
    /* What belongs to no communicator is an error of one of the first two. */
    (void)MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    (void)MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    (void)MPI_Comm_dup(MPI_COMM_WORLD, &state->comm);
    (void)MPI_Comm_set_errhandler(state->comm, MPI_ERRORS_RETURN);
    (void)MPI_Comm_rank(state->comm, &rank);
    (void)MPI_Comm_size(state->comm, &size);
    state->size = (unsigned)size;
    char *hosts = memory_array(state->size, COMM_HOST_SIZE, err);
    if (!hosts || !mpi_allocate(state, err)) {
        free(hosts);
        mpi_close(state, true);
        return NULL;
    }
    own_host(hosts + (size_t)rank * COMM_HOST_SIZE);
    int result = MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, hosts, COMM_HOST_SIZE, MPI_CHAR,
                               state->comm);
    struct comm *comm =
        mpi_good(result, err, "no answer at the start; this is", (unsigned)rank)
            ? comm_create(&MPI_TRANSPORT, state, (unsigned)rank, state->size, hosts, err)
            : NULL;
    free(hosts);
    return comm;
}

struct comm *comm_open(struct error *err)
{
    int provided = MPI_THREAD_SINGLE;
    struct mpi_state *state = memory_array(1, sizeof *state, err);
    if (!state)
        return NULL;
    int result = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    if (result == MPI_SUCCESS && provided >= MPI_THREAD_SERIALIZED)
        return mpi_join(state, err);
    error_set(err, ERROR_SYSTEM, "this MPI library cannot be used by one thread after another");
    free(state);
    return NULL;
}

void comm_library(char *text, size_t size)
{
    char version[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    (void)MPI_Get_library_version(version, &length);
    version[strcspn(version, ",\n")] = '\0';
    for (char *tab = version; (tab = strchr(tab, '\t'));)
        *tab = ' '; /* MPICH's */
    (void)snprintf(text, size, "%s", version);
}
