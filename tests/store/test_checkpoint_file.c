// SPDX-License-Identifier: MIT
/* Checkpoints come back bit for bit or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "faults.h"
#include "files.h"
#include "fmnist/store/checkpoint_file.h"
#include "fmnist/store/safetensors.h"

enum { TENSORS_MAX = 128, FACTS_MAX = 16, PAYLOAD_MAX = 1 << 20 };

static int setup(void **state)
{
    *state = malloc(sizeof(struct files));
    assert_non_null(*state);
    files_create(*state);
    return 0;
}

static int teardown(void **state)
{
    files_destroy(*state);
    free(*state);
    return 0;
}

static void fill(struct random *random, float *values, size_t count)
{
    for (size_t index = 0; index < count; index++)
        values[index] = random_unit(random) - 0.5F;
}

/* A checkpoint of random numbers, no two fields alike. */
static struct checkpoint *create(const char *model, bool whole, uint64_t seed)
{
    struct random random;
    struct checkpoint *checkpoint = checkpoint_create(network_spec_find(model), whole, NULL);
    assert_non_null(checkpoint);
    random_init(&random, seed, RANDOM_TEST, 0);
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
        fill(&random, parameter->value, parameter->count);
        if (whole) {
            fill(&random, parameter->first_moment, parameter->count);
            fill(&random, parameter->second_moment, parameter->count);
        }
    }
    checkpoint->parameters[0].value[0] = -0.0F;
    if (!whole)
        return checkpoint;
    checkpoint->place = (struct checkpoint_place){.seed = UINT64_MAX - seed,
                                                  .batch = 101,
                                                  .train_count = 54001,
                                                  .epochs = 15,
                                                  .epochs_done = 3,
                                                  .epoch_step = 77,
                                                  .step = 1697,
                                                  .updates = 1698,
                                                  .learning_rate = 0.001,
                                                  .initial_learning_rate = 0.003,
                                                  .loss_average = 1.0 / 3,
                                                  .accuracy_average = 0.7,
                                                  .seconds = 1e-300,
                                                  .best_accuracy = 0.1,
                                                  .best_epoch = 2,
                                                  .validation_due = true,
                                                  .test_due = false,
                                                  .validation_requested = true};
    checkpoint->isa = ISA_AVX2;
    (void)snprintf(checkpoint->blas_core, sizeof checkpoint->blas_core, "SkylakeX");
    checkpoint->best = true;
    checkpoint->accuracy = 0.123456789;
    return checkpoint;
}

static bool same_numbers(const float *a, const float *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

static bool same_place(const struct checkpoint_place *a, const struct checkpoint_place *b)
{
    return a->seed == b->seed && a->batch == b->batch && a->train_count == b->train_count &&
           a->epochs == b->epochs && a->epochs_done == b->epochs_done &&
           a->epoch_step == b->epoch_step && a->step == b->step && a->updates == b->updates &&
           memcmp(&a->learning_rate, &b->learning_rate, 6 * sizeof(double)) == 0 &&
           a->best_epoch == b->best_epoch && a->validation_due == b->validation_due &&
           a->test_due == b->test_due && a->validation_requested == b->validation_requested;
}

/* The memcmp() above takes six neighbours at once. */
_Static_assert(offsetof(struct checkpoint_place, best_accuracy) ==
                   offsetof(struct checkpoint_place, learning_rate) + 5 * sizeof(double),
               "the doubles are neighbours");

static bool same(const struct checkpoint *a, const struct checkpoint *b)
{
    bool good = a->spec == b->spec && a->whole == b->whole && same_place(&a->place, &b->place) &&
                a->isa == b->isa && strcmp(a->blas_core, b->blas_core) == 0 && a->best == b->best &&
                memcmp(&a->accuracy, &b->accuracy, sizeof a->accuracy) == 0;
    for (size_t index = 0; good && index < a->parameter_count; index++) {
        const struct checkpoint_parameter *left = &a->parameters[index];
        const struct checkpoint_parameter *right = &b->parameters[index];
        good = same_numbers(left->value, right->value, left->count);
        if (good && a->whole)
            good = same_numbers(left->first_moment, right->first_moment, left->count) &&
                   same_numbers(left->second_moment, right->second_moment, left->count);
    }
    return good;
}

static bool loads_as(const char *path, const struct checkpoint *checkpoint)
{
    struct checkpoint *loaded = checkpoint_file_load(path, CHECKPOINT_FINITE, NULL);
    bool good = loaded && same(loaded, checkpoint);
    checkpoint_release(loaded);
    return good;
}

static void check_round_trip(const struct files *files, const char *model)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create(model, true, 3);
    assert_true(
        checkpoint_file_save(checkpoint, files_path(files, "a.safetensors", path), "7", &err));
    assert_true(loads_as(path, checkpoint));
    struct checkpoint *weights = checkpoint_file_load_weights(path, CHECKPOINT_FINITE, &err);
    assert_non_null(weights);
    assert_false(weights->whole);
    assert_ptr_equal(weights->spec, checkpoint->spec);
    for (size_t index = 0; index < weights->parameter_count; index++)
        assert_true(same_numbers(weights->parameters[index].value,
                                 checkpoint->parameters[index].value,
                                 checkpoint->parameters[index].count));
    checkpoint_release(weights);
    checkpoint_release(checkpoint);
}

static void lenet_comes_back_bit_for_bit(void **state)
{
    check_round_trip(*state, "lenet");
}

static void alexnet_comes_back_bit_for_bit(void **state)
{
    check_round_trip(*state, "alexnet");
}

static void the_weights_file_tells_what_it_is(void **state)
{
    static const struct safetensors_fact facts[] = {
        {"format", "pt"},
        {"program", PACKAGE_NAME},
        {"version", PACKAGE_VERSION},
        {"model", "lenet"},
        {"run", "7"},
        {"step", "1697"},
        {"epoch", "3"},
        {"accuracy", "0.123457"},
    };
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", true, 3);
    assert_true(
        checkpoint_file_save(checkpoint, files_path(*state, "a.safetensors", path), "7", &err));
    struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
    assert_non_null(file);
    for (size_t fact = 0; fact < sizeof facts / sizeof *facts; fact++)
        assert_string_equal(safetensors_fact(file, facts[fact].key), facts[fact].value);
    assert_int_equal(safetensors_count(file), 10);
    safetensors_close(file);
    checkpoint_release(checkpoint);
}

static void weights_alone_are_one_file(void **state)
{
    char path[FILES_PATH_SIZE], other[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", false, 3);
    assert_true(
        checkpoint_file_save(checkpoint, files_path(*state, "a.safetensors", path), NULL, &err));
    assert_int_not_equal(access(files_path(*state, "a.state.safetensors", other), F_OK), 0);
    struct checkpoint *weights = checkpoint_file_load_weights(path, CHECKPOINT_FINITE, &err);
    assert_non_null(weights);
    assert_true(same(weights, checkpoint));
    checkpoint_release(weights);
    assert_null(checkpoint_file_load(path, CHECKPOINT_FINITE, &err));
    assert_memory_equal(err.message, other, strlen(other));
    assert_non_null(strstr(err.message, ": cannot open: No such file or directory"));
    checkpoint_release(checkpoint);
}

static void both_files_are_removed_if_they_are_there(void **state)
{
    char path[FILES_PATH_SIZE], other[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", true, 3);
    assert_true(
        checkpoint_file_save(checkpoint, files_path(*state, "a.safetensors", path), NULL, &err));
    checkpoint_release(checkpoint);
    assert_true(checkpoint_file_remove(path, &err));
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_not_equal(access(files_path(*state, "a.state.safetensors", other), F_OK), 0);
    assert_true(checkpoint_file_remove(path, &err));
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(checkpoint_file_remove(path, &err));
    assert_non_null(strstr(err.message, ".safetensors: cannot remove: "));
}

static void another_ending_is_refused(void **state)
{
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", true, 3);
    (void)state;
    assert_false(checkpoint_file_save(checkpoint, "/nowhere/a.pt", NULL, &err));
    assert_string_equal(err.message,
                        "/nowhere/a.pt: the name of a checkpoint ends in .safetensors");
    assert_int_equal(err.code, ERROR_USAGE);
    assert_null(checkpoint_file_load("/nowhere/a.pt", CHECKPOINT_FINITE, &err));
    assert_false(checkpoint_file_remove("/nowhere/.safetensor", &err));
    checkpoint_release(checkpoint);
}

/* Whatever fails, the checkpoint before is as it was, and that of the new name whole or not there.
 */
static void check_failures(const struct files *files, unsigned kinds, size_t least)
{
    char before_path[FILES_PATH_SIZE], path[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *before = create("lenet", true, 3), *after = create("lenet", true, 4);
    assert_true(checkpoint_file_save(before, files_path(files, "before.safetensors", before_path),
                                     NULL, &err));
    faults_arm(kinds, 0, 0);
    assert_true(checkpoint_file_save(after, files_path(files, "x.safetensors", path), NULL, &err));
    size_t calls = faults_disarm();
    assert_true(calls >= least);
    size_t stride = calls > 100 ? 7 : 1;
    for (size_t number = 1; number <= calls; number += stride) {
        assert_true(checkpoint_file_remove(path, &err));
        faults_arm(kinds, number, ENOSPC);
        bool good = checkpoint_file_save(after, path, NULL, &err);
        (void)faults_disarm();
        bool there = access(path, F_OK) == 0;
        assert_true(there ? loads_as(path, after) : !good);
        assert_true(loads_as(before_path, before));
        if (!good && kinds == FAULT_CALLS)
            assert_int_equal(err.code, ERROR_FULL);
    }
    checkpoint_release(before);
    checkpoint_release(after);
}

static void any_call_may_fail_while_saving(void **state)
{
    check_failures(*state, FAULT_CALLS, 25);
}

static void any_allocation_may_fail_while_saving(void **state)
{
    check_failures(*state, FAULT_ALLOCATION, 8);
}

static void any_allocation_may_fail_while_loading(void **state)
{
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", true, 3), *loaded = NULL;
    assert_true(
        checkpoint_file_save(checkpoint, files_path(*state, "a.safetensors", path), NULL, &err));
    for (size_t number = 1; !loaded; number++) {
        assert_true(number < 100);
        err = (struct error){0};
        faults_arm(FAULT_ALLOCATION, number, ENOMEM);
        loaded = checkpoint_file_load(path, CHECKPOINT_FINITE, &err);
        (void)faults_disarm();
        assert_true(loaded || err.code == ERROR_MEMORY);
    }
    assert_true(same(loaded, checkpoint));
    checkpoint_release(loaded);
    checkpoint_release(checkpoint);
}

/* How a file is written anew, with a hash that fits. */
struct change {
    const char *file;    /* "a.safetensors" or its state */
    const char *tensor;  /* left out, or, with values, given other ones */
    const char *renamed; /* its name then; NULL: the same */
    const char *fact;    /* left out, or given another text */
    const char *text;
    const double *real;
    const int64_t *integer;
    const char *message; /* after the path of `at`, or of `file` where that is NULL */
    const char *at;
};

/* What is written anew. */
struct copy {
    struct safetensors_tensor tensors[TENSORS_MAX];
    size_t tensor_count;
    struct safetensors_fact facts[FACTS_MAX];
    size_t fact_count;
    void *values[TENSORS_MAX];
};

static void copy_tensor(struct copy *copy, const struct safetensors *file,
                        struct safetensors_tensor tensor, const struct change *change)
{
    bool changed = change->tensor && strcmp(change->tensor, tensor.name) == 0;
    const void *other = change->real ? (const void *)change->real : (const void *)change->integer;
    if (changed && !other && !change->renamed)
        return;
    size_t count = 1;
    for (size_t axis = 0; axis < tensor.rank; axis++)
        count *= tensor.sizes[axis];
    void *values = calloc(count, sizeof(double));
    assert_non_null(values);
    assert_true(safetensors_read_tensor(file, tensor.name, tensor.type, tensor.rank, tensor.sizes,
                                        values, NULL));
    copy->values[copy->tensor_count] = values;
    tensor.values = changed && other ? other : values;
    if (changed && change->renamed)
        tensor.name = change->renamed;
    copy->tensors[copy->tensor_count++] = tensor;
}

static void copy_fact(struct copy *copy, const struct safetensors *file, const char *key,
                      const struct change *change)
{
    bool changed = change->fact && strcmp(change->fact, key) == 0;
    const char *value = changed ? change->text : safetensors_fact(file, key);
    if (value)
        copy->facts[copy->fact_count++] = (struct safetensors_fact){key, value};
}

static void rewrite(const char *path, const struct change *change)
{
    static const char *const KEYS[] = {"format", "program",   "version",       "model",
                                       "isa",    "blas_core", "state_version", "weights_sha256"};
    struct copy copy = {.tensor_count = 0};
    struct error err = {0};
    struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
    assert_non_null(file);
    for (size_t index = 0; index < safetensors_count(file); index++)
        copy_tensor(&copy, file, safetensors_tensor_at(file, index), change);
    for (size_t key = 0; key < sizeof KEYS / sizeof *KEYS; key++)
        copy_fact(&copy, file, KEYS[key], change);
    struct safetensors_draft *draft =
        safetensors_prepare(copy.tensors, copy.tensor_count, copy.facts, copy.fact_count, &err);
    assert_non_null(draft);
    assert_true(safetensors_write(draft, path, &err));
    safetensors_draft_destroy(draft);
    safetensors_close(file);
    for (size_t index = 0; index < copy.tensor_count; index++)
        free(copy.values[index]);
}

static const double NOT_FINITE = (double)INFINITY, ZERO = 0;
static const int64_t MINUS_ONE = -1, TWO = 2;

#define WEIGHTS "a.safetensors"
#define STATE "a.state.safetensors"
#define IMPOSSIBLE(name) "the number in \"" name "\" is none that can be there"

static const struct change CHANGES[] = {
    {.file = WEIGHTS, .tensor = "classifier.0.bias", .message = "holds 9 tensors, 10 expected"},
    {.file = WEIGHTS,
     .tensor = "classifier.0.bias",
     .renamed = "classifier.1.bias",
     .message = "there is no tensor \"classifier.0.bias\""},
    {.file = WEIGHTS,
     .fact = "model",
     .text = "alexnet",
     .message = "holds 10 tensors, 14 expected"},
    {.file = WEIGHTS,
     .fact = "model",
     .text = "vgg",
     .message = "holds weights of a model that is not known"},
    {.file = WEIGHTS,
     .fact = "format",
     .text = "tf",
     .message = "belongs to other weights than those beside it",
     .at = STATE},
    {.file = STATE,
     .fact = "weights_sha256",
     .message = "belongs to other weights than those beside it"},
    {.file = STATE,
     .fact = "model",
     .text = "alexnet",
     .message = "belongs to other weights than those beside it"},
    {.file = STATE,
     .fact = "state_version",
     .text = "2",
     .message = "is no state of a run, or one of another version of the program"},
    {.file = STATE,
     .fact = "isa",
     .text = "sse",
     .message = "does not say which kernels it was computed with"},
    {.file = STATE,
     .fact = "blas_core",
     .text = "a name that takes more than 31 bytes",
     .message = "does not say which kernels it was computed with"},
    {.file = STATE, .tensor = "state.step", .message = "holds 39 tensors, 40 expected"},
    {.file = STATE,
     .tensor = "state.step",
     .renamed = "state.stop",
     .message = "there is no tensor \"state.step\""},
    {.file = STATE,
     .tensor = "optimizer.second_moment.classifier.2.bias",
     .renamed = "x",
     .message = "there is no tensor \"optimizer.second_moment.classifier.2.bias\""},
    {.file = STATE,
     .tensor = "state.batch",
     .integer = &MINUS_ONE,
     .message = IMPOSSIBLE("state.batch")},
    {.file = STATE, .tensor = "state.best", .integer = &TWO, .message = IMPOSSIBLE("state.best")},
    {.file = STATE,
     .tensor = "state.seconds",
     .real = &NOT_FINITE,
     .message = IMPOSSIBLE("state.seconds")},
    {.file = STATE,
     .tensor = "state.learning_rate",
     .real = &ZERO,
     .message = IMPOSSIBLE("state.learning_rate")},
};

static void each_kind_of_damage_has_its_own_message(void **state)
{
    char path[FILES_PATH_SIZE], other[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct checkpoint *checkpoint = create("lenet", true, 3);
    files_path(*state, WEIGHTS, path);
    for (size_t item = 0; item < sizeof CHANGES / sizeof *CHANGES; item++) {
        const struct change *change = &CHANGES[item];
        struct error err = {0};
        assert_true(checkpoint_file_save(checkpoint, path, NULL, &err));
        rewrite(files_path(*state, change->file, other), change);
        struct checkpoint *loaded = checkpoint_file_load(path, CHECKPOINT_FINITE, &err);
        files_path(*state, change->at ? change->at : change->file, other);
        (void)snprintf(expected, sizeof expected, "%s: %s", other, change->message);
        assert_string_equal(loaded ? "accepted" : err.message, expected);
    }
    checkpoint_release(checkpoint);
}

static void the_state_of_another_checkpoint_is_refused(void **state)
{
    char path[FILES_PATH_SIZE], from[FILES_PATH_SIZE], to[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *one = create("lenet", true, 3), *two = create("lenet", true, 4);
    assert_true(checkpoint_file_save(one, files_path(*state, "b.safetensors", path), NULL, &err));
    assert_true(checkpoint_file_save(two, files_path(*state, WEIGHTS, path), NULL, &err));
    assert_int_equal(
        rename(files_path(*state, "b.state.safetensors", from), files_path(*state, STATE, to)), 0);
    assert_null(checkpoint_file_load(path, CHECKPOINT_FINITE, &err));
    assert_non_null(strstr(err.message, "belongs to other weights than those beside it"));
    struct checkpoint *weights = checkpoint_file_load_weights(path, CHECKPOINT_FINITE, &err);
    assert_non_null(weights);
    checkpoint_release(weights);
    checkpoint_release(one);
    checkpoint_release(two);
}

/* Changes a byte of a file; the offset is from its beginning or, where negative, from its end. */
static void change_byte(const char *path, long offset)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, offset < 0 ? SEEK_END : SEEK_SET), 0);
    int byte = fgetc(file) ^ 1;
    assert_int_equal(fseek(file, -1, SEEK_CUR), 0);
    assert_int_equal(fputc(byte, file), byte);
    assert_int_equal(fclose(file), 0);
}

static void a_changed_byte_of_either_file_is_found(void **state)
{
    static const char *const NAMES[] = {WEIGHTS, STATE};
    char path[FILES_PATH_SIZE], other[FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", true, 3);
    for (size_t name = 0; name < 2; name++) {
        assert_true(
            checkpoint_file_save(checkpoint, files_path(*state, WEIGHTS, path), NULL, &err));
        change_byte(files_path(*state, NAMES[name], other), -5);
        assert_null(checkpoint_file_load(path, CHECKPOINT_ANY, &err));
        assert_memory_equal(err.message, other, strlen(other));
        assert_non_null(strstr(err.message, ": its SHA-256 is not the one it names"));
        assert_true(checkpoint_file_save(checkpoint, path, NULL, &err));
        change_byte(other, 8 + (long)strlen("{\"__metadata__\":{\""));
        assert_null(checkpoint_file_load(path, CHECKPOINT_ANY, &err));
        assert_non_null(strstr(err.message, ": no run can go on from files without a SHA-256"));
    }
    checkpoint_release(checkpoint);
}

static void numbers_that_are_not_finite_are_refused_unless_asked_for(void **state)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct error err = {0};
    struct checkpoint *checkpoint = create("lenet", true, 3), *loaded;
    checkpoint->parameters[2].value[5] = NAN;
    checkpoint->place.loss_average = (double)NAN;
    assert_true(checkpoint_file_save(checkpoint, files_path(*state, WEIGHTS, path), NULL, &err));
    assert_null(checkpoint_file_load_weights(path, CHECKPOINT_FINITE, &err));
    (void)snprintf(expected, sizeof expected,
                   "%s: feature_extractor.3.weight holds numbers that are not finite", path);
    assert_string_equal(err.message, expected);
    assert_int_equal(err.code, ERROR_NUMBERS);
    assert_null(checkpoint_file_load(path, CHECKPOINT_FINITE, &err));
    loaded = checkpoint_file_load(path, CHECKPOINT_ANY, &err);
    assert_non_null(loaded);
    assert_true(same(loaded, checkpoint));
    checkpoint_release(loaded);
    loaded = checkpoint_file_load_weights(path, CHECKPOINT_ANY, &err);
    assert_non_null(loaded);
    checkpoint_release(loaded);
    checkpoint_release(checkpoint);
}

static void weights_of_no_network_are_refused(void **state)
{
    static const float value = 1;
    const struct safetensors_tensor tensor = {"w", SAFETENSORS_F32, 0, {0}, &value};
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    struct safetensors_draft *draft = safetensors_prepare(&tensor, 1, NULL, 0, &err);
    assert_non_null(draft);
    assert_true(safetensors_write(draft, files_path(*state, WEIGHTS, path), &err));
    safetensors_draft_destroy(draft);
    assert_null(checkpoint_file_load_weights(path, CHECKPOINT_ANY, &err));
    assert_non_null(strstr(err.message, ": holds 1 tensors; LeNet-5 has 10, AlexNet has 14"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lenet_comes_back_bit_for_bit),
        TEST(alexnet_comes_back_bit_for_bit),
        TEST(the_weights_file_tells_what_it_is),
        TEST(weights_alone_are_one_file),
        TEST(both_files_are_removed_if_they_are_there),
        TEST(another_ending_is_refused),
        TEST(any_call_may_fail_while_saving),
        TEST(any_allocation_may_fail_while_saving),
        TEST(any_allocation_may_fail_while_loading),
        TEST(each_kind_of_damage_has_its_own_message),
        TEST(the_state_of_another_checkpoint_is_refused),
        TEST(a_changed_byte_of_either_file_is_found),
        TEST(numbers_that_are_not_finite_are_refused_unless_asked_for),
        TEST(weights_of_no_network_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
