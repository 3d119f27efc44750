// SPDX-License-Identifier: MIT
/* The table of how far two models agree, with what that means. */
#ifndef FMNIST_TUI_AGREEMENT_PANEL_H
#define FMNIST_TUI_AGREEMENT_PANEL_H

#include "tui/agreement.h"
#include "tui/figures.h"

enum { AGREEMENT_ROWS = 7, AGREEMENT_TEXT_SIZE = 96 };

struct agreement_panel {
    const struct agreement *agreement; /* with evaluations */
    const struct scene *scene;
    struct model_pair pair;
    enum agreement_cell selected;
};

void agreement_panel_draw(const struct agreement_panel *panel, struct canvas *canvas,
                          struct rect area);

/* Names the images of a cell: "only AlexNet right". */
void agreement_panel_name(const struct agreement_panel *panel, enum agreement_cell cell,
                          char text[AGREEMENT_TEXT_SIZE]);

#endif
