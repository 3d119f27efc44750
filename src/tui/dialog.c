// SPDX-License-Identifier: MIT
#include "tui/dialog.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/box.h"
#include "tui/keys.h"

enum { DIALOG_ROWS = 4, BUTTON_GAP = 3 };

struct dialog_form {
    const char *title;
    const char *consequence;
    uint32_t yes_key; /* besides 'y' */
    const char *yes, *no;
};

static const struct dialog_form FORMS[] = {
    [DIALOG_QUIT] = {"Quit?", "What was learnt is not kept.", 'q', "q quit", "Esc stay"},
    [DIALOG_LEAVE] = {"Quit?", "It is kept, and --resume goes on with it.", 'q', "q quit",
                      "Esc stay"},
    [DIALOG_RESTART] = {"Restart?", "They are lost.", 'R', "y restart", "Esc go on"},
    [DIALOG_DELETE] = {"Delete?", "Its curves and checkpoints are lost.", 'd', "y delete",
                       "Esc keep"},
};

void dialog_open(struct dialog *dialog, enum dialog_kind kind, const char *format, ...)
{
    *dialog = (struct dialog){.kind = kind};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(dialog->text, sizeof dialog->text, format, args);
    va_end(args);
}

static enum dialog_answer answer_of(const struct dialog *dialog, uint32_t key)
{
    if (key == 'y' || key == 'Y' || key == FORMS[dialog->kind].yes_key)
        return DIALOG_YES;
    if (key == KEYS_ENTER)
        return dialog->yes_focused ? DIALOG_YES : DIALOG_NO;
    if (key == 'n' || key == 'N' || keys_request(key) == REQUEST_BACK)
        return DIALOG_NO;
    return DIALOG_UNDECIDED;
}

enum dialog_answer dialog_press(struct dialog *dialog, uint32_t key)
{
    enum dialog_answer answer = answer_of(dialog, key);
    if (answer != DIALOG_UNDECIDED)
        dialog->kind = DIALOG_CLOSED;
    else if (key == '\t' || key == KEYS_BACK_TAB || key == KEYS_LEFT || key == KEYS_RIGHT)
        dialog->yes_focused = !dialog->yes_focused;
    return answer;
}

/* Draws a button, which a click makes that key, at a column; returns the column after it. The focus
 * shows without colour too. */
static int draw_button(struct canvas *canvas, struct rect area, int row, int column,
                       const char *label, uint32_t key, bool focused)
{
    struct style style = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
    if (focused)
        style.attributes |= CELL_REVERSE;
    int end = canvas_print(canvas, area, row, column, style, focused ? "[%s]" : " %s ", label);
    canvas_add_zone(canvas, (struct rect){row, column, 1, end - column}, key, 0);
    return end;
}

static int widest(const char *text, const struct dialog_form *form)
{
    int buttons = (int)(strlen(form->yes) + strlen(form->no)) + 4 + BUTTON_GAP;
    int columns = text_columns(text), consequence = text_columns(form->consequence);
    columns = consequence > columns ? consequence : columns;
    return buttons > columns ? buttons : columns;
}

void dialog_draw(const struct dialog *dialog, struct canvas *canvas, const struct look *look)
{
    if (dialog->kind == DIALOG_CLOSED)
        return;
    const struct dialog_form *form = &FORMS[dialog->kind];
    int columns = widest(dialog->text, form);
    struct rect area = box_draw(canvas, look, DIALOG_ROWS, columns, form->title);
    /* Where rows are few the buttons matter most. */
    int row = area.row + area.rows - 1;
    if (area.rows > 1)
        (void)canvas_text(canvas, area, area.row, area.column, (struct style){0}, dialog->text);
    if (area.rows > 2)
        (void)canvas_text(canvas, area, area.row + 1, area.column, (struct style){0},
                          form->consequence);
    int column = draw_button(canvas, area, row, area.column, form->yes, 'y', dialog->yes_focused) +
                 BUTTON_GAP;
    (void)draw_button(canvas, area, row, column, form->no, 'n', !dialog->yes_focused);
}
