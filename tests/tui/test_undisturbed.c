// SPDX-License-Identifier: MIT
/*
 * A run whose user presses keys and moves the mouse at random, or resizes the terminal all the
 * time, learns bit for bit what it would have learnt alone. This program runs itself on a terminal,
 * with the trainer and the screens, and then trains without a screen, and compares the points of
 * both curves.
 *
 * FMNIST_STORM says how many keys and sizes: 300 where it is not set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "dashboard.h"
#include "fmnist/train/trainer.h"
#include "tui/app.h"

enum {
    STORM_DEFAULT = 300,
    ALIVE_EVERY = 100,
    STEPS_FIRST = 20, /* before the storm */
    ROWS = 24,
    COLUMNS = 80,
    ROWS_MAX = 200,
    COLUMNS_MAX = 500,
    WAIT_MILLISECONDS = 30000,
};

/* What a training step leaves in the curve, without the time it took. */
struct point {
    uint32_t step;
    float loss, accuracy, learning_rate;
};

static struct trainer *start_trainer(void)
{
    struct trainer_settings settings = TRAINER_DEFAULTS;
    settings.model = network_spec_find("lenet");
    settings.epochs = TRAINER_EPOCHS_MAX;
    settings.threads = 2;
    settings.isa = isa_best();
    settings.sample = true;
    return trainer_create(&settings, NULL);
}

static const struct learner_snapshot *find_lenet(const struct snapshot *snapshot)
{
    for (size_t model = 0; model < snapshot->learner_count; model++)
        if (strcmp(snapshot->learners[model].name, "lenet") == 0)
            return &snapshot->learners[model];
    return NULL;
}

static struct point point_at(const struct learner_snapshot *learner, size_t index)
{
    const struct step_point *point = history_step(learner->history, index);
    return (struct point){point->step, point->loss, point->accuracy, point->learning_rate};
}

/* In the process on the terminal: trains with screens until the user quits, and writes the curve to
 * a file. */
static void run_with_screens(const char *path)
{
    const struct app_settings settings = {.screen = {.colors = SCREEN_COLORS_AUTO}};
    struct app_result result;
    (void)setlocale(LC_CTYPE, "");
    struct trainer *trainer = start_trainer();
    FILE *file = fopen(path, "w");
    if (!trainer || !file || !app_run(trainer_session(trainer), &settings, &result, NULL) ||
        result.signal)
        exit(1);
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    const struct learner_snapshot *learner = find_lenet(snapshot);
    for (size_t index = 0; index < learner->step_points; index++) {
        struct point point = point_at(learner, index);
        if (fwrite(&point, sizeof point, 1, file) != 1)
            exit(1);
    }
    snapshot_release(snapshot);
    trainer_destroy(trainer);
    exit(fclose(file) == 0 ? 0 : 1);
}

/* The first snapshot with so many points, from a run without screens. */
static const struct snapshot *train_alone(struct trainer *trainer, size_t points)
{
    for (;;) {
        struct pollfd polled = {.fd = trainer_descriptor(trainer), .events = POLLIN};
        assert_int_equal(poll(&polled, 1, WAIT_MILLISECONDS), 1);
        trainer_acknowledge(trainer);
        const struct snapshot *snapshot = trainer_snapshot(trainer);
        const struct learner_snapshot *learner = find_lenet(snapshot);
        if (learner && learner->step_points >= points)
            return snapshot;
        snapshot_release(snapshot);
    }
}

static void check_curve(const char *path)
{
    struct point point;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t count = (size_t)ftell(file) / sizeof point;
    rewind(file);
    assert_true(count >= STEPS_FIRST);
    struct trainer *trainer = start_trainer();
    assert_non_null(trainer);
    const struct snapshot *snapshot = train_alone(trainer, count);
    for (size_t index = 0; index < count; index++) {
        struct point alone = point_at(find_lenet(snapshot), index);
        assert_int_equal(fread(&point, sizeof point, 1, file), 1);
        assert_memory_equal(&point, &alone, sizeof point);
    }
    snapshot_release(snapshot);
    trainer_destroy(trainer);
    (void)fclose(file);
    print_message("%zu steps are the same\n", count);
}

static size_t storm_count(void)
{
    const char *count = getenv("FMNIST_STORM");
    return count ? (size_t)strtoul(count, NULL, 10) : STORM_DEFAULT;
}

/* Whether a key would quit, suspend, write a file, or change what is learnt. */
static bool is_left_out(char key)
{
    return key == '\0' || strchr("qR+=-_:sxu>\003\032\034\023", key) != NULL;
}

static void send_key(struct terminal *terminal, struct random *random)
{
    static const char likely[] = " p.ehjklgG\t?~CM\014\033\r12345[]t%oazZL";
    char key;
    do
        key = random_below(random, 4) ? likely[random_below(random, sizeof likely - 1)]
                                      : (char)random_below(random, 256);
    while (is_left_out(key));
    terminal_send(terminal, &key, 1);
}

/* A click, a release or a turn of the wheel anywhere but on the key bar. */
static void send_mouse(struct terminal *terminal, struct random *random)
{
    static const int buttons[] = {0, 0, 0, 1, 2, 64, 65, 32, 35, 128};
    char bytes[32];
    (void)snprintf(bytes, sizeof bytes, "\033[<%d;%d;%d%c",
                   buttons[random_below(random, sizeof buttons / sizeof *buttons)],
                   1 + (int)random_below(random, COLUMNS), 1 + (int)random_below(random, ROWS - 1),
                   random_below(random, 3) ? 'M' : 'm');
    terminal_type(terminal, bytes);
}

static void send_sequence(struct terminal *terminal, struct random *random)
{
    static const char *const sequences[] = {
        "\033[A",    "\033[B",    "\033OC",
        "\033[D",    "\033[5~",   "\033[6~",
        "\033[H",    "\033[F",    "\033[Z",
        "\033OP",    "\033[999z", "\033[1;5A",
        "\033[",     "\033O",     "\033]0;x\007",
        "\303\244",  "\303",      "\342\224",
        "\033[M   ", "\033[2;2R", "\033[200~qR+\003\033[201~",
    };
    terminal_type(terminal, sequences[random_below(random, sizeof sequences / sizeof *sequences)]);
}

/* Waits until all that was sent was read: the program shows its key bar again. */
static void check_alive(struct terminal *terminal)
{
    terminal_resize(terminal, ROWS, COLUMNS);
    terminal_type(terminal, "\033[201~\x7f\x7f\x7f");
    terminal_await_text(terminal, "q quit");
}

static void storm_of_keys(struct terminal *terminal, struct random *random)
{
    uint32_t kind = random_below(random, 10);
    if (kind < 6)
        send_key(terminal, random);
    else if (kind < 8)
        send_mouse(terminal, random);
    else
        send_sequence(terminal, random);
}

static void storm_of_sizes(struct terminal *terminal, struct random *random)
{
    terminal_resize(terminal, 1 + (int)random_below(random, ROWS_MAX),
                    1 + (int)random_below(random, COLUMNS_MAX));
    if (random_below(random, 4) == 0)
        terminal_type(terminal, "\t");
    if (random_below(random, 8) == 0)
        terminal_type(terminal, random_below(random, 2) ? "1" : "3");
}

static bool has_trained(struct terminal *terminal, void *context)
{
    (void)context;
    return dashboard_step(terminal) >= STEPS_FIRST;
}

static void check_storm(void **state, void (*send)(struct terminal *, struct random *))
{
    char path[] = "/tmp/fmnist-curve-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    const char *const arguments[] = {"/proc/self/exe", "run", path, NULL};
    struct terminal *terminal = terminal_start(&(struct terminal_settings){.arguments = arguments,
                                                                           .rows = ROWS,
                                                                           .columns = COLUMNS,
                                                                           .type = "xterm-256color",
                                                                           .locale = "C.UTF-8"});
    struct random random;
    *state = terminal;
    random_init(&random, 7, RANDOM_TEST, 0);
    terminal_await(terminal, "some training steps", has_trained, NULL);
    for (size_t sent = 1; sent <= storm_count(); sent++) {
        send(terminal, &random);
        if (sent % ALIVE_EVERY == 0)
            check_alive(terminal);
    }
    check_alive(terminal);
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
    check_curve(path);
    (void)unlink(path);
}

static void keys_and_the_mouse_leave_the_curve_as_it_is(void **state)
{
    check_storm(state, storm_of_keys);
}

static void sizes_leave_the_curve_as_it_is(void **state)
{
    check_storm(state, storm_of_sizes);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "run") == 0)
        run_with_screens(argv[2]);
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(keys_and_the_mouse_leave_the_curve_as_it_is, dashboard_teardown),
        cmocka_unit_test_teardown(sizes_leave_the_curve_as_it_is, dashboard_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
