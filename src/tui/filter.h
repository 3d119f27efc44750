// SPDX-License-Identifier: MIT
/*
 * Which images are wanted, as the user types it:
 *
 *     filter  = term { ("and" | "or" | nothing, which means "and") term }     "and" binds closer
 *     term    = ["not" | "!"] ( "(" filter ")" | test )
 *     test    = "true:" classes       the image's class
 *             | "pred:" classes       what the network takes it for
 *             | "is:right" | "is:wrong"
 *             | MODEL ":" (classes | "right" | "wrong")    what that model says of it, if anything
 *             | ("p" | "since" | "forgotten") ("<" | "<=" | "=" | "!=" | ">=" | ">") number
 *             | "#" number            the image of that number
 *             | classes               its class or what it is taken for
 *     classes = class { "," class }
 *
 * A class is named by its name, its short name, its number, or the beginning of its name or of a
 * word in it, in whatever case; a beginning that several have means all of them. Blanks in a name
 * want quotes: true:"ankle boot". p is the probability of the answer, 0.9 or 90%; since is the
 * epoch since which the image is taken wrongly, 0 where it is not.
 *
 * Needs no terminal and no memory of its own. Main thread only.
 */
#ifndef FMNIST_TUI_FILTER_H
#define FMNIST_TUI_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/data/dataset.h"
#include "fmnist/train/evaluation.h"
#include "fmnist/train/snapshot.h"

enum { FILTER_TEXT_SIZE = 256, FILTER_ITEMS_MAX = 64 };

enum filter_kind {
    FILTER_AND, /* of the two results before; likewise */
    FILTER_OR,
    FILTER_NOT,
    FILTER_TRUE,
    FILTER_PREDICTED,
    FILTER_EITHER,
    FILTER_RIGHT,
    FILTER_MODEL,       /* a model's answer is one of the classes */
    FILTER_MODEL_RIGHT, /* a model's answer is the image's class */
    FILTER_MODEL_WRONG,
    FILTER_PROBABILITY,
    FILTER_SINCE,
    FILTER_FORGOTTEN,
    FILTER_IMAGE,
};

enum filter_comparison {
    FILTER_LESS,
    FILTER_AT_MOST,
    FILTER_EQUAL,
    FILTER_UNEQUAL,
    FILTER_AT_LEAST,
    FILTER_GREATER,
};

struct filter_item {
    enum filter_kind kind;
    unsigned classes; /* a bit a class */
    size_t model;     /* number of the network */
    enum filter_comparison comparison;
    double number;
};

/* Zeroed, it is none: all images are wanted. */
struct filter {
    char text[FILTER_TEXT_SIZE]; /* as typed */
    size_t count;
    struct filter_item items[FILTER_ITEMS_MAX]; /* in postfix order */
    bool whole;       /* it looks at right answers, too, whatever else is shown */
    bool asks_models; /* it depends on what other models say */
};

/* What the networks say of an image. */
struct filter_subject {
    const struct evaluation *evaluation;
    uint32_t place;                          /* in its arrays */
    const struct evaluation *const *answers; /* by number of the network; NULL: none */
};

/* A form that a test may have, and what it asks; NULL past the last. The help and (by a test) the
 * man page are made from these. */
struct filter_form {
    const char *form; /* "true:CLASS" */
    const char *help;
};

const struct filter_form *filter_form(size_t index);

/* Reads a filter; an empty text gives none. False with `err` set, whose message begins with the
 * column of the mistake, and the filter as it was. */
bool filter_parse(struct filter *filter, const char *text, const struct dataset *dataset,
                  struct error *err);

bool filter_matches(const struct filter *filter, const struct filter_subject *subject);

#endif
