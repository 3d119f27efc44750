// SPDX-License-Identifier: MIT
/* The man page and --help tell the same of commands and options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum { LINE_SIZE = 512, LIST_MAX = 128, ITEM_SIZE = 128 };

struct list {
    char items[LIST_MAX][ITEM_SIZE];
    size_t count;
};

static bool list_has(const struct list *list, const char *item)
{
    for (size_t index = 0; index < list->count; index++)
        if (strcmp(list->items[index], item) == 0)
            return true;
    return false;
}

/* Adds the first `length` bytes of `item`, once. */
static void list_add(struct list *list, const char *item, size_t length)
{
    assert_true(list->count < LIST_MAX && length < ITEM_SIZE);
    memcpy(list->items[list->count], item, length);
    list->items[list->count][length] = '\0';
    if (!list_has(list, list->items[list->count]))
        list->count++;
}

static void check_same(const struct list *help, const struct list *manual, const char *of)
{
    for (size_t index = 0; index < help->count; index++)
        if (!list_has(manual, help->items[index]))
            fail_msg("'%s' of %s is not in the man page", help->items[index], of);
    for (size_t index = 0; index < manual->count; index++)
        if (!list_has(help, manual->items[index]))
            fail_msg("'%s' of %s is not in --help", manual->items[index], of);
}

/* What --help says; `command` may be "". */
static struct run *help_of(const char *command)
{
    char arguments[LINE_SIZE];
    (void)snprintf(arguments, sizeof arguments, "%s --help", command);
    struct run *run = run_program(arguments);
    assert_int_equal(run->status, 0);
    return run;
}

/* The first columns of the indented lines after `heading`, such as "-b, --batch N". */
static void read_column(struct list *list, const char *text, const char *heading)
{
    const char *line = strstr(text, heading);
    assert_non_null(line);
    line++;
    while ((line = strchr(line, '\n')) && line[1] == ' ') {
        line++;
        const char *item = line + strspn(line, " ");
        const char *end = strstr(item, "  ");
        assert_non_null(end);
        list_add(list, item, (size_t)(end - item));
    }
    assert_true(list->count > 0);
}

static void read_commands(struct list *list)
{
    struct run *help = help_of("");
    read_column(list, help->out, "\nCommands");
    run_free(help);
}

static FILE *open_manual(const char *section)
{
    char path[4096], line[LINE_SIZE] = "";
    const char *source = getenv("FMNIST_SOURCE");
    (void)snprintf(path, sizeof path, "%s/man/fmnist-tui.1", source ? source : ".");
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    while (strcmp(line, section) != 0)
        if (!fgets(line, sizeof line, file))
            fail_msg("the man page lacks %s", section);
    return file;
}

/* Writes a line of mdoc as a reader sees it. `text` has room for LINE_SIZE. */
static void render(char *line, char *text)
{
    static const char *const SILENT[] = {".It", ".D1", "Nm", "Ar", "Cm", "No"};
    char *word = strtok(line, " \n");
    bool blank = false, flag = false;
    for (*text = '\0'; word; word = strtok(NULL, " \n")) {
        bool silent = false;
        for (size_t index = 0; index < sizeof SILENT / sizeof *SILENT; index++)
            silent = silent || strcmp(word, SILENT[index]) == 0;
        bool opens = strcmp(word, "Oo") == 0, glues = strcmp(word, "Ns") == 0;
        const char *shown = strcmp(word, "Oc") == 0 ? "]" : word;
        bool closes = *shown == ']' || strcmp(shown, ",") == 0 || strcmp(shown, ".") == 0;
        if (strcmp(word, "Fl") == 0 || strcmp(word, ".Fl") == 0)
            flag = true;
        else if (opens) {
            flag = false;
            (void)snprintf(text + strlen(text), LINE_SIZE - strlen(text), "%s[", blank ? " " : "");
            blank = false;
        } else if (glues)
            blank = false;
        else if (silent)
            flag = flag && strcmp(word, "Ar") != 0;
        else {
            (void)snprintf(text + strlen(text), LINE_SIZE - strlen(text), "%s%s%s",
                           blank && !closes ? " " : "", flag && !closes ? "-" : "", shown);
            blank = true;
        }
    }
    for (char *escape; (escape = strchr(text, '\\'));)
        memmove(escape, escape + 1, strlen(escape));
}

/* What the options of a command look like in its section: "Options:" and lines of names. */
static void read_manual_command(const char *command, char *usage, struct list *options)
{
    char line[LINE_SIZE], text[LINE_SIZE], heading[LINE_SIZE];
    (void)snprintf(heading, sizeof heading, ".Ss %s\n", command);
    FILE *manual = open_manual(heading);
    bool listed = false;
    *usage = '\0';
    while (fgets(line, sizeof line, manual) && strncmp(line, ".Ss", 3) != 0 &&
           strncmp(line, ".Sh", 3) != 0) {
        if (strncmp(line, ".D1 Nm", 6) == 0 && !*usage)
            render(line, usage);
        else if (strcmp(line, "Options:\n") == 0)
            listed = true;
        else if (listed && strncmp(line, ".Fl ", 4) == 0) {
            render(line, text);
            for (char *name = strtok(text, " ,."); name; name = strtok(NULL, " ,."))
                list_add(options, name, strlen(name));
        }
    }
    (void)fclose(manual);
}

/* "--batch" of "-b, --batch N", and "--resume" of "--resume[=RUN]". */
static void shorten(const struct list *long_list, struct list *names)
{
    for (size_t index = 0; index < long_list->count; index++) {
        const char *name = strstr(long_list->items[index], "--");
        assert_non_null(name);
        list_add(names, name, strcspn(name, " [="));
    }
}

static void the_options_of_help_and_man_page_are_the_same(void **state)
{
    (void)state;
    char line[LINE_SIZE], text[LINE_SIZE];
    struct list commands = {.count = 0}, help = {.count = 0}, manual = {.count = 0};
    read_commands(&commands);
    for (size_t index = 0; index < commands.count; index++) {
        struct run *run = help_of(commands.items[index]);
        read_column(&help, run->out, "\nOptions");
        run_free(run);
    }
    FILE *file = open_manual(".Sh OPTIONS\n");
    while (fgets(line, sizeof line, file) && strncmp(line, ".Sh", 3) != 0) {
        if (strncmp(line, ".It Fl ", 7) != 0)
            continue;
        render(line, text);
        list_add(&manual, text, strlen(text));
    }
    (void)fclose(file);
    assert_true(help.count > 5);
    check_same(&help, &manual, "all commands");
}

static void each_command_has_its_section_in_the_man_page(void **state)
{
    (void)state;
    struct list commands = {.count = 0};
    read_commands(&commands);
    assert_true(commands.count >= 3);
    for (size_t index = 0; index < commands.count; index++) {
        char usage[LINE_SIZE], expected[LINE_SIZE + 32];
        struct list options = {.count = 0}, help = {.count = 0}, names = {.count = 0};
        struct run *run = help_of(commands.items[index]);
        read_column(&help, run->out, "\nOptions");
        shorten(&help, &names);
        read_manual_command(commands.items[index], usage, &options);
        list_add(&options, "--help", strlen("--help")); /* of every command */
        list_add(&options, "--version", strlen("--version"));
        check_same(&names, &options, commands.items[index]);
        (void)snprintf(expected, sizeof expected, "Usage: fmnist-tui %s\n", usage);
        run->out[strlen(expected)] = '\0';
        assert_string_equal(run->out, expected);
        run_free(run);
    }
}

static void the_man_page_has_no_command_that_is_not_there(void **state)
{
    (void)state;
    char line[LINE_SIZE];
    struct list commands = {.count = 0}, sections = {.count = 0};
    read_commands(&commands);
    FILE *manual = open_manual(".Sh COMMANDS\n");
    while (fgets(line, sizeof line, manual) && strncmp(line, ".Sh", 3) != 0)
        if (strncmp(line, ".Ss ", 4) == 0)
            list_add(&sections, line + 4, strcspn(line + 4, "\n"));
    (void)fclose(manual);
    check_same(&commands, &sections, "the program");
}

static void help_without_a_command_has_the_options_of_the_dashboard(void **state)
{
    (void)state;
    struct list all = {.count = 0}, dashboard = {.count = 0};
    struct run *run = help_of("");
    read_column(&all, run->out, "\nOptions");
    run_free(run);
    run = help_of("dashboard");
    read_column(&dashboard, run->out, "\nOptions");
    run_free(run);
    check_same(&all, &dashboard, "the dashboard");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_options_of_help_and_man_page_are_the_same),
        cmocka_unit_test(each_command_has_its_section_in_the_man_page),
        cmocka_unit_test(the_man_page_has_no_command_that_is_not_there),
        cmocka_unit_test(help_without_a_command_has_the_options_of_the_dashboard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
