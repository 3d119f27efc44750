// SPDX-License-Identifier: MIT
#include "tui/layers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/sparkline.h"

enum {
    HEAD_ROWS = 1,
    GAP = 1,
    COLUMNS_MAX = 16,
    TEXT_SIZE = 32,
    BAR_MAX = 24,
    SPARK_MAX = 16,
};

/* One cell of the table. */
struct place {
    const struct layers *layers;
    const struct anatomy_layer *layer;
    size_t number; /* of the layer */
    struct canvas *canvas;
    struct rect room;
    struct style style;
};

const char *layers_kind(const struct anatomy_layer *layer)
{
    static const char *const names[][2] = {
        {"average_pool", "avg pool"},
        {"local_response_norm", "local norm"},
        {"max_pool", "max pool"},
        {"relu", "ReLU"},
    };
    for (size_t index = 0; index < sizeof names / sizeof *names; index++)
        if (strcmp(layer->kind, names[index][0]) == 0)
            return names[index][1];
    return layer->kind;
}

double layers_share(const struct anatomy *anatomy, size_t layer)
{
    const struct anatomy_layer *timed = &anatomy->layers[layer];
    if (!(anatomy->step_seconds > 0))
        return 0;
    return (timed->forward_seconds + timed->backward_seconds) / anatomy->step_seconds;
}

static void put_left(const struct place *place, const char *text)
{
    canvas_text(place->canvas, place->room, place->room.row, place->room.column, place->style,
                text);
}

static void put_right(const struct place *place, const char *text)
{
    canvas_print(place->canvas, place->room, place->room.row, place->room.column, place->style,
                 "%*s", place->room.columns, text);
}

static void draw_number(const struct place *place)
{
    char text[TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%zu", place->number + 1);
    put_right(place, text);
}

static void draw_kind(const struct place *place)
{
    put_left(place, layers_kind(place->layer));
}

static void draw_name(const struct place *place)
{
    put_left(place, place->layer->name);
}

static void draw_output(const struct place *place)
{
    char text[TEXT_SIZE];
    struct shape shape = place->layer->output;
    if (shape.height * shape.width == 1)
        (void)snprintf(text, sizeof text, "%zu", shape.channels);
    else
        (void)snprintf(text, sizeof text, "%zux%zux%zu", shape.channels, shape.height, shape.width);
    put_right(place, text);
}

static void draw_parameters(const struct place *place)
{
    char text[TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%zu", place->layer->weight_count);
    put_right(place, place->layer->weight_count > 0 ? text : "");
}

/* A layer that is computed together with one before has no time of its own. */
static bool timed_above(const struct place *place)
{
    return place->layer->stage != place->number;
}

/* Three digits at least, and no more decimals than four columns hold. */
static void write_milliseconds(char *text, double seconds)
{
    double value = 1000 * seconds;
    (void)snprintf(text, TEXT_SIZE, "%.*f", value < 10 ? 3 : value < 100 ? 2 : 1, value);
}

static void draw_seconds(const struct place *place, double seconds)
{
    char text[TEXT_SIZE] = "";
    if (layers_share(place->layers->anatomy, place->number) > 0)
        write_milliseconds(text, seconds);
    put_right(place, timed_above(place) ? "\"" : text);
}

static void draw_forward(const struct place *place)
{
    draw_seconds(place, place->layer->forward_seconds);
}

static void draw_backward(const struct place *place)
{
    draw_seconds(place, place->layer->backward_seconds);
}

static void draw_share(const struct place *place)
{
    char text[TEXT_SIZE] = "";
    double share = layers_share(place->layers->anatomy, place->number);
    if (share > 0)
        (void)snprintf(text, sizeof text, "%.1f", 100 * share);
    put_right(place, timed_above(place) ? "\"" : text);
}

static void draw_bar(const struct place *place)
{
    double greatest = 0, share = layers_share(place->layers->anatomy, place->number);
    for (size_t number = 0; number < place->layers->anatomy->layer_count; number++)
        greatest = fmax(greatest, layers_share(place->layers->anatomy, number));
    if (timed_above(place) || !(greatest > 0))
        return;
    for (int x = 0; x < (int)(share / greatest * place->room.columns + 0.5); x++)
        canvas_put(place->canvas, place->room, place->room.row, place->room.column + x,
                   place->layers->look->glyphs & GLYPHS_SIGNS ? 0x25A0 : '=',
                   (struct style){.foreground = PAINT_TRAIN});
}

static void draw_idle(const struct place *place)
{
    char text[TEXT_SIZE];
    enum anatomy_idleness idleness = place->layer->idleness;
    if (idleness == ANATOMY_NONE || place->layers->anatomy->idle_images == 0)
        return;
    (void)snprintf(text, sizeof text, "%s %4.1f", idleness == ANATOMY_DEAD ? "dead" : "sat.",
                   100 * place->layer->idle);
    put_right(place, text);
}

/* A norm of the layer; 0: not known. */
typedef double (*norm_of)(const struct anatomy_norms *norms);

static double weight_norm(const struct anatomy_norms *norms)
{
    return (double)norms->weights;
}

static double gradient_norm(const struct anatomy_norms *norms)
{
    return (double)norms->gradients;
}

static double update_norm(const struct anatomy_norms *norms)
{
    return (double)norms->updates;
}

static double update_ratio(const struct anatomy_norms *norms)
{
    return norms->weights > 0 ? (double)(norms->updates / norms->weights) : 0;
}

static bool has_norms(const struct place *place)
{
    return place->layer->weight_count > 0 && place->layers->anatomy->norms_step > 0;
}

static void draw_norm(const struct place *place, norm_of norm)
{
    char text[TEXT_SIZE];
    if (!has_norms(place))
        return;
    double value = norm(&place->layer->norms);
    if (snprintf(text, sizeof text, "%#.3g", value) > place->room.columns)
        (void)snprintf(text, sizeof text, "%.2g", value);
    put_right(place, text);
}

/* The trend over the whole run, a column a part of it: each shows the last sample in its part. */
static void draw_trend(const struct place *place, norm_of norm)
{
    double values[SPARK_MAX];
    size_t count = place->layers->anatomy->trend_count;
    size_t columns = (size_t)place->room.columns < count ? (size_t)place->room.columns : count;
    if (!has_norms(place))
        return;
    for (size_t column = 0; column < columns; column++)
        values[column] = norm(&place->layer->trend[(column + 1) * count / columns - 1]);
    sparkline_draw(place->canvas, place->room, values, columns,
                   (struct style){.foreground = PAINT_VALIDATION}, place->layers->look);
}

static void draw_weights(const struct place *place)
{
    draw_norm(place, weight_norm);
}

static void draw_weight_trend(const struct place *place)
{
    draw_trend(place, weight_norm);
}

static void draw_gradients(const struct place *place)
{
    draw_norm(place, gradient_norm);
}

static void draw_gradient_trend(const struct place *place)
{
    draw_trend(place, gradient_norm);
}

static void draw_updates(const struct place *place)
{
    draw_norm(place, update_norm);
}

static void draw_update_trend(const struct place *place)
{
    draw_trend(place, update_norm);
}

static void draw_ratio(const struct place *place)
{
    draw_norm(place, update_ratio);
}

static void draw_ratio_trend(const struct place *place)
{
    draw_trend(place, update_ratio);
}

/* The columns from left to right; that of rank 1 is kept longest where there is no room. What is
 * left over then goes to those that may be wider. */
struct column {
    const char *head;
    int rank, least, most; /* columns of cells */
    bool left;             /* the head stands at the left */
    void (*draw)(const struct place *place);
};

/* clang-format off */
static const struct column COLUMNS[] = {
    {"", 1, 2, 2, false, draw_number},
    {"layer", 2, 10, 10, true, draw_kind},
    {"name", 10, 20, 20, true, draw_name},
    {"output", 3, 9, 9, false, draw_output},
    {"params", 8, 7, 7, false, draw_parameters},
    {"fwd ms", 5, 6, 6, false, draw_forward},
    {"bwd ms", 6, 6, 6, false, draw_backward},
    {"% step", 4, 6, 6, false, draw_share},
    {"", 9, 6, BAR_MAX, true, draw_bar},
    {"idle %", 7, 9, 9, false, draw_idle},
    {"weights", 13, 7, 7, false, draw_weights},
    {"", 14, 6, SPARK_MAX, true, draw_weight_trend},
    {"grad", 12, 7, 7, false, draw_gradients},
    {"", 15, 6, SPARK_MAX, true, draw_gradient_trend},
    {"update", 17, 7, 7, false, draw_updates},
    {"", 18, 6, SPARK_MAX, true, draw_update_trend},
    {"upd/wt", 11, 7, 7, false, draw_ratio},
    {"", 16, 6, SPARK_MAX, true, draw_ratio_trend},
};
/* clang-format on */

enum { COLUMN_COUNT = sizeof COLUMNS / sizeof COLUMNS[0] };

/* Widths of the columns; 0: left out. */
struct plan {
    int widths[COLUMN_COUNT];
};

/* Gives each column its least width, by rank, as long as there is room; returns what is left. */
static int plan_least(struct plan *plan, int columns)
{
    int left = columns + GAP;
    *plan = (struct plan){0};
    for (int rank = 1; rank <= COLUMN_COUNT; rank++) {
        for (size_t index = 0; index < COLUMN_COUNT; index++) {
            if (COLUMNS[index].rank != rank || COLUMNS[index].least + GAP > left)
                continue;
            plan->widths[index] = COLUMNS[index].least;
            left -= COLUMNS[index].least + GAP;
        }
    }
    return left;
}

static struct plan plan_columns(int columns)
{
    struct plan plan;
    int left = plan_least(&plan, columns);
    for (bool grown = true; grown && left > 0;) {
        grown = false;
        for (size_t index = 0; index < COLUMN_COUNT && left > 0; index++) {
            if (plan.widths[index] == 0 || plan.widths[index] == COLUMNS[index].most)
                continue;
            plan.widths[index]++;
            left--;
            grown = true;
        }
    }
    return plan;
}

size_t layers_fit(struct rect area)
{
    return area.rows > HEAD_ROWS ? (size_t)(area.rows - HEAD_ROWS) : 0;
}

static void draw_heads(const struct plan *plan, struct canvas *canvas, struct rect line)
{
    int column = line.column;
    for (size_t index = 0; index < COLUMN_COUNT; index++) {
        if (plan->widths[index] == 0)
            continue;
        canvas_print(canvas, line, line.row, column, (struct style){.foreground = PAINT_RULE},
                     COLUMNS[index].left ? "%-*s" : "%*s", plan->widths[index],
                     COLUMNS[index].head);
        column += plan->widths[index] + GAP;
    }
}

static void draw_layer(const struct layers *layers, const struct plan *plan, struct canvas *canvas,
                       struct rect line, size_t number)
{
    bool selected = number == layers->selected;
    struct place place = {
        .layers = layers,
        .layer = &layers->anatomy->layers[number],
        .number = number,
        .canvas = canvas,
        .room = line,
        .style = {.foreground = selected ? PAINT_ACCENT : PAINT_DEFAULT,
                  .attributes = selected ? CELL_BOLD | CELL_REVERSE : 0},
    };
    for (size_t index = 0; index < COLUMN_COUNT; index++) {
        if (plan->widths[index] == 0)
            continue;
        place.room.columns = plan->widths[index];
        COLUMNS[index].draw(&place);
        place.room.column += plan->widths[index] + GAP;
        place.style.attributes &= (uint8_t)~CELL_REVERSE;
    }
}

void layers_draw(const struct layers *layers, struct canvas *canvas, struct rect area)
{
    struct plan plan = plan_columns(area.columns);
    struct rect line = {area.row, area.column, 1, area.columns};
    draw_heads(&plan, canvas, line);
    size_t count = layers->anatomy->layer_count;
    for (size_t row = 0; row < layers_fit(area) && layers->first + row < count; row++) {
        line.row = area.row + HEAD_ROWS + (int)row;
        draw_layer(layers, &plan, canvas, line, layers->first + row);
    }
}
