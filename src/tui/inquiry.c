// SPDX-License-Identifier: MIT
/*
 * The questions, of xterm's "Control Sequences": the background's colour by OSC 11, a mode's state
 * by DECRQM, and the cursor's place (CPR) after each character. Every terminal answers for the
 * cursor, and in order: with the last of these there is nothing more to wait for.
 */
#include "tui/inquiry.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/look.h"
#include "tui/modes.h"

enum { ANSWER_BYTES = 1024 };

/* One character of each set, after which the cursor is asked for. */
static const struct {
    enum glyph_set set;
    const char *text;
} PROBES[] = {
    {GLYPHS_SIGNS, "\342\227\217"},
    {GLYPHS_LINES, "\342\224\200"},
    {GLYPHS_BLOCKS, "\342\226\200"},
    {GLYPHS_BRAILLE, "\342\243\277"},
};

enum { PROBE_COUNT = sizeof PROBES / sizeof *PROBES };

/* The rest is for an answer that has begun. */
static const double WAIT_SECONDS = 0.08, WAIT_SECONDS_MAX = 0.1;

/* The bytes of the answers so far, and how far they are understood. */
struct answers {
    char bytes[ANSWER_BYTES + 1];
    size_t count, place;
    int places; /* of the cursor, still to come: a probe's each, or one alone */
    bool probed;
};

static void ask(int output, const struct inquiry_wish *wish)
{
    if (wish->background)
        modes_send(output, "\033]11;?\033\\");
    if (wish->frames)
        modes_send(output, "\033[?2026$p");
    /* Not in the first row, where an answer that comes too late would look like a function key. */
    for (int probe = 0; wish->glyphs && probe < PROBE_COUNT; probe++) {
        modes_send(output, "\033[2;1H");
        modes_send(output, PROBES[probe].text);
        modes_send(output, "\033[6n");
    }
    if (!wish->glyphs)
        modes_send(output, "\033[2;1H\033[6n");
}

/* Whether three figures of one to four hexadecimal digits are nearer to white than to black
 * (weights of ITU-R BT.601). */
static bool parse_color(const char *text, bool *light)
{
    unsigned parts[3];
    int ends[3] = {0};
    double values[3];
    if (sscanf(text, "%4x%n/%4x%n/%4x%n", &parts[0], &ends[0], &parts[1], &ends[1], &parts[2],
               &ends[2]) != 3)
        return false;
    int lengths[3] = {ends[0], ends[1] - ends[0] - 1, ends[2] - ends[1] - 1};
    for (int part = 0; part < 3; part++) {
        if (lengths[part] < 1)
            return false;
        values[part] = parts[part] / (pow(16, lengths[part]) - 1);
    }
    *light = 0.299 * values[0] + 0.587 * values[1] + 0.114 * values[2] > 0.5;
    return true;
}

/* Takes "ESC ] 11 ; rgb:..." */
static void take_string(struct inquiry *inquiry, const char *text)
{
    const char *color = strchr(text, ':');
    if (strncmp(text, "11;rgb", 6) == 0 && color)
        inquiry->background_known = parse_color(color + 1, &inquiry->background_light);
}

/* Takes a control sequence: parameters and last byte. */
static void take_sequence(struct answers *answers, struct inquiry *inquiry, const char *parameters,
                          char last)
{
    int row, column, mode, state;
    if (last == 'R' && sscanf(parameters, "%5d;%5d", &row, &column) == 2 && answers->places > 0) {
        if (answers->probed && column > 2)
            inquiry->glyphs &= ~(unsigned)PROBES[PROBE_COUNT - answers->places].set;
        answers->places--;
    } else if (last == 'y' && sscanf(parameters, "?%5d;%1d", &mode, &state) == 2 && mode == 2026) {
        inquiry->frames = state == 1 || state == 2;
    }
}

/* The length of the sequence or string that begins with the Escape at `text`; 0 while its end is
 * not there. */
static size_t sequence_length(const char *text)
{
    if (text[1] == '[') {
        size_t length = 2 + strspn(text + 2, "0123456789;:<=>?!\"#$%&'()*+,-./ ");
        return text[length] ? length + 1 : 0;
    }
    if (text[1] == ']' || text[1] == 'P' || text[1] == '_') {
        size_t length = 2 + strcspn(text + 2, "\007\033");
        if (text[length] == '\007')
            return length + 1;
        return text[length] && text[length + 1] ? length + 2 : 0;
    }
    return text[1] ? 2 : 0;
}

static void keep_typed(struct inquiry *inquiry, char byte)
{
    if (inquiry->typed_count < INQUIRY_TYPED_MAX)
        inquiry->typed[inquiry->typed_count++] = (unsigned char)byte;
}

/* Understands as many whole answers as there are; keeps characters that were typed, and drops keys
 * that send sequences. */
static void take_answers(struct answers *answers, struct inquiry *inquiry)
{
    while (answers->place < answers->count) {
        char *text = answers->bytes + answers->place;
        if (*text != '\033') {
            keep_typed(inquiry, *text);
            answers->place++;
            continue;
        }
        size_t length = sequence_length(text);
        if (length == 0)
            return;
        char last = text[length - 1];
        text[length - 1] = '\0';
        if (text[1] == '[')
            take_sequence(answers, inquiry, text + 2, last);
        else if (text[1] == ']')
            take_string(inquiry, text + 2);
        answers->place += length;
    }
}

/* Waits for input until then; false when there is none, or no end of it. */
static bool read_more(int input, struct answers *answers, double until)
{
    struct pollfd polled = {.fd = input, .events = POLLIN};
    double left = until - clock_seconds();
    if (left <= 0 || answers->count >= ANSWER_BYTES)
        return false;
    int ready = poll(&polled, 1, (int)ceil(left * 1000));
    if (ready < 0 && errno == EINTR)
        return true;
    if (ready <= 0 || !(polled.revents & POLLIN))
        return false;
    ssize_t size = read(input, answers->bytes + answers->count, ANSWER_BYTES - answers->count);
    if (size <= 0)
        return size < 0 && errno == EINTR;
    answers->count += (size_t)size;
    answers->bytes[answers->count] = '\0';
    return true;
}

struct inquiry inquiry_make(int input, int output, const struct inquiry_wish *wish)
{
    struct inquiry inquiry = {.glyphs = GLYPHS_UTF8};
    struct answers answers = {.places = wish->glyphs ? PROBE_COUNT : 1, .probed = wish->glyphs};
    double begin = clock_seconds();
    ask(output, wish);
    for (;;) {
        bool begun = answers.place < answers.count;
        if (answers.places == 0 && !begun)
            break;
        if (!read_more(input, &answers, begin + (begun ? WAIT_SECONDS_MAX : WAIT_SECONDS)))
            break;
        take_answers(&answers, &inquiry);
    }
    inquiry.answered = answers.places == 0;
    return inquiry;
}
