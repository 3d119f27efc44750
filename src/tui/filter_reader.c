// SPDX-License-Identifier: MIT
/* Reading a filter: the grammar in filter.h by recursive descent. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fmnist/nn/network.h"
#include "tui/filter.h"
#include "tui/filter_words.h"

/* Each function moves `at` past what it read; false with `err` set at the first mistake. */
struct reader {
    struct filter filter;
    const struct dataset *dataset;
    const char *text, *at;
    struct error *err;
};

enum { WORD_SIZE = 64 };

static bool complain(const struct reader *reader, const char *at, const char *format,
                     const char *word)
{
    char message[160];
    (void)snprintf(message, sizeof message, format, word);
    error_set(reader->err, ERROR_USAGE, "column %zu: %s", (size_t)(at - reader->text) + 1, message);
    return false;
}

static bool add(struct reader *reader, struct filter_item item)
{
    if (reader->filter.count == FILTER_ITEMS_MAX)
        return complain(reader, reader->at, "%s", "too many tests");
    reader->filter.items[reader->filter.count++] = item;
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

/* Reads a word up to a blank or one of `ends`, or what is within quotes. */
static bool read_word(struct reader *reader, const char *ends, char *word)
{
    size_t length = 0;
    bool quoted = *reader->at == '"';
    const char *start = reader->at;
    for (reader->at += quoted; *reader->at; reader->at++) {
        if (quoted ? *reader->at == '"'
                   : isspace((unsigned char)*reader->at) || strchr(ends, *reader->at))
            break;
        if (length + 1 < WORD_SIZE)
            word[length++] = *reader->at;
    }
    word[length] = '\0';
    if (quoted && *reader->at != '"')
        return complain(reader, start, "%s", "the quote is not closed");
    reader->at += quoted;
    return true;
}

/* Whether the word, in whatever case, is the next one; moves past it where it is. */
static bool take_keyword(struct reader *reader, const char *keyword)
{
    size_t length = strlen(keyword);
    skip_blanks(reader);
    if (strncasecmp(reader->at, keyword, length) != 0)
        return false;
    if (isalpha((unsigned char)*keyword) && reader->at[length] && reader->at[length] != '(' &&
        !isspace((unsigned char)reader->at[length]))
        return false;
    reader->at += length;
    return true;
}

/* Reads classes with commas between them. */
static bool read_classes(struct reader *reader, unsigned *classes)
{
    char word[WORD_SIZE];
    *classes = 0;
    do {
        reader->at += *reader->at == ',';
        const char *start = reader->at;
        if (!read_word(reader, ",()", word))
            return false;
        unsigned found = filter_classes(reader->dataset, word);
        if (!found)
            return complain(reader, start, "no class begins with '%s'", word);
        *classes |= found;
    } while (*reader->at == ',');
    return true;
}

static bool add_classes(struct reader *reader, struct filter_item item)
{
    return read_classes(reader, &item.classes) && add(reader, item);
}

/* Reads what comes after a model's name and a colon. */
static bool read_answer(struct reader *reader, size_t model)
{
    reader->filter.asks_models = true;
    if (take_keyword(reader, "right"))
        return add(reader, (struct filter_item){.kind = FILTER_MODEL_RIGHT, .model = model});
    if (take_keyword(reader, "wrong"))
        return add(reader, (struct filter_item){.kind = FILTER_MODEL_WRONG, .model = model});
    return add_classes(reader, (struct filter_item){.kind = FILTER_MODEL, .model = model});
}

static bool read_is(struct reader *reader)
{
    reader->filter.whole = true;
    bool right = take_keyword(reader, "right");
    if (!right && !take_keyword(reader, "wrong"))
        return complain(reader, reader->at, "%s", "is:right or is:wrong");
    return add(reader, (struct filter_item){.kind = FILTER_RIGHT}) &&
           (right || add(reader, (struct filter_item){.kind = FILTER_NOT}));
}

static const struct network_spec *find_model(const char *name)
{
    for (size_t model = 0; model < network_spec_count(); model++)
        if (strcasecmp(network_spec_name(network_spec_at(model)), name) == 0)
            return network_spec_at(model);
    return NULL;
}

/* Reads what comes after a name and a colon. */
static bool read_value(struct reader *reader, const char *start, const char *name)
{
    const struct network_spec *model = find_model(name);
    if (strcasecmp(name, "true") == 0)
        return add_classes(reader, (struct filter_item){.kind = FILTER_TRUE});
    if (strcasecmp(name, "pred") == 0)
        return add_classes(reader, (struct filter_item){.kind = FILTER_PREDICTED});
    if (strcasecmp(name, "is") == 0)
        return read_is(reader);
    if (model)
        return read_answer(reader, network_spec_number(model));
    return complain(reader, start, "'%s:' is none of true: pred: is: or a model", name);
}

static bool read_number(struct reader *reader, bool share, double *number)
{
    char *end;
    skip_blanks(reader);
    const char *start = reader->at;
    bool digits = isdigit((unsigned char)*start) || *start == '.';
    *number = strtod(start, &end);
    if (!digits || end == start)
        return complain(reader, start, "%s", "a number is missing");
    if (share && *end == '%') {
        *number /= 100;
        end++;
    }
    if (share && *number > 1)
        return complain(reader, start, "%s", "p is 0 to 1, or 0% to 100%");
    reader->at = end;
    if (*end && !isspace((unsigned char)*end) && *end != ')')
        return complain(reader, end, "%s", "this does not belong to the number");
    return true;
}

/* Reads "<", "<=" and so on; false where there is none. */
static bool take_comparison(struct reader *reader, enum filter_comparison *comparison)
{
    static const struct {
        const char *sign;
        enum filter_comparison comparison;
    } SIGNS[] = {{"<=", FILTER_AT_MOST}, {">=", FILTER_AT_LEAST}, {"!=", FILTER_UNEQUAL},
                 {"==", FILTER_EQUAL},   {"<", FILTER_LESS},      {">", FILTER_GREATER},
                 {"=", FILTER_EQUAL}};
    for (size_t index = 0; index < sizeof SIGNS / sizeof *SIGNS; index++) {
        *comparison = SIGNS[index].comparison;
        if (take_keyword(reader, SIGNS[index].sign))
            return true;
    }
    return false;
}

/* Reads what comes after a name and a comparison. */
static bool read_comparison(struct reader *reader, const char *start, const char *name,
                            enum filter_comparison comparison)
{
    static const struct {
        const char *name;
        enum filter_kind kind;
    } NAMES[] = {
        {"p", FILTER_PROBABILITY}, {"since", FILTER_SINCE}, {"forgotten", FILTER_FORGOTTEN}};
    struct filter_item item = {.comparison = comparison};
    for (size_t index = 0; index < sizeof NAMES / sizeof *NAMES; index++) {
        if (strcasecmp(NAMES[index].name, name) != 0)
            continue;
        item.kind = NAMES[index].kind;
        return read_number(reader, item.kind == FILTER_PROBABILITY, &item.number) &&
               add(reader, item);
    }
    return complain(reader, start, "'%s' is none of p, since and forgotten", name);
}

static bool read_image(struct reader *reader)
{
    struct filter_item item = {.kind = FILTER_IMAGE, .comparison = FILTER_EQUAL};
    reader->filter.whole = true;
    return read_number(reader, false, &item.number) && add(reader, item);
}

static bool read_test(struct reader *reader)
{
    char word[WORD_SIZE];
    enum filter_comparison comparison;
    skip_blanks(reader);
    const char *start = reader->at;
    if (!*start)
        return complain(reader, start, "%s", "something is missing here");
    if (take_keyword(reader, "#"))
        return read_image(reader);
    if (!read_word(reader, ":<>=!,()", word))
        return false;
    if (*reader->at == ':') {
        reader->at++;
        return read_value(reader, start, word);
    }
    const char *end = reader->at;
    if (take_comparison(reader, &comparison))
        return read_comparison(reader, start, word, comparison);
    if (end == start)
        return complain(reader, start, "%s", "this makes no sense here");
    reader->at = start;
    return add_classes(reader, (struct filter_item){.kind = FILTER_EITHER});
}

static bool read_any(struct reader *reader);

static bool read_term(struct reader *reader)
{
    bool negated = false;
    while (take_keyword(reader, "not") || take_keyword(reader, "!"))
        negated = !negated;
    const char *start = reader->at;
    if (take_keyword(reader, "(")) {
        if (!read_any(reader))
            return false;
        if (!take_keyword(reader, ")"))
            return complain(reader, start, "%s", "the parenthesis is not closed");
    } else if (!read_test(reader)) {
        return false;
    }
    return !negated || add(reader, (struct filter_item){.kind = FILTER_NOT});
}

/* Whether something follows that is to be joined by "and", said or not. */
static bool goes_on(struct reader *reader)
{
    if (take_keyword(reader, "and"))
        return true;
    const char *at = reader->at;
    bool other = take_keyword(reader, "or");
    reader->at = at;
    return !other && *at && *at != ')';
}

static bool read_all(struct reader *reader)
{
    if (!read_term(reader))
        return false;
    while (goes_on(reader))
        if (!read_term(reader) || !add(reader, (struct filter_item){.kind = FILTER_AND}))
            return false;
    return true;
}

static bool read_any(struct reader *reader)
{
    if (!read_all(reader))
        return false;
    while (take_keyword(reader, "or"))
        if (!read_all(reader) || !add(reader, (struct filter_item){.kind = FILTER_OR}))
            return false;
    return true;
}

bool filter_parse(struct filter *filter, const char *text, const struct dataset *dataset,
                  struct error *err)
{
    struct reader reader = {.dataset = dataset, .text = text, .at = text, .err = err};
    skip_blanks(&reader);
    if (strlen(text) >= sizeof filter->text)
        return complain(&reader, text, "%s", "the filter is too long");
    if (*reader.at && !read_any(&reader))
        return false;
    skip_blanks(&reader);
    if (*reader.at)
        return complain(&reader, reader.at, "%s", "no parenthesis is open");
    if (reader.filter.count > 0)
        (void)snprintf(reader.filter.text, sizeof reader.filter.text, "%s", text);
    *filter = reader.filter;
    return true;
}
