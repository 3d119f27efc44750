// SPDX-License-Identifier: MIT
#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "tui/keyboard.h"
#include "tui/keys.h"
#include "tui/look.h"
#include "tui/modes.h"
#include "tui/pairs.h"
#include "tui/terminfo.h"

/* Terminals beyond a canvas's greatest size keep an empty margin. */
enum { ESCAPE_MILLISECONDS = 25, SCREEN_SIDE_MAX = 1000 };

struct screen {
    SCREEN *terminal;
    FILE *output; /* a descriptor of our own for the terminal: stray prints have no part in it */
    struct keyboard keyboard;
    struct inquiry inquiry;
    bool modern; /* the terminal knows the modes of modes.h */
    bool mouse;  /* it is ours */
    struct rescue rescue;
    struct pairs pairs;
    bool utf8;
    bool reverse;
    bool light_background;
    struct cell *shown; /* rows x columns: what the terminal shows */
    int rows, columns;
    bool forgotten; /* `shown` does not hold */
};

bool screen_colors_refused(void)
{
    const char *refused = getenv("NO_COLOR");
    return refused && *refused;
}

static void choose_colors(struct screen *screen, int wanted)
{
    if (wanted == SCREEN_COLORS_AUTO)
        wanted = screen_colors_refused() ? 0 : SCREEN_COLORS_ALWAYS;
    pairs_choose(&screen->pairs, wanted == SCREEN_COLORS_ALWAYS ? LOOK_TRUE_COLOR : wanted);
}

void screen_switch_colors(struct screen *screen)
{
    int colors = screen->pairs.colors;
    pairs_choose(&screen->pairs, colors > 0 ? colors - 1 : LOOK_TRUE_COLOR);
    screen->forgotten = true;
}

static bool allocate_shown(struct screen *screen, struct error *err)
{
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    screen->rows = rows < SCREEN_SIDE_MAX ? rows : SCREEN_SIDE_MAX;
    screen->columns = columns < SCREEN_SIDE_MAX ? columns : SCREEN_SIDE_MAX;
    free(screen->shown);
    screen->shown =
        memory_array((size_t)screen->rows * (size_t)screen->columns, sizeof *screen->shown, err);
    screen->forgotten = true;
    return screen->shown;
}

/* Modes of the terminal once ncurses holds it. */
static bool set_modes(struct screen *screen, const struct screen_settings *settings,
                      struct error *err)
{
    if (!keyboard_open(&screen->keyboard)) {
        error_set(err, ERROR_MEMORY, "no memory for the screen");
        return false;
    }
    (void)raw();
    (void)noecho();
    (void)nonl();
    bool hidden = curs_set(0) != ERR;
    (void)set_escdelay(ESCAPE_MILLISECONDS);
    (void)typeahead(-1);
    (void)leaveok(stdscr, hidden);
    choose_colors(screen, settings->colors);
    screen->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    screen->light_background = settings->background == SCREEN_BACKGROUND_AUTO
                                   ? terminfo_light_background()
                                   : settings->background == SCREEN_BACKGROUND_LIGHT;
    screen->reverse = terminfo_has_reverse();
    screen->modern = terminfo_has_mouse();
    screen->mouse = screen->modern && !settings->no_mouse;
    return true;
}

static void begin_modes(const struct screen *screen)
{
    if (!screen->modern)
        return;
    modes_set_paste(screen->rescue.terminal, true);
    modes_set_mouse(screen->rescue.terminal, screen->mouse);
}

static void end_modes(const struct screen *screen)
{
    if (screen->modern)
        modes_send(screen->rescue.terminal, MODES_END);
}

/* Asks the terminal about itself, on the screen that is ours. What was typed meanwhile is left for
 * screen_read_key(). */
static void ask_terminal(struct screen *screen, const struct screen_settings *settings)
{
    const struct inquiry_wish wish = {
        .glyphs = screen->utf8 && !settings->ascii,
        .background = screen->pairs.colors > 0 && settings->background == SCREEN_BACKGROUND_AUTO,
        .frames = screen->modern,
    };
    screen->inquiry.glyphs = GLYPHS_UTF8;
    if (!terminfo_has_cursor_report() || !(wish.glyphs || wish.background || wish.frames))
        return;
    (void)refresh();
    screen->inquiry = inquiry_make(STDIN_FILENO, screen->rescue.terminal, &wish);
    if (screen->inquiry.background_known)
        screen->light_background = screen->inquiry.background_light;
    for (size_t typed = screen->inquiry.typed_count; typed > 0; typed--)
        (void)ungetch(screen->inquiry.typed[typed - 1]);
}

/* Opens a stream of our own for the terminal. */
static bool open_output(struct screen *screen, struct error *err)
{
    int descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    screen->output = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (screen->output && tcgetattr(descriptor, &screen->rescue.before) == 0) {
        screen->rescue.terminal = descriptor;
        return true;
    }
    error_set_errno(err, errno, "cannot use the terminal");
    if (!screen->output && descriptor >= 0)
        (void)close(descriptor);
    return false;
}

struct screen *screen_open(const struct screen_settings *settings, struct error *err)
{
    if (!terminfo_check(err))
        return NULL;
    struct screen *screen = memory_array(1, sizeof *screen, err);
    if (!screen)
        return NULL;
    screen->rescue =
        (struct rescue){.terminal = -1, .log = -1, .standard_output = -1, .standard_error = -1};
    if (!open_output(screen, err))
        goto failed;
    screen->terminal = newterm(NULL, screen->output, stdin);
    if (!screen->terminal) {
        error_set(err, ERROR_SYSTEM,
                  "ncurses cannot use the terminal; 'fmnist-tui train' trains without screens");
        goto failed;
    }
    if (!set_modes(screen, settings, err) || !allocate_shown(screen, err) ||
        !rescue_capture_output(&screen->rescue, err))
        goto failed;
    terminfo_plan_rescue(&screen->rescue, screen->modern ? MODES_END : "");
    ask_terminal(screen, settings);
    begin_modes(screen);
    return screen;
failed:
    screen_close(screen);
    return NULL;
}

/* Leaves the screen; a terminal without an alternate one would keep our last picture. */
static void leave(void)
{
    if (!terminfo_has_alternate_screen())
        (void)clear();
    (void)refresh();
    (void)endwin();
}

void screen_close(struct screen *screen)
{
    if (!screen)
        return;
    if (screen->terminal) {
        end_modes(screen);
        leave();
        (void)tcsetattr(screen->rescue.terminal, TCSANOW, &screen->rescue.before);
        keyboard_close(&screen->keyboard);
        delscreen(screen->terminal);
    }
    rescue_release_output(&screen->rescue);
    if (screen->output)
        (void)fclose(screen->output);
    free(screen->shown);
    free(screen);
}

const struct rescue *screen_rescue(const struct screen *screen)
{
    return &screen->rescue;
}

int screen_colors(const struct screen *screen)
{
    return screen->pairs.colors;
}

bool screen_is_utf8(const struct screen *screen)
{
    return screen->utf8;
}

unsigned screen_glyphs(const struct screen *screen)
{
    return screen->inquiry.glyphs;
}

const struct inquiry *screen_inquiry(const struct screen *screen)
{
    return &screen->inquiry;
}

bool screen_has_mouse(const struct screen *screen)
{
    return screen->mouse;
}

bool screen_switch_mouse(struct screen *screen)
{
    screen->mouse = screen->modern && !screen->mouse;
    begin_modes(screen);
    return screen->modern;
}

void screen_mouse(const struct screen *screen, int *row, int *column)
{
    *row = screen->keyboard.row;
    *column = screen->keyboard.column;
}

bool screen_has_reverse(const struct screen *screen)
{
    return screen->reverse;
}

bool screen_light_background(const struct screen *screen)
{
    return screen->light_background;
}

int screen_rows(const struct screen *screen)
{
    return screen->rows;
}

int screen_columns(const struct screen *screen)
{
    return screen->columns;
}

void screen_forget(struct screen *screen)
{
    screen->forgotten = true;
}

bool screen_resize(struct screen *screen, struct error *err)
{
    struct winsize size;
    if (ioctl(screen->rescue.terminal, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        size.ws_col > 0)
        (void)resize_term(size.ws_row, size.ws_col);
    return allocate_shown(screen, err);
}

static attr_t style_attributes(struct style style)
{
    attr_t attributes = WA_NORMAL;
    if (style.attributes & CELL_BOLD)
        attributes |= WA_BOLD;
    if (style.attributes & CELL_REVERSE)
        attributes |= WA_REVERSE;
    if (style.attributes & CELL_UNDERLINE)
        attributes |= WA_UNDERLINE;
    return attributes;
}

static void put_cell(struct screen *screen, int row, int column, const struct cell *cell)
{
    wchar_t text[2] = {(wchar_t)cell->character, L'\0'};
    cchar_t character;
    if (cell->character > '~' && !screen->utf8)
        text[0] = L'?';
    if (setcchar(&character, text, style_attributes(cell->style),
                 pairs_of(&screen->pairs, cell->style, screen->light_background), NULL) == OK)
        (void)mvadd_wchnstr(row, column, &character, 1);
}

static bool cells_equal(const struct cell *a, const struct cell *b)
{
    return a->character == b->character && a->style.foreground == b->style.foreground &&
           a->style.background == b->style.background && a->style.attributes == b->style.attributes;
}

void screen_show(struct screen *screen, const struct canvas *canvas)
{
    int rows = canvas_rows(canvas) < screen->rows ? canvas_rows(canvas) : screen->rows;
    int columns =
        canvas_columns(canvas) < screen->columns ? canvas_columns(canvas) : screen->columns;
    if (screen->forgotten)
        (void)clear();
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            const struct cell *cell = canvas_at(canvas, row, column);
            struct cell *shown = &screen->shown[row * screen->columns + column];
            if (!screen->forgotten && cells_equal(cell, shown))
                continue;
            *shown = *cell;
            if (cell->character != 0)
                put_cell(screen, row, column, cell);
        }
    screen->forgotten = false;
    /* Out of the way, where it cannot be hidden. */
    (void)move(screen->rows - 1, screen->columns - 1);
    if (screen->inquiry.frames)
        modes_begin_frame(screen->rescue.terminal);
    (void)refresh();
    if (screen->inquiry.frames)
        modes_end_frame(screen->rescue.terminal);
}

void screen_suspend(struct screen *screen)
{
    end_modes(screen);
    leave();
    (void)tcsetattr(screen->rescue.terminal, TCSANOW, &screen->rescue.before);
}

bool screen_resume(struct screen *screen, struct error *err)
{
    (void)refresh();
    begin_modes(screen);
    return screen_resize(screen, err);
}

uint32_t screen_read_key(struct screen *screen)
{
    return keyboard_read(&screen->keyboard);
}

int screen_log(const struct screen *screen)
{
    return screen->rescue.log;
}

int screen_input(void)
{
    return STDIN_FILENO;
}

int screen_output(const struct screen *screen)
{
    return screen->rescue.terminal;
}
