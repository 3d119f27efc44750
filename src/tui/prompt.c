// SPDX-License-Identifier: MIT
#include "tui/prompt.h"

#include <stdio.h>

#include "tui/console.h"

enum { HINT_GAP = 2, HINT_COLUMNS_MIN = 12 };

/* What stands before the line, and what it may be. */
static const struct prompt_form {
    const char *sign, *hint;
} FORMS[PROMPT_KINDS] = {
    [PROMPT_COMMAND] = {":", ""},
    [PROMPT_FILTER] = {"/", "such as true:shirt pred:coat p>0.9 and not alexnet:wrong"},
    [PROMPT_SEARCH] = {"/", ""},
    [PROMPT_RUNS] = {"/", "such as alexnet finished val>88.5"},
    [PROMPT_NAME] = {"name ", "nothing takes the name away"},
};

void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *text)
{
    prompt->kind = kind;
    prompt->editor = (struct editor){.cursor = 0};
    prompt->complaint[0] = '\0';
    editor_set(&prompt->editor, text);
}

void prompt_complain(struct prompt *prompt, enum prompt_kind kind, const char *complaint)
{
    prompt->kind = kind;
    (void)snprintf(prompt->complaint, sizeof prompt->complaint, "%s", complaint);
}

enum prompt_event prompt_press(struct prompt *prompt, uint32_t key)
{
    struct editor_lines *lines = &prompt->lines[prompt->kind];
    prompt->complaint[0] = '\0';
    switch (editor_press(&prompt->editor, lines, key)) {
    case EDITOR_ACCEPTED:
        editor_remember(lines, prompt->editor.text);
        prompt->kind = PROMPT_CLOSED;
        return PROMPT_ACCEPTED;
    case EDITOR_LEFT:
        prompt->kind = PROMPT_CLOSED;
        return PROMPT_LEFT;
    case EDITOR_COMPLETE:
        if (prompt->kind == PROMPT_COMMAND)
            console_complete(&prompt->editor);
        return prompt->kind == PROMPT_FILTER ? PROMPT_COMPLETE : PROMPT_GOES_ON;
    default:
        return PROMPT_GOES_ON;
    }
}

static void clear_row(struct canvas *canvas, struct rect row)
{
    for (int column = 0; column < row.columns; column++)
        canvas_put(canvas, row, row.row, row.column + column, ' ', (struct style){0});
}

static void draw_complaint(const struct prompt *prompt, struct canvas *canvas, int row)
{
    struct rect area = {row, 0, 1, canvas_columns(canvas)};
    if (!prompt->complaint[0])
        return;
    clear_row(canvas, area);
    (void)canvas_text(canvas, area, row, 0,
                      (struct style){.foreground = PAINT_WARNING, .attributes = CELL_BOLD},
                      prompt->complaint);
}

void prompt_draw(const struct prompt *prompt, struct canvas *canvas, int row)
{
    const struct style sign = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
    struct rect area = {row, 0, 1, canvas_columns(canvas)};
    char hint[CONSOLE_HINT_SIZE] = "";
    if (prompt->kind == PROMPT_CLOSED)
        return;
    clear_row(canvas, area);
    area.column = canvas_text(canvas, area, row, 0, sign, FORMS[prompt->kind].sign);
    area.columns -= area.column;
    draw_complaint(prompt, canvas, row - 1);
    int end = editor_draw(&prompt->editor, canvas, area) + HINT_GAP;
    (void)snprintf(hint, sizeof hint, "%s", FORMS[prompt->kind].hint);
    if (prompt->kind == PROMPT_COMMAND)
        console_hint(prompt->editor.text, hint);
    if (canvas_columns(canvas) - end >= HINT_COLUMNS_MIN)
        (void)canvas_text(canvas, area, row, end, (struct style){.foreground = PAINT_FAINT}, hint);
}
