// SPDX-License-Identifier: MIT
/* Of checkpoints that wait to be written, the newest stays, the best, and ends of epochs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store/waiting_saves.h"

enum { EPOCH = 10 };

/* What a checkpoint is, by a letter. */
static bool is_best(char letter)
{
    return letter == 'b' || letter == 'B';
}

static bool ends_epoch(char letter)
{
    return letter == 'e' || letter == 'B';
}

/* Adds one for each letter: b and B are the best so far, e and B end an epoch. Steps are the
 * letters' places, from `first`. */
static void add_all(struct waiting_saves *saves, const char *model, uint64_t first,
                    const char *letters)
{
    for (uint64_t place = 0; letters[place]; place++) {
        struct checkpoint *checkpoint = checkpoint_create(network_spec_find(model), true, NULL);
        assert_non_null(checkpoint);
        checkpoint->best = is_best(letters[place]);
        checkpoint->place.step = first + place;
        checkpoint->place.epoch_step = ends_epoch(letters[place]) ? 0 : 1;
        waiting_saves_add(saves, (struct recorder_save){.checkpoint = checkpoint});
    }
}

/* Compares steps and empties the list. */
static void expect(struct waiting_saves *saves, const uint64_t *steps, size_t count)
{
    assert_int_equal(saves->count, count);
    for (size_t place = 0; place < count; place++)
        assert_int_equal(saves->list[place].checkpoint->place.step, steps[place]);
    waiting_saves_release(saves);
    assert_int_equal(saves->count, 0);
}

static void one_within_an_epoch_gives_way(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "lenet", 1, "mmm");
    expect(&saves, (const uint64_t[]){3}, 1);
}

static void ends_of_epochs_stay(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "lenet", 1, "meBmem");
    expect(&saves, (const uint64_t[]){2, 3, 5, 6}, 4);
}

static void the_best_gives_way_to_a_better_one_only(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "lenet", 1, "bmm");
    assert_true(waiting_saves_any(&saves, true));
    expect(&saves, (const uint64_t[]){1, 3}, 2);
    add_all(&saves, "lenet", 1, "bmbm");
    expect(&saves, (const uint64_t[]){3, 4}, 2);
    add_all(&saves, "lenet", 1, "mm");
    assert_true(waiting_saves_any(&saves, false));
    assert_false(waiting_saves_any(&saves, true));
    waiting_saves_release(&saves);
}

static void the_best_stays_where_too_many_wait(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "lenet", 1, "eBeeeeeeeeeee");
    expect(&saves, (const uint64_t[]){2, 7, 8, 9, 10, 11, 12, 13}, WAITING_SAVES_MAX);
}

static void of_a_large_network_only_the_best_and_the_newest_wait(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "alexnet", 1, "ee");
    expect(&saves, (const uint64_t[]){2}, 1);
    add_all(&saves, "alexnet", 1, "eBeee");
    expect(&saves, (const uint64_t[]){2, 5}, 2);
}

static void one_of_the_same_step_takes_the_place(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "lenet", EPOCH, "e");
    add_all(&saves, "lenet", EPOCH, "B");
    assert_true(saves.list[0].checkpoint->best);
    expect(&saves, (const uint64_t[]){EPOCH}, 1);
}

static void what_is_put_back_stands_in_front(void **state)
{
    (void)state;
    struct waiting_saves saves = {0}, taken = {0};
    add_all(&taken, "lenet", 1, "Bm");
    add_all(&saves, "lenet", 3, "em");
    waiting_saves_put_back(&saves, &taken);
    assert_int_equal(taken.count, 0);
    expect(&saves, (const uint64_t[]){1, 3, 4}, 3);
}

static void another_life_begins_anew(void **state)
{
    (void)state;
    struct waiting_saves saves = {0};
    add_all(&saves, "lenet", 1, "eB");
    struct checkpoint *checkpoint = checkpoint_create(network_spec_find("lenet"), true, NULL);
    assert_non_null(checkpoint);
    waiting_saves_add(&saves, (struct recorder_save){.checkpoint = checkpoint, .life = 1});
    expect(&saves, (const uint64_t[]){0}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_within_an_epoch_gives_way),
        cmocka_unit_test(ends_of_epochs_stay),
        cmocka_unit_test(the_best_gives_way_to_a_better_one_only),
        cmocka_unit_test(the_best_stays_where_too_many_wait),
        cmocka_unit_test(of_a_large_network_only_the_best_and_the_newest_wait),
        cmocka_unit_test(one_of_the_same_step_takes_the_place),
        cmocka_unit_test(what_is_put_back_stands_in_front),
        cmocka_unit_test(another_life_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
