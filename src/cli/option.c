// SPDX-License-Identifier: MIT
#include "cli/option.h"

#include <string.h>

#include "bench/measurement.h"
#include "cli/option_value.h"
#include "fmnist/base/pool.h"
#include "tui/look.h"

/* The colours by the numbers of the words that name them. */
static const char *const COLOR_NAMES[] = {"auto", "always", "never", "none",
                                          "8",    "16",     "256",   "24bit"};
static const int COLOR_VALUES[] = {SCREEN_COLORS_AUTO, SCREEN_COLORS_ALWAYS, 0, 0, 8, 16, 256,
                                   LOOK_TRUE_COLOR};

static const char *const GLYPHS_NAMES[] = {"auto", "ascii", "utf8"};
static const enum app_glyphs GLYPHS_VALUES[] = {APP_GLYPHS_AUTO, APP_GLYPHS_ASCII, APP_GLYPHS_UTF8};

static const char *const BACKGROUND_NAMES[] = {"auto", "dark", "light"};
static const enum screen_background BACKGROUND_VALUES[] = {
    SCREEN_BACKGROUND_AUTO, SCREEN_BACKGROUND_DARK, SCREEN_BACKGROUND_LIGHT};

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

static const char *background_choice(size_t number)
{
    return number < sizeof BACKGROUND_NAMES / sizeof *BACKGROUND_NAMES ? BACKGROUND_NAMES[number]
                                                                       : NULL;
}

/* Sets a bool. */
static bool take_flag(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    (void)argument;
    (void)err;
    *(bool *)((char *)options + option->field) = true;
    return true;
}

/* Sets a size_t to a number from 1 on. */
static bool take_count(struct options *options, const struct option *option, const char *argument,
                       struct error *err)
{
    uintmax_t value;
    if (!option_parse_count(argument, option->most, &value, err))
        return false;
    *(size_t *)(void *)((char *)options + option->field) = (size_t)value;
    return true;
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

static bool take_rate(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    (void)option;
    return option_parse_rate(argument, &options->trainer.learning_rate, err);
}

static bool take_seed(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    (void)option;
    return option_parse_seed(argument, &options->trainer.seed, err);
}

static bool take_threads(struct options *options, const struct option *option, const char *argument,
                         struct error *err)
{
    uintmax_t value;
    if (!option_parse_count(argument, option->most, &value, err))
        return false;
    options->trainer.threads = (unsigned)value;
    options->threads_given = true;
    return true;
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

static bool take_data(struct options *options, const struct option *option, const char *argument,
                      struct error *err)
{
    (void)option;
    if (*argument == '\0') {
        error_set(err, ERROR_USAGE, "give a directory");
        return false;
    }
    options->trainer.data_directory = argument;
    return true;
}

static bool take_glyphs(struct options *options, const struct option *option, const char *argument,
                        struct error *err)
{
    size_t chosen;
    if (!option_parse_choice(argument, option->choice, &chosen, err))
        return false;
    options->app.glyphs = GLYPHS_VALUES[chosen];
    return true;
}

static bool take_color(struct options *options, const struct option *option, const char *argument,
                       struct error *err)
{
    size_t chosen;
    if (!option_parse_choice(argument, option->choice, &chosen, err))
        return false;
    options->app.screen.colors = COLOR_VALUES[chosen];
    return true;
}

static bool take_ascii(struct options *options, const struct option *option, const char *argument,
                       struct error *err)
{
    (void)option;
    (void)argument;
    (void)err;
    options->app.glyphs = APP_GLYPHS_ASCII;
    return true;
}

static bool take_background(struct options *options, const struct option *option,
                            const char *argument, struct error *err)
{
    size_t chosen;
    if (!option_parse_choice(argument, option->choice, &chosen, err))
        return false;
    options->app.screen.background = BACKGROUND_VALUES[chosen];
    return true;
}

static const struct option OPTIONS[] = {
    {"model", 'm', "NAME", "network to train: lenet or alexnet (lenet)", .take = take_model,
     .choice = model_choice},
    {"epochs", 'e', "N", "times to go through the training images (15)", .take = take_count,
     .field = offsetof(struct options, trainer.epochs), .most = TRAINER_EPOCHS_MAX},
    {"batch", 'b', "N", "images a training step (100)", .take = take_count,
     .field = offsetof(struct options, trainer.batch), .most = TRAINER_BATCH_MAX},
    {"lr", 'l', "RATE", "learning rate of Adam (0.001)", .take = take_rate},
    {"seed", 's', "N", "seed of weights, split, order and dropout (1)", .take = take_seed},
    {"threads", 't', "N", "threads of the engine (as many as CPUs)", .take = take_threads,
     .most = POOL_THREADS_MAX},
    {"isa", 0, "NAME", "kernels: reference, generic, avx2 or avx512 (the best)", .take = take_isa,
     .choice = isa_choice},
    {"data", 'd', "DIR", "directory with the four IDX files", .take = take_data},
    {"sample", 0, NULL, "train on the small sample in the program", .take = take_flag,
     .field = offsetof(struct options, trainer.sample)},
    {"json", 0, NULL, "write the result as JSON to stdout", .take = take_flag,
     .field = offsetof(struct options, json)},
    {"rounds", 0, "N", "how often to measure (5)", .take = take_count,
     .field = offsetof(struct options, rounds), .most = ROUNDS_MAX},
    {"glyphs", 0, "SET", "characters: auto, ascii or utf8 (auto)", .take = take_glyphs,
     .choice = glyphs_choice},
    {"ascii", 0, NULL, "the same as --glyphs ascii", .take = take_ascii},
    {"color", 0, "N", "auto, always, never, 8, 16, 256 or 24bit (auto)", .take = take_color,
     .choice = color_choice},
    {"background", 0, "KIND", "auto, dark or light (auto)", .take = take_background,
     .choice = background_choice},
    {"no-mouse", 0, NULL, "leave the mouse to the terminal", .take = take_flag,
     .field = offsetof(struct options, app.screen.no_mouse)},
    {"plain", 0, NULL, "no screens: a sentence an event, and the same keys", .take = take_flag,
     .field = offsetof(struct options, plain)},
    {"test-card", 0, NULL, "show what is known of the terminal, for bug reports", .take = take_flag,
     .field = offsetof(struct options, test_card)},
    {"help", 'h', NULL, "show this text", .everywhere = true, .take = take_flag,
     .field = offsetof(struct options, help)},
    {"version", 'V', NULL, "show the version", .everywhere = true, .take = take_flag,
     .field = offsetof(struct options, version)},
};

const struct option *option_at(size_t number)
{
    return number < sizeof OPTIONS / sizeof *OPTIONS ? &OPTIONS[number] : NULL;
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

bool option_belongs(const struct option *option, const struct command *command)
{
    size_t length = strlen(option->name);
    const char *word = command->options;
    if (option->everywhere)
        return true;
    while (*word) {
        size_t end = strcspn(word, " ");
        if (end == length && strncmp(word, option->name, length) == 0)
            return true;
        word += end + (word[end] == ' ');
    }
    return false;
}
