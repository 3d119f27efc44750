// SPDX-License-Identifier: MIT
#include "store/waiting_saves.h"

/* What may wait together: some epochs of LeNet-5, one checkpoint of AlexNet. */
static const size_t BYTES_MAX = (size_t)16 << 20;

void recorder_save_release(struct recorder_save *save)
{
    checkpoint_release(save->checkpoint);
    *save = (struct recorder_save){0};
}

void waiting_saves_release(struct waiting_saves *saves)
{
    for (size_t place = 0; place < saves->count; place++)
        recorder_save_release(&saves->list[place]);
    saves->count = 0;
}

void waiting_saves_close_gaps(struct waiting_saves *saves)
{
    size_t left = 0;
    for (size_t place = 0; place < saves->count; place++)
        if (saves->list[place].checkpoint)
            saves->list[left++] = saves->list[place];
    saves->count = left;
}

static size_t checkpoint_bytes(const struct checkpoint *checkpoint)
{
    size_t numbers = 0;
    for (size_t index = 0; index < checkpoint->parameter_count; index++)
        numbers += checkpoint->parameters[index].count;
    return numbers * (checkpoint->whole ? 3 : 1) * sizeof(float);
}

static bool ends_epoch(const struct checkpoint *checkpoint)
{
    return checkpoint->place.step > 0 && checkpoint->place.epoch_step == 0;
}

/* Whether one that waits is worth nothing beside a newer one. */
static bool is_outdated(const struct checkpoint *checkpoint, const struct checkpoint *newer)
{
    if (checkpoint->best && !newer->best)
        return false;
    return checkpoint->place.step == newer->place.step || !ends_epoch(checkpoint);
}

static void drop_outdated(struct waiting_saves *saves, const struct checkpoint *newer)
{
    for (size_t place = 0; place < saves->count; place++)
        if (is_outdated(saves->list[place].checkpoint, newer))
            recorder_save_release(&saves->list[place]);
    waiting_saves_close_gaps(saves);
}

/* The place of the best of those that wait and a newer one; `count` where that is the newer one, or
 * none of them. */
static size_t best_place(const struct waiting_saves *saves, const struct checkpoint *newer)
{
    if (!newer->best)
        for (size_t place = saves->count; place > 0; place--)
            if (saves->list[place - 1].checkpoint->best)
                return place - 1;
    return saves->count;
}

/* Drops the oldest that is not the best; false where there is none. */
static bool drop_oldest(struct waiting_saves *saves, const struct checkpoint *newer)
{
    size_t oldest = best_place(saves, newer) == 0 ? 1 : 0;
    if (oldest >= saves->count)
        return false;
    recorder_save_release(&saves->list[oldest]);
    waiting_saves_close_gaps(saves);
    return true;
}

static bool have_room(const struct waiting_saves *saves, const struct checkpoint *newer)
{
    return saves->count < WAITING_SAVES_MAX &&
           (saves->count + 1) * checkpoint_bytes(newer) <= BYTES_MAX;
}

void waiting_saves_add(struct waiting_saves *saves, struct recorder_save save)
{
    if (saves->count > 0 && saves->list[0].life != save.life)
        waiting_saves_release(saves);
    drop_outdated(saves, save.checkpoint);
    while (!have_room(saves, save.checkpoint) && drop_oldest(saves, save.checkpoint))
        continue;
    saves->list[saves->count++] = save;
}

void waiting_saves_put_back(struct waiting_saves *saves, struct waiting_saves *taken)
{
    struct waiting_saves since = *saves;
    *saves = *taken;
    taken->count = 0;
    for (size_t place = 0; place < since.count; place++)
        waiting_saves_add(saves, since.list[place]);
}

bool waiting_saves_any(const struct waiting_saves *saves, bool best)
{
    for (size_t place = 0; place < saves->count; place++)
        if (!saves->list[place].failed && (!best || saves->list[place].checkpoint->best))
            return true;
    return false;
}
