// SPDX-License-Identifier: MIT
#include "tui/log_pane.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/box.h"

enum { TAIL_BYTES = 32768, TAB_COLUMNS = 8, PAGE = 8, LINE_BYTES = 1024 };

static off_t log_size(const struct log_pane *pane)
{
    struct stat status;
    bool known = pane->log >= 0 && fstat(pane->log, &status) == 0 && S_ISREG(status.st_mode);
    return known ? status.st_size : 0;
}

bool log_pane_has_news(struct log_pane *pane)
{
    off_t size = log_size(pane);
    bool news = size > pane->seen && !pane->open;
    pane->seen = size;
    return news;
}

bool log_pane_act(struct log_pane *pane, enum request request)
{
    switch (request) {
    case REQUEST_UP:
        pane->back++;
        return true;
    case REQUEST_DOWN:
        pane->back--;
        return true;
    case REQUEST_PAGE_UP:
        pane->back += PAGE;
        return true;
    case REQUEST_PAGE_DOWN:
        pane->back -= PAGE;
        return true;
    case REQUEST_FIRST:
        pane->back = INT_MAX / 2;
        return true;
    case REQUEST_LAST:
        pane->back = 0;
        return true;
    case REQUEST_PRINTED:
    case REQUEST_BACK:
    case REQUEST_QUIT:
        pane->open = false;
        return true;
    default:
        return false;
    }
}

/* Reads the end of the log, whole lines where it is cut; returns how many bytes. */
static size_t read_tail(const struct log_pane *pane, char *tail)
{
    off_t size = log_size(pane), from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    size_t count = 0;
    while (count < TAIL_BYTES && from + (off_t)count < size) {
        ssize_t got = pread(pane->log, tail + count, TAIL_BYTES - count, from + (off_t)count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        count += (size_t)got;
    }
    const char *end = from > 0 ? memchr(tail, '\n', count) : NULL;
    if (!end)
        return count;
    count -= (size_t)(end + 1 - tail);
    memmove(tail, end + 1, count);
    return count;
}

static int count_lines(const char *text, size_t size)
{
    int lines = 0;
    for (size_t index = 0; index < size; index++)
        lines += text[index] == '\n';
    return lines + (size > 0 && text[size - 1] != '\n');
}

/* What a terminal would show of a line: what stands after its last return to the beginning, with
 * spaces for tabs. */
static void draw_line(struct canvas *canvas, struct rect area, int row, const char *text,
                      size_t size)
{
    char line[LINE_BYTES + TAB_COLUMNS];
    size_t used = 0;
    while (size > 0 && text[size - 1] == '\r')
        size--;
    for (size_t index = 0; index < size && used < LINE_BYTES; index++) {
        if (text[index] == '\r')
            used = 0;
        else if (text[index] == '\t')
            do
                line[used++] = ' ';
            while (used % TAB_COLUMNS != 0);
        else
            line[used++] = text[index] ? text[index] : '?';
    }
    line[used] = '\0';
    (void)canvas_text(canvas, area, row, area.column, (struct style){0}, line);
}

static void draw_lines(struct canvas *canvas, struct rect area, int first, const char *text,
                       size_t size)
{
    const char *end = text + size;
    for (int line = 0; text < end; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((stop ? stop : end) - text);
        int row = area.row + line - first;
        if (row >= area.row + area.rows)
            return;
        if (row >= area.row)
            draw_line(canvas, area, row, text, length);
        text += length + 1;
    }
}

void log_pane_draw(struct log_pane *pane, struct canvas *canvas, const struct look *look)
{
    char tail[TAIL_BYTES];
    if (!pane->open)
        return;
    size_t size = read_tail(pane, tail);
    int lines = count_lines(tail, size);
    struct rect area = box_draw(canvas, look, canvas_rows(canvas), canvas_columns(canvas),
                                "printed meanwhile: up/down scroll, Esc closes");
    int most = lines > area.rows ? lines - area.rows : 0;
    pane->back = pane->back < 0 ? 0 : pane->back > most ? most : pane->back;
    if (size == 0)
        (void)canvas_text(canvas, area, area.row, area.column,
                          (struct style){.foreground = PAINT_FAINT}, "nothing so far");
    draw_lines(canvas, area, most - pane->back, tail, size);
}
