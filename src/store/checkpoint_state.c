// SPDX-License-Identifier: MIT
#include "store/checkpoint_state.h"

#include <math.h>
#include <string.h>

enum kind {
    KIND_SIZE,   /* size_t */
    KIND_BITS,   /* uint64_t, as the integer of the same bits */
    KIND_REAL,   /* double */
    KIND_RATE,   /* double, positive */
    KIND_SWITCH, /* bool */
};

static const struct {
    const char *name;
    enum kind kind;
    size_t offset; /* in struct checkpoint */
} FIELDS[] = {
    {"state.seed", KIND_BITS, offsetof(struct checkpoint, place.seed)},
    {"state.batch", KIND_SIZE, offsetof(struct checkpoint, place.batch)},
    {"state.train_count", KIND_SIZE, offsetof(struct checkpoint, place.train_count)},
    {"state.epochs", KIND_SIZE, offsetof(struct checkpoint, place.epochs)},
    {"state.epochs_done", KIND_SIZE, offsetof(struct checkpoint, place.epochs_done)},
    {"state.epoch_step", KIND_SIZE, offsetof(struct checkpoint, place.epoch_step)},
    {"state.step", KIND_BITS, offsetof(struct checkpoint, place.step)},
    {"state.updates", KIND_BITS, offsetof(struct checkpoint, place.updates)},
    {"state.learning_rate", KIND_RATE, offsetof(struct checkpoint, place.learning_rate)},
    {"state.initial_learning_rate", KIND_RATE,
     offsetof(struct checkpoint, place.initial_learning_rate)},
    {"state.loss_average", KIND_REAL, offsetof(struct checkpoint, place.loss_average)},
    {"state.accuracy_average", KIND_REAL, offsetof(struct checkpoint, place.accuracy_average)},
    {"state.seconds", KIND_REAL, offsetof(struct checkpoint, place.seconds)},
    {"state.best_accuracy", KIND_REAL, offsetof(struct checkpoint, place.best_accuracy)},
    {"state.best_epoch", KIND_SIZE, offsetof(struct checkpoint, place.best_epoch)},
    {"state.validation_due", KIND_SWITCH, offsetof(struct checkpoint, place.validation_due)},
    {"state.test_due", KIND_SWITCH, offsetof(struct checkpoint, place.test_due)},
    {"state.validation_requested", KIND_SWITCH,
     offsetof(struct checkpoint, place.validation_requested)},
    {"state.best", KIND_SWITCH, offsetof(struct checkpoint, best)},
    {"state.accuracy", KIND_REAL, offsetof(struct checkpoint, accuracy)},
};

_Static_assert(sizeof FIELDS / sizeof *FIELDS == CHECKPOINT_STATE_COUNT, "counts the table");

static enum safetensors_type field_type(size_t field)
{
    enum kind kind = FIELDS[field].kind;
    return kind == KIND_REAL || kind == KIND_RATE ? SAFETENSORS_F64 : SAFETENSORS_I64;
}

static union state_number get(const struct checkpoint *checkpoint, size_t field)
{
    union state_number number = {0};
    const unsigned char *from = (const unsigned char *)checkpoint + FIELDS[field].offset;
    size_t size;
    bool on;
    switch (FIELDS[field].kind) {
    case KIND_SIZE:
        memcpy(&size, from, sizeof size);
        number.integer = (int64_t)size;
        break;
    case KIND_SWITCH:
        memcpy(&on, from, sizeof on);
        number.integer = on;
        break;
    case KIND_BITS:
        memcpy(&number.integer, from, sizeof number.integer);
        break;
    case KIND_REAL:
    case KIND_RATE:
        memcpy(&number.real, from, sizeof number.real);
        break;
    }
    return number;
}

/* Whether a number from a file can be the field's. */
static bool is_possible(union state_number number, enum kind kind, bool finite)
{
    switch (kind) {
    case KIND_SIZE:
        return number.integer >= 0 && (uint64_t)number.integer <= SIZE_MAX;
    case KIND_SWITCH:
        return number.integer == 0 || number.integer == 1;
    case KIND_REAL:
        return !finite || isfinite(number.real);
    case KIND_RATE:
        return isfinite(number.real) && number.real > 0;
    case KIND_BITS:
        break;
    }
    return true;
}

static void set(struct checkpoint *checkpoint, size_t field, union state_number number)
{
    unsigned char *to = (unsigned char *)checkpoint + FIELDS[field].offset;
    const size_t size = (size_t)number.integer;
    const bool on = number.integer == 1;
    switch (FIELDS[field].kind) {
    case KIND_SIZE:
        memcpy(to, &size, sizeof size);
        break;
    case KIND_SWITCH:
        memcpy(to, &on, sizeof on);
        break;
    case KIND_BITS:
        memcpy(to, &number.integer, sizeof number.integer);
        break;
    case KIND_REAL:
    case KIND_RATE:
        memcpy(to, &number.real, sizeof number.real);
        break;
    }
}

void checkpoint_state_describe(const struct checkpoint *checkpoint,
                               union state_number numbers[CHECKPOINT_STATE_COUNT],
                               struct safetensors_tensor tensors[CHECKPOINT_STATE_COUNT])
{
    for (size_t field = 0; field < CHECKPOINT_STATE_COUNT; field++) {
        numbers[field] = get(checkpoint, field);
        tensors[field] = (struct safetensors_tensor){
            .name = FIELDS[field].name, .type = field_type(field), .values = &numbers[field]};
    }
}

bool checkpoint_state_read(const struct safetensors *file, const char *path, bool finite,
                           struct checkpoint *checkpoint, struct error *err)
{
    for (size_t field = 0; field < CHECKPOINT_STATE_COUNT; field++) {
        union state_number number;
        if (!safetensors_read_tensor(file, FIELDS[field].name, field_type(field), 0, NULL, &number,
                                     err))
            return false;
        if (!is_possible(number, FIELDS[field].kind, finite)) {
            error_set(err, ERROR_FORMAT, "%s: the number in \"%s\" is none that can be there", path,
                      FIELDS[field].name);
            return false;
        }
        set(checkpoint, field, number);
    }
    return true;
}
