// SPDX-License-Identifier: MIT
#include "dashboard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_SKIPPED = 77, ARGUMENTS_MAX = 8 };

int dashboard_teardown(void **state)
{
    if (*state)
        terminal_end(*state);
    *state = NULL;
    return 0;
}

void dashboard_skip_without_terminals(void)
{
    if (terminal_possible())
        return;
    (void)fprintf(stderr, "skipped: this machine gives out no pseudo terminals\n");
    exit(EXIT_SKIPPED);
}

struct terminal *dashboard_start(void **state, struct terminal_settings settings)
{
    const char *program = getenv("FMNIST_PROGRAM");
    if (!program)
        fail_msg("FMNIST_PROGRAM does not name the program to test");
    const char *arguments[ARGUMENTS_MAX + 1] = {
        program, settings.command ? settings.command : "dashboard", "--sample"};
    size_t count = 3;
    for (const char *const *more = settings.arguments; more && *more; more++) {
        assert_true(count < ARGUMENTS_MAX);
        arguments[count++] = *more;
    }
    settings.arguments = arguments;
    if (settings.rows == 0) {
        settings.rows = 24;
        settings.columns = 80;
    }
    settings.locale = settings.locale ? settings.locale : "C.UTF-8";
    struct terminal *terminal = terminal_start(&settings);
    *state = terminal;
    return terminal;
}

struct terminal *dashboard_open(void **state, struct terminal_settings settings)
{
    settings.type = settings.type ? settings.type : "xterm-256color";
    struct terminal *terminal = dashboard_start(state, settings);
    terminal_await_text(terminal, "q quit");
    return terminal;
}

/* The number that follows `label` on the screen; a negative one where there is none. */
static double number_after(struct terminal *terminal, const char *label)
{
    const char *found = strstr(terminal_text(terminal), label);
    if (!found)
        return -1;
    found += strlen(label);
    while (*found == ' ')
        found++;
    return isdigit((unsigned char)*found) || *found == '.' ? strtod(found, NULL) : -1;
}

long dashboard_step(struct terminal *terminal)
{
    return (long)number_after(terminal, "step ");
}

double dashboard_loss(struct terminal *terminal)
{
    return number_after(terminal, "loss  train");
}

static bool has_trained(struct terminal *terminal, void *context)
{
    (void)context;
    return dashboard_step(terminal) >= 3;
}

struct terminal *dashboard_train(void **state)
{
    /* The usual 15 epochs of the sample may end before the next key is there. */
    const char *const arguments[] = {"--epochs", "1000", NULL};
    struct terminal *terminal =
        dashboard_open(state, (struct terminal_settings){.arguments = arguments});
    terminal_await(terminal, "some training steps", has_trained, NULL);
    return terminal;
}
