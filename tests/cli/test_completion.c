// SPDX-License-Identifier: MIT
/* Real shells complete command lines with the scripts that the program writes. Those that are not
 * installed are passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

enum { OUTPUT_SIZE = 1 << 16, LIMIT_MILLISECONDS = 60000 };

#define ALL "\030a" /* Ctrl-X a: put in all that fits */

/* The words of a line once a shell has completed it. */
struct completed {
    const char *line;  /* typed after "fmnist-tui " */
    const char *words; /* "<train><--model>" */
};

static const struct completed COMPLETED[] = {
    {"tr\t", "<train>"},
    {"train --mo\t alex\t", "<train><--model><alexnet>"},
    {"train --model=le\t", "<train><--model=lenet>"},
    {"train -m al\t", "<train><-m><alexnet>"},
    {"bench --js\t--roun\t 7", "<bench><--json><--rounds><7>"},
    {"bench --isa " ALL, "<bench><--isa><avx2><avx512><generic><reference>"},
    {"train --json --th\t 2", "<train><--json><--threads><2>"},
    {"--glyphs asc\t", "<--glyphs><ascii>"},
    {"--no-m\t", "<--no-mouse>"},
    {"--color 2" ALL, "<--color><24bit><256>"},
    {"train --data dat\t", "<train><--data><data set/>"},
    {"completion " ALL, "<completion><bash><fish><zsh>"},
    {"completion fi\t", "<completion><fish>"},
    {"train --rounds\t", "<train><--rounds>"}, /* not of that command */
    {"train --resume=1\t", "<train><--resume=12>"},
    {"train --resume=fi\t", "<train><--resume=first try>"},
    {"train --resume=\\$\t", "<train><--resume=$(touch bad)>"},
    {"evaluate 1\t", "<evaluate><12>"},
    {"evaluate fir\t", "<evaluate><first try>"},
    {"evaluate net\t", "<evaluate><net 1.safetensors>"},
    {"evaluate --store one\\ more else\t", "<evaluate><--store><one more><elsewhere>"},
    {"watch --store='one more' else\t", "<watch><--store=one more><elsewhere>"},
    {"predict 12 net\t", "<predict><12><net 1.safetensors>"},
    {"train --resume --js\t", "<train><--resume><--json>"},
    {"train --epochs alex\t", "<train><--epochs><alex>"},
    {"train -- --mo\t", "<train><--><--mo>"},
};

/* A shell on a terminal. */
struct shell {
    pid_t process;
    int terminal;
    char output[OUTPUT_SIZE]; /* since what was awaited last */
    size_t used, seen;        /* bytes there; of them up to what was awaited */
};

/* A directory to work in, with what is to be completed there. */
static int make_directory(void **state)
{
    char template[] = "/tmp/fmnist-completion-XXXXXX";
    if (!mkdtemp(template) || chdir(template) != 0 || mkdir("data set", 0700) != 0)
        return -1;
    FILE *file = fopen("data file", "w"), *weights = fopen("net 1.safetensors", "w");
    *state = strdup(template);
    return file && weights && fclose(file) == 0 && fclose(weights) == 0 && *state ? 0 : -1;
}

static int remove_directory(void **state)
{
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    free(*state);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void need(const char *shell)
{
    char command[128];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", shell);
    if (system(command) != 0)
        skip();
}

/* Reads what the shell writes until `text` has come, which is in `output` with all before it. */
static void shell_await(struct shell *shell, const char *text)
{
    memmove(shell->output, shell->output + shell->seen, shell->used - shell->seen + 1);
    shell->used -= shell->seen;
    while (!strstr(shell->output, text)) {
        struct pollfd readable = {shell->terminal, POLLIN, 0};
        size_t room = OUTPUT_SIZE - 1 - shell->used;
        if (room == 0 || poll(&readable, 1, LIMIT_MILLISECONDS) <= 0)
            fail_msg("no '%s' in: %s", text, shell->output);
        ssize_t got = read(shell->terminal, shell->output + shell->used, room);
        if (got <= 0)
            fail_msg("the shell has ended: %s", shell->output);
        shell->used += (size_t)got;
        shell->output[shell->used] = '\0';
    }
    shell->seen = (size_t)(strstr(shell->output, text) - shell->output) + strlen(text);
}

static void shell_send(struct shell *shell, const char *text)
{
    assert_int_equal(write(shell->terminal, text, strlen(text)), (ssize_t)strlen(text));
}

static struct shell *shell_start(char *const *argv)
{
    const struct winsize size = {.ws_row = 24, .ws_col = 200};
    struct shell *shell = calloc(1, sizeof *shell);
    assert_non_null(shell);
    shell->process = forkpty(&shell->terminal, NULL, NULL, &size);
    if (shell->process == 0) {
        (void)setenv("TERM", "dumb", 1);
        (void)setenv("HOME", ".", 1);
        (void)setenv("ZDOTDIR", ".", 1);
        (void)setenv("INPUTRC", "/dev/null", 1);
        (void)execvp(argv[0], argv);
        _exit(127);
    }
    if (shell->process < 0)
        skip();
    shell_await(shell, "READY> ");
    return shell;
}

static void shell_end(struct shell *shell)
{
    (void)kill(shell->process, SIGKILL);
    (void)waitpid(shell->process, NULL, 0);
    (void)close(shell->terminal);
    free(shell);
}

/* Types all lines; the program's place is taken by a function that writes its arguments. */
static void check_shell(char *const *argv)
{
    struct shell *shell = shell_start(argv);
    for (size_t item = 0; item < sizeof COMPLETED / sizeof *COMPLETED; item++) {
        char expected[256];
        shell_send(shell, "fmnist-tui ");
        shell_send(shell, COMPLETED[item].line);
        shell_send(shell, "\r");
        shell_await(shell, ":END");
        (void)snprintf(expected, sizeof expected, "GOT:%s:END", COMPLETED[item].words);
        if (!strstr(shell->output, expected))
            fail_msg("not %s, but: %s", expected, shell->output);
        shell_await(shell, "READY> ");
    }
    shell_end(shell);
    assert_int_not_equal(access("bad", F_OK), 0); /* names are no commands */
}

static const char FUNCTION[] = "fmnist-tui() {\n"
                               "    if [ \"$*\" = 'runs list --names' ]; then\n"
                               "        printf '%s\\n' 12 'first try' '$(touch bad)'\n"
                               "        return\n"
                               "    fi\n"
                               "    if [ \"$*\" = 'runs list --names --store one more' ]; then\n"
                               "        printf 'elsewhere\\n'\n"
                               "        return\n"
                               "    fi\n"
                               "    printf 'GOT:'\n"
                               "    printf '<%s>' \"$@\"\n"
                               "    printf ':END\\n'\n"
                               "}\n";

static void bash_completes(void **state)
{
    (void)state;
    char rc[1024];
    char *argv[] = {"bash", "--noprofile", "--rcfile", "rc", "-i", NULL};
    need("bash");
    (void)snprintf(rc, sizeof rc,
                   "unset PROMPT_COMMAND\nbind '\"\\C-xa\": insert-completions'\n"
                   "\"$FMNIST_PROGRAM\" completion bash >script\n. ./script\n%sPS1='READY> '\n",
                   FUNCTION);
    write_file("rc", rc);
    check_shell(argv);
}

static void zsh_completes(void **state)
{
    (void)state;
    char rc[2048];
    char *argv[] = {"zsh", "-d", "-i", NULL};
    need("zsh");
    (void)snprintf(rc, sizeof rc,
                   "\"$FMNIST_PROGRAM\" completion zsh >_fmnist-tui\n"
                   "fpath=($PWD $fpath)\nautoload -Uz compinit\ncompinit -u -D\n"
                   "unsetopt auto_remove_slash\n"
                   "zle -C all complete-word _generic\nbindkey '^Xa' all\n"
                   "zstyle ':completion:all:*' completer _all_matches _complete\n"
                   "zstyle ':completion:all:*' insert yes\n"
                   "%sPS1='READY> '\n",
                   FUNCTION);
    write_file(".zshrc", rc);
    check_shell(argv);
}

/* Fish tells without a terminal what it would offer. */
static void check_fish(const char *line, const char *expected)
{
    char command[512], output[4096];
    (void)snprintf(command, sizeof command,
                   "HOME=. XDG_CONFIG_HOME=$PWD XDG_DATA_HOME=$PWD XDG_CACHE_HOME=$PWD "
                   "fish --no-config -c \"\\\"\\$FMNIST_PROGRAM\\\" completion fish | source; "
                   "function fmnist-tui; string match -q '*one more' -- \\\"\\$argv\\\"; "
                   "and echo elsewhere; or printf '%%s\\n' 12 'first try'; end; "
                   "complete -C 'fmnist-tui %s'\" | cut -f 1 | sort | tr '\\n' ' '",
                   line);
    FILE *fish = popen(command, "r");
    assert_non_null(fish);
    output[fread(output, 1, sizeof output - 1, fish)] = '\0';
    assert_int_equal(pclose(fish), 0);
    if (strcmp(output, expected) != 0)
        fail_msg("'%s' gives '%s', not '%s'", line, output, expected);
}

static void fish_completes(void **state)
{
    (void)state;
    need("fish");
    check_fish("tr", "train ");
    check_fish("train --mo", "--model ");
    check_fish("train --model ", "alexnet lenet ");
    check_fish("train --model=al", "--model=alexnet ");
    check_fish("bench --r", "--rounds ");
    check_fish("train --ro", "");
    check_fish("--glyphs a", "ascii auto ");
    check_fish("train --data dat", "data set/ ");
    check_fish("train --epochs ", "");
    check_fish("train --resume=f", "--resume=first try ");
    check_fish("train --resume --js", "--json ");
    check_fish("evaluate fir", "first try ");
    check_fish("runs show --store one\\\\\\\\ more ", "elsewhere ");
    check_fish("evaluate ne", "net 1.safetensors ");
    check_fish("completion ", "bash fish zsh ");
    check_fish("completion bash ", "");
}

/* What lies in completions/ is what the program writes. */
static void the_installed_scripts_are_up_to_date(void **state)
{
    (void)state;
    static const char *const FILES[][2] = {{"completion bash", "bash/fmnist-tui"},
                                           {"completion zsh", "zsh/_fmnist-tui"},
                                           {"completion fish", "fish/fmnist-tui.fish"}};
    const char *source = getenv("FMNIST_SOURCE");
    for (size_t item = 0; item < sizeof FILES / sizeof *FILES; item++) {
        char path[4096], text[1 << 16];
        struct run *run = run_program(FILES[item][0]);
        (void)snprintf(path, sizeof path, "%s/completions/%s", source ? source : ".",
                       FILES[item][1]);
        FILE *file = fopen(path, "r");
        if (!file)
            fail_msg("cannot open %s", path);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        (void)fclose(file);
        assert_int_equal(run->status, 0);
        if (strcmp(run->out, text) != 0)
            fail_msg("%s is not what the program writes: run `make completion-scripts`", path);
        run_free(run);
    }
}

static void check_refused(const char *arguments, const char *message)
{
    struct run *run = run_program(arguments);
    assert_int_equal(run->status, 2);
    assert_string_equal(run->out, "");
    assert_string_equal(run->err, message);
    run_free(run);
}

static void exactly_one_shell_is_needed(void **state)
{
    (void)state;
    check_refused("completion", "fmnist-tui: completion needs more: bash|zsh|fish; see completion "
                                "--help\n");
    check_refused("completion csh", "fmnist-tui: completion csh: give one of bash, zsh, fish\n");
    check_refused("completion zsh fish", "fmnist-tui: 'fish' is one word too many; see --help\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_completes),
        cmocka_unit_test(zsh_completes),
        cmocka_unit_test(fish_completes),
        cmocka_unit_test(the_installed_scripts_are_up_to_date),
        cmocka_unit_test(exactly_one_shell_is_needed),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
