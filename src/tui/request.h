// SPDX-License-Identifier: MIT
/* What a key asks for. keys.c binds keys to requests; the same table makes the key bar and the
 * help. */
#ifndef FMNIST_TUI_REQUEST_H
#define FMNIST_TUI_REQUEST_H

enum request {
    REQUEST_NONE,
    REQUEST_PAUSE, /* or go on */
    REQUEST_STEP,
    REQUEST_SWITCH_MODEL,
    REQUEST_EVALUATE,
    REQUEST_SAVE, /* a checkpoint now */
    REQUEST_RESTART,
    REQUEST_RATE_UP,
    REQUEST_RATE_DOWN,
    REQUEST_UNDO,      /* the last change of the learning rate */
    REQUEST_END_EPOCH, /* train to there, then pause */
    REQUEST_COMMAND,   /* a line to type one */
    REQUEST_FILTER,    /* the same for a filter of the images */
    REQUEST_VIEW_1,    /* views in the order of their tabs */
    REQUEST_VIEW_2,
    REQUEST_VIEW_3,
    REQUEST_VIEW_4,
    REQUEST_VIEW_5,
    REQUEST_VIEW_6,
    REQUEST_NEXT_PANEL,
    REQUEST_PREVIOUS_PANEL,
    REQUEST_LEFT,
    REQUEST_RIGHT,
    REQUEST_UP,
    REQUEST_DOWN,
    REQUEST_PAGE_UP,
    REQUEST_PAGE_DOWN,
    REQUEST_FIRST,
    REQUEST_LAST,
    REQUEST_ENTER,      /* closer to what is selected */
    REQUEST_PICK_CELL,  /* of the matrix that was clicked: scene.h */
    REQUEST_PICK_IMAGE, /* likewise */
    REQUEST_PICK_RUN,   /* likewise */
    REQUEST_PICK_PLACE, /* of a chart that was clicked, */
    REQUEST_CLOSER_THERE,
    REQUEST_FARTHER_THERE,
    REQUEST_EPOCH_BACK, /* to the evaluation before */
    REQUEST_EPOCH_FORWARD,
    REQUEST_PART,   /* validation or test images */
    REQUEST_RENAME, /* a stored run; likewise: */
    REQUEST_DELETE,
    REQUEST_RESUME,
    REQUEST_UNIT,   /* of the numbers shown: counts or percent */
    REQUEST_ORDER,  /* the next one */
    REQUEST_ALL,    /* all images, not only mistakes */
    REQUEST_FIT,    /* pictures cropped to their ink */
    REQUEST_INVERT, /* pictures dark on light, or the other way round */
    REQUEST_EXPORT, /* what is shown to a file */
    REQUEST_LARGER, /* pictures; of charts, a smaller part of the run */
    REQUEST_SMALLER,
    REQUEST_AXIS, /* of charts: epochs, steps or seconds */
    REQUEST_LOG,  /* of the loss: a logarithmic axis */
    REQUEST_BACK, /* close what is open on top; never quits */
    REQUEST_HELP,
    REQUEST_PRINTED, /* what was printed while the screen is up */
    REQUEST_GLYPHS,  /* next glyph set */
    REQUEST_COLORS,  /* next lower number of colours */
    REQUEST_MOUSE,   /* ours or the terminal's */
    REQUEST_REDRAW,
    REQUEST_SUSPEND,
    REQUEST_QUIT,
    REQUEST_INTERRUPT, /* as quit; the second within two seconds does not ask */
    REQUEST_ABORT,     /* end by SIGQUIT */
};

#endif
