// SPDX-License-Identifier: MIT
#include "tui/filter.h"

static const struct filter_form FORMS[] = {
    {"true:CLASS", "images of that class, or of classes: true:shirt,coat"},
    {"pred:CLASS", "images taken for that class"},
    {"CLASS", "images of that class or taken for it"},
    {"p>0.9", "how sure the answer is: < <= = != >= >, 0.9 or 90%"},
    {"since<3", "the epoch since which the image is wrong"},
    {"forgotten>1", "how often it was right before and then wrong"},
    {"MODEL:wrong", "what another model says: right, wrong, or a class"},
    {"is:right", "right or wrong answers, whatever else is shown"},
    {"#123", "the image of that number"},
    {"and or not ( )", "join tests; and may be left out"},
};

const struct filter_form *filter_form(size_t index)
{
    return index < sizeof FORMS / sizeof *FORMS ? &FORMS[index] : NULL;
}

static bool compares(enum filter_comparison comparison, double value, double number)
{
    switch (comparison) {
    case FILTER_LESS:
        return value < number;
    case FILTER_AT_MOST:
        return value <= number;
    case FILTER_EQUAL:
        return value >= number && value <= number;
    case FILTER_UNEQUAL:
        return value < number || value > number;
    case FILTER_AT_LEAST:
        return value >= number;
    default:
        return value > number;
    }
}

static bool has_class(unsigned classes, size_t label)
{
    return classes >> label & 1;
}

/* What a test that asks a model finds; no model that has not answered matches. */
static bool ask_model(const struct filter_item *item, const struct filter_subject *subject)
{
    const struct evaluation *answer = subject->answers[item->model];
    uint32_t place = subject->place;
    if (!answer || place >= answer->count)
        return false;
    bool right = answer->predicted[place] == answer->labels[place];
    if (item->kind == FILTER_MODEL)
        return has_class(item->classes, answer->predicted[place]);
    return item->kind == FILTER_MODEL_RIGHT ? right : !right;
}

static bool test(const struct filter_item *item, const struct filter_subject *subject)
{
    const struct evaluation *evaluation = subject->evaluation;
    uint32_t place = subject->place;
    size_t label = evaluation->labels[place], predicted = evaluation->predicted[place];
    switch (item->kind) {
    case FILTER_TRUE:
        return has_class(item->classes, label);
    case FILTER_PREDICTED:
        return has_class(item->classes, predicted);
    case FILTER_EITHER:
        return has_class(item->classes, label) || has_class(item->classes, predicted);
    case FILTER_RIGHT:
        return label == predicted;
    case FILTER_PROBABILITY:
        return compares(
            item->comparison,
            (double)evaluation->probabilities[(size_t)place * DATASET_CLASSES + predicted],
            item->number);
    case FILTER_SINCE:
        return compares(item->comparison, evaluation->wrong_since[place], item->number);
    case FILTER_FORGOTTEN:
        return compares(item->comparison, evaluation->forgotten[place], item->number);
    case FILTER_IMAGE:
        return compares(item->comparison, evaluation->images[place], item->number);
    default:
        return ask_model(item, subject);
    }
}

bool filter_matches(const struct filter *filter, const struct filter_subject *subject)
{
    bool results[FILTER_ITEMS_MAX] = {false};
    size_t depth = 0;
    for (size_t index = 0; index < filter->count; index++) {
        const struct filter_item *item = &filter->items[index];
        if (item->kind == FILTER_NOT) {
            results[depth - 1] = !results[depth - 1];
        } else if (item->kind == FILTER_AND || item->kind == FILTER_OR) {
            depth--;
            results[depth - 1] = item->kind == FILTER_AND ? results[depth - 1] && results[depth]
                                                          : results[depth - 1] || results[depth];
        } else {
            results[depth++] = test(item, subject);
        }
    }
    return depth == 0 || results[0];
}
