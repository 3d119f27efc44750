// SPDX-License-Identifier: MIT
/* The command `completion`, and what the scripts for all shells are made from. */
#include "cli/completion.h"

#include <string.h>

#include "cli/option_value.h"

static const struct {
    const char *name;
    void (*write)(FILE *out);
} SHELLS[] = {
    {"bash", completion_write_bash},
    {"zsh", completion_write_zsh},
    {"fish", completion_write_fish},
};

/* What the names of arguments in --help stand for. */
static const struct {
    const char *name;
    enum completion_kind kind;
} KINDS[] = {
    {"CHECKPOINT", COMPLETION_CHECKPOINT},
    {"DIR", COMPLETION_DIRECTORY},
    {"FILE", COMPLETION_FILE},
    {"IMAGE", COMPLETION_FILE},
    {"PATH", COMPLETION_FILE},
    {"RUN", COMPLETION_RUN},
};

static enum completion_kind kind_of(const char *name)
{
    for (size_t index = 0; index < sizeof KINDS / sizeof *KINDS; index++)
        if (strcmp(KINDS[index].name, name) == 0)
            return KINDS[index].kind;
    return COMPLETION_ANYTHING;
}

void completion_of_option(const struct option *option, struct completion *completion)
{
    const char *word;
    *completion = (struct completion){.kind = kind_of(option->argument)};
    (void)snprintf(completion->name, sizeof completion->name, "%s", option->argument);
    for (size_t number = 0; option->choice && (word = option->choice(number)); number++) {
        size_t used = strlen(completion->words);
        (void)snprintf(completion->words + used, sizeof completion->words - used, "%s%s",
                       number ? " " : "", word);
        completion->kind = COMPLETION_WORDS;
    }
}

/* Words such as "CHECKPOINT", "[RUN...]" and "list|show". */
bool completion_of_argument(const struct command *command, size_t number,
                            struct completion *completion)
{
    const char *word = command->arguments ? command->arguments : "";
    for (; *word && number > 0; number--) {
        word += strcspn(word, " ");
        word += strspn(word, " ");
    }
    if (!*word)
        return false;
    *completion = (struct completion){.kind = COMPLETION_ANYTHING};
    word += strspn(word, "[");
    size_t length = strcspn(word, " ].");
    completion->repeats = strncmp(word + length, "...", 3) == 0;
    (void)snprintf(completion->name, sizeof completion->name, "%.*s", (int)length, word);
    completion->kind = kind_of(completion->name);
    if (!strchr(completion->name, '|'))
        return true;
    completion->kind = COMPLETION_WORDS;
    memcpy(completion->words, completion->name, sizeof completion->words);
    for (char *bar; (bar = strchr(completion->words, '|'));)
        *bar = ' ';
    (void)snprintf(completion->name, sizeof completion->name, "word");
    return true;
}

static const char *shell_choice(size_t number)
{
    return number < sizeof SHELLS / sizeof *SHELLS ? SHELLS[number].name : NULL;
}

static int completion_run(const struct options *options)
{
    struct error err = {0};
    size_t chosen;
    const char *shell = options->arguments[0];
    if (!option_parse_choice(shell, shell_choice, &chosen, &err)) {
        error_prefix(&err, "completion %.64s", *shell ? shell : "''");
        return command_fail(&err);
    }
    SHELLS[chosen].write(stdout);
    return STATUS_DONE;
}

const struct command COMMAND_COMPLETION = {
    .name = "completion",
    .summary = "write a script that completes commands and options in a shell",
    .arguments = "bash|zsh|fish",
    .least = 1,
    .most = 1,
    .options = "",
    .run = completion_run,
};
