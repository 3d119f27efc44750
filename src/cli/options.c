// SPDX-License-Identifier: MIT
#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measurement.h"
#include "cli/command.h"
#include "fmnist/base/pool.h"
#include "tui/look.h"

struct option {
    const char *name;     /* without the dashes */
    char letter;          /* or 0 */
    const char *argument; /* as in --help; NULL: the option takes none */
    const char *help;

    /* Takes the argument over (NULL where there is none); false with `err` set where it is wrong.
     */
    bool (*take)(struct options *options, const char *argument, struct error *err);
};

/* A whole number in decimal digits, nothing else, from 1 to `limit`. */
static bool parse_count(const char *text, uintmax_t limit, uintmax_t *value, struct error *err)
{
    char *end;
    errno = 0;
    *value = strtoumax(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *value >= 1 &&
        *value <= limit)
        return true;
    error_set(err, ERROR_USAGE, "give a whole number from 1 to %" PRIuMAX, limit);
    return false;
}

/* Looks the text up in a list; false with the possibilities in `err` where it is not there. */
static bool parse_choice(const char *text, const char *const *choices, size_t count, size_t *chosen,
                         struct error *err)
{
    char list[128] = "";
    for (size_t choice = 0; choice < count; choice++) {
        if (strcmp(text, choices[choice]) == 0) {
            *chosen = choice;
            return true;
        }
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", choice ? ", " : "",
                       choices[choice]);
    }
    error_set(err, ERROR_USAGE, "give one of %s", list);
    return false;
}

static bool take_model(struct options *options, const char *argument, struct error *err)
{
    const char *names[SNAPSHOT_MODELS_MAX];
    size_t chosen;
    for (size_t number = 0; number < network_spec_count(); number++)
        names[number] = network_spec_name(network_spec_at(number));
    if (!parse_choice(argument, names, network_spec_count(), &chosen, err))
        return false;
    options->trainer.model = network_spec_at(chosen);
    options->model_given = true;
    return true;
}

static bool take_epochs(struct options *options, const char *argument, struct error *err)
{
    uintmax_t value;
    if (!parse_count(argument, TRAINER_EPOCHS_MAX, &value, err))
        return false;
    options->trainer.epochs = (size_t)value;
    return true;
}

static bool take_batch(struct options *options, const char *argument, struct error *err)
{
    uintmax_t value;
    if (!parse_count(argument, TRAINER_BATCH_MAX, &value, err))
        return false;
    options->trainer.batch = (size_t)value;
    return true;
}

static bool take_rate(struct options *options, const char *argument, struct error *err)
{
    char *end;
    double rate = strtod(argument, &end);
    bool decimal = argument[strspn(argument, "0123456789.eE+-")] == '\0' && argument[0] != '+';
    if (!decimal || end == argument || *end != '\0' || !isfinite(rate) || rate <= 0) {
        error_set(err, ERROR_USAGE, "give a number above 0, such as 0.001");
        return false;
    }
    options->trainer.learning_rate = rate;
    return true;
}

static bool take_seed(struct options *options, const char *argument, struct error *err)
{
    char *end;
    errno = 0;
    uintmax_t seed = strtoumax(argument, &end, 10);
    /* JSON's readers and SQL take whole numbers up to this */
    if (argument[0] < '0' || argument[0] > '9' || *end != '\0' || errno != 0 || seed > INT64_MAX) {
        error_set(err, ERROR_USAGE, "give a whole number from 0 to %" PRId64, INT64_MAX);
        return false;
    }
    options->trainer.seed = (uint64_t)seed;
    return true;
}

static bool take_threads(struct options *options, const char *argument, struct error *err)
{
    uintmax_t value;
    if (!parse_count(argument, POOL_THREADS_MAX, &value, err))
        return false;
    options->trainer.threads = (unsigned)value;
    options->threads_given = true;
    return true;
}

/* Takes the name of an instruction set from the command line or the environment. */
static bool take_isa(struct options *options, const char *argument, struct error *err)
{
    const char *names[ISA_COUNT];
    size_t chosen;
    for (int number = 0; number < ISA_COUNT; number++)
        names[number] = isa_name((enum isa)number);
    if (!parse_choice(argument, names, ISA_COUNT, &chosen, err))
        return false;
    options->trainer.isa = (enum isa)chosen;
    options->isa_given = true;
    return isa_check(options->trainer.isa, err);
}

static bool take_data(struct options *options, const char *argument, struct error *err)
{
    if (*argument == '\0') {
        error_set(err, ERROR_USAGE, "give a directory");
        return false;
    }
    options->trainer.data_directory = argument;
    return true;
}

static bool take_sample(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->trainer.sample = true;
    return true;
}

static bool take_json(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->json = true;
    return true;
}

static bool take_rounds(struct options *options, const char *argument, struct error *err)
{
    uintmax_t value;
    if (!parse_count(argument, ROUNDS_MAX, &value, err))
        return false;
    options->rounds = (size_t)value;
    return true;
}

static bool take_glyphs(struct options *options, const char *argument, struct error *err)
{
    static const char *const names[] = {"auto", "ascii", "utf8"};
    static const enum app_glyphs values[] = {APP_GLYPHS_AUTO, APP_GLYPHS_ASCII, APP_GLYPHS_UTF8};
    size_t chosen;
    if (!parse_choice(argument, names, sizeof names / sizeof *names, &chosen, err))
        return false;
    options->app.glyphs = values[chosen];
    return true;
}

static bool take_color(struct options *options, const char *argument, struct error *err)
{
    static const char *const names[] = {"auto", "always", "never", "none",
                                        "8",    "16",     "256",   "24bit"};
    static const int values[] = {SCREEN_COLORS_AUTO, SCREEN_COLORS_ALWAYS, 0, 0, 8, 16, 256,
                                 LOOK_TRUE_COLOR};
    size_t chosen;
    if (!parse_choice(argument, names, sizeof names / sizeof *names, &chosen, err))
        return false;
    options->app.screen.colors = values[chosen];
    return true;
}

static bool take_ascii(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->app.glyphs = APP_GLYPHS_ASCII;
    return true;
}

static bool take_no_mouse(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->app.screen.no_mouse = true;
    return true;
}

static bool take_background(struct options *options, const char *argument, struct error *err)
{
    static const char *const names[] = {"auto", "dark", "light"};
    static const enum screen_background values[] = {SCREEN_BACKGROUND_AUTO, SCREEN_BACKGROUND_DARK,
                                                    SCREEN_BACKGROUND_LIGHT};
    size_t chosen;
    if (!parse_choice(argument, names, sizeof names / sizeof *names, &chosen, err))
        return false;
    options->app.screen.background = values[chosen];
    return true;
}

static bool take_plain(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->plain = true;
    return true;
}

static bool take_test_card(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->test_card = true;
    return true;
}

static bool take_help(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->help = true;
    return true;
}

static bool take_version(struct options *options, const char *argument, struct error *err)
{
    (void)argument;
    (void)err;
    options->version = true;
    return true;
}

static const struct option OPTIONS[] = {
    {"model", 'm', "NAME", "network to train: lenet or alexnet (lenet)", take_model},
    {"epochs", 'e', "N", "times to go through the training images (15)", take_epochs},
    {"batch", 'b', "N", "images a training step (100)", take_batch},
    {"lr", 'l', "RATE", "learning rate of Adam (0.001)", take_rate},
    {"seed", 's', "N", "seed of weights, split, order and dropout (1)", take_seed},
    {"threads", 't', "N", "threads of the engine (as many as CPUs)", take_threads},
    {"isa", 0, "NAME", "kernels: reference, generic, avx2 or avx512 (the best)", take_isa},
    {"data", 'd', "DIR", "directory with the four IDX files", take_data},
    {"sample", 0, NULL, "train on the small sample in the program", take_sample},
    {"json", 0, NULL, "train, bench: write the result as JSON to stdout", take_json},
    {"rounds", 0, "N", "bench: how often to measure (5)", take_rounds},
    {"glyphs", 0, "SET", "characters: auto, ascii or utf8 (auto)", take_glyphs},
    {"ascii", 0, NULL, "the same as --glyphs ascii", take_ascii},
    {"color", 0, "N", "auto, always, never, 8, 16, 256 or 24bit (auto)", take_color},
    {"background", 0, "KIND", "auto, dark or light (auto)", take_background},
    {"no-mouse", 0, NULL, "leave the mouse to the terminal", take_no_mouse},
    {"plain", 0, NULL, "no screens: a sentence an event, and the same keys", take_plain},
    {"test-card", 0, NULL, "show what is known of the terminal, for bug reports", take_test_card},
    {"help", 'h', NULL, "show this text", take_help},
    {"version", 'V', NULL, "show the version", take_version},
};

enum { OPTION_COUNT = sizeof OPTIONS / sizeof *OPTIONS };

/* The option whose name is the first `length` bytes of `name`, or whose letter is `letter`. */
static const struct option *option_find(const char *name, size_t length, char letter)
{
    for (size_t index = 0; index < OPTION_COUNT; index++) {
        const struct option *option = &OPTIONS[index];
        if (name ? strlen(option->name) == length && strncmp(option->name, name, length) == 0
                 : letter && option->letter == letter)
            return option;
    }
    return NULL;
}

/* What is left of the arguments. */
struct cursor {
    int argc;
    char *const *argv;
    int next;
};

/* Hands an option its argument: `attached` (after = or the letter), or the next word. */
static bool option_take(const struct option *option, const char *attached, struct cursor *cursor,
                        struct options *options, struct error *err)
{
    const char *argument = attached;
    if (option->argument && !argument && cursor->next < cursor->argc)
        argument = cursor->argv[cursor->next++];
    if (option->argument && !argument) {
        error_set(err, ERROR_USAGE, "--%s needs an argument: %s", option->name, option->argument);
        return false;
    }
    if (!option->argument && attached) {
        error_set(err, ERROR_USAGE, "--%s takes no argument", option->name);
        return false;
    }
    if (option->take(options, argument, err))
        return true;
    error_prefix(err, "--%s %.64s", option->name, argument && *argument ? argument : "''");
    return false;
}

static bool parse_long(const char *word, struct cursor *cursor, struct options *options,
                       struct error *err)
{
    size_t length = strcspn(word, "=");
    const struct option *option = option_find(word, length, 0);
    if (option)
        return option_take(option, word[length] ? word + length + 1 : NULL, cursor, options, err);
    error_set(err, ERROR_USAGE, "there is no option --%.*s; see --help",
              (int)(length < 64 ? length : 64), word);
    return false;
}

/* One or more letters: those before the last take no argument. */
static bool parse_letters(const char *letters, struct cursor *cursor, struct options *options,
                          struct error *err)
{
    for (const char *letter = letters; *letter; letter++) {
        const struct option *option = option_find(NULL, 0, *letter);
        if (!option) {
            error_set(err, ERROR_USAGE, "there is no option -%c; see --help",
                      *letter > ' ' && *letter < 127 ? *letter : '?');
            return false;
        }
        const char *attached = option->argument && letter[1] ? letter + 1 : NULL;
        if (!option_take(option, attached, cursor, options, err))
            return false;
        if (attached)
            break;
    }
    return true;
}

static bool parse_command(const char *word, struct options *options, struct error *err)
{
    const struct command *command = command_find(word);
    if (!options->command && command) {
        options->command = command;
        return true;
    }
    if (options->command)
        error_set(err, ERROR_USAGE, "'%.64s' is one word too many; see --help", word);
    else
        error_set(err, ERROR_USAGE, "there is no command '%.64s'; see --help", word);
    return false;
}

/* Checks what no single option can. */
static bool check_together(const struct options *options, struct error *err)
{
    if (options->trainer.sample && options->trainer.data_directory)
        error_set(err, ERROR_USAGE, "--sample and --data exclude each other");
    else if (options->json && options->command != &COMMAND_TRAIN &&
             options->command != &COMMAND_BENCH)
        error_set(err, ERROR_USAGE, "--json belongs to the commands train and bench");
    else if (options->plain && options->command && options->command != &COMMAND_DASHBOARD)
        error_set(err, ERROR_USAGE, "--plain belongs to the command dashboard");
    else if (options->rounds > 0 && options->command != &COMMAND_BENCH)
        error_set(err, ERROR_USAGE, "--rounds belongs to the command bench");
    else
        return true;
    return false;
}

/* What the environment says where no option does. */
static bool take_environment(struct options *options, struct error *err)
{
    const char *isa = getenv("FMNIST_ISA");
    if (options->isa_given || options->help || !isa || !*isa || take_isa(options, isa, err))
        return true;
    error_prefix(err, "FMNIST_ISA=%.64s", isa);
    return false;
}

bool options_parse(struct options *options, int argc, char *const *argv, struct error *err)
{
    struct cursor cursor = {.argc = argc, .argv = argv, .next = 1};
    bool only_words = false;
    *options = (struct options){
        .trainer = TRAINER_DEFAULTS,
        .app = {.glyphs = APP_GLYPHS_AUTO, .screen = {.colors = SCREEN_COLORS_AUTO}}};
    options->trainer.model = network_spec_at(0);
    options->trainer.threads = pool_default_threads();
    options->trainer.isa = isa_best();
    while (cursor.next < argc) {
        const char *word = argv[cursor.next++];
        bool good;
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (!only_words && word[0] == '-' && word[1] == '-')
            good = parse_long(word + 2, &cursor, options, err);
        else if (!only_words && word[0] == '-' && word[1])
            good = parse_letters(word + 1, &cursor, options, err);
        else
            good = parse_command(word, options, err);
        if (!good)
            return false;
    }
    if (!take_environment(options, err) || !check_together(options, err))
        return false;
    if (options->rounds == 0)
        options->rounds = MEASUREMENT_ROUNDS;
    return true;
}

void options_write_help(FILE *out)
{
    const struct command *command;
    (void)fprintf(out, "Usage: %s [COMMAND] [OPTION]...\n", PACKAGE_NAME);
    (void)fputs("Trains LeNet-5 or AlexNet on Fashion-MNIST and shows it in the terminal.\n\n"
                "Commands:\n",
                out);
    for (size_t number = 0; (command = command_at(number)); number++)
        (void)fprintf(out, "  %-22s %s\n", command->name, command->summary);
    (void)fputs("\nOptions, with their defaults:\n", out);
    for (size_t index = 0; index < OPTION_COUNT; index++) {
        const struct option *option = &OPTIONS[index];
        char left[40], letter[5] = "    ";
        if (option->letter)
            (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
        (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name,
                       option->argument ? " " : "", option->argument ? option->argument : "");
        (void)fprintf(out, "  %-22s %s\n", left, option->help);
    }
    (void)fputs(
        "\nThe data are looked for in --data, $FMNIST_DATA,\n"
        "$XDG_DATA_HOME/fmnist-tui/data and /usr/share/datasets/fashion-mnist; without any\n"
        "of them the sample in the program is used. See also: man fmnist-tui.\n",
        out);
}
