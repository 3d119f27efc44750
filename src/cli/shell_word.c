// SPDX-License-Identifier: MIT
#include "cli/shell_word.h"

#include <string.h>

void shell_word_write(FILE *out, const char *word)
{
    static const char SAFE[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    if (*word && word[strspn(word, SAFE)] == '\0') {
        (void)fputs(word, out);
        return;
    }
    (void)fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            (void)fputs("'\\''", out);
        else
            (void)fputc(*word, out);
    (void)fputc('\'', out);
}

void shell_word_option(FILE *out, const char *name, const char *word)
{
    if (!word)
        return;
    (void)fprintf(out, " --%s ", name);
    shell_word_write(out, word);
}
