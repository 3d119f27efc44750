// SPDX-License-Identifier: MIT
/* The man page names the same keys, console commands and filters as the help on the screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/console.h"
#include "tui/filter.h"
#include "tui/keys.h"

enum { LINE_SIZE = 512 };

static FILE *open_manual(void)
{
    char path[4096];
    const char *source = getenv("FMNIST_SOURCE");
    (void)snprintf(path, sizeof path, "%s/man/fmnist-tui.1", source ? source : ".");
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    return file;
}

static void remove_all(char *text, const char *part)
{
    for (char *found; (found = strstr(text, part));)
        memmove(found, found + strlen(part), strlen(found + strlen(part)) + 1);
}

static void replace_all(char *text, const char *part, char by)
{
    for (char *found; (found = strstr(text, part));) {
        *found = by;
        memmove(found + 1, found + strlen(part), strlen(found + strlen(part)) + 1);
    }
}

/* Takes what mdoc needs and a reader does not see out of a line. */
static void strip(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    remove_all(line, ".It Ic ");
    remove_all(line, "Ar ");
    remove_all(line, "\\&");
    replace_all(line, "\\-", '-');
    replace_all(line, "\\e", '\\');
    replace_all(line, " ,", ',');
}

/* The man page, from where a section begins. */
static FILE *open_section(const char *heading)
{
    char line[LINE_SIZE] = "";
    FILE *manual = open_manual();
    while (strcmp(line, heading) != 0)
        assert_non_null(fgets(line, sizeof line, manual));
    return manual;
}

/* The next key and its line of help in the man page's section; false after the last. */
static bool next_key(FILE *manual, char *names, char *help)
{
    while (fgets(names, LINE_SIZE, manual)) {
        if (strncmp(names, ".El", 3) == 0)
            return false;
        if (strncmp(names, ".It Ic ", 7) != 0)
            continue;
        assert_non_null(fgets(help, LINE_SIZE, manual));
        strip(names);
        strip(help);
        return true;
    }
    return false;
}

static void the_keys_of_help_and_man_page_are_the_same(void **state)
{
    (void)state;
    char names[LINE_SIZE], help[LINE_SIZE];
    FILE *manual = open_section(".Ss Keys\n");
    size_t index = 0;
    for (; next_key(manual, names, help); index++) {
        const struct key_binding *binding = keys_binding(index);
        if (!binding)
            fail_msg("'%s' is no key of the program", names);
        assert_string_equal(names, binding->names);
        assert_string_equal(help, binding->help);
    }
    assert_true(index > 10);
    assert_null(keys_binding(index));
    (void)fclose(manual);
}

static void the_commands_of_help_and_man_page_are_the_same(void **state)
{
    (void)state;
    char names[LINE_SIZE], help[LINE_SIZE], expected[LINE_SIZE];
    FILE *manual = open_section(".Ss Commands\n");
    size_t index = 0;
    for (; next_key(manual, names, help); index++) {
        const struct console_command *command = console_command(index);
        if (!command)
            fail_msg("'%s' is no command of the program", names);
        (void)snprintf(expected, sizeof expected, "%s%s%s", command->name,
                       command->argument ? " " : "", command->argument ? command->argument : "");
        assert_string_equal(names, expected);
        assert_string_equal(help, command->help);
    }
    assert_true(index > 8);
    assert_null(console_command(index));
    (void)fclose(manual);
}

static void the_filters_of_help_and_man_page_are_the_same(void **state)
{
    (void)state;
    char names[LINE_SIZE], help[LINE_SIZE];
    FILE *manual = open_section(".Ss Filter\n");
    size_t index = 0;
    for (; next_key(manual, names, help); index++) {
        assert_non_null(filter_form(index));
        assert_string_equal(names, filter_form(index)->form);
        assert_string_equal(help, filter_form(index)->help);
    }
    assert_true(index > 5);
    assert_null(filter_form(index));
    (void)fclose(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_keys_of_help_and_man_page_are_the_same),
        cmocka_unit_test(the_commands_of_help_and_man_page_are_the_same),
        cmocka_unit_test(the_filters_of_help_and_man_page_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
