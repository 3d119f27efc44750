// SPDX-License-Identifier: MIT
/* The command `config`: the settings in force, in the form of the file of settings. */
#include <stdio.h>

#include "cli/settings.h"
#include "cli/settings_file.h"

enum { VALUE_SIZE = 4096 };

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

static int config_run(const struct options *options)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++) {
        char value[VALUE_SIZE], line[VALUE_SIZE + 64];
        if (!option->setting)
            continue;
        option->show(options, option, value, sizeof value);
        for (char *byte = value; *byte; byte++)
            if ((unsigned char)*byte < ' ' || *byte == 0x7F) /* a terminal would obey it */
                *byte = '?';
        /* without a value it is no setting: a comment */
        (void)snprintf(line, sizeof line, "%s%s = %s", *value ? "" : "# ", option->name, value);
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
