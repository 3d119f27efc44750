// SPDX-License-Identifier: MIT
#include "tui/title.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { ITEM_SIZE = 64, ITEMS_MAX = 12, ITEM_GAP = 2, DURATION_SIZE = 16, RATE_SIZE = 16 };

/* A row of short texts. Those of the highest rank go first when there is no room. */
struct item {
    char text[ITEM_SIZE];
    int rank;
    struct style style;
};

struct row {
    struct item items[ITEMS_MAX];
    int count;
};

static const char *const STATES[] = {
    [TRAINER_LOADING] = "loading",       [TRAINER_TRAINING] = "training",
    [TRAINER_EVALUATING] = "evaluating", [TRAINER_PAUSED] = "paused",
    [TRAINER_WAITING] = "waiting",       [TRAINER_FINISHED] = "finished",
    [TRAINER_STOPPED] = "stopped",       [TRAINER_FAILED] = "failed",
};

int title_rows(int rows, int columns)
{
    return rows < 24 || columns < 80 ? 1 : 2;
}

const char *title_state(enum trainer_state state)
{
    return STATES[state];
}

char *title_duration(double seconds, char *text, size_t size)
{
    unsigned long whole = seconds > 0 ? (unsigned long)fmin(seconds, 1e8) : 0;
    unsigned long hours = whole / 3600, minutes = whole / 60 % 60;
    if (!(seconds >= 0))
        (void)snprintf(text, size, "--:--");
    else if (hours > 0)
        (void)snprintf(text, size, "%lu:%02lu:%02lu", hours, minutes, whole % 60);
    else
        (void)snprintf(text, size, "%lu:%02lu", minutes, whole % 60);
    return text;
}

static void add(struct row *row, int rank, struct style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void add(struct row *row, int rank, struct style style, const char *format, ...)
{
    struct item *item = &row->items[row->count++];
    *item = (struct item){.rank = rank, .style = style};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(item->text, sizeof item->text, format, args);
    va_end(args);
}

static int columns_up_to(const struct row *row, int rank)
{
    int columns = -ITEM_GAP;
    for (int index = 0; index < row->count; index++)
        if (row->items[index].rank <= rank)
            columns += ITEM_GAP + text_columns(row->items[index].text);
    return columns;
}

/* The greatest rank with which the row fits. */
static int fitting_rank(const struct row *row, int columns)
{
    int rank = 0;
    while (rank < ITEMS_MAX && columns_up_to(row, rank + 1) <= columns)
        rank++;
    return rank;
}

static void draw_row(struct canvas *canvas, struct rect area, const struct row *row)
{
    int rank = fitting_rank(row, area.columns), column = area.column;
    for (int index = 0; index < row->count; index++) {
        const struct item *item = &row->items[index];
        if (item->rank <= rank)
            column =
                canvas_text(canvas, area, area.row, column, item->style, item->text) + ITEM_GAP;
    }
}

/* The state with its mark, so that it is not told by colour alone. */
static void add_state(struct row *row, const struct snapshot *snapshot, const struct look *look)
{
    bool utf8 = look->glyphs & GLYPHS_SIGNS;
    const struct style good = {.foreground = PAINT_GOOD, .attributes = CELL_BOLD};
    const struct style still = {.foreground = PAINT_WARNING, .attributes = CELL_BOLD};
    const char *word = title_state(snapshot->state);
    if (snapshot->state == TRAINER_TRAINING)
        add(row, 2, good, "%s %s", utf8 ? "\342\226\266" : ">", word);
    else if (snapshot->state == TRAINER_PAUSED)
        add(row, 2, still, "%s %s", utf8 ? "\342\200\226" : "=", word);
    else
        add(row, 2, still, "%s", word);
}

/* Where what is shown is not trained here. */
static void add_origin(struct row *row, enum snapshot_origin origin)
{
    if (origin != SNAPSHOT_TRAINED)
        add(row, 2, (struct style){.foreground = PAINT_ACCENT},
            origin == SNAPSHOT_WATCHED ? "watched" : "replay");
}

static void add_source(struct row *row, const struct snapshot *snapshot)
{
    if (!snapshot->dataset)
        return;
    add(row, 3, (struct style){0}, "%s", dataset_name(snapshot->dataset));
    add(row, 8, (struct style){.foreground = PAINT_FAINT}, "%zu/%zu/%zu images",
        snapshot->train_count, snapshot->validation_count, snapshot->test_count);
}

/* As wide as the last step's number will be. */
static int step_columns(const struct learner_snapshot *learner)
{
    return snprintf(NULL, 0, "%zu", learner->steps_per_epoch * learner->epochs);
}

static void add_figures(struct row *row, const struct learner_snapshot *learner)
{
    const struct style plain = {0};
    char elapsed[DURATION_SIZE];
    add(row, 5, plain, "step %*llu", step_columns(learner), (unsigned long long)learner->step);
    add(row, 4, plain, "lr %.3g", learner->learning_rate);
    add(row, 7, plain, "%5s", title_duration(learner->train_seconds, elapsed, sizeof elapsed));
}

static void add_engine(struct row *row, const struct snapshot *snapshot, const struct look *look)
{
    const struct style faint = {.foreground = PAINT_FAINT};
    if (snapshot->threads > 0)
        add(row, 6, faint, "%s %s%u", isa_title(snapshot->isa),
            look->glyphs & GLYPHS_SIGNS ? "\303\227" : "x", snapshot->threads);
    add(row, 9, faint, "seed %llu", (unsigned long long)snapshot->seed);
}

/* Images per second in six columns: "  9812" or " 67.3k". */
static char *rate_text(double rate, char *text)
{
    if (rate < 9999.5)
        (void)snprintf(text, RATE_SIZE, "%6.0f", rate);
    else
        (void)snprintf(text, RATE_SIZE, "%5.1fk", rate / 1000);
    return text;
}

static void add_short_progress(struct row *row, const struct learner_snapshot *learner)
{
    const struct style plain = {0};
    add(row, 3, plain, "%zu/%zu", learner->epoch, learner->epochs);
    add(row, 4, plain, "step %llu", (unsigned long long)learner->step);
    add(row, 5, plain, "%.0f img/s", learner->images_per_second);
}

static const struct learner_snapshot *started_learner(const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    return snapshot->active < snapshot->learner_count && learner->started ? learner : NULL;
}

void title_draw(struct canvas *canvas, const struct snapshot *snapshot, const struct look *look)
{
    const struct style strong = {.foreground = PAINT_TITLE, .attributes = CELL_BOLD};
    const struct rect area = {0, 0, 1, canvas_columns(canvas)};
    const struct learner_snapshot *learner = started_learner(snapshot);
    bool single = title_rows(canvas_rows(canvas), canvas_columns(canvas)) == 1;
    struct row row = {.count = 0};
    if (!single)
        add(&row, 10, strong, "fmnist-tui");
    if (snapshot->active < snapshot->learner_count)
        add(&row, 1, strong, "%s", snapshot->learners[snapshot->active].title);
    add_state(&row, snapshot, look);
    add_origin(&row, snapshot->origin);
    if (single && learner) {
        add_short_progress(&row, learner);
    } else {
        add_source(&row, snapshot);
        if (learner)
            add_figures(&row, learner);
        add_engine(&row, snapshot, look);
        if (learner && *learner->record.run)
            add(&row, 8, (struct style){0}, "run %s", learner->record.run);
    }
    draw_row(canvas, area, &row);
}

void title_draw_progress(struct canvas *canvas, int row, int left, const struct snapshot *snapshot)
{
    const struct style plain = {0};
    const struct learner_snapshot *learner = started_learner(snapshot);
    struct row items = {.count = 0};
    char rate[RATE_SIZE], duration[DURATION_SIZE];
    if (!learner)
        return;
    if (learner->best_epoch > 0)
        add(&items, 4, plain, "best %.2f %% (epoch %zu)", 100 * learner->best_accuracy,
            learner->best_epoch);
    add(&items, 1, plain, "epoch %zu/%zu", learner->epoch, learner->epochs);
    add(&items, 2, plain, "%s img/s", rate_text(learner->images_per_second, rate));
    if (learner->eta_seconds >= 0 && !learner->finished)
        add(&items, 3, plain, "%5s left",
            title_duration(learner->eta_seconds, duration, sizeof duration));
    struct rect area = {row, left + ITEM_GAP, 1, canvas_columns(canvas) - left - ITEM_GAP};
    int columns = columns_up_to(&items, fitting_rank(&items, area.columns));
    if (columns <= 0)
        return;
    area.column += area.columns - columns;
    area.columns = columns;
    draw_row(canvas, area, &items);
}
