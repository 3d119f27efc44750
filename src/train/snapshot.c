// SPDX-License-Identifier: MIT
#include "fmnist/train/snapshot.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

/* The snapshot is the first member, so that a pointer to it is one to this. */
struct counted_snapshot {
    struct snapshot snapshot;
    atomic_size_t references;
};

static struct counted_snapshot *snapshot_counted(const struct snapshot *snapshot)
{
    return (struct counted_snapshot *)(uintptr_t)snapshot;
}

struct snapshot *snapshot_create(struct error *err)
{
    struct counted_snapshot *counted = memory_array(1, sizeof *counted, err);
    if (!counted)
        return NULL;
    atomic_init(&counted->references, 1);
    return &counted->snapshot;
}

const struct snapshot *snapshot_share(const struct snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot_counted(snapshot)->references, 1, memory_order_relaxed);
    return snapshot;
}

void snapshot_release(const struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot_counted(snapshot)->references, 1) > 1)
        return;
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        history_release(learner->history);
        evaluation_release(learner->validation);
        archive_release(learner->archive);
        evaluation_release(learner->answered);
        evaluation_release(learner->test);
        anatomy_release(learner->anatomy);
        study_release(learner->study);
    }
    free(snapshot_counted(snapshot));
}
