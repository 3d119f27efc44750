// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE_MAX_COLUMNS = 200, LINE_DEFAULT_COLUMNS = 80, BAR_MAX = 30, BAR_MIN = 5 };

static const double LINE_SECONDS = 0.1; /* between two lines with a bar: calm to look at */

void progress_begin(struct progress *progress, FILE *out, size_t epochs_shown)
{
    *progress =
        (struct progress){.out = out, .live = isatty(fileno(out)), .epochs_shown = epochs_shown};
}

const char *progress_duration(double seconds, char *text, size_t size)
{
    long total = seconds < 0 ? 0 : (long)(seconds + 0.5);
    if (total >= 3600)
        (void)snprintf(text, size, "%ld:%02ld:%02ld", total / 3600, total / 60 % 60, total % 60);
    else
        (void)snprintf(text, size, "%ld:%02ld", total / 60, total % 60);
    return text;
}

static void describe_run(FILE *out, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    (void)fprintf(out,
                  "%s, %zu parameters, on %s (%s): %zu training, %zu validation, %zu test images\n",
                  learner->title, learner->weight_count, dataset_name(snapshot->dataset),
                  dataset_source(snapshot->dataset), snapshot->train_count,
                  snapshot->validation_count, snapshot->test_count);
    if (dataset_is_sample(snapshot->dataset))
        (void)fputs("This is a small sample. For the full data install the package "
                    "dataset-fashion-mnist or give --data DIR.\n",
                    out);
    (void)fprintf(
        out, "%zu epoch%s, batch %zu, Adam with learning rate %g, seed %llu, %u thread%s, %s\n",
        learner->epochs, learner->epochs == 1 ? "" : "s", snapshot->batch, learner->learning_rate,
        (unsigned long long)snapshot->seed, snapshot->threads, snapshot->threads == 1 ? "" : "s",
        isa_title(snapshot->isa));
}

static void clear_line(struct progress *progress)
{
    if (progress->line_shown)
        (void)fputs("\r\033[K", progress->out);
    progress->line_shown = false;
}

/* One line for each evaluation on the validation part that has none yet. */
static void write_epochs(struct progress *progress, const struct learner_snapshot *learner)
{
    for (; progress->epochs_shown < learner->epoch_points; progress->epochs_shown++) {
        const struct epoch_point *point = history_epoch(learner->history, progress->epochs_shown);
        char time[24];
        clear_line(progress);
        (void)fprintf(progress->out,
                      "epoch %2.0f/%zu  train loss %#.4g accuracy %.2f %%  "
                      "validation loss %#.4g accuracy %.2f %%  %.0f images/s  %s\n",
                      (double)point->epoch, learner->epochs, learner->train_loss,
                      100 * learner->train_accuracy, (double)point->loss,
                      100 * (double)point->accuracy, learner->images_per_second,
                      progress_duration((double)point->seconds, time, sizeof time));
    }
}

static int line_columns(FILE *out)
{
    struct winsize size;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return LINE_DEFAULT_COLUMNS;
    return size.ws_col < LINE_MAX_COLUMNS ? size.ws_col : LINE_MAX_COLUMNS;
}

/* How much of what is under way is done, and its name. */
static double work_done(const struct snapshot *snapshot, char *name, size_t size)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    if (snapshot->state == TRAINER_LOADING) {
        (void)snprintf(name, size, "loading ");
        return snapshot->load_progress;
    }
    if (snapshot->evaluating) {
        (void)snprintf(name, size, "%s ",
                       snapshot->evaluation_part == EVALUATION_TEST ? "testing" : "validating");
        return snapshot->evaluation_progress;
    }
    (void)snprintf(name, size, "%sepoch %zu/%zu ",
                   snapshot->state == TRAINER_PAUSED ? "paused, " : "", learner->epoch,
                   learner->epochs);
    if (learner->steps_per_epoch == 0)
        return 0;
    return (double)learner->epoch_step / (double)learner->steps_per_epoch;
}

/* The line with the bar, cut so that it never wraps, not even with the two columns that a terminal
 * echoes for Ctrl-C. */
static void write_line(struct progress *progress, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    char name[48], figures[128] = "", time[24], bar[BAR_MAX + 1], line[256];
    double done = work_done(snapshot, name, sizeof name);
    if (learner->step > 0)
        (void)snprintf(
            figures, sizeof figures, "  loss %#.3g  accuracy %.1f %%  %.0f images/s  %s left",
            learner->train_loss, 100 * learner->train_accuracy, learner->images_per_second,
            progress_duration(learner->eta_seconds, time, sizeof time));
    int columns = line_columns(progress->out) - 2;
    int room = columns - 2 - (int)(strlen(name) + strlen(figures));
    int width = room > BAR_MAX ? BAR_MAX : room < BAR_MIN ? BAR_MIN : room;
    int filled = (int)(done * width + 0.5);
    memset(bar, '.', (size_t)width);
    memset(bar, '#', (size_t)(filled < 0 ? 0 : filled > width ? width : filled));
    bar[width] = '\0';
    (void)snprintf(line, sizeof line, "%s[%s]%s", name, bar, figures);
    (void)fprintf(progress->out, "\r%.*s\033[K", columns < 1 ? 1 : columns, line);
    progress->line_shown = true;
    progress->shown_at = clock_seconds();
}

/* Says what the training waits for, when it begins to. */
static void write_waiting(struct progress *progress, const struct snapshot *snapshot)
{
    bool waits = snapshot->state == TRAINER_WAITING;
    if (waits && !progress->waits) {
        clear_line(progress);
        (void)fprintf(progress->out, "%s\n", snapshot->failure.message);
    }
    progress->waits = waits;
}

void progress_update(struct progress *progress, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    if (!progress->introduced && learner->started) {
        clear_line(progress);
        describe_run(progress->out, snapshot);
        progress->introduced = true;
    }
    if (learner->started)
        write_epochs(progress, learner);
    write_waiting(progress, snapshot);
    if (progress->live && clock_seconds() - progress->shown_at >= LINE_SECONDS)
        write_line(progress, snapshot);
    (void)fflush(progress->out);
}

void progress_end(struct progress *progress)
{
    clear_line(progress);
    (void)fflush(progress->out);
}
