// SPDX-License-Identifier: MIT
/* Keys, broken escape sequences and sizes at random: the program must neither crash nor hang. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>

#include "base/random.h"
#include "dashboard.h"

enum { STORM_BYTES = 6000, STORM_BATCH = 20 };

/* Keys that would end or stop the program at once, or begin to; and the one that writes files. */
static bool is_left_out(char key)
{
    return key != '\0' && strchr("qx\003\032\034", key) != NULL;
}

static char random_key(struct random *random)
{
    static const char likely[] = " pm.eR+-hjklgG\t?~:/>u\014\033y\r";
    for (;;) {
        char key = random_below(random, 2) ? likely[random_below(random, sizeof likely - 1)]
                                           : (char)random_below(random, 256);
        if (!is_left_out(key))
            return key;
    }
}

/* Writes an escape sequence, of a key, of none, or cut short; returns its length. */
static size_t random_sequence(struct random *random, char *bytes)
{
    static const char *const sequences[] = {
        "\033[A",      "\033[B",   "\033OC",     "\033[D", "\033[5~",  "\033[6~",   "\033[H",
        "\033[F",      "\033[Z",   "\033OP",     "\033[",  "\033O",    "\033[1;5A", "\033[999z",
        "\033[<0;1;1", "\033]0;t", "\033\033[A", "\303",   "\342\224", "\033[200~"};
    const char *sequence = sequences[random_below(random, sizeof sequences / sizeof sequences[0])];
    memcpy(bytes, sequence, strlen(sequence));
    return strlen(sequence);
}

static void send_batch(struct terminal *terminal, struct random *random)
{
    char bytes[STORM_BATCH + 8];
    size_t size = 0;
    while (size < STORM_BATCH) {
        if (random_below(random, 5) == 0)
            size += random_sequence(random, bytes + size);
        else
            bytes[size++] = random_key(random);
    }
    terminal_send(terminal, bytes, size);
}

/* Whether the program answers: it closes what is open, a line with text in it too, and shows its
 * key bar. */
static void check_alive(struct terminal *terminal)
{
    terminal_resize(terminal, 24, 80);
    /* A paste may have begun. */
    terminal_type(terminal, "\033[201~\x7f\005\025\x7f\x7f\x7f\x7f");
    terminal_await_text(terminal, "q quit");
}

static void random_keys_and_sizes_do_no_harm(void **state)
{
    struct random random;
    random_init(&random, 1, RANDOM_TEST, 0);
    struct terminal *terminal = dashboard_train(state);
    for (size_t sent = 0; sent < STORM_BYTES; sent += STORM_BATCH) {
        send_batch(terminal, &random);
        if (random_below(&random, 4) == 0)
            terminal_resize(terminal, 1 + (int)random_below(&random, 60),
                            1 + (int)random_below(&random, 200));
        if (random_below(&random, 20) == 0)
            check_alive(terminal);
    }
    check_alive(terminal);
    terminal_type(terminal, "\003\003");
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
}

int main(void)
{
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(random_keys_and_sizes_do_no_harm, dashboard_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
