// SPDX-License-Identifier: MIT
#include "tui/gallery.h"

#include <stdio.h>
#include <string.h>

#include "tui/picture.h"

enum {
    CAPTION_ROWS = 2,    /* below a picture */
    BESIDE_ROWS = 9,     /* with fewer rows the caption stands beside the picture */
    DETAIL_COLUMNS = 26, /* of the selected picture's details */
    DETAIL_ROWS = 15,
    BAR_COLUMNS = 9,
    GAP = 2,
    TEXT_SIZE = 128,
};

/* What all parts of a drawing need. */
struct drawing {
    struct canvas *canvas;
    const struct snapshot *snapshot;
    const struct evaluation *evaluation;
    const struct look *look;
};

static const uint8_t *mistake_pixels(const struct drawing *drawing, uint32_t place)
{
    const struct image_set *set = dataset_train(drawing->snapshot->dataset);
    return set->pixels + (size_t)drawing->evaluation->images[place] * DATASET_PIXELS;
}

static double mistake_percent(const struct drawing *drawing, uint32_t place)
{
    const struct evaluation *evaluation = drawing->evaluation;
    size_t cell = (size_t)place * DATASET_CLASSES + evaluation->predicted[place];
    return 100 * (double)evaluation->probabilities[cell];
}

static const char *class_name(const struct drawing *drawing, size_t label)
{
    return dataset_class_name(drawing->snapshot->dataset, label);
}

/* "Shirt -> Coat 97%", with short names where it would not fit. */
static void caption(const struct drawing *drawing, uint32_t place, int columns, char *text)
{
    const struct evaluation *evaluation = drawing->evaluation;
    const struct dataset *dataset = drawing->snapshot->dataset;
    const char *arrow = drawing->look->glyphs == GLYPHS_UTF8 ? "\342\206\222" : "->";
    double percent = mistake_percent(drawing, place);
    size_t label = evaluation->labels[place], predicted = evaluation->predicted[place];
    (void)snprintf(text, TEXT_SIZE, "%s %s %s %.0f%%", dataset_class_name(dataset, label), arrow,
                   dataset_class_name(dataset, predicted), percent);
    if (text_columns(text) > columns)
        (void)snprintf(text, TEXT_SIZE, "%s %s %s %.0f%%", dataset_class_short_name(dataset, label),
                       arrow, dataset_class_short_name(dataset, predicted), percent);
}

/* What another model that was evaluated answers on the same image; false where there is none. */
static bool other_answer(const struct drawing *drawing, uint32_t place, char *text)
{
    const struct snapshot *snapshot = drawing->snapshot;
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        const struct evaluation *other = learner->validation;
        if (model == snapshot->active || !other || place >= other->count)
            continue;
        size_t predicted = other->predicted[place];
        (void)snprintf(
            text, TEXT_SIZE, "%s: %s %.0f%%", learner->title, class_name(drawing, predicted),
            100 * (double)other->probabilities[(size_t)place * DATASET_CLASSES + predicted]);
        return true;
    }
    return false;
}

/* Lines about one mistake, from the top of the area. */
static int draw_facts(const struct drawing *drawing, struct rect area, uint32_t place)
{
    const struct evaluation *evaluation = drawing->evaluation;
    const struct style faint = {.foreground = PAINT_FAINT};
    char text[TEXT_SIZE];
    int row = area.row, left = area.column;
    canvas_print(drawing->canvas, area, row++, left, (struct style){.attributes = CELL_BOLD},
                 "true %s", class_name(drawing, evaluation->labels[place]));
    canvas_print(drawing->canvas, area, row++, left, (struct style){.foreground = PAINT_BAD},
                 "pred %s %.0f%%", class_name(drawing, evaluation->predicted[place]),
                 mistake_percent(drawing, place));
    canvas_print(drawing->canvas, area, row++, left, faint, "#%u since ep %u",
                 evaluation->images[place], evaluation->wrong_since[place]);
    if (other_answer(drawing, place, text))
        canvas_text(drawing->canvas, area, row++, left, faint, text);
    return row;
}

/* The ten probabilities as bars. */
static void draw_probabilities(const struct drawing *drawing, struct rect area, uint32_t place)
{
    const float *row = drawing->evaluation->probabilities + (size_t)place * DATASET_CLASSES;
    bool utf8 = drawing->look->glyphs == GLYPHS_UTF8;
    for (int label = 0; label < DATASET_CLASSES; label++) {
        int y = area.row + label, filled = (int)(row[label] * BAR_COLUMNS + 0.5F);
        struct rect name = {y, area.column, 1, 11};
        bool truth = (size_t)label == drawing->evaluation->labels[place];
        canvas_text(drawing->canvas, name, y, area.column,
                    (struct style){.attributes = truth ? CELL_BOLD : 0},
                    class_name(drawing, (size_t)label));
        for (int x = 0; x < filled; x++)
            canvas_put(drawing->canvas, area, y, area.column + 12 + x, utf8 ? 0x2588 : '#',
                       (struct style){.foreground = truth ? PAINT_GOOD : PAINT_BAD});
        canvas_print(drawing->canvas, area, y, area.column + 12 + BAR_COLUMNS,
                     (struct style){.foreground = PAINT_FAINT}, "%4.0f%%",
                     100 * (double)row[label]);
    }
}

/* Keeps the selection on the screen and within the mistakes. */
static void gallery_scroll(struct gallery *gallery, size_t mistakes, size_t across, size_t down)
{
    gallery->across = across;
    gallery->shown = across * down;
    if (gallery->selected >= mistakes)
        gallery->selected = mistakes ? mistakes - 1 : 0;
    if (gallery->selected < gallery->first)
        gallery->first = gallery->selected / across * across;
    if (gallery->selected >= gallery->first + gallery->shown)
        gallery->first = (gallery->selected / across + 1 - down) * across;
    if (gallery->first >= mistakes)
        gallery->first = 0;
}

/* A row of small pictures, the selected one's facts beside it. */
static void draw_beside(const struct drawing *drawing, struct gallery *gallery, struct rect area)
{
    int columns = picture_columns(area.rows, area.columns);
    gallery_scroll(gallery, drawing->evaluation->mistake_count, 1, 1);
    uint32_t place = drawing->evaluation->mistakes[gallery->selected];
    struct rect text = area;
    if (columns > 0) {
        picture_draw(drawing->canvas, area, area.row, area.column, columns,
                     mistake_pixels(drawing, place), drawing->look);
        text.column += columns + GAP;
        text.columns -= columns + GAP;
    }
    (void)draw_facts(drawing, text, place);
}

static void draw_caption(const struct drawing *drawing, struct rect tile, int columns,
                         uint32_t place, bool selected)
{
    char text[TEXT_SIZE];
    int below = tile.row + columns / 2;
    caption(drawing, place, columns, text);
    canvas_text(drawing->canvas, tile, below, tile.column,
                (struct style){.attributes = selected ? CELL_REVERSE : CELL_BOLD}, text);
    (void)snprintf(text, sizeof text, "#%u since ep %u", drawing->evaluation->images[place],
                   drawing->evaluation->wrong_since[place]);
    if (text_columns(text) > columns)
        *strchr(text, ' ') = '\0';
    canvas_text(drawing->canvas, tile, below + 1, tile.column,
                (struct style){.foreground = PAINT_FAINT}, text);
}

/* Pictures as large as fit, as many as fit; without captions where there is but one, whose details
 * stand beside it. */
static void draw_grid(const struct drawing *drawing, struct gallery *gallery, struct rect area,
                      bool detailed)
{
    int columns = picture_columns(area.rows - CAPTION_ROWS, area.columns);
    if (columns == 0)
        return;
    int height = columns / 2 + CAPTION_ROWS;
    int across = (area.columns + GAP) / (columns + GAP), down = (area.rows + 1) / (height + 1);
    gallery_scroll(gallery, drawing->evaluation->mistake_count, (size_t)across, (size_t)down);
    for (size_t tile = 0; tile < gallery->shown; tile++) {
        size_t mistake = gallery->first + tile;
        if (mistake >= drawing->evaluation->mistake_count)
            return;
        uint32_t place = drawing->evaluation->mistakes[mistake];
        struct rect frame = {area.row + (int)(tile / (size_t)across) * (height + 1),
                             area.column + (int)(tile % (size_t)across) * (columns + GAP), height,
                             columns};
        picture_draw(drawing->canvas, frame, frame.row, frame.column, columns,
                     mistake_pixels(drawing, place), drawing->look);
        if (!detailed || gallery->shown > 1)
            draw_caption(drawing, frame, columns, place, mistake == gallery->selected);
    }
}

void gallery_draw(struct gallery *gallery, struct canvas *canvas, struct rect area,
                  const struct snapshot *snapshot, const struct look *look)
{
    struct drawing drawing = {canvas, snapshot, snapshot->learners[snapshot->active].validation,
                              look};
    if (drawing.evaluation->mistake_count == 0) {
        canvas_text(canvas, area, area.row, area.column, (struct style){.foreground = PAINT_GOOD},
                    "no mistakes");
        return;
    }
    if (area.rows < BESIDE_ROWS) {
        draw_beside(&drawing, gallery, area);
        return;
    }
    struct rect grid = area;
    int details = DETAIL_COLUMNS + GAP;
    bool detailed = area.rows >= DETAIL_ROWS && area.rows < 2 * DETAIL_ROWS &&
                    area.columns >= details + picture_columns(area.rows - CAPTION_ROWS, 28);
    if (detailed)
        grid.columns -= details;
    draw_grid(&drawing, gallery, grid, detailed);
    struct rect text = {area.row, area.column + area.columns - DETAIL_COLUMNS, area.rows,
                        DETAIL_COLUMNS};
    if (detailed)
        gallery_draw_details(gallery, canvas, text, snapshot, look);
}

void gallery_draw_details(const struct gallery *gallery, struct canvas *canvas, struct rect area,
                          const struct snapshot *snapshot, const struct look *look)
{
    struct drawing drawing = {canvas, snapshot, snapshot->learners[snapshot->active].validation,
                              look};
    if (gallery->selected >= drawing.evaluation->mistake_count)
        return;
    uint32_t place = drawing.evaluation->mistakes[gallery->selected];
    struct rect bars = area;
    bars.row = draw_facts(&drawing, area, place) + 1;
    bars.rows = area.row + area.rows - bars.row;
    draw_probabilities(&drawing, bars, place);
}

void gallery_follow(struct gallery *gallery, const struct evaluation *evaluation)
{
    if (!gallery->chosen)
        gallery->selected = 0;
    for (size_t mistake = 0; gallery->chosen && mistake < evaluation->mistake_count; mistake++) {
        if (evaluation->images[evaluation->mistakes[mistake]] == gallery->image)
            gallery->selected = mistake;
    }
}

/* Moves by `distance`, at most to the first or the last mistake. */
static void gallery_move(struct gallery *gallery, long distance, size_t mistakes)
{
    long last = mistakes > 0 ? (long)mistakes - 1 : 0, target = (long)gallery->selected + distance;
    gallery->selected = (size_t)(target < 0 ? 0 : target > last ? last : target);
}

bool gallery_act(struct gallery *gallery, enum request request, const struct evaluation *evaluation)
{
    size_t mistakes = evaluation ? evaluation->mistake_count : 0;
    long row = gallery->across ? (long)gallery->across : 1;
    long page = gallery->shown ? (long)gallery->shown : 1, all = (long)mistakes;
    const struct {
        enum request request;
        long distance;
    } moves[] = {
        {REQUEST_LEFT, -1},    {REQUEST_RIGHT, 1},       {REQUEST_UP, -row},
        {REQUEST_DOWN, row},   {REQUEST_PAGE_UP, -page}, {REQUEST_PAGE_DOWN, page},
        {REQUEST_FIRST, -all}, {REQUEST_LAST, all},
    };
    for (size_t index = 0; index < sizeof moves / sizeof *moves; index++) {
        if (moves[index].request != request)
            continue;
        gallery_move(gallery, moves[index].distance, mistakes);
        gallery->chosen = mistakes > 0;
        if (gallery->chosen)
            gallery->image = evaluation->images[evaluation->mistakes[gallery->selected]];
        return true;
    }
    return false;
}
