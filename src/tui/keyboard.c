// SPDX-License-Identifier: MIT
#include "tui/keyboard.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tui/keys.h"

enum {
    REST_MILLISECONDS = 25, /* at most, between two bytes of a sequence */
    PARAMETERS_MAX = 32,    /* bytes of a control sequence before its last */
    STRING_MAX = 4096,      /* bytes of a string that a terminal sends */
    MOUSE_OFFSET = 32,      /* in each byte of the mouse's older form */
};

/* A paste whose end got lost is over when nothing more came for so long. */
static const double PASTE_SECONDS = 1;

static const struct {
    int code;
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

bool keyboard_open(struct keyboard *keyboard)
{
    *keyboard = (struct keyboard){.window = newpad(1, 1)};
    if (!keyboard->window)
        return false;
    (void)keypad(keyboard->window, TRUE);
    (void)nodelay(keyboard->window, TRUE);
    (void)keyok(KEY_MOUSE, FALSE);
    return true;
}

void keyboard_close(struct keyboard *keyboard)
{
    if (keyboard->window)
        (void)delwin(keyboard->window);
    keyboard->window = NULL;
}

static uint32_t named_key(int code)
{
    for (size_t index = 0; index < sizeof NAMED / sizeof NAMED[0]; index++)
        if (NAMED[index].code == code)
            return NAMED[index].key;
    return KEYS_OTHER;
}

/* Reads bytes, not characters: wget_wch() swallows whatever follows an invalid one. */
static int next_code(struct keyboard *keyboard)
{
    return wgetch(keyboard->window);
}

/* The next byte of a sequence; -1 where none comes in time, or a key with a name. */
static int next_byte(struct keyboard *keyboard)
{
    wtimeout(keyboard->window, REST_MILLISECONDS);
    int code = next_code(keyboard);
    (void)nodelay(keyboard->window, TRUE);
    if (code < KEY_MIN)
        return code == ERR ? -1 : code;
    (void)ungetch(code);
    return -1;
}

/* Bytes of the mouse's buttons (xterm's ctlseqs, "Mouse Tracking"): the lowest two bits are the
 * button, 4 to 16 are Shift, Meta and Control, 32 is motion, 64 makes buttons 0 and 1 the wheel. */
static uint32_t mouse_key(struct keyboard *keyboard, int buttons, int column, int row)
{
    keyboard->row = row - 1;
    keyboard->column = column - 1;
    if ((buttons & ~0x1C) == 0)
        return KEYS_CLICK;
    if ((buttons & ~0x1C) == 64)
        return KEYS_WHEEL_UP;
    return (buttons & ~0x1C) == 65 ? KEYS_WHEEL_DOWN : KEYS_IGNORED;
}

/* The older form, of terminals that do not know mode 1006: three bytes after "ESC [ M". */
static uint32_t old_mouse_key(struct keyboard *keyboard)
{
    int bytes[3];
    for (size_t index = 0; index < 3; index++)
        if ((bytes[index] = next_byte(keyboard)) < MOUSE_OFFSET)
            return KEYS_IGNORED;
    return mouse_key(keyboard, bytes[0] - MOUSE_OFFSET, bytes[1] - MOUSE_OFFSET,
                     bytes[2] - MOUSE_OFFSET);
}

/* What a control sequence means. Answers to what the terminal was asked at the start mean nothing
 * any more when they come this late. */
static uint32_t sequence_key(struct keyboard *keyboard, const char *parameters, char last)
{
    int buttons, column, row;
    if (last == 'M' && *parameters == '\0')
        return old_mouse_key(keyboard);
    if (last == 'M' && sscanf(parameters, "<%3d;%5d;%5d", &buttons, &column, &row) == 3)
        return mouse_key(keyboard, buttons, column, row);
    if (last == '~' && strcmp(parameters, "200") == 0) {
        keyboard->pasting = true;
        keyboard->end_matched = 0;
        keyboard->pasted_at = clock_seconds();
        return KEYS_PASTE;
    }
    bool released = last == 'm' && *parameters == '<';
    bool pasted = last == '~' && strcmp(parameters, "201") == 0;
    bool answer = *parameters && (last == 'R' || last == 'y' || last == 'c' || last == 'n');
    return released || pasted || answer ? KEYS_IGNORED : KEYS_SEQUENCE;
}

/* A control sequence after "ESC [": parameters, then a byte from '@' to '~' (ECMA-48, 5.4). */
static uint32_t control_sequence(struct keyboard *keyboard)
{
    char parameters[PARAMETERS_MAX + 1];
    size_t count = 0;
    int byte;
    while ((byte = next_byte(keyboard)) >= 0) {
        if (byte < ' ') {
            (void)ungetch(byte);
            return KEYS_SEQUENCE;
        }
        parameters[count] = '\0';
        if (byte >= '@')
            return byte <= '~' ? sequence_key(keyboard, parameters, (char)byte) : KEYS_SEQUENCE;
        parameters[count] = (char)byte;
        count += count < PARAMETERS_MAX;
    }
    return KEYS_SEQUENCE;
}

/* A string that a terminal sends, such as a colour: ends by BEL or "ESC \", and by the start of
 * anything else. */
static uint32_t control_string(struct keyboard *keyboard)
{
    int byte = ' ';
    for (int count = 0; count < STRING_MAX && byte >= ' '; count++)
        byte = next_byte(keyboard);
    if (byte == KEYS_ESCAPE && (byte = next_byte(keyboard)) != '\\') {
        if (byte >= 0)
            (void)ungetch(byte);
        (void)ungetch(KEYS_ESCAPE);
    }
    return KEYS_IGNORED;
}

/* What begins with an Escape that ncurses made no key of. */
static uint32_t escaped_key(struct keyboard *keyboard)
{
    int code = next_code(keyboard);
    if (code == ERR)
        return KEYS_ESCAPE;
    if (code == KEYS_ESCAPE) {
        (void)ungetch(KEYS_ESCAPE);
        return KEYS_ESCAPE;
    }
    if (code == '[')
        return control_sequence(keyboard);
    if (code == ']' || code == 'P' || code == '_')
        return control_string(keyboard);
    if (code == 'O')
        (void)next_byte(keyboard);
    return KEYS_SEQUENCE;
}

/* A character past ASCII in UTF-8, of which `lead` is the first byte; KEYS_OTHER where it is none.
 * No such key means anything, so that overlong forms need no second look. */
static uint32_t long_character(struct keyboard *keyboard, int lead)
{
    int rest = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    uint32_t character = (uint32_t)lead & (0x3FU >> rest);
    if (lead < 0xC2 || lead > 0xF4)
        return KEYS_OTHER;
    for (; rest > 0; rest--) {
        int byte = next_byte(keyboard);
        if (byte >= 0 && (byte & 0xC0) != 0x80)
            (void)ungetch(byte);
        if ((byte & 0xC0) != 0x80 || byte < 0)
            return KEYS_OTHER;
        character = character << 6 | ((uint32_t)byte & 0x3F);
    }
    return character < 0x110000 ? character : KEYS_OTHER;
}

/* Passes over pasted text up to its end, or as much of it as is there: KEYS_NONE where that is
 * nothing. */
static uint32_t skip_paste(struct keyboard *keyboard)
{
    static const char end[] = "\033[201~";
    uint32_t key = KEYS_NONE;
    int code;
    while (keyboard->pasting && (code = next_code(keyboard)) != ERR) {
        bool fits = code == end[keyboard->end_matched];
        keyboard->end_matched = fits ? keyboard->end_matched + 1 : code == KEYS_ESCAPE;
        keyboard->pasting = end[keyboard->end_matched] != '\0';
        keyboard->pasted_at = clock_seconds();
        key = KEYS_IGNORED;
    }
    return key;
}

uint32_t keyboard_read(struct keyboard *keyboard)
{
    if (clock_seconds() - keyboard->pasted_at > PASTE_SECONDS)
        keyboard->pasting = false;
    if (keyboard->pasting)
        return skip_paste(keyboard);
    int code = next_code(keyboard);
    if (code == ERR)
        return KEYS_NONE;
    if (code >= KEY_MIN)
        return named_key(code);
    if (code == KEYS_ESCAPE)
        return escaped_key(keyboard);
    if (code == '\r' || code == '\n')
        return KEYS_ENTER;
    if (code >= 0x80)
        return long_character(keyboard, code);
    return code == 0 ? KEYS_OTHER : (uint32_t)code;
}
