// SPDX-License-Identifier: MIT
#include "tui/scores.h"

enum { NAME_COLUMNS = 14, FIGURES_COLUMNS = 24, BAR_GAP = 2 };

void scores_draw(struct canvas *canvas, struct rect area, const struct evaluation *evaluation,
                 const struct dataset *dataset, const struct look *look)
{
    const struct style head = {.foreground = PAINT_RULE};
    int figures = area.column + NAME_COLUMNS, bar = figures + FIGURES_COLUMNS + BAR_GAP;
    int room = area.column + area.columns - bar;
    canvas_print(canvas, area, area.row, figures, head, "%8s%8s%8s", "prec. %", "recall", "F1 %");
    for (int label = 0; label < DATASET_CLASSES; label++) {
        const struct class_score *score = &evaluation->classes[label];
        int row = area.row + 1 + label;
        struct rect name = {row, area.column, 1, NAME_COLUMNS - 1};
        canvas_text(canvas, name, row, area.column, (struct style){0},
                    dataset_class_name(dataset, (size_t)label));
        canvas_print(canvas, area, row, figures, (struct style){0}, "%8.1f%8.1f%8.1f",
                     100 * score->precision, 100 * score->recall, 100 * score->f1);
        for (int x = 0; x < (int)(score->f1 * room + 0.5); x++)
            canvas_put(canvas, area, row, bar + x, look->glyphs == GLYPHS_UTF8 ? 0x25A0 : '=',
                       (struct style){.foreground = PAINT_VALIDATION});
    }
}
