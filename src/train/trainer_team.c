// SPDX-License-Identifier: MIT
/*
 * A trainer that is one of several ranks. All ranks do the same things in the same order: what
 * rank 0 is told to do between two units of work it tells the others, and nothing interrupts a
 * unit. Only rank 0 has a recorder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/nn/blas.h"
#include "train/trainer_parts.h"

enum { TRAIT_SIZE = ERROR_MESSAGE_SIZE, ORDERS_MAX = QUEUE_SIZE / 2 };

/* While data are being loaded others may take much longer; and how often rank 0, which has nothing
 * to do, tells the others that it is still there. */
static const double LOAD_SECONDS = 600, REST_SECONDS = 5;

/* What must be the same on all ranks, as text. */
enum trait {
    TRAIT_FAILURE, /* empty: none */
    TRAIT_VERSION,
    TRAIT_MODEL,
    TRAIT_EPOCHS,
    TRAIT_BATCH,
    TRAIT_RATE,
    TRAIT_SEED,
    TRAIT_REDUCE,
    TRAIT_DATA,
    TRAIT_ISA,
    TRAIT_BLAS,
    TRAITS,
};

static const char *const TRAIT_NAMES[TRAITS] = {
    [TRAIT_VERSION] = "version",
    [TRAIT_MODEL] = "--model",
    [TRAIT_EPOCHS] = "--epochs",
    [TRAIT_BATCH] = "--batch",
    [TRAIT_RATE] = "--lr",
    [TRAIT_SEED] = "--seed",
    [TRAIT_REDUCE] = "--fast-reduce",
    [TRAIT_DATA] = "data of checksum",
    [TRAIT_ISA] = "--isa",
    [TRAIT_BLAS] = "OpenBLAS's kernels",
};

struct identity {
    char traits[TRAITS][TRAIT_SIZE];
};

static void set_trait(struct identity *identity, enum trait trait, const char *text)
{
    (void)snprintf(identity->traits[trait], TRAIT_SIZE, "%s", text);
}

static void identify(const struct trainer_settings *settings, struct identity *identity)
{
    char text[TRAIT_SIZE];
    set_trait(identity, TRAIT_VERSION, PACKAGE_VERSION);
    set_trait(identity, TRAIT_MODEL, network_spec_name(settings->model));
    (void)snprintf(text, sizeof text, "%zu", settings->epochs);
    set_trait(identity, TRAIT_EPOCHS, text);
    (void)snprintf(text, sizeof text, "%zu", settings->batch);
    set_trait(identity, TRAIT_BATCH, text);
    (void)snprintf(text, sizeof text, "%.17g", settings->learning_rate);
    set_trait(identity, TRAIT_RATE, text);
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)settings->seed);
    set_trait(identity, TRAIT_SEED, text);
    set_trait(identity, TRAIT_REDUCE, settings->fast_reduce ? "yes" : "no");
    set_trait(identity, TRAIT_ISA, isa_name(settings->isa));
    set_trait(identity, TRAIT_BLAS, blas_core());
}

/* Tells where rank `rank` differs from rank 0; false where it does. */
static bool check_identity(const struct comm *comm, const struct identity *identities,
                           unsigned rank, struct error *err)
{
    const struct identity *first = identities, *other = &identities[rank];
    if (*other->traits[TRAIT_FAILURE]) {
        error_set(err, ERROR_USAGE, "rank %u on %s: %s", rank, comm_host(comm, rank),
                  other->traits[TRAIT_FAILURE]);
        return false;
    }
    for (int trait = TRAIT_VERSION; trait < TRAITS; trait++) {
        if (strcmp(first->traits[trait], other->traits[trait]) == 0)
            continue;
        error_set(err, ERROR_USAGE,
                  "rank %u on %s has %s %s, rank 0 on %s has %s: all ranks need the same", rank,
                  comm_host(comm, rank), TRAIT_NAMES[trait], other->traits[trait],
                  comm_host(comm, 0), first->traits[trait]);
        return false;
    }
    return true;
}

/* Tells all ranks each one's identity, of which this rank's is there, and compares them. */
static bool compare(struct comm *comm, struct identity *identities, struct error *err)
{
    if (!comm_gather(comm, identities, sizeof *identities))
        return !comm_failed(comm, err);
    /* Those that could not load anything are told of first. */
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        if (*identities[rank].traits[TRAIT_FAILURE] && !check_identity(comm, identities, rank, err))
            return false;
    for (unsigned rank = 1; rank < comm_size(comm); rank++)
        if (!check_identity(comm, identities, rank, err))
            return false;
    return true;
}

bool trainer_settings_agree(const struct trainer_settings *settings, struct error *err)
{
    struct comm *comm = settings->comm;
    if (!comm || comm_size(comm) == 1)
        return true;
    struct identity *identities = memory_array(comm_size(comm), sizeof *identities, err);
    if (!identities)
        return false;
    identify(settings, &identities[comm_rank(comm)]);
    bool good = compare(comm, identities, err);
    free(identities);
    return good;
}

bool trainer_meet(struct trainer *trainer, bool loaded, struct error *err)
{
    struct comm *comm = trainer->settings.comm;
    if (!trainer_shares(trainer))
        return loaded;
    struct identity *identities = memory_array(comm_size(comm), sizeof *identities, err);
    if (!identities)
        return false;
    struct identity *own = &identities[comm_rank(comm)];
    identify(&trainer->settings, own);
    set_trait(own, TRAIT_FAILURE, loaded ? "" : err->message);
    set_trait(own, TRAIT_DATA, trainer->dataset ? dataset_sha256(trainer->dataset) : "");
    double limit = comm_set_limit(comm, LOAD_SECONDS);
    bool good = compare(comm, identities, err);
    (void)comm_set_limit(comm, limit);
    free(identities);
    trainer->records = trainer->settings.recorder.operations;
    return good && (comm_broadcast(comm, &trainer->records, sizeof trainer->records) ||
                    !comm_failed(comm, err));
}

/* Gives all ranks rank 0's checkpoint, which they have an empty one for. */
static bool share_numbers(struct comm *comm, struct checkpoint *checkpoint)
{
    bool good = comm_broadcast(comm, &checkpoint->place, sizeof checkpoint->place);
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
        size_t size = parameter->count * sizeof *parameter->value;
        good = good && comm_broadcast(comm, parameter->value, size) &&
               comm_broadcast(comm, parameter->first_moment, size) &&
               comm_broadcast(comm, parameter->second_moment, size);
    }
    return good;
}

bool trainer_share_past(struct trainer *trainer, size_t model, struct error *err)
{
    struct comm *comm = trainer->settings.comm;
    struct learner_past *past = &trainer->settings.past[model];
    if (!trainer_shares(trainer))
        return true;
    bool first = comm_rank(comm) == 0, resumes = past->checkpoint && past->checkpoint->whole;
    if (!comm_broadcast(comm, &resumes, sizeof resumes))
        return !comm_failed(comm, err);
    if (!resumes)
        return true;
    struct checkpoint *checkpoint = first ? (struct checkpoint *)past->checkpoint
                                          : checkpoint_create(network_spec_at(model), true, err);
    if (!checkpoint)
        return false;
    if (!first) {
        checkpoint_release(past->checkpoint);
        past->checkpoint = checkpoint;
    }
    return share_numbers(comm, checkpoint) || !comm_failed(comm, err);
}

/* What rank 0 says between two units. */
struct agreement {
    bool ordered; /* there is a command, and something else may follow */
    bool waiting; /* for the recorder */
    bool saved;   /* there is a checkpoint of the run, by which others can tell how to go on */
    char run[SNAPSHOT_RUN_SIZE];
    struct run_command command;
};

/* On rank 0: what is kept, for all to know. */
static void tell_record(const struct trainer *trainer, struct agreement *agreement)
{
    const struct recorder *recorder = &trainer->settings.recorder;
    if (!recorder->operations)
        return;
    struct learner_record record = recorder->operations->describe(
        recorder->self, trainer->active, learner_life(trainer_learner(trainer)));
    agreement->saved = record.saved;
    memcpy(agreement->run, record.run, sizeof agreement->run);
}

/* On rank 0: the next thing to be done. */
static void decide(struct trainer *trainer, struct agreement *agreement)
{
    agreement->waiting = trainer->waiting;
    tell_record(trainer, agreement);
    agreement->ordered = queue_take(trainer->inbox, &agreement->command);
    if (agreement->ordered || !trainer_save_due(trainer))
        return;
    agreement->command.kind = RUN_SAVE;
    agreement->ordered = true;
}

bool trainer_agree(struct trainer *trainer, struct error *err)
{
    struct comm *comm = trainer->settings.comm;
    if (!trainer_shares(trainer))
        return true;
    for (size_t orders = 0; orders < ORDERS_MAX; orders++) {
        struct agreement agreement;
        memset(&agreement, 0, sizeof agreement);
        if (comm_rank(comm) == 0)
            decide(trainer, &agreement);
        if (!comm_broadcast(comm, &agreement, sizeof agreement))
            return !comm_failed(comm, err);
        trainer->waiting = agreement.waiting;
        trainer->told.saved = agreement.saved;
        memcpy(trainer->told.run, agreement.run, sizeof trainer->told.run);
        if (!agreement.ordered)
            return true;
        (void)queue_put(trainer->queue, agreement.command);
        if (agreement.command.kind == RUN_SAVE)
            return true;
    }
    return true;
}

void trainer_wait(struct trainer *trainer)
{
    if (!trainer_shares(trainer))
        queue_wait(trainer->queue);
    else if (comm_rank(trainer->settings.comm) == 0)
        queue_wait_for(trainer->inbox, REST_SECONDS);
}
