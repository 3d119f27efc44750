// SPDX-License-Identifier: MIT
#include "tui/completion.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static char lower(char letter)
{
    return (char)tolower((unsigned char)letter);
}

void completion_offer(struct completion *completion, const char *word)
{
    size_t length = 0;
    if (strncasecmp(word, completion->beginning, strlen(completion->beginning)) != 0)
        return;
    if (completion->count++ == 0) {
        for (; word[length] && length + 1 < COMPLETION_SIZE; length++)
            completion->text[length] = lower(word[length]);
    } else {
        while (completion->text[length] && completion->text[length] == lower(word[length]))
            length++;
    }
    completion->text[length] = '\0';
}
