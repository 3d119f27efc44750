// SPDX-License-Identifier: MIT
/* Commands on their way to the trainer. */
#include <math.h>

#include "train/trainer_parts.h"

static void trainer_send(struct trainer *trainer, enum run_command_kind kind)
{
    (void)queue_put(trainer->inbox, (struct run_command){.kind = kind});
}

void trainer_pause(struct trainer *trainer)
{
    trainer_send(trainer, RUN_PAUSE);
}

void trainer_resume(struct trainer *trainer)
{
    trainer_send(trainer, RUN_RESUME);
}

void trainer_step(struct trainer *trainer)
{
    trainer_advance(trainer, 1);
}

static void trainer_send_number(struct trainer *trainer, enum run_command_kind kind,
                                uint64_t number)
{
    (void)queue_put(trainer->inbox, (struct run_command){.kind = kind, .number = number});
}

void trainer_advance(struct trainer *trainer, uint64_t steps)
{
    trainer_send_number(trainer, RUN_STEP, steps);
}

void trainer_reach(struct trainer *trainer, uint64_t step)
{
    trainer_send_number(trainer, RUN_REACH, step);
}

void trainer_end_epoch(struct trainer *trainer)
{
    trainer_send(trainer, RUN_END_EPOCH);
}

void trainer_set_epochs(struct trainer *trainer, size_t epochs)
{
    trainer_send_number(trainer, RUN_EPOCHS, epochs);
}

void trainer_switch(struct trainer *trainer, const struct network_spec *model)
{
    (void)queue_put(trainer->inbox,
                    (struct run_command){.kind = RUN_SWITCH, .model = network_spec_number(model)});
}

void trainer_evaluate(struct trainer *trainer)
{
    trainer_send(trainer, RUN_EVALUATE);
}

void trainer_restart(struct trainer *trainer)
{
    trainer_send(trainer, RUN_RESTART);
}

void trainer_set_learning_rate(struct trainer *trainer, double learning_rate)
{
    if (isfinite(learning_rate) && learning_rate > 0)
        (void)queue_put(trainer->inbox, (struct run_command){.kind = RUN_LEARNING_RATE,
                                                             .learning_rate = learning_rate});
}

bool trainer_observe(struct trainer *trainer, const struct observation *observation)
{
    return queue_put(trainer->inbox,
                     (struct run_command){.kind = RUN_OBSERVE, .observation = *observation});
}

void trainer_save_checkpoint(struct trainer *trainer)
{
    trainer_send(trainer, RUN_SAVE);
}

void trainer_refresh(struct trainer *trainer)
{
    trainer_send(trainer, RUN_REFRESH);
}

void trainer_stop(struct trainer *trainer)
{
    trainer_send(trainer, RUN_STOP);
}

static const struct snapshot *self_snapshot(void *self)
{
    return trainer_snapshot(self);
}

static int self_descriptor(const void *self)
{
    return trainer_descriptor(self);
}

static void self_acknowledge(void *self)
{
    trainer_acknowledge(self);
}

static bool self_send(void *self, const struct run_command *command)
{
    struct trainer *trainer = self;
    bool rate = command->kind == RUN_LEARNING_RATE;
    if (rate && !(isfinite(command->learning_rate) && command->learning_rate > 0))
        return false;
    if (command->kind == RUN_OPEN)
        return false; /* a trainer shows what it trains */
    return queue_put(trainer->inbox, *command);
}

struct session trainer_session(struct trainer *trainer)
{
    static const struct session_operations OPERATIONS = {
        .snapshot = self_snapshot,
        .descriptor = self_descriptor,
        .acknowledge = self_acknowledge,
        .send = self_send,
    };
    return (struct session){&OPERATIONS, trainer};
}
