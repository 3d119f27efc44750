// SPDX-License-Identifier: MIT
/* The command `config`: the settings in force, in the form of the file of settings. */
#include <stdio.h>
#include <string.h>

#include "cli/settings.h"
#include "cli/settings_file.h"
#include "fmnist/store/store.h"

enum { VALUE_SIZE = 4096, LINE_SIZE = VALUE_SIZE + 64 };

/* Where the value is from. */
static void write_origin(FILE *out, const struct options *options, const struct option *option)
{
    const struct setting *setting = &options->settings[option_number(option)];
    char name[SETTINGS_VARIABLE_SIZE];
    switch (setting->origin) {
    case SETTING_OPTION:
        (void)fprintf(out, "--%s", option->name);
        break;
    case SETTING_ENVIRONMENT:
        (void)fputs(settings_variable(option, name), out);
        break;
    case SETTING_FILE:
        (void)fprintf(out, "%s:%zu", settings_file_path(options->file), setting->line);
        break;
    case SETTING_DEFAULT:
        (void)fputs("default", out);
        break;
    }
}

/* Where runs are kept, unless that is set or they are not kept. */
static bool find_store(const struct options *options, const struct option *option,
                       char value[VALUE_SIZE])
{
    return strcmp(option->name, "store") == 0 && !options->no_store &&
           store_default_directory(value, VALUE_SIZE, NULL);
}

/* "NAME = VALUE"; what is no setting, for want of a value, is a comment. */
static void write_setting(const struct options *options, const struct option *option,
                          char line[LINE_SIZE])
{
    char value[VALUE_SIZE];
    option->show(options, option, value, sizeof value);
    bool set = *value;
    if (!set && !find_store(options, option, value))
        *value = '\0';
    for (char *byte = value; *byte; byte++)
        if ((unsigned char)*byte < ' ' || *byte == 0x7F) /* a terminal would obey it */
            *byte = '?';
    (void)snprintf(line, LINE_SIZE, "%s%s = %s", set ? "" : "# ", option->name, value);
}

static int config_run(const struct options *options)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++) {
        char line[LINE_SIZE];
        if (!option->setting)
            continue;
        write_setting(options, option, line);
        (void)printf("%-24s # ", line);
        write_origin(stdout, options, option);
        (void)putchar('\n');
    }
    return STATUS_DONE;
}

const struct command COMMAND_CONFIG = {
    .name = "config",
    .summary = "print the settings in force and where each is from",
    .options = "",
    .settings = true,
    .run = config_run,
};
