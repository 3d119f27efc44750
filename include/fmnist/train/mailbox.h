// SPDX-License-Identifier: MIT
/*
 * Where the side that makes snapshots leaves the newest one and the other side fetches it: a
 * pointer under a lock and a pipe to wake up whoever waits in poll().
 */
#ifndef FMNIST_TRAIN_MAILBOX_H
#define FMNIST_TRAIN_MAILBOX_H

#include "fmnist/train/snapshot.h"

struct mailbox;

/* With a first snapshot, whose reference it takes. NULL with `err` set where the system refuses. */
struct mailbox *mailbox_create(const struct snapshot *first, struct error *err);
void mailbox_destroy(struct mailbox *mailbox);

/* Replaces the snapshot, takes over the reference, and wakes the other side. The maker's thread. */
void mailbox_put(struct mailbox *mailbox, const struct snapshot *snapshot);

/* The newest snapshot with a reference for the caller. Any thread. */
const struct snapshot *mailbox_get(struct mailbox *mailbox);

/* Readable after a mailbox_put(), until mailbox_acknowledge(). */
int mailbox_descriptor(const struct mailbox *mailbox);
void mailbox_acknowledge(struct mailbox *mailbox);

#endif
