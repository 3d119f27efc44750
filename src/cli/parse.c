// SPDX-License-Identifier: MIT
/* From the words of the command line, and what these leave open, to struct options. */
#include <stdio.h>
#include <string.h>

#include "bench/measurement.h"
#include "cli/option.h"
#include "cli/settings.h"
#include "cli/settings_file.h"
#include "fmnist/base/pool.h"

/* What was read and what is left of the arguments. */
struct parser {
    struct options *options;
    int argc;
    char **argv;
    int next;
    const struct option *given[OPTIONS_MAX]; /* each option that was met, once */
    size_t given_count;
};

static bool was_given(const struct parser *parser, const struct option *option)
{
    for (size_t index = 0; index < parser->given_count; index++)
        if (parser->given[index] == option)
            return true;
    return false;
}

/* Whether the next word is the argument of an option that may stand without: it is no option, no
 * command and no argument of one. */
static bool is_for_option(const struct parser *parser)
{
    const struct command *command = parser->options->command;
    if (parser->next >= parser->argc || (command && command->most > 0))
        return false;
    const char *word = parser->argv[parser->next];
    return word[0] && word[0] != '-' && !command_find(word);
}

/* Hands an option its argument: `attached` (after = or the letter), or the next word. */
static bool take_option(struct parser *parser, const struct option *option, const char *attached,
                        struct error *err)
{
    const char *argument = attached;
    bool needed = option->argument && !option->optional;
    if (!argument &&
        (needed ? parser->next < parser->argc : option->optional && is_for_option(parser)))
        argument = parser->argv[parser->next++];
    if (needed && !argument) {
        error_set(err, ERROR_USAGE, "--%s needs an argument: %s", option->name, option->argument);
        return false;
    }
    if (!option->argument && attached && !option->setting) {
        error_set(err, ERROR_USAGE, "--%s takes no argument", option->name);
        return false;
    }
    if (!was_given(parser, option) && parser->given_count < OPTIONS_MAX)
        parser->given[parser->given_count++] = option;
    if (option->alias) {
        argument = option->alias_argument;
        option = option_find(option->alias, strlen(option->alias));
    }
    parser->options->settings[option_number(option)].origin = SETTING_OPTION;
    if (option->take(parser->options, option, argument, err))
        return true;
    error_prefix(err, "--%s %.64s", option->name, argument && *argument ? argument : "''");
    return false;
}

static bool parse_long(struct parser *parser, const char *word, struct error *err)
{
    size_t length = strcspn(word, "=");
    const struct option *option = option_find(word, length);
    if (option)
        return take_option(parser, option, word[length] ? word + length + 1 : NULL, err);
    error_set(err, ERROR_USAGE, "there is no option --%.*s; see --help",
              (int)(length < 64 ? length : 64), word);
    return false;
}

/* One or more letters: those before the last take no argument. */
static bool parse_letters(struct parser *parser, const char *letters, struct error *err)
{
    for (const char *letter = letters; *letter; letter++) {
        const struct option *option = option_find_letter(*letter);
        if (!option) {
            error_set(err, ERROR_USAGE, "there is no option -%c; see --help",
                      *letter > ' ' && *letter < 127 ? *letter : '?');
            return false;
        }
        const char *attached = option->argument && letter[1] ? letter + 1 : NULL;
        if (!take_option(parser, option, attached, err))
            return false;
        if (attached)
            break;
    }
    return true;
}

/* The first word is the command, the others its arguments, which move to the front of argv. */
static bool parse_word(struct parser *parser, char *word, struct error *err)
{
    struct options *options = parser->options;
    if (options->command) {
        parser->argv[1 + options->argument_count++] = word;
        return true;
    }
    options->command = command_find(word);
    if (!options->command)
        error_set(err, ERROR_USAGE, "there is no command '%.64s'; see --help", word);
    return options->command != NULL;
}

static bool parse_words(struct parser *parser, struct error *err)
{
    bool only_words = false;
    while (parser->next < parser->argc) {
        char *word = parser->argv[parser->next++];
        bool good = true;
        if (!only_words && strcmp(word, "--") == 0)
            only_words = true;
        else if (!only_words && word[0] == '-' && word[1] == '-')
            good = parse_long(parser, word + 2, err);
        else if (!only_words && word[0] == '-' && word[1])
            good = parse_letters(parser, word + 1, err);
        else
            good = parse_word(parser, word, err);
        if (!good)
            return false;
    }
    return true;
}

/* Says to which commands an option belongs: "the commands train and bench". */
static void refuse_option(const struct option *option, struct error *err)
{
    const struct command *command, *last = NULL;
    char list[256] = "";
    size_t count = 0;
    for (size_t number = 0; (command = command_at(number)); number++) {
        if (!option_belongs(option, command) || command->settings) /* which takes too many */
            continue;
        size_t used = strlen(list);
        if (last)
            (void)snprintf(list + used, sizeof list - used, "%s%s", count > 1 ? ", " : "",
                           last->name);
        last = command;
        count++;
    }
    error_set(err, ERROR_USAGE, "--%s belongs to the command%s %s%s%s", option->name,
              count > 1 ? "s" : "", list, count > 1 ? " and " : "", last ? last->name : "");
}

/* Every option must be one that the command takes; without a command, the dashboard. */
static bool check_options(const struct parser *parser, struct error *err)
{
    const struct command *command = parser->options->command;
    for (size_t index = 0; index < parser->given_count; index++) {
        const struct option *option = parser->given[index];
        if (!option_belongs(option, command ? command : &COMMAND_DASHBOARD)) {
            refuse_option(option, err);
            return false;
        }
    }
    return true;
}

static bool check_arguments(const struct options *options, struct error *err)
{
    const struct command *command = options->command;
    if (!command) /* then there are none */
        return true;
    if (options->argument_count > command->most)
        error_set(err, ERROR_USAGE, "'%.64s' is one word too many; see --help",
                  options->arguments[command->most]);
    else if (options->argument_count < command->least)
        error_set(err, ERROR_USAGE, "%s needs more: %s; see %s --help", command->name,
                  command->arguments, command->name);
    else
        return true;
    return false;
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
    struct parser parser = {.options = options, .argc = argc, .argv = argv, .next = 1};
    *options = (struct options){
        .arguments = argv + 1,
        .trainer = TRAINER_DEFAULTS,
        .app = {.glyphs = APP_GLYPHS_AUTO, .screen = {.colors = SCREEN_COLORS_AUTO}},
        .rounds = MEASUREMENT_ROUNDS,
        .keep = OPTIONS_KEEP,
        .worst = 3};
    options->trainer.model = network_spec_at(0);
    options->trainer.threads = pool_default_threads();
    options->trainer.isa = isa_best();
    bool good = parse_words(&parser, err) &&
                (options->help || (check_options(&parser, err) && check_arguments(options, err) &&
                                   settings_take(options, err) && settings_settle(options, err)));
    if (!good)
        options_free(options);
    return good;
}

void options_free(struct options *options)
{
    settings_file_free(options->file);
    options->file = NULL;
}
