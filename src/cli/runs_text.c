// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "cli/runs.h"
#include "fmnist/store/run_facts.h"
#include "tui/print.h"
#include "tui/run_list.h"

enum { LIST_ROWS_MAX = 1000, FILE_COLUMNS = 200, CANVAS_COLUMNS_MAX = 1000, TEXT_SIZE = 64 };
enum { LABEL_COLUMNS = 14, CELL_GAP = 2 };

/* The terminal's columns; plenty where nobody looks. */
static int columns_of(FILE *out)
{
    int columns = isatty(fileno(out)) ? print_columns(out) : FILE_COLUMNS;
    return columns < CANVAS_COLUMNS_MAX ? columns : CANVAS_COLUMNS_MAX;
}

/* A canvas holds so many rows at most: a long list has several heads. */
bool runs_write_list(FILE *out, const struct run_table *table, const struct look *look,
                     struct error *err)
{
    if (table->shown == 0)
        (void)fputs(table->count ? "no run is like that\n" : "no runs are stored\n", out);
    for (size_t from = 0; from < table->shown; from += LIST_ROWS_MAX - 1) {
        size_t rows = table->shown - from + 1;
        struct canvas *canvas =
            canvas_create(rows < LIST_ROWS_MAX ? (int)rows : LIST_ROWS_MAX, columns_of(out), err);
        if (!canvas)
            return false;
        run_list_draw_from(table, from, canvas, look);
        print_canvas(out, canvas, look);
        canvas_destroy(canvas);
    }
    return true;
}

static bool check_written(FILE *out, struct error *err)
{
    if (!ferror(out))
        return true;
    error_set_errno(err, errno, "cannot write the result");
    return false;
}

static void write_facts(FILE *out, const struct run_row *run)
{
    const struct run_fact *fact;
    (void)fprintf(out, "%-*s%" PRId64 "\n", LABEL_COLUMNS, "run", run->id);
    if (*run->name)
        (void)fprintf(out, "%-*s%s\n", LABEL_COLUMNS, "name", run->name);
    for (size_t index = 0; (fact = run_fact(index)); index++) {
        char text[RUN_FACT_SIZE];
        fact->write(run, text, sizeof text);
        if (*text)
            (void)fprintf(out, "%-*s%s\n", LABEL_COLUMNS, fact->label, text);
    }
}

static void write_evaluations(FILE *out, const struct run_report *report)
{
    if (report->evaluation_count > 0)
        (void)fprintf(out, "\n%-12s %8s %10s %10s %10s\n", "evaluation", "epoch", "step", "loss",
                      "accuracy");
    for (size_t index = 0; index < report->evaluation_count; index++) {
        const struct run_evaluation *evaluation = &report->evaluations[index];
        (void)fprintf(out, "%-12s %8.4g %10" PRIu64 " %10.4g %8.2f %%\n",
                      evaluation->part == EVALUATION_TEST ? "test" : "validation",
                      evaluation->epoch, evaluation->step, evaluation->loss,
                      100 * evaluation->accuracy);
    }
}

static void write_event(FILE *out, const struct run_event *event)
{
    char moment[TEXT_SIZE];
    run_write_moment(event->at, moment, sizeof moment);
    (void)fprintf(out, "%-18s %-12s %8" PRIu64, moment, event->kind, event->step);
    if (event->before > 0 || event->after > 0)
        (void)fprintf(out, "  %.6g to %.6g", event->before, event->after);
    (void)fprintf(out, "%s%s\n", *event->detail ? "  " : "", event->detail);
}

static void write_events(FILE *out, const struct run_report *report)
{
    if (report->event_count > 0)
        (void)fprintf(out, "\n%-18s %-12s %8s\n", "time", "event", "step");
    for (size_t index = 0; index < report->event_count;) {
        struct run_event event;
        index += run_events_sum_up(&report->events[index], report->event_count - index, &event);
        write_event(out, &event);
    }
}

static void write_checkpoints(FILE *out, const struct run_report *report)
{
    if (report->checkpoint_count > 0)
        (void)fprintf(out, "\n%-18s %8s %8s %10s  %s\n", "saved", "epoch", "step", "bytes",
                      "checkpoint");
    for (size_t index = 0; index < report->checkpoint_count; index++) {
        const struct run_checkpoint *checkpoint = &report->checkpoints[index];
        char moment[TEXT_SIZE];
        run_write_moment(checkpoint->saved_at, moment, sizeof moment);
        (void)fprintf(out, "%-18s %8.4g %8" PRIu64 " %10" PRIu64 "  %s%s\n", moment,
                      checkpoint->epoch, checkpoint->step, checkpoint->bytes, checkpoint->stem,
                      checkpoint->best ? ", best" : "");
    }
}

bool runs_write_report(FILE *out, const struct run_report *report, struct error *err)
{
    write_facts(out, &report->row);
    write_evaluations(out, report);
    write_events(out, report);
    write_checkpoints(out, report);
    return check_written(out, err);
}

/* Columns of text in a comparison. */
struct comparison {
    const struct run_row *const *runs;
    size_t count;       /* all of them */
    size_t from, shown; /* those side by side */
    int width;          /* of each */
};

static void write_cell(FILE *out, const struct comparison *comparison, const char *text)
{
    int spare = comparison->width - text_columns(text);
    (void)fprintf(out, "%*s%s", CELL_GAP + (spare > 0 ? spare : 0), "", text);
}

static void write_heads(FILE *out, const struct comparison *comparison)
{
    (void)fprintf(out, "%-*s", LABEL_COLUMNS, "run");
    for (size_t number = 0; number < comparison->shown; number++) {
        char text[TEXT_SIZE];
        (void)snprintf(text, sizeof text, "%" PRId64,
                       comparison->runs[comparison->from + number]->id);
        write_cell(out, comparison, text);
    }
    (void)fputc('\n', out);
}

static void write_fact(FILE *out, const struct comparison *comparison, const char *label,
                       void (*write)(const struct run_row *run, char *text, size_t size))
{
    (void)fprintf(out, "%-*s", LABEL_COLUMNS, label);
    for (size_t number = 0; number < comparison->shown; number++) {
        char text[RUN_FACT_SIZE];
        write(comparison->runs[comparison->from + number], text, sizeof text);
        write_cell(out, comparison, text);
    }
    (void)fputc('\n', out);
}

static bool is_shown(const struct comparison *comparison, const struct run_fact *fact)
{
    return run_fact_compared(fact, comparison->runs, comparison->count);
}

static void write_facts_shown(FILE *out, const struct comparison *comparison)
{
    const struct run_fact *fact;
    write_heads(out, comparison);
    write_fact(out, comparison, "name", run_write_name);
    for (size_t index = 0; (fact = run_fact(index)); index++)
        if (is_shown(comparison, fact))
            write_fact(out, comparison, fact->label, fact->write);
}

/* As wide as the longest text that is shown. */
static int cell_columns(const struct comparison *comparison)
{
    const struct run_fact *fact;
    int widest = 1;
    for (size_t number = 0; number < comparison->count; number++) {
        char text[RUN_FACT_SIZE];
        run_write_name(comparison->runs[number], text, sizeof text);
        widest = text_columns(text) > widest ? text_columns(text) : widest;
        for (size_t index = 0; (fact = run_fact(index)); index++) {
            fact->write(comparison->runs[number], text, sizeof text);
            if (is_shown(comparison, fact) && text_columns(text) > widest)
                widest = text_columns(text);
        }
    }
    return widest;
}

bool runs_write_comparison(FILE *out, const struct run_row *const *runs, size_t count,
                           struct error *err)
{
    struct comparison comparison = {.runs = runs, .count = count};
    comparison.width = cell_columns(&comparison);
    int fit = (columns_of(out) - LABEL_COLUMNS) / (comparison.width + CELL_GAP);
    for (size_t room = fit > 0 ? (size_t)fit : 1; comparison.from < count;
         comparison.from += room) {
        size_t left = count - comparison.from;
        comparison.shown = left < room ? left : room;
        if (comparison.from > 0)
            (void)fputc('\n', out);
        write_facts_shown(out, &comparison);
    }
    return check_written(out, err);
}
