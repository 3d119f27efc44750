// SPDX-License-Identifier: MIT
#include "export/html_parts.h"

#include <inttypes.h>

/* In the units of the viewBox. */
enum { CELL_WIDTH = 56, CELL_HEIGHT = 34, LEFT = 112, TOP = 84, BOTTOM = 4 };

/* How strong the colour of a full cell is, so that digits stay readable on it. */
static const double STRONGEST = 0.65, FAINTEST = 0.06;

enum { PAIRS = 5 };

/* Two different classes and how many images of the first are taken for the second. */
struct pair {
    size_t label, predicted, count;
};

static double share(const struct run_evaluation *evaluation, size_t label, size_t predicted)
{
    size_t support = evaluation->classes[label].support;
    return support > 0 ? (double)evaluation->confusion[label][predicted] / (double)support : 0;
}

static void write_caption(struct buffer *out, const struct run_evaluation *evaluation)
{
    buffer_print(out, "%s images after epoch %.4g (step %" PRIu64 "): %zu of %zu right, %.2f %%",
                 evaluation->part == EVALUATION_TEST ? "Test" : "Validation", evaluation->epoch,
                 evaluation->step, evaluation->correct, evaluation->count,
                 100 * evaluation->accuracy);
}

static double largest_mistake(const struct run_evaluation *evaluation)
{
    double most = 0;
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
            if (label != predicted && share(evaluation, label, predicted) > most)
                most = share(evaluation, label, predicted);
    return most;
}

static void write_cell(struct buffer *out, const struct export_run *run,
                       const struct run_evaluation *evaluation, size_t label, size_t predicted,
                       double most)
{
    size_t x = LEFT + predicted * CELL_WIDTH, y = TOP + label * CELL_HEIGHT;
    size_t count = evaluation->confusion[label][predicted];
    bool right = label == predicted;
    double part = share(evaluation, label, predicted), full = right ? 1 : most;
    double opacity = count > 0 && full > 0 ? FAINTEST + (STRONGEST - FAINTEST) * part / full : 0;
    buffer_text(out, "<g><title>");
    html_text(out, run->class_names[label]);
    buffer_text(out, right ? ", right: " : " taken for ");
    if (!right) {
        html_text(out, run->class_names[predicted]);
        buffer_text(out, ": ");
    }
    buffer_print(out,
                 "%zu of %zu images, %.1f %%</title><rect class=\"cell %s\" x=\"%zu\" y=\"%zu\" "
                 "width=\"%d\" height=\"%d\" fill-opacity=\"%.2f\"/>",
                 count, evaluation->classes[label].support, 100 * part, right ? "right" : "wrong",
                 x, y, CELL_WIDTH, CELL_HEIGHT, opacity);
    if (count > 0)
        buffer_print(out, "<text x=\"%zu\" y=\"%zu\" text-anchor=\"middle\">%zu</text>",
                     x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 4, count);
    buffer_text(out, "</g>\n");
}

static void write_labels(struct buffer *out, const struct export_run *run, size_t label)
{
    size_t x = LEFT + label * CELL_WIDTH + CELL_WIDTH / 2;
    buffer_print(out, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">", LEFT - 8,
                 TOP + label * CELL_HEIGHT + CELL_HEIGHT / 2 + 4);
    html_text(out, run->class_names[label]);
    buffer_print(out, "</text><text x=\"%zu\" y=\"%d\" transform=\"rotate(-45 %zu %d)\">", x,
                 TOP - 8, x, TOP - 8);
    html_text(out, run->class_names[label]);
    buffer_text(out, "</text>\n");
}

/* The pairs most often confused, most often first. */
static size_t find_pairs(const struct run_evaluation *evaluation, struct pair pairs[PAIRS])
{
    size_t found = 0;
    for (size_t cell = 0; cell < (size_t)DATASET_CLASSES * DATASET_CLASSES; cell++) {
        struct pair pair = {cell / DATASET_CLASSES, cell % DATASET_CLASSES, 0};
        pair.count = evaluation->confusion[pair.label][pair.predicted];
        if (pair.label == pair.predicted || pair.count == 0)
            continue;
        size_t place = found < PAIRS ? found++ : PAIRS;
        for (; place > 0 && pairs[place - 1].count < pair.count; place--)
            if (place < PAIRS)
                pairs[place] = pairs[place - 1];
        if (place < PAIRS)
            pairs[place] = pair;
    }
    return found;
}

static void write_pairs(struct buffer *out, const struct export_run *run,
                        const struct run_evaluation *evaluation)
{
    struct pair pairs[PAIRS];
    size_t count = find_pairs(evaluation, pairs);
    for (size_t index = 0; index < count; index++) {
        buffer_text(out, index > 0 ? ", " : "<p>Most often confused: ");
        html_text(out, run->class_names[pairs[index].label]);
        buffer_text(out, " \xE2\x86\x92 ");
        html_text(out, run->class_names[pairs[index].predicted]);
        buffer_print(out, " %zu", pairs[index].count);
    }
    if (count > 0)
        buffer_text(out, "</p>\n");
}

void html_matrix(struct buffer *out, const struct export_run *run,
                 const struct run_evaluation *evaluation)
{
    const int width = LEFT + DATASET_CLASSES * CELL_WIDTH + CELL_WIDTH;
    const int height = TOP + DATASET_CLASSES * CELL_HEIGHT + BOTTOM;
    double most = largest_mistake(evaluation);
    buffer_text(out, "<figure class=\"matrix\"><figcaption>");
    write_caption(out, evaluation);
    buffer_print(out,
                 ". Rows: true class, columns: predicted.</figcaption>\n"
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                 "aria-label=\"confusion matrix\">\n",
                 width, height);
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        write_labels(out, run, label);
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
            write_cell(out, run, evaluation, label, predicted, most);
    buffer_text(out, "</svg></figure>\n");
    write_pairs(out, run, evaluation);
}

void html_classes(struct buffer *out, const struct export_run *run,
                  const struct run_evaluation *evaluation)
{
    enum { BAR = 120 };
    buffer_text(out,
                "<div class=\"wide\"><table><thead><tr><th scope=\"col\">class</th>"
                "<th scope=\"col\">images</th><th scope=\"col\">precision %</th>"
                "<th scope=\"col\">recall %</th><th scope=\"col\">F1 %</th><td></td></tr></thead>"
                "<tbody>\n");
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const struct class_score *score = &evaluation->classes[label];
        buffer_text(out, "<tr><th scope=\"row\">");
        html_text(out, run->class_names[label]);
        buffer_print(out,
                     "</th><td>%zu</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td class=\"text\">"
                     "<span class=\"bar\" style=\"width:%.0fpx\"></span></td></tr>\n",
                     score->support, 100 * score->precision, 100 * score->recall, 100 * score->f1,
                     BAR * score->f1);
    }
    buffer_text(out, "</tbody></table></div>\n");
}
