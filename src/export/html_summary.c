// SPDX-License-Identifier: MIT
#include "export/html_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "export/number.h"
#include "fmnist/train/statistics.h"

enum { LABEL_SIZE = 64 };

/* A figure in large letters with what it is below; `format` makes what comes after its number. */
static void write_tile(struct buffer *out, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void write_tile(struct buffer *out, const char *label, const char *format, ...)
{
    va_list args;
    buffer_text(out, "<div><b>");
    va_start(args, format);
    html_print(out, format, args);
    va_end(args);
    buffer_text(out, "</b><span class=\"soft\">");
    html_text(out, label);
    buffer_text(out, "</span></div>\n");
}

/* Accuracy with two standard errors, where the number of images is known. */
static void write_accuracy(struct buffer *out, const char *label, double accuracy, size_t count)
{
    if (count == 0) {
        write_tile(out, label, "%.2f %%", 100 * accuracy);
        return;
    }
    buffer_print(out, "<div><b>%.2f <small>\xC2\xB1 %.2f %%</small></b><span class=\"soft\">",
                 100 * accuracy, 100 * statistics_two_errors(accuracy, count));
    html_text(out, label);
    buffer_text(out, "</span></div>\n");
}

static void write_tiles(struct buffer *out, const struct export_run *run)
{
    const struct run_row *row = &run->row;
    const struct run_evaluation *test = export_run_figures(run, EVALUATION_TEST);
    char label[LABEL_SIZE], duration[NUMBER_SIZE];
    buffer_text(out, "<div class=\"tiles\">\n");
    if (test)
        write_accuracy(out, "test accuracy", test->accuracy, test->count);
    if (row->best_epoch > 0) {
        (void)snprintf(label, sizeof label, "best validation accuracy, epoch %zu", row->best_epoch);
        write_accuracy(out, label, row->best_accuracy, row->validation_count);
    }
    (void)snprintf(label, sizeof label, "epochs, %" PRIu64 " steps", row->step);
    write_tile(out, label, "%.4g of %zu", row->epochs_done, row->epochs);
    write_tile(out, "of training and evaluation", "%s", number_duration(row->seconds, duration));
    if (row->images_per_second > 0)
        write_tile(out, "images a second, training", "%.0f", row->images_per_second);
    buffer_text(out, "</div>\n");
    if (test || row->best_epoch > 0)
        buffer_text(out, "<p class=\"soft\">\xC2\xB1: two standard errors (binomial).</p>\n");
}

static void write_setting(struct buffer *out, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void write_setting(struct buffer *out, const char *name, const char *format, ...)
{
    va_list args;
    buffer_print(out, "<tr><th scope=\"row\">%s</th><td>", name);
    va_start(args, format);
    html_print(out, format, args);
    va_end(args);
    buffer_text(out, "</td></tr>\n");
}

static void write_settings(struct buffer *out, const struct export_run *run)
{
    const struct run_row *row = &run->row;
    char started[NUMBER_SIZE], ended[NUMBER_SIZE];
    buffer_text(out,
                "<section><h2>Settings</h2>\n<div class=\"wide\"><table class=\"settings\">\n");
    write_setting(out, "network", "%s, %zu parameters", export_run_model(run), row->weight_count);
    write_setting(out, "optimizer", "Adam, learning rate %.6g, batches of %zu",
                  row->initial_learning_rate, row->batch);
    if (row->learning_rate != row->initial_learning_rate)
        write_setting(out, "learning rate at the end", "%.6g", row->learning_rate);
    write_setting(out, "seed", "%" PRIu64, row->seed);
    write_setting(
        out, "data set", "%s: %zu images to train on, %zu to validate, %zu to test; from %s",
        row->data_name, row->train_count, row->validation_count, row->test_count, row->data_source);
    write_setting(out, "its SHA-256", "%s", row->data_sha256);
    write_setting(out, "started", "%s", number_moment(row->started_at, started));
    if (row->ended_at > 0)
        write_setting(out, "ended", "%s", number_moment(row->ended_at, ended));
    if (row->resumes > 0)
        write_setting(out, "resumed", "%u times", row->resumes);
    write_setting(out, "machine", "%s, %u threads, %s kernels, OpenBLAS core %s", row->host,
                  row->threads, row->isa, row->blas_core);
    write_setting(out, "program", "%s %s", PACKAGE_NAME, row->program);
    buffer_text(out, "</table></div></section>\n");
}

void html_summary(struct buffer *out, const struct export_run *run)
{
    const struct run_row *row = &run->row;
    buffer_print(out, "<h1>Run %" PRId64, row->id);
    if (row->name[0]) {
        buffer_text(out, ", ");
        html_text(out, row->name);
    }
    buffer_text(out, "</h1>\n<p>");
    html_text(out, export_run_model(run));
    buffer_text(out, " on ");
    html_text(out, row->data_name);
    buffer_print(out, ", %s", run_state_name(row->state));
    if (row->message[0]) {
        buffer_text(out, ": ");
        html_text(out, row->message);
    }
    buffer_text(out, "</p>\n");
    write_tiles(out, run);
    write_settings(out, run);
}
