// SPDX-License-Identifier: MIT
#include "tui/figures.h"

#include <stdio.h>
#include <string.h>

#include "fmnist/train/statistics.h"
#include "tui/chart.h"
#include "tui/title.h"

enum { LABEL_COLUMNS = 13, VALUE_COLUMNS_MAX = 18, TEXT_SIZE = 48 };

/* What a line of the table says of a learner that was started. */
typedef void (*figure_writer)(const struct scene *scene, const struct learner_snapshot *learner,
                              double argument, char text[TEXT_SIZE]);

double figures_seconds_to(const struct learner_snapshot *learner, double accuracy)
{
    for (size_t index = 0; index < learner->epoch_points; index++) {
        const struct epoch_point *point = history_epoch(learner->history, index);
        if ((double)point->accuracy >= accuracy)
            return (double)point->seconds;
    }
    return -1;
}

/* With a tenth of a second below a minute, like a clock above. */
static void write_seconds(double seconds, char text[TEXT_SIZE])
{
    if (seconds < 59.95)
        (void)snprintf(text, TEXT_SIZE, "%.1f s", seconds);
    else
        (void)title_duration(seconds, text, TEXT_SIZE);
}

static void write_best(const struct scene *scene, const struct learner_snapshot *learner,
                       double argument, char text[TEXT_SIZE])
{
    (void)argument;
    bool utf8 = scene->look.glyphs & GLYPHS_SIGNS;
    size_t images = scene->snapshot->validation_count;
    if (learner->best_epoch == 0 || images == 0)
        (void)snprintf(text, TEXT_SIZE, "not yet");
    else
        (void)snprintf(text, TEXT_SIZE, "%.2f %s%.2f", 100 * learner->best_accuracy,
                       utf8 ? "\302\261 " : "+-",
                       100 * statistics_two_errors(learner->best_accuracy, images));
}

static void write_time_to(const struct scene *scene, const struct learner_snapshot *learner,
                          double accuracy, char text[TEXT_SIZE])
{
    (void)scene;
    double seconds = figures_seconds_to(learner, accuracy);
    if (seconds < 0)
        (void)snprintf(text, TEXT_SIZE, "not yet");
    else
        write_seconds(seconds, text);
}

static void write_rate(const struct scene *scene, const struct learner_snapshot *learner,
                       double argument, char text[TEXT_SIZE])
{
    (void)scene;
    (void)argument;
    if (learner->images_per_second > 0)
        (void)snprintf(text, TEXT_SIZE, "%.0f", learner->images_per_second);
    else
        (void)snprintf(text, TEXT_SIZE, "not yet");
}

static void write_parameters(const struct scene *scene, const struct learner_snapshot *learner,
                             double argument, char text[TEXT_SIZE])
{
    (void)scene;
    (void)argument;
    size_t count = learner->weight_count;
    if (count >= 1000000)
        (void)snprintf(text, TEXT_SIZE, "%zu,%03zu,%03zu", count / 1000000, count / 1000 % 1000,
                       count % 1000);
    else if (count >= 1000)
        (void)snprintf(text, TEXT_SIZE, "%zu,%03zu", count / 1000, count % 1000);
    else
        (void)snprintf(text, TEXT_SIZE, "%zu", count);
}

static void write_epochs(const struct scene *scene, const struct learner_snapshot *learner,
                         double argument, char text[TEXT_SIZE])
{
    (void)scene;
    (void)argument;
    double epochs = (double)learner->step / (double)learner->steps_per_epoch;
    (void)snprintf(text, TEXT_SIZE, "%.1f of %zu", epochs, learner->epochs);
}

static void write_time(const struct scene *scene, const struct learner_snapshot *learner,
                       double argument, char text[TEXT_SIZE])
{
    (void)scene;
    (void)argument;
    write_seconds(learner->train_seconds, text);
}

static const struct figure {
    const char *label;
    figure_writer write;
    double argument;
} FIGURES[] = {
    {"accuracy %", write_best, 0},       {"80 % after", write_time_to, 0.80},
    {"85 % after", write_time_to, 0.85}, {"88 % after", write_time_to, 0.88},
    {"90 % after", write_time_to, 0.90}, {"images/s", write_rate, 0},
    {"parameters", write_parameters, 0}, {"epochs", write_epochs, 0},
    {"training time", write_time, 0},
};

enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };

_Static_assert((int)FIGURE_COUNT + 1 == (int)FIGURES_ROWS, "a head and a row a figure");

/* A column's name with the mark that its evaluations have in the charts. */
static void draw_head(const struct scene *scene, size_t model, struct canvas *canvas,
                      struct rect column)
{
    const struct learner_snapshot *learner = &scene->snapshot->learners[model];
    const struct style style = {.foreground = model % 2 ? PAINT_VALIDATION : PAINT_TRAIN,
                                .attributes = CELL_BOLD};
    int left = column.column + column.columns - text_columns(learner->title);
    canvas_text(canvas, column, column.row, left, style, learner->title);
    if (learner->started)
        canvas_put(canvas, column, column.row, left - 2, chart_mark(model, &scene->look), style);
}

static void draw_column(const struct scene *scene, size_t model, struct canvas *canvas,
                        struct rect column)
{
    const struct learner_snapshot *learner = &scene->snapshot->learners[model];
    bool utf8 = scene->look.glyphs & GLYPHS_SIGNS;
    draw_head(scene, model, canvas, column);
    for (int row = 0; row < FIGURE_COUNT; row++) {
        char text[TEXT_SIZE] = "";
        if (learner->started)
            FIGURES[row].write(scene, learner, FIGURES[row].argument, text);
        else
            (void)snprintf(text, sizeof text, "%s", utf8 ? "\302\267" : ".");
        bool known = learner->started && strcmp(text, "not yet") != 0;
        canvas_text(canvas, column, column.row + 1 + row,
                    column.column + column.columns - text_columns(text),
                    (struct style){.foreground = known ? PAINT_DEFAULT : PAINT_FAINT}, text);
    }
}

void figures_draw(const struct scene *scene, struct model_pair pair, struct canvas *canvas,
                  struct rect area)
{
    int columns = (area.columns - LABEL_COLUMNS) / 2;
    columns = columns < VALUE_COLUMNS_MAX ? columns : VALUE_COLUMNS_MAX;
    struct rect column = {area.row, area.column + LABEL_COLUMNS, area.rows, columns};
    for (int row = 0; row < FIGURE_COUNT; row++)
        canvas_text(canvas, area, area.row + 1 + row, area.column,
                    (struct style){.foreground = PAINT_RULE}, FIGURES[row].label);
    draw_column(scene, pair.first, canvas, column);
    column.column += columns;
    draw_column(scene, pair.second, canvas, column);
}
