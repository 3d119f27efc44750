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

bool settings_settle(struct options *options, struct error *err)
{
    struct setting *sample = setting_of(options, option_find("sample", strlen("sample")));
    struct setting *data = setting_of(options, option_find("data", strlen("data")));
    if (!options->trainer.sample || !options->trainer.data_directory)
        return true;
    if (sample->origin > data->origin) {
        options->trainer.data_directory = NULL;
        data->origin = SETTING_DEFAULT;
    } else if (data->origin > sample->origin) {
        options->trainer.sample = false;
        sample->origin = SETTING_DEFAULT;
    } else {
        if (data->origin == SETTING_OPTION)
            error_set(err, ERROR_USAGE, "--sample and --data exclude each other");
        else if (data->origin == SETTING_ENVIRONMENT)
            error_set(err, ERROR_USAGE, "FMNIST_SAMPLE and FMNIST_DATA exclude each other");
        else
            error_set(err, ERROR_USAGE, "%s:%zu: sample and data (line %zu) exclude each other",
                      settings_file_path(options->file), sample->line, data->line);
        return false;
    }
    return true;
}
