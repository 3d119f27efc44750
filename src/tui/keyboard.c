// SPDX-License-Identifier: MIT
#include "tui/keyboard.h"

#include <stdbool.h>
#include <stddef.h>

#include "tui/keys.h"

static const struct {
    wint_t code;
    uint32_t key;
} NAMED[] = {
    {KEY_UP, KEYS_UP},       {KEY_DOWN, KEYS_DOWN},     {KEY_LEFT, KEYS_LEFT},
    {KEY_RIGHT, KEYS_RIGHT}, {KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN},
    {KEY_HOME, KEYS_HOME},   {KEY_END, KEYS_END},       {KEY_BACKSPACE, KEYS_BACKSPACE},
    {KEY_ENTER, KEYS_ENTER}, {KEY_BTAB, KEYS_BACK_TAB}, {KEY_F(1), KEYS_F1},
    {KEY_F(2), KEYS_F2},     {KEY_F(3), KEYS_F2 + 1},   {KEY_F(4), KEYS_F2 + 2},
    {KEY_F(5), KEYS_F2 + 3}, {KEY_F(6), KEYS_F2 + 4},   {KEY_F(7), KEYS_F7},
    {KEY_F(10), KEYS_F10},
};

static uint32_t named_key(wint_t code)
{
    for (size_t index = 0; index < sizeof NAMED / sizeof NAMED[0]; index++)
        if (NAMED[index].code == code)
            return NAMED[index].key;
    return KEYS_OTHER;
}

/* Reads a control sequence to its end: a byte from '@' to '~' (ECMA-48, 5.4). */
static void skip_sequence(WINDOW *window)
{
    wint_t code;
    while (wget_wch(window, &code) == OK)
        if (code < ' ' || (code >= '@' && code <= '~'))
            return;
}

/* What begins with an Escape that ncurses made no key of. */
static uint32_t escaped_key(WINDOW *window)
{
    wint_t code;
    int result = wget_wch(window, &code);
    if (result == ERR)
        return KEYS_ESCAPE;
    if (result == OK && code == KEYS_ESCAPE) {
        (void)unget_wch(KEYS_ESCAPE);
        return KEYS_ESCAPE;
    }
    if (result == OK && (code == '[' || code == 'O'))
        skip_sequence(window);
    return KEYS_OTHER;
}

uint32_t keyboard_read(WINDOW *window)
{
    wint_t code;
    int result = wget_wch(window, &code);
    if (result == ERR)
        return KEYS_NONE;
    if (result == KEY_CODE_YES)
        return named_key(code);
    if (code == KEYS_ESCAPE)
        return escaped_key(window);
    if (code == '\r' || code == '\n')
        return KEYS_ENTER;
    return code == 0 ? KEYS_OTHER : (uint32_t)code;
}
