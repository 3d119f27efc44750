// SPDX-License-Identifier: MIT
#include "tui/prompt.h"

#include "tui/console.h"

enum { HINT_GAP = 2, HINT_COLUMNS_MIN = 12, SIGN_COLUMNS = 1 };

void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *text)
{
    prompt->kind = kind;
    prompt->editor = (struct editor){.cursor = 0};
    editor_set(&prompt->editor, text);
}

enum prompt_event prompt_press(struct prompt *prompt, uint32_t key)
{
    struct editor_lines *lines = &prompt->lines[prompt->kind];
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
        return PROMPT_GOES_ON;
    default:
        return PROMPT_GOES_ON;
    }
}

void prompt_draw(const struct prompt *prompt, struct canvas *canvas, int row)
{
    const struct style sign = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
    struct rect area = {row, 0, 1, canvas_columns(canvas)};
    char hint[CONSOLE_HINT_SIZE] = "";
    if (prompt->kind == PROMPT_CLOSED)
        return;
    for (int column = 0; column < area.columns; column++)
        canvas_put(canvas, area, row, column, ' ', (struct style){0});
    (void)canvas_text(canvas, area, row, 0, sign, prompt->kind == PROMPT_COMMAND ? ":" : "/");
    area.column += SIGN_COLUMNS;
    area.columns -= SIGN_COLUMNS;
    int end = editor_draw(&prompt->editor, canvas, area) + HINT_GAP;
    if (prompt->kind == PROMPT_COMMAND)
        console_hint(prompt->editor.text, hint);
    if (canvas_columns(canvas) - end >= HINT_COLUMNS_MIN)
        (void)canvas_text(canvas, area, row, end, (struct style){.foreground = PAINT_FAINT}, hint);
}
