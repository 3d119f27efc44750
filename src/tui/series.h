// SPDX-License-Identifier: MIT
/*
 * What one learner adds to a chart: its batches as a thin band from their least to their greatest,
 * their moving average as a line, its evaluations on the validation part as marks. Values that are
 * not finite leave a mark at the top edge.
 */
#ifndef FMNIST_TUI_SERIES_H
#define FMNIST_TUI_SERIES_H

#include "base/ticks.h"
#include "fmnist/train/curve.h"
#include "fmnist/train/snapshot.h"
#include "tui/plot.h"
#include "tui/span.h"

/* Where values go: the plot and its two scales. */
struct field {
    struct plot plot;
    const struct span *span;
    struct span_range range;
    struct scale scale;
    enum curve_value value;
};

struct series {
    const struct learner_snapshot *learner;
    struct curve *curve;
    struct style line, marks;
    bool dotted;        /* the line, so that it is told apart without colours */
    uint32_t mark;      /* of an evaluation; 0: none */
    uint32_t best_mark; /* of the best one, where the measure is accuracy; 0: the same */
};

/* The column and the row of dots of a place on the axis and of a value; outside the plot where they
 * lie there. */
int field_x(const struct field *field, double x);
int field_y(const struct field *field, double value);

/* The buckets of a series that can be seen in the range, with those next to them. */
struct curve_part series_part(const struct series *series, const struct field *field);

/* Where a bucket lies on the axis. */
double series_x(const struct series *series, const struct field *field,
                const struct curve_part *part, size_t index);

/* The measure of an evaluation. */
double series_evaluation(const struct epoch_point *point, enum curve_value value);

/* Widens the range from `low` to `high` by the series' finite values in view, above 0 only where
 * `positive`. */
void series_widen(const struct series *series, const struct field *field, bool positive,
                  double *low, double *high);

void series_draw_band(const struct series *series, const struct field *field, struct style style);
void series_draw_line(const struct series *series, const struct field *field);
void series_draw_marks(const struct series *series, const struct field *field);

#endif
