// SPDX-License-Identifier: MIT
#include "tui/title.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { ITEM_SIZE = 64, ITEMS_MAX = 8, ITEM_GAP = 2, DURATION_SIZE = 16 };

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
    [TRAINER_FINISHED] = "finished",     [TRAINER_STOPPED] = "stopped",
    [TRAINER_FAILED] = "failed",
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

static void draw_row(struct canvas *canvas, int row, const struct row *content)
{
    const struct rect area = {row, 0, 1, canvas_columns(canvas)};
    int rank = 0, column = 0;
    while (rank < ITEMS_MAX && columns_up_to(content, rank + 1) <= area.columns)
        rank++;
    for (int index = 0; index < content->count; index++) {
        const struct item *item = &content->items[index];
        if (item->rank <= rank)
            column = canvas_text(canvas, area, row, column, item->style, item->text) + ITEM_GAP;
    }
}

/* The state with its mark, so that it is not told by colour alone. */
static void add_state(struct row *row, const struct snapshot *snapshot, const struct look *look)
{
    bool utf8 = look->glyphs == GLYPHS_UTF8;
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

static void add_source(struct row *row, const struct snapshot *snapshot, const struct look *look)
{
    const struct style faint = {.foreground = PAINT_FAINT};
    if (snapshot->dataset) {
        add(row, 3, (struct style){0}, "%s", dataset_name(snapshot->dataset));
        add(row, 5, faint, "%zu/%zu/%zu images", snapshot->train_count, snapshot->validation_count,
            snapshot->test_count);
    }
    if (snapshot->threads > 0)
        add(row, 4, faint, "%s %s%u", isa_title(snapshot->isa),
            look->glyphs == GLYPHS_UTF8 ? "\303\227" : "x", snapshot->threads);
    add(row, 6, faint, "seed %llu", (unsigned long long)snapshot->seed);
}

static void add_progress(struct row *row, const struct learner_snapshot *learner)
{
    const struct style plain = {0};
    char elapsed[DURATION_SIZE], left[DURATION_SIZE];
    add(row, 1, plain, "epoch %zu/%zu", learner->epoch, learner->epochs);
    add(row, 2, plain, "step %llu", (unsigned long long)learner->step);
    if (learner->step > 0)
        add(row, 6, plain, "loss %#.3g", learner->train_loss);
    add(row, 5, plain, "lr %.3g", learner->learning_rate);
    add(row, 4, plain, "%5.0f img/s", learner->images_per_second);
    add(row, 3, plain, "%s", title_duration(learner->train_seconds, elapsed, sizeof elapsed));
    if (learner->eta_seconds >= 0 && !learner->finished)
        add(row, 3, plain, "%s left", title_duration(learner->eta_seconds, left, sizeof left));
}

static void add_short_progress(struct row *row, const struct learner_snapshot *learner)
{
    const struct style plain = {0};
    add(row, 3, plain, "%zu/%zu", learner->epoch, learner->epochs);
    add(row, 4, plain, "step %llu", (unsigned long long)learner->step);
    add(row, 5, plain, "%.0f img/s", learner->images_per_second);
}

void title_draw(struct canvas *canvas, const struct snapshot *snapshot, const struct look *look)
{
    const struct style strong = {.foreground = PAINT_TITLE, .attributes = CELL_BOLD};
    const struct learner_snapshot *learner =
        snapshot->active < snapshot->learner_count ? &snapshot->learners[snapshot->active] : NULL;
    bool started = learner && learner->started;
    bool single = title_rows(canvas_rows(canvas), canvas_columns(canvas)) == 1;
    struct row first = {.count = 0}, second = {.count = 0};
    if (!single)
        add(&first, 7, strong, "fmnist-tui");
    if (learner)
        add(&first, 1, strong, "%s", learner->title);
    add_state(&first, snapshot, look);
    if (single && started)
        add_short_progress(&first, learner);
    else
        add_source(&first, snapshot, look);
    draw_row(canvas, 0, &first);
    if (!single && started) {
        add_progress(&second, learner);
        draw_row(canvas, 1, &second);
    }
}
