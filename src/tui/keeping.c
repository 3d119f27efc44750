// SPDX-License-Identifier: MIT
#include "tui/keeping.h"

#include <stdio.h>
#include <string.h>

void keeping_ask(struct keeping *keeping)
{
    keeping->wanted = true;
}

bool keeping_update(struct keeping *keeping, const struct snapshot *snapshot, char *text,
                    size_t size)
{
    if (snapshot->active >= snapshot->learner_count)
        return false;
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    const struct learner_record *record = &learner->record;
    bool written = record->saves != keeping->saves[snapshot->active];
    bool failed = record->failure.code != ERROR_NONE &&
                  strcmp(record->failure.message, keeping->failure) != 0;
    keeping->saves[snapshot->active] = record->saves;
    memcpy(keeping->failure, record->failure.message, sizeof keeping->failure);
    if (failed) {
        keeping->wanted = false;
        (void)snprintf(text, size, "not saved: %s", record->failure.message);
        return true;
    }
    bool told = keeping->wanted && written;
    if (told)
        (void)snprintf(text, size, "run %s is saved as of step %llu", record->run,
                       (unsigned long long)record->saved_step);
    keeping->wanted = keeping->wanted && !told;
    return told;
}
