// SPDX-License-Identifier: MIT
/* The command `runs`: what is in the store. */
#include "cli/runs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/command.h"
#include "tui/print.h"

enum { NAME_PLACE = 2 };

/* What an action works on. */
struct action {
    const struct options *options;
    struct store *store;
    char *const *words; /* after the action's own */
    size_t count;
};

/* For completions: each run's number, and its name where it has one. */
static void write_names(const struct run_table *table)
{
    for (size_t place = 0; place < table->shown; place++) {
        const struct run_row *run = run_table_at(table, place);
        (void)printf("%" PRId64 "\n", run->id);
        if (*run->name)
            (void)printf("%s\n", run->name);
    }
}

/* The words behind `list` as one filter. */
static bool set_filter(struct run_table *table, const struct action *action, struct error *err)
{
    char filter[RUN_FILTER_SIZE] = "";
    for (size_t index = 0; index < action->count; index++) {
        size_t used = strlen(filter);
        (void)snprintf(filter + used, sizeof filter - used, "%s ", action->words[index]);
    }
    return run_table_set_filter(table, filter, err);
}

static bool write_list(const struct action *action, const struct run_table *table,
                       struct error *err)
{
    const struct look look = print_look(stdout, &action->options->app);
    if (action->options->json)
        return runs_write_list_json(stdout, table, err);
    if (!action->options->names)
        return runs_write_list(stdout, table, &look, err);
    write_names(table);
    return true;
}

static bool list(const struct action *action, struct error *err)
{
    struct run_table table = {.count = 0};
    struct run_row *runs;
    size_t count;
    bool good = store_list_runs(action->store, &runs, &count, err) &&
                run_table_take(&table, runs, count, err) && set_filter(&table, action, err) &&
                write_list(action, &table, err);
    run_table_clear(&table);
    return good;
}

static bool read_report(struct store *store, struct run_report *report, struct error *err)
{
    int64_t id = report->row.id;
    return store_list_evaluations(store, id, &report->evaluations, &report->evaluation_count,
                                  err) &&
           store_list_events(store, id, &report->events, &report->event_count, err) &&
           store_list_checkpoints(store, id, &report->checkpoints, &report->checkpoint_count, err);
}

static bool show(const struct action *action, struct error *err)
{
    struct run_report report = {.evaluations = NULL};
    bool good =
        store_find_run(action->store, action->words[0], &report.row, err) &&
        read_report(action->store, &report, err) &&
        (action->options->json ? runs_write_report_json : runs_write_report)(stdout, &report, err);
    free(report.evaluations);
    free(report.events);
    free(report.checkpoints);
    return good;
}

/* The runs that the words name, in their order; the caller frees them. */
static struct run_row *find_all(const struct action *action, struct error *err)
{
    struct run_row *runs = memory_array(action->count, sizeof *runs, err);
    bool good = runs;
    for (size_t index = 0; good && index < action->count; index++)
        good = store_find_run(action->store, action->words[index], &runs[index], err);
    if (good)
        return runs;
    free(runs);
    return NULL;
}

/* Asks on the terminal whether a run is to be deleted. */
static bool is_confirmed(const struct run_row *run)
{
    char line[16] = "";
    (void)fprintf(stderr, "Delete run %" PRId64 "%s%s, its curves and its checkpoints? [y/N] ",
                  run->id, *run->name ? " " : "", run->name);
    (void)fflush(stderr);
    return fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
}

static bool remove_runs(const struct action *action, const struct run_row *runs, struct error *err)
{
    for (size_t index = 0; index < action->count; index++)
        if ((action->options->force || is_confirmed(&runs[index])) &&
            !store_remove_run(action->store, runs[index].id, err))
            return false;
    return true;
}

/* All or, where one of them is not there, none. */
static bool remove_all(const struct action *action, struct error *err)
{
    if (!action->options->force && !isatty(STDIN_FILENO)) {
        error_set(err, ERROR_USAGE, "runs rm asks on a terminal; elsewhere it needs --force");
        return false;
    }
    struct run_row *runs = find_all(action, err);
    bool good = runs && remove_runs(action, runs, err);
    free(runs);
    return good;
}

static bool rename_run(const struct action *action, struct error *err)
{
    struct run_row run;
    return store_find_run(action->store, action->words[0], &run, err) &&
           store_rename_run(action->store, run.id, action->words[1], err);
}

static bool write_comparison(const struct action *action, const struct run_row *runs,
                             struct error *err)
{
    const struct run_row **pointers = memory_array(action->count, sizeof *pointers, err);
    if (!pointers)
        return false;
    for (size_t index = 0; index < action->count; index++)
        pointers[index] = &runs[index];
    bool good = (action->options->json ? runs_write_comparison_json : runs_write_comparison)(
        stdout, pointers, action->count, err);
    free(pointers);
    return good;
}

static bool compare(const struct action *action, struct error *err)
{
    struct run_row *runs = find_all(action, err);
    bool good = runs && write_comparison(action, runs, err);
    free(runs);
    return good;
}

static const struct {
    const char *name, *form;
    size_t least, most; /* words after it */
    enum store_mode mode;
    bool (*run)(const struct action *action, struct error *err);
} ACTIONS[] = {
    {"list", "list [WORD...]", 0, COMMAND_ARGUMENTS_ANY, STORE_READ, list},
    {"show", "show RUN", 1, 1, STORE_READ, show},
    {"rm", "rm RUN...", 1, COMMAND_ARGUMENTS_ANY, STORE_WRITE, remove_all},
    {"rename", "rename RUN NAME", NAME_PLACE, NAME_PLACE, STORE_WRITE, rename_run},
    {"compare", "compare RUN RUN...", 2, COMMAND_ARGUMENTS_ANY, STORE_READ, compare},
};

enum { ACTION_COUNT = sizeof ACTIONS / sizeof *ACTIONS };

/* The number of the action that was named, the first where none was. */
static bool find_action(const struct options *options, size_t *number, struct error *err)
{
    const char *word = options->argument_count > 0 ? options->arguments[0] : ACTIONS[0].name;
    for (*number = 0; *number < ACTION_COUNT; ++*number)
        if (strcmp(ACTIONS[*number].name, word) == 0)
            break;
    size_t words = options->argument_count > 0 ? options->argument_count - 1 : 0;
    if (*number == ACTION_COUNT)
        error_set(err, ERROR_USAGE, "runs cannot '%.64s': give list, show, rm, rename or compare",
                  word);
    else if (words < ACTIONS[*number].least || words > ACTIONS[*number].most)
        error_set(err, ERROR_USAGE, "it is: runs %s", ACTIONS[*number].form);
    else
        return true;
    return false;
}

/* Whether there is anything to change: opening to write makes a store where there is none. */
static bool holds_run(const struct options *options, const char *word, struct error *err)
{
    struct run_row run;
    struct store *store = store_open(options->store_directory, STORE_READ, err);
    bool found = store && store_find_run(store, word, &run, err);
    store_close(store);
    return found;
}

static int runs_run(const struct options *options)
{
    struct error err = {0};
    size_t number;
    if (!find_action(options, &number, &err) ||
        (ACTIONS[number].mode == STORE_WRITE && !holds_run(options, options->arguments[1], &err)))
        return command_fail(&err);
    struct action action = {.options = options,
                            .store =
                                store_open(options->store_directory, ACTIONS[number].mode, &err)};
    if (options->argument_count > 0) {
        action.words = options->arguments + 1;
        action.count = options->argument_count - 1;
    }
    bool good = action.store && ACTIONS[number].run(&action, &err);
    store_close(action.store);
    return good ? STATUS_DONE : command_fail(&err);
}

const struct command COMMAND_RUNS = {
    .name = "runs",
    .summary = "list, show, compare, rename or delete stored runs",
    .arguments = "[list|show|rm|rename|compare] [RUN...]",
    .least = 0,
    .most = COMMAND_ARGUMENTS_ANY,
    .options = "json names force store ascii glyphs color background",
    .run = runs_run,
};
