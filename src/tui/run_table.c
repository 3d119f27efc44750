// SPDX-License-Identifier: MIT
#include "tui/run_table.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/store/run_facts.h"

enum { SUBJECT_SIZE = 512 };

/* A word of a filter. */
struct run_word {
    char text[RUN_FILTER_SIZE]; /* in lower case */
    char comparison;            /* '<', '>' or '='; 0: the text is looked for */
    double number;
};

static const char BLANKS[] = " \t";

static void lower(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

/* Takes the next word of a filter into `word`; the rest of the text, NULL where there is none. */
static const char *next_word(const char *text, struct run_word *word)
{
    text += strspn(text, BLANKS);
    size_t length = strcspn(text, BLANKS);
    if (length == 0)
        return NULL;
    *word = (struct run_word){.comparison = 0};
    memcpy(word->text, text, length < RUN_FILTER_SIZE ? length : RUN_FILTER_SIZE - 1);
    lower(word->text);
    return text + length;
}

static bool is_quantity(const char *text)
{
    return strcmp(text, "val") == 0 || strcmp(text, "test") == 0 || strcmp(text, "epochs") == 0;
}

/* Splits a word like val>88.5; false with `err` set where it looks so and is not. */
static bool split_word(struct run_word *word, struct error *err)
{
    char *end, *sign = strpbrk(word->text, "<>=");
    if (!sign)
        return true;
    word->comparison = *sign;
    *sign = '\0';
    word->number = strtod(sign + 1, &end);
    if (is_quantity(word->text) && end != sign + 1 && !*end)
        return true;
    error_set(err, ERROR_USAGE, "compare val, test or epochs with a number, such as val>88.5");
    return false;
}

static double quantity(const struct run_row *run, const char *name)
{
    if (strcmp(name, "val") == 0)
        return run->best_accuracy > 0 ? 100 * run->best_accuracy : -1;
    if (strcmp(name, "test") == 0)
        return run->test_accuracy >= 0 ? 100 * run->test_accuracy : -1;
    return run->epochs_done;
}

/* All texts of a run that words are looked for in. */
static void write_subject(const struct run_row *run, char *text)
{
    (void)snprintf(text, SUBJECT_SIZE, "%s\n%" PRId64 "\n%s\n%s\n%s\n%s\n%s", run->name, run->id,
                   run->model, run_title(run), run_state_name(run->state), run->data_name,
                   run->host);
    lower(text);
}

static bool word_matches(const struct run_word *word, const struct run_row *run,
                         const char *subject)
{
    double value = word->comparison ? quantity(run, word->text) : 0;
    switch (word->comparison) {
    case '<':
        return value >= 0 && value < word->number;
    case '>':
        return value > word->number;
    case '=':
        return value <= word->number && value >= word->number;
    default:
        return strstr(subject, word->text);
    }
}

static bool is_wanted(const char *filter, const struct run_row *run)
{
    char subject[SUBJECT_SIZE];
    struct run_word word;
    write_subject(run, subject);
    while ((filter = next_word(filter, &word)))
        if (split_word(&word, NULL) && !word_matches(&word, run, subject))
            return false;
    return true;
}

/* Below 0 where the first is to come first. */
static int compare_numbers(double first, double second)
{
    return first > second ? -1 : first < second;
}

static int compare_runs(const struct run_row *a, const struct run_row *b, enum run_order sort)
{
    char first[RUN_NAME_SIZE], second[RUN_NAME_SIZE];
    switch (sort) {
    case RUN_ORDER_BEST:
        return compare_numbers(a->best_accuracy, b->best_accuracy);
    case RUN_ORDER_TEST:
        return compare_numbers(a->test_accuracy, b->test_accuracy);
    case RUN_ORDER_TIME:
        return compare_numbers(a->seconds, b->seconds);
    case RUN_ORDER_NAME:
        run_write_name(a, first, sizeof first);
        run_write_name(b, second, sizeof second);
        return strcmp(first, second);
    default:
        return 0;
    }
}

/* Whether the run at place `a` comes before that at `b`; equal ones newest first. */
static bool comes_before(const struct run_table *table, size_t a, size_t b)
{
    int order = compare_runs(&table->runs[a], &table->runs[b], table->sort);
    return order < 0 || (order == 0 && a > b);
}

/* A heap's root sinks to its place; the last of all is on top. */
static void sift(const struct run_table *table, size_t root, size_t count)
{
    for (;;) {
        size_t child = 2 * root + 1, kept = table->order[root];
        if (child >= count)
            return;
        if (child + 1 < count && comes_before(table, table->order[child], table->order[child + 1]))
            child++;
        if (!comes_before(table, kept, table->order[child]))
            return;
        table->order[root] = table->order[child];
        table->order[child] = kept;
        root = child;
    }
}

/* Heap sort: qsort() cannot be told the table. */
static void sort_order(const struct run_table *table)
{
    for (size_t root = table->shown / 2; root-- > 0;)
        sift(table, root, table->shown);
    for (size_t count = table->shown; count > 1; count--) {
        size_t last = table->order[0];
        table->order[0] = table->order[count - 1];
        table->order[count - 1] = last;
        sift(table, 0, count - 1);
    }
}

static void select_run(struct run_table *table, int64_t id)
{
    for (size_t place = 0; place < table->shown; place++)
        if (table->runs[table->order[place]].id == id)
            table->selected = place;
    if (table->selected >= table->shown)
        table->selected = table->shown > 0 ? table->shown - 1 : 0;
}

/* Makes the order anew, with the selection on that run. */
static void arrange(struct run_table *table, int64_t id)
{
    table->shown = 0;
    for (size_t place = 0; place < table->count; place++)
        if (is_wanted(table->filter, &table->runs[place]))
            table->order[table->shown++] = place;
    sort_order(table);
    select_run(table, id);
}

static int64_t selected_id(const struct run_table *table)
{
    const struct run_row *run = run_table_selected(table);
    return run ? run->id : 0;
}

static const struct run_row *find_run(const struct run_table *table, int64_t id)
{
    for (size_t place = 0; place < table->count; place++)
        if (table->runs[place].id == id)
            return &table->runs[place];
    return NULL;
}

static void drop_mark(struct run_table *table, size_t mark)
{
    table->mark_count--;
    memmove(&table->marks[mark], &table->marks[mark + 1],
            (table->mark_count - mark) * sizeof table->marks[0]);
}

void run_table_clear(struct run_table *table)
{
    free(table->runs);
    free(table->order);
    *table = (struct run_table){.count = 0};
}

bool run_table_take(struct run_table *table, struct run_row *runs, size_t count, struct error *err)
{
    size_t *order = memory_array(count, sizeof *order, err);
    int64_t id = selected_id(table);
    if (!order) {
        free(runs);
        return false;
    }
    free(table->runs);
    free(table->order);
    table->runs = runs;
    table->count = count;
    table->order = order;
    arrange(table, id);
    for (size_t mark = table->mark_count; mark-- > 0;)
        if (!find_run(table, table->marks[mark]))
            drop_mark(table, mark);
    return true;
}

const struct run_row *run_table_at(const struct run_table *table, size_t place)
{
    return place < table->shown ? &table->runs[table->order[place]] : NULL;
}

const struct run_row *run_table_selected(const struct run_table *table)
{
    return run_table_at(table, table->selected);
}

void run_table_select(struct run_table *table, size_t place)
{
    if (place < table->shown)
        table->selected = place;
}

void run_table_move(struct run_table *table, long distance)
{
    long last = (long)table->shown - 1, target = (long)table->selected + distance;
    if (last >= 0)
        table->selected = (size_t)(target < 0 ? 0 : target > last ? last : target);
}

void run_table_sort_next(struct run_table *table)
{
    table->sort = (table->sort + 1) % RUN_ORDERS;
    arrange(table, selected_id(table));
}

const char *run_table_order_name(enum run_order order)
{
    static const char *const NAMES[RUN_ORDERS] = {
        [RUN_ORDER_NEWEST] = "newest first",
        [RUN_ORDER_BEST] = "best first",
        [RUN_ORDER_TEST] = "best in test first",
        [RUN_ORDER_TIME] = "longest first",
        [RUN_ORDER_NAME] = "by name",
    };
    return NAMES[order];
}

bool run_table_set_filter(struct run_table *table, const char *text, struct error *err)
{
    struct run_word word;
    const char *rest = text;
    while ((rest = next_word(rest, &word)))
        if (!split_word(&word, err))
            return false;
    (void)snprintf(table->filter, sizeof table->filter, "%s", text);
    if (table->order)
        arrange(table, selected_id(table));
    return true;
}

/* The place of a run among the marks; RUN_MARKS_MAX where it is not marked. */
static size_t find_mark(const struct run_table *table, int64_t id)
{
    for (size_t mark = 0; mark < table->mark_count; mark++)
        if (table->marks[mark] == id)
            return mark;
    return RUN_MARKS_MAX;
}

bool run_table_is_marked(const struct run_table *table, int64_t id)
{
    return find_mark(table, id) < RUN_MARKS_MAX;
}

bool run_table_mark(struct run_table *table)
{
    const struct run_row *run = run_table_selected(table);
    size_t mark = run ? find_mark(table, run->id) : 0;
    if (!run)
        return true;
    if (mark < RUN_MARKS_MAX) {
        drop_mark(table, mark);
        return true;
    }
    if (table->mark_count == RUN_MARKS_MAX)
        return false;
    table->marks[table->mark_count++] = run->id;
    return true;
}

void run_table_mark_all(struct run_table *table)
{
    if (table->mark_count > 0) {
        table->mark_count = 0;
        return;
    }
    for (size_t place = 0; place < table->shown && table->mark_count < RUN_MARKS_MAX; place++)
        table->marks[table->mark_count++] = run_table_at(table, place)->id;
}

size_t run_table_chosen(const struct run_table *table, const struct run_row **runs)
{
    const struct run_row *selected = run_table_selected(table);
    size_t count = 0;
    for (size_t mark = 0; mark < table->mark_count; mark++)
        runs[count++] = find_run(table, table->marks[mark]);
    if (count == 0 && selected)
        runs[count++] = selected;
    return count;
}
