// SPDX-License-Identifier: MIT
/*
 * A run as the screens see it: newest snapshot in, commands out. Behind it is a trainer in this
 * process, or a run of another process that is read from the store. A value of two pointers, made
 * by what is behind it and good as long as that lives. Main thread.
 */
#ifndef FMNIST_TRAIN_SESSION_H
#define FMNIST_TRAIN_SESSION_H

#include <stdbool.h>

#include "fmnist/train/command.h"
#include "fmnist/train/snapshot.h"

struct session_operations {
    /* The newest snapshot, with a reference for the caller. Never NULL. */
    const struct snapshot *(*snapshot)(void *self);

    /* Readable when a newer snapshot is there, until acknowledge(), which comes before snapshot().
     */
    int (*descriptor)(const void *self);
    void (*acknowledge)(void *self);

    /* Passes a command on; false where that is not possible now. Never blocks. */
    bool (*send)(void *self, const struct run_command *command);
};

struct session {
    const struct session_operations *operations;
    void *self;
};

static inline const struct snapshot *session_snapshot(struct session session)
{
    return session.operations->snapshot(session.self);
}

static inline int session_descriptor(struct session session)
{
    return session.operations->descriptor(session.self);
}

static inline void session_acknowledge(struct session session)
{
    session.operations->acknowledge(session.self);
}

static inline bool session_send(struct session session, struct run_command command)
{
    return session.operations->send(session.self, &command);
}

#endif
