// SPDX-License-Identifier: MIT
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/settings_file.h"

static struct setting *setting_of(struct options *options, const struct option *option)
{
    return &options->settings[option_number(option)];
}

const char *settings_variable(const struct option *option, char name[SETTINGS_VARIABLE_SIZE])
{
    (void)snprintf(name, SETTINGS_VARIABLE_SIZE, "FMNIST_%s", option->name);
    for (char *byte = name; *byte; byte++) {
        if (*byte >= 'a' && *byte <= 'z')
            *byte = (char)(*byte - 'a' + 'A');
        else if (*byte == '-')
            *byte = '_';
    }
    return name;
}

static bool take_environment(struct options *options, struct error *err)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++) {
        char name[SETTINGS_VARIABLE_SIZE];
        struct setting *setting = setting_of(options, option);
        const char *value = option->setting ? getenv(settings_variable(option, name)) : NULL;
        if (!value || !*value || setting->origin == SETTING_OPTION)
            continue;
        if (!option->take(options, option, value, err)) {
            error_prefix(err, "%s=%.64s", name, value);
            return false;
        }
        setting->origin = SETTING_ENVIRONMENT;
    }
    return true;
}

/* Takes a value of the file, unless there is a stronger one; it must make sense then, too. */
static bool take_value(struct options *options, const struct option *option,
                       const struct settings_line *line, struct error *err)
{
    struct setting *setting = setting_of(options, option);
    bool weaker = setting->origin > SETTING_FILE;
    if (setting->line > 0) {
        error_set(err, ERROR_USAGE, "%s is in line %zu, too", option->name, setting->line);
        return false;
    }
    setting->line = line->number;
    struct options aside = *options;
    struct error why = {0};
    if (!option->take(weaker ? &aside : options, option, line->value, &why) &&
        (!weaker || why.code == ERROR_USAGE)) {
        *err = why;
        error_prefix(err, "%s = %.64s", option->name, line->value);
        return false;
    }
    if (!weaker)
        setting->origin = SETTING_FILE;
    return true;
}

static bool take_line(struct options *options, const struct settings_line *line, struct error *err)
{
    const struct option *option = option_find(line->name, strlen(line->name));
    if (option && option->setting)
        return take_value(options, option, line, err);
    error_set(err, ERROR_USAGE, "there is no setting '%.64s'; see %s config", line->name,
              PACKAGE_NAME);
    return false;
}

static bool take_file(struct options *options, struct error *err)
{
    struct settings_line line;
    struct error why = {0};
    if (!settings_file_open(&options->file, err))
        return false;
    while (options->file && settings_file_next(options->file, &line, &why))
        if (!take_line(options, &line, err)) {
            error_prefix(err, "%s:%zu", settings_file_path(options->file), line.number);
            return false;
        }
    if (why.code != ERROR_NONE)
        *err = why;
    return why.code == ERROR_NONE;
}

bool settings_take(struct options *options, struct error *err)
{
    return take_environment(options, err) && take_file(options, err);
}

/* Whether the option, a flag or one with a text, has a value. */
static bool is_set(const struct options *options, const struct option *option)
{
    const void *field = (const char *)options + option->field;
    return option->argument && !option->optional ? *(const char *const *)field != NULL
                                                 : *(const bool *)field;
}

/* Back to the default, none. */
static void unset(struct options *options, const struct option *option)
{
    void *field = (char *)options + option->field;
    if (option->argument && !option->optional)
        *(const char **)field = NULL;
    else
        *(bool *)field = false;
    setting_of(options, option)->origin = SETTING_DEFAULT;
}

static bool settle(struct options *options, const struct option *one, const struct option *other,
                   struct error *err)
{
    const struct setting *first = setting_of(options, one), *second = setting_of(options, other);
    char names[2][SETTINGS_VARIABLE_SIZE];
    if (!is_set(options, one) || !is_set(options, other))
        return true;
    if (first->origin != second->origin) {
        unset(options, first->origin < second->origin ? one : other);
        return true;
    }
    if (first->origin == SETTING_OPTION)
        error_set(err, ERROR_USAGE, "--%s and --%s exclude each other", one->name, other->name);
    else if (first->origin == SETTING_ENVIRONMENT)
        error_set(err, ERROR_USAGE, "%s and %s exclude each other",
                  settings_variable(one, names[0]), settings_variable(other, names[1]));
    else
        error_set(err, ERROR_USAGE, "%s:%zu: %s and %s (line %zu) exclude each other",
                  settings_file_path(options->file), first->line, one->name, other->name,
                  second->line);
    return false;
}

bool settings_settle(struct options *options, struct error *err)
{
    static const char *const EXCLUSIONS[][2] = {
        {"sample", "data"}, {"no-store", "store"}, {"no-store", "name"}, {"no-store", "resume"}};
    for (size_t index = 0; index < sizeof EXCLUSIONS / sizeof *EXCLUSIONS; index++) {
        const char *const *names = EXCLUSIONS[index];
        if (!settle(options, option_find(names[0], strlen(names[0])),
                    option_find(names[1], strlen(names[1])), err))
            return false;
    }
    return true;
}
