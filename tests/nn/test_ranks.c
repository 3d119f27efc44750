// SPDX-License-Identifier: MIT
/* Training gives the same bits for every number of ranks, and of threads in each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../comm/crew.h"
#include "rig.h"

enum { STEPS = 3, EVALUATED = 33 };

/* What training left, and an evaluation after it. */
struct outcome {
    real *values, *first_moments, *second_moments;
    real train[RIG_BATCH_MAX * NETWORK_CLASSES], evaluated[RIG_BATCH_MAX * NETWORK_CLASSES];
    struct network_loss loss;
};

struct trial {
    const char *network;
    size_t batch;
    unsigned threads;
    enum isa isa;
    bool unite;               /* those of a host share memory */
    struct outcome *outcomes; /* by rank */
};

static real *copy_moments(struct rig *rig, real *(*moment)(struct adam *adam, size_t index))
{
    real *copy = malloc(network_weight_count(rig->network) * sizeof *copy), *end = copy;
    assert_non_null(copy);
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        size_t count = network_parameter(rig->network, index)->count;
        memcpy(end, moment(rig->adam, index), count * sizeof *copy);
        end += count;
    }
    return copy;
}

static void train(void *context, struct comm *comm)
{
    const struct trial *trial = context;
    struct outcome *outcome = &trial->outcomes[comm_rank(comm)];
    struct rig rig;
    rig_open(&rig, (struct rig_settings){.spec = network_spec_find(trial->network),
                                         .batch = trial->batch,
                                         .threads = trial->threads,
                                         .salt = 1,
                                         .isa = trial->isa,
                                         .comm = comm,
                                         .unite = trial->unite});
    assert_true(trial->unite || rig.team == comm);
    for (int step = 0; step < STEPS; step++) {
        rig_step(&rig);
        assert_true(network_send_weights(rig.network));
    }
    memcpy(outcome->train, network_logits(rig.network),
           trial->batch * NETWORK_CLASSES * sizeof(real));
    outcome->loss = rig.loss;
    size_t evaluated = trial->batch < EVALUATED ? trial->batch : EVALUATED;
    assert_true(network_forward(rig.network, evaluated, NETWORK_EVALUATE, 0));
    memcpy(outcome->evaluated, network_logits(rig.network),
           evaluated * NETWORK_CLASSES * sizeof(real));
    assert_true(adam_exchange(rig.adam));
    outcome->values = rig_copy_values(&rig);
    outcome->first_moments = copy_moments(&rig, adam_first_moment);
    outcome->second_moments = copy_moments(&rig, adam_second_moment);
    rig_close(&rig);
}

static void outcome_free(struct outcome *outcome)
{
    free(outcome->values);
    free(outcome->first_moments);
    free(outcome->second_moments);
}

static void check_same(const struct outcome *one, const struct outcome *other, size_t weights)
{
    assert_memory_equal(one->train, other->train, sizeof one->train);
    assert_memory_equal(&one->loss.loss, &other->loss.loss, sizeof one->loss.loss);
    assert_int_equal(one->loss.correct, other->loss.correct);
    assert_memory_equal(one->evaluated, other->evaluated, sizeof one->evaluated);
    assert_memory_equal(one->values, other->values, weights * sizeof(real));
    assert_memory_equal(one->first_moments, other->first_moments, weights * sizeof(real));
    assert_memory_equal(one->second_moments, other->second_moments, weights * sizeof(real));
}

static size_t weight_count(const char *name)
{
    struct error err = {0};
    size_t count = 0, weights = 0;
    struct parameter *parameters = network_spec_parameters(network_spec_find(name), &count, &err);
    assert_non_null(parameters);
    for (size_t index = 0; index < count; index++)
        weights += parameters[index].count;
    free(parameters);
    return weights;
}

/* Compares so many ranks with one. */
static void check_ranks(struct trial trial, unsigned ranks)
{
    struct outcome *outcomes = calloc(ranks + 1, sizeof *outcomes);
    size_t weights = weight_count(trial.network);
    assert_non_null(outcomes);
    trial.outcomes = outcomes;
    crew_run(1, train, &trial);
    trial.outcomes = outcomes + 1;
    trial.threads = ranks % 2 + 1;
    crew_run(ranks, train, &trial);
    for (unsigned rank = 1; rank <= ranks; rank++) {
        check_same(outcomes, &outcomes[rank], weights);
        outcome_free(&outcomes[rank]);
    }
    outcome_free(outcomes);
    free(outcomes);
}

static void lenet_gives_the_same_bits_for_1_to_5_ranks(void **state)
{
    (void)state;
    static const size_t BATCHES[] = {1, 2, 7, 12, 100, 130};
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++) {
        for (size_t number = 0; number < sizeof BATCHES / sizeof *BATCHES; number++)
            for (unsigned ranks = 2; isa_supported((enum isa)isa) && ranks <= 5; ranks++)
                check_ranks((struct trial){.network = "lenet",
                                           .batch = BATCHES[number],
                                           .threads = 1,
                                           .isa = (enum isa)isa},
                            ranks);
    }
}

static void alexnet_gives_the_same_bits_for_1_to_4_ranks(void **state)
{
    (void)state;
    for (unsigned ranks = 2; ranks <= 4; ranks++)
        check_ranks(
            (struct trial){.network = "alexnet", .batch = 26, .threads = 2, .isa = isa_best()},
            ranks);
}

static void more_ranks_than_panels_give_the_same_bits(void **state)
{
    (void)state;
    check_ranks((struct trial){.network = "alexnet", .batch = 5, .threads = 1, .isa = isa_best()},
                CREW_MAX);
}

/* The last slice of images is none of the first. */
static void batches_of_several_slices_give_the_same_bits(void **state)
{
    (void)state;
    check_ranks((struct trial){.network = "alexnet", .batch = 130, .threads = 1, .isa = isa_best()},
                2);
}

/* Two ranks of each host share memory, and the last one has a host of its own. */
static void hosts_of_several_ranks_give_the_same_bits(void **state)
{
    (void)state;
    static const size_t BATCHES[] = {1, 7, 100, 130};
    struct trial trial = {.network = "lenet", .threads = 1, .isa = isa_best(), .unite = true};
    for (size_t number = 0; number < sizeof BATCHES / sizeof *BATCHES; number++)
        for (unsigned ranks = 2; ranks <= 5; ranks++) {
            trial.batch = BATCHES[number];
            check_ranks(trial, ranks);
        }
    trial.network = "alexnet";
    trial.batch = 26;
    for (unsigned ranks = 2; ranks <= 5; ranks += 3)
        check_ranks(trial, ranks);
}

/* On one host all of a network is shared, whatever its kernels. */
static void the_plain_path_gives_the_same_bits_on_one_host(void **state)
{
    (void)state;
    static const char *const NETWORKS[] = {"lenet", "alexnet"};
    for (size_t network = 0; network < 2; network++)
        check_ranks((struct trial){.network = NETWORKS[network],
                                   .batch = 7,
                                   .threads = 1,
                                   .isa = ISA_REFERENCE,
                                   .unite = true},
                    2);
}

static void join_plainly(void *context, struct comm *comm)
{
    struct error err = {0};
    struct pool *pool = pool_create(1, &err);
    assert_non_null(pool);
    struct network *network =
        network_create(network_spec_find("alexnet"), 4, 1, ISA_REFERENCE, pool, &err);
    assert_non_null(network);
    assert_false(network_join(network, comm, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    network_destroy(network);
    pool_destroy(pool);
    (void)context;
}

static void the_plain_path_is_refused(void **state)
{
    (void)state;
    crew_run(2, join_plainly, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_gives_the_same_bits_for_1_to_5_ranks),
        cmocka_unit_test(alexnet_gives_the_same_bits_for_1_to_4_ranks),
        cmocka_unit_test(more_ranks_than_panels_give_the_same_bits),
        cmocka_unit_test(batches_of_several_slices_give_the_same_bits),
        cmocka_unit_test(hosts_of_several_ranks_give_the_same_bits),
        cmocka_unit_test(the_plain_path_gives_the_same_bits_on_one_host),
        cmocka_unit_test(the_plain_path_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
