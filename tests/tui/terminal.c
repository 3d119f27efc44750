// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

/* What the process between the test and the program reports: first the program's number, then each
 * change of its state. */
struct report {
    pid_t process;
    int status;
};

struct terminal {
    int master;  /* -1 once the plug is pulled */
    int slave;   /* kept open to look at the settings */
    int reports; /* a pipe of struct report */
    pid_t monitor;
    pid_t process;
    struct termios before;
    VTerm *emulator;
    VTermScreen *screen;
    int rows, columns;
    char *text;  /* of terminal_text() */
    char *bytes; /* all output */
    size_t byte_count, byte_room;
    bool stopped, continued, ended;
    int status;
};

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

bool terminal_possible(void)
{
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) != 0)
        return false;
    (void)close(master);
    (void)close(slave);
    return true;
}

/* Sets an option list's variable so that the sanitizers leave crashes to the program. */
static void leave_crashes_alone(const char *variable)
{
    const char *before = getenv(variable);
    char options[1024];
    (void)snprintf(
        options, sizeof options,
        "%s%shandle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0",
        before ? before : "", before ? ":" : "");
    (void)setenv(variable, options, 1);
}

static void set_environment(const struct terminal_settings *settings)
{
    if (settings->type)
        (void)setenv("TERM", settings->type, 1);
    else
        (void)unsetenv("TERM");
    (void)setenv("LC_ALL", settings->locale, 1);
    (void)setenv("XDG_STATE_HOME", settings->state ? settings->state : "/dev/null", 1);
    if (settings->no_color)
        (void)setenv("NO_COLOR", "1", 1);
    else
        (void)unsetenv("NO_COLOR");
    (void)unsetenv("COLORFGBG");
    (void)unsetenv("LINES");
    (void)unsetenv("COLUMNS");
    leave_crashes_alone("ASAN_OPTIONS");
    leave_crashes_alone("TSAN_OPTIONS");
}

/* No signal ignored or blocked, however this test was started: a shell without job control gives
 * what it starts in the background SIGINT and SIGQUIT ignored. */
static void reset_signals(void)
{
    static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGTTOU};
    sigset_t none;
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
        (void)signal(numbers[index], SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the program's process, before it is the program: a process group of its own in the
 * foreground, as a shell with job control gives. */
static _Noreturn void become_program(const struct terminal_settings *settings)
{
    (void)setpgid(0, 0);
    (void)tcsetpgrp(STDERR_FILENO, getpgrp());
    reset_signals();
    if (settings->input_is_not_a_terminal) {
        int nothing = open("/dev/null", O_RDONLY);
        (void)dup2(nothing, STDIN_FILENO);
    }
    const struct rlimit no_core = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &no_core);
    set_environment(settings);
    execv(settings->arguments[0], (char *const *)(uintptr_t)settings->arguments);
    _exit(127);
}

static void send_report(int reports, pid_t process, int status)
{
    struct report report = {process, status};
    ssize_t written = write(reports, &report, sizeof report);
    (void)written;
}

/* The process between: leader of the session, as the shell would be, so that the program's process
 * group is not an orphan and can be stopped. */
static _Noreturn void become_monitor(const struct terminal_settings *settings, int slave,
                                     int reports)
{
    if (login_tty(slave) != 0)
        _exit(126);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGTTOU, SIG_IGN);
    pid_t process = fork();
    if (process == 0) {
        (void)close(reports);
        become_program(settings);
    }
    send_report(reports, process, 0);
    for (;;) {
        int status;
        pid_t changed = waitpid(process, &status, WUNTRACED | WCONTINUED);
        if (changed < 0 && errno == EINTR)
            continue;
        if (changed < 0)
            _exit(0);
        send_report(reports, process, status);
    }
}

/* Passes on what the emulator answers to the program's questions. */
static void send_answer(const char *bytes, size_t size, void *context)
{
    const struct terminal *terminal = context;
    ssize_t written = write(terminal->master, bytes, size);
    (void)written;
}

static void create_emulator(struct terminal *terminal, bool utf8)
{
    terminal->emulator = vterm_new(terminal->rows, terminal->columns);
    assert_non_null(terminal->emulator);
    vterm_set_utf8(terminal->emulator, utf8);
    terminal->screen = vterm_obtain_screen(terminal->emulator);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_reset(terminal->screen, 1);
}

struct terminal *terminal_start(const struct terminal_settings *settings)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);
    assert_non_null(terminal);
    terminal->rows = settings->rows;
    terminal->columns = settings->columns;
    create_emulator(terminal, strstr(settings->locale, "UTF-8") != NULL);
    if (!settings->silent)
        vterm_output_set_callback(terminal->emulator, send_answer, terminal);
    struct winsize size = {.ws_row = (unsigned short)settings->rows,
                           .ws_col = (unsigned short)settings->columns};
    int ends[2];
    assert_int_equal(openpty(&terminal->master, &terminal->slave, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(terminal->slave, &terminal->before), 0);
    assert_int_equal(pipe(ends), 0);
    terminal->reports = ends[0];
    for (size_t index = 0; index < 2; index++)
        (void)fcntl(ends[index], F_SETFD, FD_CLOEXEC);
    (void)fcntl(terminal->master, F_SETFD, FD_CLOEXEC);
    (void)fcntl(terminal->master, F_SETFL, O_NONBLOCK);
    terminal->monitor = fork();
    assert_true(terminal->monitor >= 0);
    if (terminal->monitor == 0) {
        (void)close(terminal->master);
        become_monitor(settings, terminal->slave, ends[1]);
    }
    (void)close(ends[1]);
    (void)fcntl(terminal->slave, F_SETFD, FD_CLOEXEC);
    struct report first;
    assert_int_equal(read(terminal->reports, &first, sizeof first), sizeof first);
    terminal->process = first.process;
    return terminal;
}

void terminal_end(struct terminal *terminal)
{
    if (!terminal->ended)
        (void)kill(terminal->process, SIGKILL);
    (void)waitpid(terminal->monitor, NULL, 0);
    if (terminal->master >= 0)
        (void)close(terminal->master);
    (void)close(terminal->slave);
    (void)close(terminal->reports);
    vterm_free(terminal->emulator);
    free(terminal->bytes);
    free(terminal->text);
    free(terminal);
}

static void keep_bytes(struct terminal *terminal, const char *bytes, size_t size)
{
    if (terminal->byte_count + size + 1 > terminal->byte_room) {
        terminal->byte_room = 2 * (terminal->byte_count + size + 1);
        terminal->bytes = realloc(terminal->bytes, terminal->byte_room);
        assert_non_null(terminal->bytes);
    }
    memcpy(terminal->bytes + terminal->byte_count, bytes, size);
    terminal->byte_count += size;
    terminal->bytes[terminal->byte_count] = '\0';
}

static void read_output(struct terminal *terminal)
{
    char bytes[4096];
    ssize_t size;
    while (terminal->master >= 0 && (size = read(terminal->master, bytes, sizeof bytes)) > 0) {
        (void)vterm_input_write(terminal->emulator, bytes, (size_t)size);
        keep_bytes(terminal, bytes, (size_t)size);
    }
}

static void read_report(struct terminal *terminal)
{
    struct report report;
    ssize_t size = read(terminal->reports, &report, sizeof report);
    if (size != (ssize_t)sizeof report) {
        terminal->ended = true;
        return;
    }
    terminal->status = report.status;
    if (WIFSTOPPED(report.status))
        terminal->stopped = true;
    else if (WIFCONTINUED(report.status))
        terminal->continued = true;
    else
        terminal->ended = true;
}

/* Waits up to `seconds` for output or a report and takes what is there. */
static void pump(struct terminal *terminal, double seconds)
{
    struct pollfd polled[] = {{.fd = terminal->master, .events = POLLIN},
                              {.fd = terminal->ended ? -1 : terminal->reports, .events = POLLIN}};
    if (poll(polled, 2, (int)(seconds * 1000) + 1) <= 0)
        return;
    if (polled[1].revents)
        read_report(terminal);
    if (polled[0].revents || polled[1].revents)
        read_output(terminal);
}

const char *terminal_bytes(const struct terminal *terminal, size_t *size)
{
    *size = terminal->byte_count;
    return terminal->bytes ? terminal->bytes : "";
}

static _Noreturn void give_up(struct terminal *terminal, const char *what, const char *why)
{
    print_error("the screen at that moment:\n%s\n", terminal_text(terminal));
    fail_msg("waiting for: %s: %s", what, why);
    abort(); /* fail_msg() does not return, but does not say so */
}

void terminal_await(struct terminal *terminal, const char *what, terminal_condition met,
                    void *context)
{
    double deadline = now() + TERMINAL_DEADLINE_SECONDS;
    while (!met(terminal, context)) {
        double left = deadline - now();
        if (terminal->ended)
            give_up(terminal, what, "the program has ended");
        if (left <= 0)
            give_up(terminal, what, "not met in time");
        pump(terminal, left);
    }
}

/* Sends bytes; takes output meanwhile, so that neither side waits for the other. */
void terminal_send(struct terminal *terminal, const char *bytes, size_t size)
{
    double deadline = now() + TERMINAL_DEADLINE_SECONDS;
    while (size > 0) {
        ssize_t written = write(terminal->master, bytes, size);
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (now() > deadline || (errno != EAGAIN && errno != EINTR)) {
            fail_msg("the program does not take its input: %s", strerror(errno));
        } else {
            pump(terminal, 0.01);
        }
    }
}

void terminal_type(struct terminal *terminal, const char *text)
{
    terminal_send(terminal, text, strlen(text));
}

void terminal_resize(struct terminal *terminal, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    read_output(terminal);
    terminal->rows = rows;
    terminal->columns = columns;
    vterm_set_size(terminal->emulator, rows, columns);
    assert_int_equal(ioctl(terminal->master, TIOCSWINSZ, &size), 0);
}

void terminal_spoil(struct terminal *terminal)
{
    static const char clear[] = "\033[H\033[2Jspoilt";
    read_output(terminal);
    (void)vterm_input_write(terminal->emulator, clear, strlen(clear));
}

void terminal_reset_settings(struct terminal *terminal)
{
    assert_int_equal(tcsetattr(terminal->slave, TCSANOW, &terminal->before), 0);
}

bool terminal_is_raw(const struct terminal *terminal)
{
    struct termios settings;
    assert_int_equal(tcgetattr(terminal->slave, &settings), 0);
    return !(settings.c_lflag & (tcflag_t)(ICANON | ECHO | ISIG));
}

void terminal_signal(struct terminal *terminal, int number)
{
    terminal->stopped = terminal->continued = false;
    assert_int_equal(kill(terminal->process, number), 0);
}

pid_t terminal_process(const struct terminal *terminal)
{
    return terminal->process;
}

VTermScreenCell terminal_cell(struct terminal *terminal, int row, int column)
{
    VTermScreenCell cell = {0};
    (void)vterm_screen_get_cell(terminal->screen, (VTermPos){.row = row, .col = column}, &cell);
    return cell;
}

void terminal_color(struct terminal *terminal, VTermColor *color)
{
    vterm_screen_convert_color_to_rgb(terminal->screen, color);
}

/* Appends a character as UTF-8; returns the end. */
static char *encode(char *end, uint32_t character)
{
    if (character < 0x80) {
        *end++ = (char)(character ? character : ' ');
    } else if (character < 0x800) {
        *end++ = (char)(0xC0 | character >> 6);
        *end++ = (char)(0x80 | (character & 0x3F));
    } else {
        *end++ = (char)(0xE0 | (character >> 12 & 0x0F));
        *end++ = (char)(0x80 | (character >> 6 & 0x3F));
        *end++ = (char)(0x80 | (character & 0x3F));
    }
    return end;
}

const char *terminal_text(struct terminal *terminal)
{
    size_t room = (size_t)terminal->rows * ((size_t)terminal->columns * 3 + 1) + 1;
    free(terminal->text);
    terminal->text = malloc(room);
    assert_non_null(terminal->text);
    char *end = terminal->text;
    for (int row = 0; row < terminal->rows; row++) {
        char *start = end;
        for (int column = 0; column < terminal->columns; column++) {
            uint32_t character = terminal_cell(terminal, row, column).chars[0];
            if (character != (uint32_t)-1)
                end = encode(end, character);
        }
        while (end > start && end[-1] == ' ')
            end--;
        *end++ = '\n';
    }
    *end = '\0';
    return terminal->text;
}

static bool has_text(struct terminal *terminal, void *text)
{
    return strstr(terminal_text(terminal), text) != NULL;
}

static bool has_no_text(struct terminal *terminal, void *text)
{
    return !has_text(terminal, text);
}

void terminal_await_text(struct terminal *terminal, const char *text)
{
    char copy[256];
    (void)snprintf(copy, sizeof copy, "%s", text);
    terminal_await(terminal, text, has_text, copy);
}

void terminal_await_no_text(struct terminal *terminal, const char *text)
{
    char copy[256], what[300];
    (void)snprintf(copy, sizeof copy, "%s", text);
    (void)snprintf(what, sizeof what, "no longer '%s'", text);
    terminal_await(terminal, what, has_no_text, copy);
}

static bool has_bytes(struct terminal *terminal, void *bytes)
{
    return terminal->bytes && strstr(terminal->bytes, bytes) != NULL;
}

void terminal_await_bytes(struct terminal *terminal, const char *bytes)
{
    char copy[256];
    (void)snprintf(copy, sizeof copy, "%s", bytes);
    terminal_await(terminal, "certain bytes", has_bytes, copy);
}

/* The columns that UTF-8 text takes here, where none is wide. */
static int count_columns(const char *text, size_t size)
{
    int columns = 0;
    for (size_t index = 0; index < size; index++)
        columns += ((unsigned char)text[index] & 0xC0) != 0x80;
    return columns;
}

void terminal_click(struct terminal *terminal, const char *text)
{
    char bytes[32];
    terminal_await_text(terminal, text);
    const char *screen = terminal_text(terminal), *found = strstr(screen, text), *line = screen;
    int row = 1;
    for (const char *end; (end = strchr(line, '\n')) && end < found; line = end + 1)
        row++;
    (void)snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM",
                   count_columns(line, (size_t)(found - line)) + 1, row);
    terminal_type(terminal, bytes);
    bytes[strlen(bytes) - 1] = 'm';
    terminal_type(terminal, bytes);
}

static bool flag_is_set(struct terminal *terminal, void *flag)
{
    (void)terminal;
    return *(const bool *)flag;
}

void terminal_await_stop(struct terminal *terminal)
{
    terminal_await(terminal, "stopped", flag_is_set, &terminal->stopped);
}

void terminal_await_continue(struct terminal *terminal)
{
    terminal_await(terminal, "continued", flag_is_set, &terminal->continued);
}

int terminal_await_end(struct terminal *terminal)
{
    terminal_await(terminal, "end of the program", flag_is_set, &terminal->ended);
    read_output(terminal);
    return terminal->status;
}

void terminal_check_restored(struct terminal *terminal)
{
    struct termios after;
    assert_int_equal(tcgetattr(terminal->slave, &after), 0);
    assert_int_equal(after.c_iflag, terminal->before.c_iflag);
    assert_int_equal(after.c_oflag, terminal->before.c_oflag);
    assert_int_equal(after.c_cflag, terminal->before.c_cflag);
    assert_int_equal(after.c_lflag, terminal->before.c_lflag);
    assert_memory_equal(after.c_cc, terminal->before.c_cc, sizeof after.c_cc);
}

void terminal_hang_up(struct terminal *terminal)
{
    (void)close(terminal->master);
    terminal->master = -1;
}
