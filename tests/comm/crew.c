// SPDX-License-Identifier: MIT
#include "crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comm/transport.h"

struct message {
    struct message *next;
    unsigned from, to;
    size_t slot, size;
    unsigned char data[];
};

struct receipt {
    unsigned from;
    void *data;
    size_t size;
};

struct crew {
    pthread_mutex_t lock;
    struct message *messages; /* guarded by lock: oldest first */
};

/* One rank. */
struct member {
    struct crew *crew;
    unsigned rank, size;
    void (*body)(void *context, struct comm *comm);
    void *context;
    pthread_t thread;
    struct receipt receipts[COMM_SLOTS][CREW_MAX];
    size_t counts[COMM_SLOTS];
};

static bool crew_send(void *state, size_t slot, unsigned peer, const void *data, size_t size,
                      struct error *err)
{
    struct member *member = state;
    struct message *message = malloc(sizeof *message + size);
    (void)err;
    assert_non_null(message);
    *message = (struct message){.from = member->rank, .to = peer, .slot = slot, .size = size};
    memcpy(message->data, data, size);
    pthread_mutex_lock(&member->crew->lock);
    struct message **end = &member->crew->messages;
    while (*end)
        end = &(*end)->next;
    *end = message;
    pthread_mutex_unlock(&member->crew->lock);
    return true;
}

static bool crew_receive(void *state, size_t slot, unsigned peer, void *data, size_t size,
                         struct error *err)
{
    struct member *member = state;
    (void)err;
    member->receipts[slot][member->counts[slot]++] = (struct receipt){peer, data, size};
    return true;
}

/* Takes the oldest such message out; NULL where there is none. */
static struct message *take_message(struct member *member, unsigned from, size_t slot)
{
    struct message *message = NULL;
    pthread_mutex_lock(&member->crew->lock);
    struct message **link = &member->crew->messages;
    while (*link &&
           !((*link)->from == from && (*link)->to == member->rank && (*link)->slot == slot))
        link = &(*link)->next;
    if ((message = *link))
        *link = message->next;
    pthread_mutex_unlock(&member->crew->lock);
    return message;
}

static bool crew_test(void *state, size_t slot, bool *done, struct error *err)
{
    struct member *member = state;
    (void)err;
    while (member->counts[slot] > 0) {
        const struct receipt *receipt = &member->receipts[slot][member->counts[slot] - 1];
        struct message *message = take_message(member, receipt->from, slot);
        if (!message)
            break;
        assert_int_equal(message->size, receipt->size);
        memcpy(receipt->data, message->data, message->size);
        free(message);
        member->counts[slot]--;
    }
    *done = member->counts[slot] == 0;
    return true;
}

static void crew_progress(void *state)
{
    (void)state;
}

static unsigned crew_laggard(void *state, size_t slot)
{
    const struct member *member = state;
    return member->counts[slot] ? member->receipts[slot][member->counts[slot] - 1].from : 0;
}

static void crew_close(void *state, bool failed)
{
    (void)state;
    (void)failed;
}

static const struct transport CREW_TRANSPORT = {
    .send = crew_send,
    .receive = crew_receive,
    .test = crew_test,
    .progress = crew_progress,
    .laggard = crew_laggard,
    .close = crew_close,
};

static void *member_main(void *argument)
{
    struct member *member = argument;
    struct error err = {0};
    char hosts[CREW_MAX][COMM_HOST_SIZE] = {{0}};
    for (unsigned rank = 0; rank < member->size; rank++)
        (void)snprintf(hosts[rank], sizeof hosts[rank], "host%u", rank / 2);
    struct comm *comm =
        comm_create(&CREW_TRANSPORT, member, member->rank, member->size, *hosts, &err);
    assert_non_null(comm);
    member->body(member->context, comm);
    comm_close(comm);
    return NULL;
}

void crew_run(unsigned size, void (*body)(void *context, struct comm *comm), void *context)
{
    struct crew crew = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct member *members = calloc(size, sizeof *members);
    assert_non_null(members);
    assert_true(size <= CREW_MAX);
    for (unsigned rank = 0; rank < size; rank++) {
        struct member *member = &members[rank];
        member->crew = &crew;
        member->rank = rank;
        member->size = size;
        member->body = body;
        member->context = context;
        assert_int_equal(pthread_create(&member->thread, NULL, member_main, member), 0);
    }
    for (unsigned rank = 0; rank < size; rank++)
        pthread_join(members[rank].thread, NULL);
    for (struct message *message = crew.messages, *next; message; message = next) {
        next = message->next;
        free(message);
    }
    free(members);
}
