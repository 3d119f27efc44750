// SPDX-License-Identifier: MIT
#include "export/html_parts.h"

#include <inttypes.h>
#include <math.h>

#include "export/number.h"

enum { ROWS_MAX = 500 };

/* Heads of columns, NULL after the last; the table is folded behind its title. */
static void begin_table(struct buffer *out, const char *title, size_t left_out,
                        const char *const *heads)
{
    buffer_print(out, "<details><summary>%s</summary>", title);
    if (left_out > 0)
        buffer_print(out, "<p class=\"soft\">The first %zu are left out.</p>", left_out);
    buffer_text(out, "<div class=\"wide\"><table><thead><tr>");
    for (; *heads; heads++)
        buffer_print(out, "<th scope=\"col\">%s</th>", *heads);
    buffer_text(out, "</tr></thead><tbody>\n");
}

static void end_table(struct buffer *out)
{
    buffer_text(out, "</tbody></table></div></details>\n");
}

static size_t rows_left_out(size_t count)
{
    return count > ROWS_MAX ? count - ROWS_MAX : 0;
}

static void write_number(struct buffer *out, const char *format, double value)
    __attribute__((format(printf, 2, 0)));

static void write_number(struct buffer *out, const char *format, double value)
{
    buffer_text(out, "<td>");
    if (isfinite(value))
        buffer_print(out, format, value);
    else
        buffer_text(out, "not finite");
    buffer_text(out, "</td>");
}

void html_epochs(struct buffer *out, const struct export_run *run)
{
    static const char *const heads[] = {"epoch",
                                        "step",
                                        "s of training",
                                        "learning rate",
                                        "training loss",
                                        "training accuracy %",
                                        "validation loss",
                                        "validation accuracy %",
                                        NULL};
    size_t first = rows_left_out(run->counts.epochs);
    if (run->counts.epochs == 0)
        return;
    begin_table(out, "Evaluations as a table", first, heads);
    for (size_t index = first; index < run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(run->history, index);
        buffer_text(out, "<tr>");
        write_number(out, "%.4g", (double)point->epoch);
        write_number(out, "%.0f", (double)point->step);
        write_number(out, "%.1f", (double)point->seconds);
        write_number(out, "%.6g", (double)point->learning_rate);
        write_number(out, "%.4f", (double)point->train_loss);
        write_number(out, "%.2f", 100 * (double)point->train_accuracy);
        write_number(out, "%.4f", (double)point->loss);
        write_number(out, "%.2f", 100 * (double)point->accuracy);
        buffer_text(out, "</tr>\n");
    }
    end_table(out);
}

static void write_event(struct buffer *out, const struct run_event *event)
{
    char moment[NUMBER_SIZE];
    buffer_print(out, "<tr><td>%s</td><td>%" PRIu64 "</td><td class=\"text\">",
                 number_moment(event->at, moment), event->step);
    html_text(out, event->kind);
    buffer_text(out, "</td><td class=\"text\">");
    if (event->after > 0)
        buffer_print(out, "%.6g to %.6g ", event->before, event->after);
    html_text(out, event->detail);
    buffer_text(out, "</td></tr>\n");
}

/* Sums up the events from that place on; returns the place after them. */
static size_t next_event(const struct export_run *run, size_t place, struct run_event *event)
{
    return place + run_events_sum_up(&run->events[place], run->event_count - place, event);
}

static size_t event_rows(const struct export_run *run)
{
    struct run_event event;
    size_t rows = 0;
    for (size_t place = 0; place < run->event_count; place = next_event(run, place, &event))
        rows++;
    return rows;
}

void html_events(struct buffer *out, const struct export_run *run)
{
    static const char *const heads[] = {"at (UTC)", "step", "event", "", NULL};
    struct run_event event;
    size_t first = rows_left_out(event_rows(run));
    buffer_text(out, "<section><h2>Events</h2>\n");
    if (run->event_count == 0) {
        buffer_text(out, "<p>None.</p></section>\n");
        return;
    }
    begin_table(out, "What happened", first, heads);
    for (size_t place = 0, row = 0; place < run->event_count; row++) {
        place = next_event(run, place, &event);
        if (row >= first)
            write_event(out, &event);
    }
    end_table(out);
    buffer_text(out, "</section>\n");
}
