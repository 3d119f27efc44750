// SPDX-License-Identifier: MIT
#include "tui/filter_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fmnist/nn/network.h"
#include "tui/completion.h"

/* Ways to name a class, from the closest to the widest. */
static bool is_name(const struct dataset *dataset, size_t label, const char *word)
{
    return strcasecmp(dataset_class_name(dataset, label), word) == 0;
}

static bool is_short_name(const struct dataset *dataset, size_t label, const char *word)
{
    return strcasecmp(dataset_class_short_name(dataset, label), word) == 0;
}

static bool is_beginning(const struct dataset *dataset, size_t label, const char *word)
{
    return strncasecmp(dataset_class_name(dataset, label), word, strlen(word)) == 0;
}

static bool is_word_beginning(const struct dataset *dataset, size_t label, const char *word)
{
    const char *name = dataset_class_name(dataset, label);
    for (const char *at = name; *at; at++)
        if (at > name && !isalnum((unsigned char)at[-1]) &&
            strncasecmp(at, word, strlen(word)) == 0)
            return true;
    return false;
}

static bool is_number(const struct dataset *dataset, size_t label, const char *word)
{
    (void)dataset;
    return word[0] == (char)('0' + label) && !word[1];
}

unsigned filter_classes(const struct dataset *dataset, const char *word)
{
    static bool (*const WAYS[])(const struct dataset *, size_t, const char *) = {
        is_name, is_short_name, is_beginning, is_word_beginning, is_number};
    unsigned classes = 0;
    for (size_t way = 0; *word && !classes && way < sizeof WAYS / sizeof *WAYS; way++)
        for (size_t label = 0; label < DATASET_CLASSES; label++)
            if (WAYS[way](dataset, label, word))
                classes |= 1U << label;
    return classes;
}

static const char *const TESTS[] = {"true:",  "pred:",      "is:", "p>", "p<", "since<",
                                    "since>", "forgotten>", "and", "or", "not"};
static const char *const ANSWERS[] = {"right", "wrong"};

static void offer_all(struct completion *completion, const char *const *words, size_t count)
{
    for (size_t index = 0; index < count; index++)
        completion_offer(completion, words[index]);
}

/* Names up to the first blank: so much is enough, and wants no quotes. */
static void offer_classes(struct completion *completion, const struct dataset *dataset)
{
    for (size_t label = 0; dataset && label < DATASET_CLASSES; label++) {
        char name[COMPLETION_SIZE];
        (void)snprintf(name, sizeof name, "%s", dataset_class_name(dataset, label));
        name[strcspn(name, " ")] = '\0';
        completion_offer(completion, name);
    }
}

static void offer_models(struct completion *completion)
{
    for (size_t model = 0; model < network_spec_count(); model++) {
        char name[COMPLETION_SIZE];
        (void)snprintf(name, sizeof name, "%s:", network_spec_name(network_spec_at(model)));
        completion_offer(completion, name);
    }
}

/* Whether the text ends in that word and a colon, behind which `start` is. */
static bool follows(const char *text, const char *start, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(start - text) > length && start[-1] == ':' &&
           strncasecmp(start - 1 - length, word, length) == 0;
}

void filter_complete(struct editor *editor, const struct dataset *dataset)
{
    const char *text = editor->text, *start = text + strlen(text);
    char line[EDITOR_SIZE + COMPLETION_SIZE];
    if (*(text + editor->cursor))
        return;
    while (start > text && !strchr(" \t(!:,", start[-1]))
        start--;
    bool value = start > text && (start[-1] == ':' || start[-1] == ',');
    bool asks_class = follows(text, start, "true") || follows(text, start, "pred");
    struct completion completion = {.beginning = start};
    if (!value) {
        offer_all(&completion, TESTS, sizeof TESTS / sizeof *TESTS);
        offer_models(&completion);
    }
    if (value && !asks_class && start[-1] == ':')
        offer_all(&completion, ANSWERS, sizeof ANSWERS / sizeof *ANSWERS);
    if (!follows(text, start, "is"))
        offer_classes(&completion, dataset);
    (void)snprintf(line, sizeof line, "%.*s%s", (int)(start - text), text, completion.text);
    if (completion.count > 0)
        editor_set(editor, line);
}
