// SPDX-License-Identifier: MIT
#include "fmnist/train/evaluation.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/nn/loss.h"
#include "train/draft.h"

/* The evaluation with its arrays; it is the first member, so that a pointer to it is one to this.
 */
struct draft {
    struct evaluation evaluation;
    atomic_size_t references;
    size_t done;
    double loss_sum;
    uint32_t *images;
    uint8_t *labels;
    uint8_t *predicted;
    float *probabilities;
    uint16_t *wrong_since, *forgotten;
    uint32_t *mistakes;
};

/* A draft with room for so many images. */
static struct draft *draft_allocate(enum evaluation_part part, size_t count, struct error *err)
{
    struct draft *draft = memory_array(1, sizeof *draft, err);
    if (!draft)
        return NULL;
    draft->images = memory_array(count, sizeof *draft->images, err);
    draft->labels = memory_array(count, sizeof *draft->labels, err);
    draft->predicted = memory_array(count, sizeof *draft->predicted, err);
    draft->probabilities = memory_array(count, DATASET_CLASSES * sizeof *draft->probabilities, err);
    draft->wrong_since = memory_array(count, sizeof *draft->wrong_since, err);
    draft->forgotten = memory_array(count, sizeof *draft->forgotten, err);
    draft->mistakes = memory_array(count, sizeof *draft->mistakes, err);
    if (!draft->images || !draft->labels || !draft->predicted || !draft->probabilities ||
        !draft->wrong_since || !draft->forgotten || !draft->mistakes) {
        draft_destroy(draft);
        return NULL;
    }
    draft->evaluation = (struct evaluation){
        .part = part,
        .count = count,
        .images = draft->images,
        .labels = draft->labels,
        .predicted = draft->predicted,
        .probabilities = draft->probabilities,
        .wrong_since = draft->wrong_since,
        .forgotten = draft->forgotten,
        .mistakes = draft->mistakes,
    };
    atomic_init(&draft->references, 1);
    return draft;
}

static void draft_fill(struct draft *draft, const struct image_set *set, const uint32_t *indices)
{
    for (size_t place = 0; place < draft->evaluation.count; place++) {
        draft->images[place] = indices ? indices[place] : (uint32_t)place;
        draft->labels[place] = set->labels[draft->images[place]];
    }
}

struct draft *draft_create(enum evaluation_part part, const struct image_set *set,
                           const uint32_t *indices, size_t count, struct error *err)
{
    struct draft *draft = draft_allocate(part, count, err);
    if (draft)
        draft_fill(draft, set, indices);
    return draft;
}

void draft_destroy(struct draft *draft)
{
    if (!draft)
        return;
    free(draft->mistakes);
    free(draft->forgotten);
    free(draft->wrong_since);
    free(draft->probabilities);
    free(draft->predicted);
    free(draft->labels);
    free(draft->images);
    free(draft);
}

enum evaluation_part draft_part(const struct draft *draft)
{
    return draft->evaluation.part;
}

size_t draft_count(const struct draft *draft)
{
    return draft->evaluation.count;
}

size_t draft_done(const struct draft *draft)
{
    return draft->done;
}

const uint32_t *draft_images(const struct draft *draft)
{
    return draft->images + draft->done;
}

static size_t largest(const float *row)
{
    size_t best = 0;
    for (size_t label = 1; label < DATASET_CLASSES; label++)
        if (row[label] > row[best])
            best = label;
    return best;
}

void draft_add(struct draft *draft, const float *logits, size_t batch)
{
    struct network_loss loss;
    float *probabilities = draft->probabilities + draft->done * DATASET_CLASSES;
    cross_entropy(logits, draft->labels + draft->done, batch, DATASET_CLASSES, NULL, &loss);
    softmax(logits, batch, DATASET_CLASSES, probabilities);
    draft->loss_sum += loss.loss * (double)batch;
    for (size_t image = 0; image < batch; image++)
        draft->predicted[draft->done + image] =
            (uint8_t)largest(probabilities + image * DATASET_CLASSES);
    draft->done += batch;
}

/* What a mistake's past tells: since when it has been one, and how often it was none before. */
static void draft_recall(struct draft *draft, size_t place, uint16_t now,
                         const struct evaluation *before)
{
    uint16_t since = before ? before->wrong_since[place] : 0;
    draft->wrong_since[place] = since ? since : now ? now : 1;
    if (before && since == 0 && draft->forgotten[place] < UINT16_MAX)
        draft->forgotten[place]++;
}

/* Fills the confusion matrix and the list of mistakes, in order of images. */
static void draft_count_answers(struct draft *draft)
{
    struct evaluation *evaluation = &draft->evaluation;
    for (size_t place = 0; place < evaluation->count; place++) {
        uint8_t label = draft->labels[place], predicted = draft->predicted[place];
        evaluation->confusion[label][predicted]++;
        if (label == predicted)
            evaluation->correct++;
        else
            draft->mistakes[evaluation->mistake_count++] = (uint32_t)place;
    }
}

/* Fills in the past of all images. */
static void draft_compare(struct draft *draft, const struct evaluation *before)
{
    double epoch = ceil(draft->evaluation.epoch);
    uint16_t now = epoch >= UINT16_MAX ? UINT16_MAX : (uint16_t)epoch;
    for (size_t place = 0; place < draft->evaluation.count; place++) {
        draft->forgotten[place] = before ? before->forgotten[place] : 0;
        if (draft->labels[place] != draft->predicted[place])
            draft_recall(draft, place, now, before);
    }
}

static double fraction(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

/* Precision, recall and their harmonic mean, F1, of each class. */
static void evaluation_score(struct evaluation *evaluation)
{
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        size_t hits = evaluation->confusion[label][label], support = 0, predicted = 0;
        for (size_t other = 0; other < DATASET_CLASSES; other++) {
            support += evaluation->confusion[label][other];
            predicted += evaluation->confusion[other][label];
        }
        evaluation->classes[label] = (struct class_score){
            .support = support,
            .precision = fraction(hits, predicted),
            .recall = fraction(hits, support),
            .f1 = fraction(2 * hits, support + predicted),
        };
    }
}

/* A mistake and how sure of it the network was. */
struct sureness {
    float probability;
    uint32_t place;
};

static int compare_sureness(const void *left, const void *right)
{
    const struct sureness *a = left, *b = right;
    if (a->probability != b->probability)
        return a->probability > b->probability ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* Surest first; in the order of images where there is no memory to sort. */
static void draft_sort(struct draft *draft)
{
    size_t count = draft->evaluation.mistake_count;
    struct sureness *keys = memory_array(count, sizeof *keys, NULL);
    if (!keys)
        return;
    for (size_t mistake = 0; mistake < count; mistake++) {
        uint32_t place = draft->mistakes[mistake];
        size_t cell = (size_t)place * DATASET_CLASSES + draft->predicted[place];
        keys[mistake] = (struct sureness){draft->probabilities[cell], place};
    }
    qsort(keys, count, sizeof *keys, compare_sureness);
    for (size_t mistake = 0; mistake < count; mistake++)
        draft->mistakes[mistake] = keys[mistake].place;
    free(keys);
}

/* Computes all that follows from the answers. */
static void draft_close(struct draft *draft, uint64_t step, double epoch, double loss)
{
    struct evaluation *evaluation = &draft->evaluation;
    evaluation->step = step;
    evaluation->epoch = epoch;
    evaluation->loss = loss;
    evaluation->accuracy = fraction(evaluation->correct, evaluation->count);
    evaluation_score(evaluation);
    draft_sort(draft);
}

const struct evaluation *draft_finish(struct draft *draft, uint64_t step, double epoch,
                                      const struct evaluation *before)
{
    struct evaluation *evaluation = &draft->evaluation;
    evaluation->epoch = epoch;
    draft_count_answers(draft);
    draft_compare(draft, before);
    draft_close(draft, step, epoch, draft->loss_sum / (double)evaluation->count);
    return evaluation;
}

/* Copies what was kept; false where a class is none. */
static bool draft_copy(struct draft *draft, const struct evaluation *kept)
{
    for (size_t place = 0; place < kept->count; place++) {
        if (kept->labels[place] >= DATASET_CLASSES || kept->predicted[place] >= DATASET_CLASSES)
            return false;
        draft->images[place] = kept->images[place];
        draft->labels[place] = kept->labels[place];
        draft->predicted[place] = kept->predicted[place];
        draft->wrong_since[place] = kept->wrong_since[place];
        draft->forgotten[place] = kept->forgotten[place];
    }
    memcpy(draft->probabilities, kept->probabilities,
           kept->count * DATASET_CLASSES * sizeof *draft->probabilities);
    return true;
}

const struct evaluation *evaluation_restore(const struct evaluation *kept, struct error *err)
{
    struct draft *draft = draft_allocate(kept->part, kept->count, err);
    if (!draft)
        return NULL;
    if (!draft_copy(draft, kept)) {
        error_set(err, ERROR_FORMAT, "an evaluation names a class that there is none");
        draft_destroy(draft);
        return NULL;
    }
    draft_count_answers(draft);
    draft_close(draft, kept->step, kept->epoch, kept->loss);
    return &draft->evaluation;
}

/* Counts what the confusion matrix holds; false where that is not all images. */
static bool evaluation_count(struct evaluation *evaluation)
{
    size_t images = 0;
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        evaluation->correct += evaluation->confusion[label][label];
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
            images += evaluation->confusion[label][predicted];
    }
    return images == evaluation->count;
}

const struct evaluation *evaluation_restore_figures(const struct evaluation *kept,
                                                    struct error *err)
{
    struct draft *draft = memory_array(1, sizeof *draft, err);
    if (!draft)
        return NULL;
    atomic_init(&draft->references, 1);
    draft->evaluation = (struct evaluation){.part = kept->part, .count = kept->count};
    memcpy(draft->evaluation.confusion, kept->confusion, sizeof kept->confusion);
    if (!evaluation_count(&draft->evaluation)) {
        error_set(err, ERROR_FORMAT, "the figures of an evaluation are damaged");
        draft_destroy(draft);
        return NULL;
    }
    draft_close(draft, kept->step, kept->epoch, kept->loss);
    return &draft->evaluation;
}

/* Every evaluation is the first member of a draft. */
static struct draft *evaluation_draft(const struct evaluation *evaluation)
{
    return (struct draft *)(uintptr_t)evaluation;
}

const struct evaluation *evaluation_share(const struct evaluation *evaluation)
{
    if (evaluation)
        atomic_fetch_add_explicit(&evaluation_draft(evaluation)->references, 1,
                                  memory_order_relaxed);
    return evaluation;
}

void evaluation_release(const struct evaluation *evaluation)
{
    if (evaluation && atomic_fetch_sub(&evaluation_draft(evaluation)->references, 1) == 1)
        draft_destroy(evaluation_draft(evaluation));
}
