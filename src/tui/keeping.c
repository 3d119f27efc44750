// SPDX-License-Identifier: MIT
#include "tui/keeping.h"

#include <stdio.h>
#include <string.h>

void keeping_ask(struct keeping *keeping, const struct snapshot *snapshot)
{
    keeping->wanted = true;
    keeping->wanted_step =
        snapshot->active < snapshot->learner_count ? snapshot->learners[snapshot->active].step : 0;
}

bool keeping_update(struct keeping *keeping, const struct snapshot *snapshot, char *text,
                    size_t size)
{
    if (snapshot->active >= snapshot->learner_count)
        return false;
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    const struct learner_record *record = &learner->record;
    bool failed = record->failure.code != ERROR_NONE &&
                  strcmp(record->failure.message, keeping->failure) != 0;
    memcpy(keeping->failure, record->failure.message, sizeof keeping->failure);
    if (failed) {
        keeping->wanted = false;
        (void)snprintf(text, size, "not saved: %s", record->failure.message);
        return true;
    }
    bool told = keeping->wanted && record->saved && record->saved_step >= keeping->wanted_step;
    if (told)
        (void)snprintf(text, size, "run %s is saved as of step %llu", record->run,
                       (unsigned long long)record->saved_step);
    keeping->wanted = keeping->wanted && !told;
    return told;
}
