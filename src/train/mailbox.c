// SPDX-License-Identifier: MIT
#include "fmnist/train/mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

struct mailbox {
    pthread_mutex_t lock;
    const struct snapshot *newest; /* guarded by lock */
    int pipe[2];                   /* read end, write end; neither blocks */
};

static bool descriptor_prepare(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

struct mailbox *mailbox_create(const struct snapshot *first, struct error *err)
{
    struct mailbox *mailbox = memory_array(1, sizeof *mailbox, err);
    if (!mailbox)
        return NULL;
    if (pipe(mailbox->pipe) != 0) {
        error_set_errno(err, errno, "cannot create a pipe");
        free(mailbox);
        return NULL;
    }
    if (!descriptor_prepare(mailbox->pipe[0]) || !descriptor_prepare(mailbox->pipe[1])) {
        error_set_errno(err, errno, "cannot set up a pipe");
        (void)close(mailbox->pipe[0]);
        (void)close(mailbox->pipe[1]);
        free(mailbox);
        return NULL;
    }
    pthread_mutex_init(&mailbox->lock, NULL);
    mailbox->newest = first;
    return mailbox;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    snapshot_release(mailbox->newest);
    (void)close(mailbox->pipe[0]);
    (void)close(mailbox->pipe[1]);
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}

void mailbox_put(struct mailbox *mailbox, const struct snapshot *snapshot)
{
    pthread_mutex_lock(&mailbox->lock);
    const struct snapshot *before = mailbox->newest;
    mailbox->newest = snapshot;
    pthread_mutex_unlock(&mailbox->lock);
    snapshot_release(before);
    /* A full pipe wakes the reader as well, so a failed write is nothing to report. */
    ssize_t written;
    do
        written = write(mailbox->pipe[1], "", 1);
    while (written < 0 && errno == EINTR);
}

const struct snapshot *mailbox_get(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    const struct snapshot *snapshot = snapshot_share(mailbox->newest);
    pthread_mutex_unlock(&mailbox->lock);
    return snapshot;
}

int mailbox_descriptor(const struct mailbox *mailbox)
{
    return mailbox->pipe[0];
}

void mailbox_acknowledge(struct mailbox *mailbox)
{
    char bytes[64];
    ssize_t got;
    do
        got = read(mailbox->pipe[0], bytes, sizeof bytes);
    while (got == (ssize_t)sizeof bytes || (got < 0 && errno == EINTR));
}
