// SPDX-License-Identifier: MIT
#include "cli/option.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/measurement.h"
#include "cli/option_value.h"
#include "fmnist/base/pool.h"
#include "tui/look.h"

enum { WORST_MAX = 1000 };

/* The colours by the numbers of the words that name them. */
static const char *const COLOR_NAMES[] = {"auto", "always", "never", "none",
                                          "8",    "16",     "256",   "24bit"};
static const int COLOR_VALUES[] = {SCREEN_COLORS_AUTO, SCREEN_COLORS_ALWAYS, 0, 0, 8, 16, 256,
                                   LOOK_TRUE_COLOR};

static const char *const GLYPHS_NAMES[] = {"auto", "ascii", "utf8"};
static const int GLYPHS_VALUES[] = {APP_GLYPHS_AUTO, APP_GLYPHS_ASCII, APP_GLYPHS_UTF8};

static const char *const BACKGROUND_NAMES[] = {"auto", "dark", "light"};
static const int BACKGROUND_VALUES[] = {SCREEN_BACKGROUND_AUTO, SCREEN_BACKGROUND_DARK,
                                        SCREEN_BACKGROUND_LIGHT};

static const char *const SPLIT_NAMES[] = {"test", "val", "train"};
static const int SPLIT_VALUES[] = {OPTIONS_TEST, OPTIONS_VALIDATION, OPTIONS_TRAINING};

static const char *model_choice(size_t number)
{
    return number < network_spec_count() ? network_spec_name(network_spec_at(number)) : NULL;
}

static const char *isa_choice(size_t number)
{
    return number < ISA_COUNT ? isa_name((enum isa)number) : NULL;
}

static const char *color_choice(size_t number)
{
    return number < sizeof COLOR_NAMES / sizeof *COLOR_NAMES ? COLOR_NAMES[number] : NULL;
}

static const char *glyphs_choice(size_t number)
{
    return number < sizeof GLYPHS_NAMES / sizeof *GLYPHS_NAMES ? GLYPHS_NAMES[number] : NULL;
}

static const char *split_choice(size_t number)
{
    return number < sizeof SPLIT_NAMES / sizeof *SPLIT_NAMES ? SPLIT_NAMES[number] : NULL;
}

static const char *background_choice(size_t number)
{
    return number < sizeof BACKGROUND_NAMES / sizeof *BACKGROUND_NAMES ? BACKGROUND_NAMES[number]
                                                                       : NULL;
}

static const char *flag_choice(size_t number)
{
    static const char *const NAMES[] = {"no", "yes"};
    return number < 2 ? NAMES[number] : NULL;
}

/* Sets a bool, to true where nothing else is said. */
static bool take_flag(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    size_t chosen = 1;
    if (argument && !option_parse_choice(argument, flag_choice, &chosen, err))
        return false;
    *(bool *)((char *)options + option->field) = chosen == 1;
    return true;
}

static void show_flag(const struct options *options, const struct option *option, char *text,
                      size_t size)
{
    bool value = *(const bool *)((const char *)options + option->field);
    (void)snprintf(text, size, "%s", flag_choice(value));
}

/* Sets a size_t. */
static bool take_count(struct options *options, const struct option *option, const char *argument,
                       struct error *err)
{
    uintmax_t value;
    if (!option_parse_count(argument, option->zero ? 0 : 1, option->most, &value, err))
        return false;
    *(size_t *)(void *)((char *)options + option->field) = (size_t)value;
    return true;
}

static void show_count(const struct options *options, const struct option *option, char *text,
                       size_t size)
{
    size_t value = *(const size_t *)(const void *)((const char *)options + option->field);
    (void)snprintf(text, size, "%zu", value);
}

/* Sets an int or an enum to the value of a word. */
static bool take_choice(struct options *options, const struct option *option, const char *argument,
                        struct error *err)
{
    size_t chosen;
    if (!option_parse_choice(argument, option->choice, &chosen, err))
        return false;
    *(int *)(void *)((char *)options + option->field) = option->values[chosen];
    return true;
}

static void show_choice(const struct options *options, const struct option *option, char *text,
                        size_t size)
{
    int value = *(const int *)(const void *)((const char *)options + option->field);
    size_t number = 0;
    while (option->choice(number + 1) && option->values[number] != value)
        number++;
    (void)snprintf(text, size, "%s", option->choice(number));
}

static bool take_model(struct options *options, const struct option *option, const char *argument,
                       struct error *err)
{
    size_t chosen;
    if (!option_parse_choice(argument, option->choice, &chosen, err))
        return false;
    options->trainer.model = network_spec_at(chosen);
    options->model_given = true;
    return true;
}

static void show_model(const struct options *options, const struct option *option, char *text,
                       size_t size)
{
    (void)option;
    (void)snprintf(text, size, "%s", network_spec_name(options->trainer.model));
}

/* Sets a double. */
static bool take_number(struct options *options, const struct option *option, const char *argument,
                        struct error *err)
{
    return option_parse_number(argument, (double *)(void *)((char *)options + option->field), err);
}

static void show_number(const struct options *options, const struct option *option, char *text,
                        size_t size)
{
    double value = *(const double *)(const void *)((const char *)options + option->field);
    (void)snprintf(text, size, "%.9g", value);
}

static bool take_seed(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    (void)option;
    return option_parse_seed(argument, &options->trainer.seed, err);
}

static void show_seed(const struct options *options, const struct option *option, char *text,
                      size_t size)
{
    (void)option;
    (void)snprintf(text, size, "%" PRIu64, options->trainer.seed);
}

static bool take_threads(struct options *options, const struct option *option, const char *argument,
                         struct error *err)
{
    uintmax_t value;
    if (!option_parse_count(argument, 1, option->most, &value, err))
        return false;
    options->trainer.threads = (unsigned)value;
    options->threads_given = true;
    return true;
}

static void show_threads(const struct options *options, const struct option *option, char *text,
                         size_t size)
{
    (void)option;
    (void)snprintf(text, size, "%u", options->trainer.threads);
}

static bool take_isa(struct options *options, const struct option *option, const char *argument,
                     struct error *err)
{
    size_t chosen;
    if (!option_parse_choice(argument, option->choice, &chosen, err))
        return false;
    options->trainer.isa = (enum isa)chosen;
    return isa_check(options->trainer.isa, err);
}

static void show_isa(const struct options *options, const struct option *option, char *text,
                     size_t size)
{
    (void)option;
    (void)snprintf(text, size, "%s", isa_name(options->trainer.isa));
}

/* Sets a pointer to the argument: a directory, or a file as well. */
static bool take_directory(struct options *options, const struct option *option,
                           const char *argument, struct error *err)
{
    if (*argument == '\0') {
        error_set(err, ERROR_USAGE, "give a %s",
                  strcmp(option->argument, "DIR") == 0 ? "directory" : "file or a directory");
        return false;
    }
    *(const char **)(void *)((char *)options + option->field) = argument;
    return true;
}

static void show_directory(const struct options *options, const struct option *option, char *text,
                           size_t size)
{
    const char *value = *(const char *const *)(const void *)((const char *)options + option->field);
    (void)snprintf(text, size, "%s", value ? value : "");
}

static bool take_name(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    (void)option;
    if (*argument == '\0') {
        error_set(err, ERROR_USAGE, "give a name");
        return false;
    }
    options->run_name = argument;
    return true;
}

static bool take_resume(struct options *options, const struct option *option, const char *argument,
                        struct error *err)
{
    (void)option;
    if (argument && *argument == '\0') {
        error_set(err, ERROR_USAGE, "give a run, or no = for the newest");
        return false;
    }
    options->resume = true;
    options->resume_run = argument;
    return true;
}

static const struct option OPTIONS[] = {
    {"model", 'm', "NAME", "network to train: lenet or alexnet (lenet)", .setting = true,
     .take = take_model, .show = show_model, .choice = model_choice},
    {"epochs", 'e', "N", "times to go through the training images (15)", .setting = true,
     .take = take_count, .show = show_count, .field = offsetof(struct options, trainer.epochs),
     .most = TRAINER_EPOCHS_MAX},
    {"batch", 'b', "N", "images a training step (100)", .setting = true, .take = take_count,
     .show = show_count, .field = offsetof(struct options, trainer.batch),
     .most = TRAINER_BATCH_MAX},
    {"lr", 'l', "RATE", "learning rate of Adam (0.001)", .setting = true, .take = take_number,
     .show = show_number, .field = offsetof(struct options, trainer.learning_rate)},
    {"seed", 's', "N", "seed of weights, split, order and dropout (1)", .setting = true,
     .take = take_seed, .show = show_seed},
    {"threads", 't', "N", "threads of the engine (as many as CPUs)", .setting = true,
     .take = take_threads, .show = show_threads, .most = POOL_THREADS_MAX},
    {"isa", 0, "NAME", "kernels: reference, generic, avx2 or avx512 (the best)", .setting = true,
     .take = take_isa, .show = show_isa, .choice = isa_choice},
    {"data", 'd', "DIR", "directory with the four IDX files", .setting = true,
     .take = take_directory, .show = show_directory,
     .field = offsetof(struct options, trainer.data_directory)},
    {"fast-reduce", 0, NULL, "let MPI add up gradients: bits depend on the number of ranks",
     .take = take_flag, .show = show_flag, .field = offsetof(struct options, trainer.fast_reduce)},
    {"sample", 0, NULL, "train on the small sample in the program", .setting = true,
     .take = take_flag, .show = show_flag, .field = offsetof(struct options, trainer.sample)},
    {"store", 0, "DIR", "directory of the runs that are kept", .setting = true,
     .take = take_directory, .show = show_directory,
     .field = offsetof(struct options, store_directory)},
    {"no-store", 0, NULL, "keep nothing of this run", .setting = true, .take = take_flag,
     .show = show_flag, .field = offsetof(struct options, no_store)},
    {"name", 0, "NAME", "what to call this run", .take = take_name,
     .field = offsetof(struct options, run_name)},
    {"keep", 0, "N", "checkpoints to keep beside best and last (2)", .setting = true,
     .take = take_count, .show = show_count, .field = offsetof(struct options, keep),
     .most = OPTIONS_KEEP_MAX, .zero = true},
    {"resume", 0, "RUN", "go on with that run, or the newest", .optional = true,
     .take = take_resume, .field = offsetof(struct options, resume)},
    {"save-every", 0, "SECONDS", "checkpoints within an epoch (60)", .setting = true,
     .take = take_number, .show = show_number,
     .field = offsetof(struct options, trainer.save_seconds)},
    {"steer", 0, NULL, "pass keys on to the program that trains the run", .take = take_flag,
     .field = offsetof(struct options, steer)},
    {"names", 0, NULL, "only numbers and names, one a line", .take = take_flag,
     .field = offsetof(struct options, names)},
    {"json", 0, NULL, "write the result as JSON to stdout", .take = take_flag,
     .field = offsetof(struct options, json)},
    {"csv", 0, NULL, "write a table of the evaluations, or all tables into --output",
     .take = take_flag, .field = offsetof(struct options, csv)},
    {"html", 0, NULL, "write one HTML file with curves, matrix and mistakes", .take = take_flag,
     .field = offsetof(struct options, html)},
    {"tensorboard", 0, NULL, "write event files for TensorBoard into --output", .take = take_flag,
     .field = offsetof(struct options, tensorboard)},
    {"output", 'o', "PATH", "file, or folder, to write (stdout)", .take = take_directory,
     .field = offsetof(struct options, output)},
    {"force", 'f', NULL, "replace files, delete runs without asking", .take = take_flag,
     .field = offsetof(struct options, force)},
    {"rounds", 0, "N", "how often to measure (5)", .setting = true, .take = take_count,
     .show = show_count, .field = offsetof(struct options, rounds), .most = ROUNDS_MAX},
    {"split", 0, "PART", "images to evaluate on: test, val or train (test)", .take = take_choice,
     .values = SPLIT_VALUES, .field = offsetof(struct options, split), .choice = split_choice},
    {"worst", 0, "N", "how many of the surest mistakes to show (3)", .take = take_count,
     .field = offsetof(struct options, worst), .most = WORST_MAX, .zero = true},
    {"invert", 0, NULL, "the images are dark on light", .take = take_flag,
     .field = offsetof(struct options, invert)},
    {"glyphs", 0, "SET", "characters: auto, ascii or utf8 (auto)", .setting = true,
     .take = take_choice, .show = show_choice, .values = GLYPHS_VALUES,
     .field = offsetof(struct options, app.glyphs), .choice = glyphs_choice},
    {"ascii", 0, NULL, "the same as --glyphs ascii", .alias = "glyphs", .alias_argument = "ascii"},
    {"color", 0, "N", "auto, always, never, 8, 16, 256 or 24bit (auto)", .setting = true,
     .take = take_choice, .show = show_choice, .values = COLOR_VALUES,
     .field = offsetof(struct options, app.screen.colors), .choice = color_choice},
    {"background", 0, "KIND", "auto, dark or light (auto)", .setting = true, .take = take_choice,
     .show = show_choice, .values = BACKGROUND_VALUES,
     .field = offsetof(struct options, app.screen.background), .choice = background_choice},
    {"no-mouse", 0, NULL, "leave the mouse to the terminal", .setting = true, .take = take_flag,
     .show = show_flag, .field = offsetof(struct options, app.screen.no_mouse)},
    {"plain", 0, NULL, "no screens: a sentence an event, and the same keys", .setting = true,
     .take = take_flag, .show = show_flag, .field = offsetof(struct options, plain)},
    {"test-card", 0, NULL, "show what is known of the terminal, for bug reports", .take = take_flag,
     .field = offsetof(struct options, test_card)},
    {"help", 'h', NULL, "show this text", .everywhere = true, .take = take_flag,
     .field = offsetof(struct options, help)},
    {"version", 'V', NULL, "show the version", .everywhere = true, .take = take_flag,
     .field = offsetof(struct options, version)},
};

_Static_assert(sizeof OPTIONS / sizeof *OPTIONS <= OPTIONS_MAX, "settings have no room for all");

const struct option *option_at(size_t number)
{
    return number < sizeof OPTIONS / sizeof *OPTIONS ? &OPTIONS[number] : NULL;
}

size_t option_number(const struct option *option)
{
    return (size_t)(option - OPTIONS);
}

const struct option *option_find(const char *name, size_t length)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++)
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            break;
    return option;
}

const struct option *option_find_letter(char letter)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++)
        if (option->letter && option->letter == letter)
            break;
    return option;
}

bool option_given(const struct options *options, const char *name)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++)
        if (strcmp(option->name, name) == 0)
            return options->settings[number].origin == SETTING_OPTION;
    return false;
}

bool option_belongs(const struct option *option, const struct command *command)
{
    size_t length = strlen(option->name);
    const char *word = command->options;
    if (option->everywhere || ((option->setting || option->alias) && command->settings))
        return true;
    while (*word) {
        size_t end = strcspn(word, " ");
        if (end == length && strncmp(word, option->name, length) == 0)
            return true;
        word += end + (word[end] == ' ');
    }
    return false;
}
