// SPDX-License-Identifier: MIT
#include "tui/terminfo.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#include "tui/look.h"

#define NO_SCREEN_ADVICE "--plain and 'fmnist-tui train' do without screens"

bool terminfo_check(struct error *err)
{
    const char *name = getenv("TERM");
    int status = 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        error_set(err, ERROR_SYSTEM, "%s is not a terminal; " NO_SCREEN_ADVICE,
                  isatty(STDIN_FILENO) ? "standard output" : "standard input");
        return false;
    }
    if (!name || !*name) {
        error_set(err, ERROR_SYSTEM,
                  "TERM is not set, so the kind of terminal is unknown; " NO_SCREEN_ADVICE);
        return false;
    }
    if (setupterm(name, STDOUT_FILENO, &status) != OK) {
        error_set(err, ERROR_SYSTEM,
                  "terminal type '%s' (TERM) is not known here; " NO_SCREEN_ADVICE, name);
        return false;
    }
    bool able = cursor_address && clear_screen;
    (void)del_curterm(cur_term);
    if (!able)
        error_set(err, ERROR_SYSTEM,
                  "terminal type '%s' (TERM) cannot move its cursor; " NO_SCREEN_ADVICE, name);
    return able;
}

/* Appends a capability to the rescue sequence, without its padding ("$<5>"), which only tputs()
 * could honour. */
static void add_capability(struct rescue *rescue, const char *capability)
{
    if (!capability)
        return;
    for (const char *from = capability; *from; from++) {
        if (from[0] == '$' && from[1] == '<' && strchr(from, '>')) {
            from = strchr(from, '>');
            continue;
        }
        if (rescue->sequence_length < RESCUE_SEQUENCE_SIZE)
            rescue->sequence[rescue->sequence_length++] = *from;
    }
}

void terminfo_plan_rescue(struct rescue *rescue, const char *modes)
{
    add_capability(rescue, modes);
    add_capability(rescue, exit_attribute_mode);
    add_capability(rescue, orig_pair);
    add_capability(rescue, keypad_local);
    add_capability(rescue, cursor_normal);
    add_capability(rescue, enter_ca_mode ? exit_ca_mode : clear_screen);
}

bool terminfo_has_alternate_screen(void)
{
    return enter_ca_mode && exit_ca_mode;
}

bool terminfo_has_mouse(void)
{
    return key_mouse;
}

bool terminfo_has_reverse(void)
{
    return enter_reverse_mode;
}

bool terminfo_has_cursor_report(void)
{
    return user7 && strcmp(user7, "\033[6n") == 0;
}

/* Whether the description says that colours are numbers of 24 bits; `count` is that of colours. */
static bool is_true_color(int count)
{
#if NCURSES_EXT_COLORS
    /* RGB is a flag, a number of bits, or a text with the bits of each: user_caps(5). The functions
     * take the name as if they changed it. */
    char name[] = "RGB";
    const char *bits = tigetstr(name);
    return count >= 1 << 24 && (tigetflag(name) > 0 || tigetnum(name) == 8 ||
                                (bits && bits != (char *)-1 && strcmp(bits, "8/8/8") == 0));
#else
    (void)count;
    return false;
#endif
}

bool terminfo_has_true_color(void)
{
    return is_true_color(COLORS);
}

int terminfo_colors(int descriptor)
{
    int status = 0;
    if (setupterm(NULL, descriptor, &status) != OK)
        return 0;
    int count = max_colors, colors = count >= 256 ? 256 : count >= 16 ? 16 : count >= 8 ? 8 : 0;
    if (is_true_color(count))
        colors = LOOK_TRUE_COLOR;
    (void)del_curterm(cur_term);
    return colors;
}

/* COLORFGBG: "foreground;background", numbers of the 16 colours. */
bool terminfo_light_background(void)
{
    const char *colors = getenv("COLORFGBG");
    const char *background = colors ? strrchr(colors, ';') : NULL;
    return background && (strcmp(background, ";7") == 0 || strcmp(background, ";15") == 0);
}
