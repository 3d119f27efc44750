// SPDX-License-Identifier: MIT
/*
 * What part of a run charts show, and in what unit: the x axis, the zoom, and a cursor that reads
 * values. The charts of a view share one span, so that they are linked. Main thread; needs no
 * terminal.
 */
#ifndef FMNIST_TUI_SPAN_H
#define FMNIST_TUI_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/train/snapshot.h"
#include "tui/request.h"

enum span_unit {
    SPAN_EPOCHS,
    SPAN_STEPS,
    SPAN_SECONDS, /* of training and evaluation, pauses excluded */
    SPAN_UNITS,
};

enum { SPAN_ZOOM_MAX = 12, SPAN_TEXT_SIZE = 32 };

/* A zeroed span shows all of a run by epochs. */
struct span {
    enum span_unit unit;
    bool log;    /* the loss on a logarithmic axis */
    bool peers;  /* as long as the longest run; else as long as the active model's */
    int zoom;    /* a 2^zoom-th of the axis: around the cursor, or where the run is */
    bool cursor; /* there is one, */
    double at;   /* here, in the unit, */
    double lean; /* so far right of the axis's middle, as a part of it, when it is zoomed */
    int pointed; /* column of the charts at which the mouse is, for requests that are about it */
    int columns; /* of the charts in the last drawing: how far one press of a key moves */
};

/* From here to there, in the span's unit. */
struct span_range {
    double from, to;
};

/* What the axis covers. It stands still while a run goes on, but for a few times: all of the run,
 * or a round part while little is made of it; zoomed, it moves on by a quarter at once. */
struct span_range span_range(const struct span *span, const struct snapshot *snapshot);

/* Where a step, made by that second, lies on the axis. */
double span_x(const struct span *span, const struct learner_snapshot *learner, double step,
              double seconds);

/* The step of a learner at that place of the axis, at most its last one; 0 where it has none. */
size_t span_step(const struct span *span, const struct learner_snapshot *learner, double x);

/* "epoch 2.31", "step 1234" or "12.3 s". */
void span_write(const struct span *span, double x, char text[SPAN_TEXT_SIZE]);

/* Acts on requests for another unit, another axis, zoom, and on those that move the cursor; zoom by
 * the mouse puts the cursor under it and leaves that place where it is on the screen. False
 * for others, and for Escape where there is nothing left to undo. */
bool span_act(struct span *span, enum request request, const struct snapshot *snapshot);

/* The same for a view in which charts may have the focus, which arrows and Escape go to; other
 * requests are always about charts. `pointed`: the column at which the mouse is. */
bool span_act_where(struct span *span, enum request request, bool focus, size_t pointed,
                    const struct snapshot *snapshot);

#endif
