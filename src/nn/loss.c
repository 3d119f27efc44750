// SPDX-License-Identifier: MIT
#include "fmnist/nn/loss.h"

#include <assert.h>
#include <tgmath.h>

/* A NaN counts as the largest, so that it shows in everything computed from it. */
static size_t row_argmax(const real *row, size_t classes)
{
    size_t best = 0;
    for (size_t class = 1; class < classes; class ++) {
        if (row[class] > row[best] || row[class] != row[class])
            best = class;
    }
    return best;
}

void softmax(const real *logits, size_t batch, size_t classes, real *probabilities)
{
    for (size_t image = 0; image < batch; image++) {
        const real *row = logits + image * classes;
        real *out = probabilities + image * classes;
        real max = row[row_argmax(row, classes)], sum = 0;
        for (size_t class = 0; class < classes; class ++) {
            out[class] = exp(row[class] - max);
            sum += out[class];
        }
        for (size_t class = 0; class < classes; class ++)
            out[class] /= sum;
    }
}

void cross_entropy(const real *logits, const uint8_t *labels, size_t batch, size_t classes,
                   real *gradient, struct network_loss *loss)
{
    assert(batch > 0 && classes > 0);
    double total = 0;
    size_t correct = 0;
    for (size_t image = 0; image < batch; image++) {
        const real *row = logits + image * classes;
        size_t label = labels[image], best = row_argmax(row, classes);
        correct += best == label;
        real sum = 0;
        for (size_t class = 0; class < classes; class ++)
            sum += exp(row[class] - row[best]);
        /* The difference comes first, so that a small loss of large logits keeps its digits. */
        /* cppcheck-suppress invalidFunctionArg ; the best class adds 1 to the sum */
        total += (double)(log(sum) + (row[best] - row[label]));
        if (!gradient)
            continue;
        real *out = gradient + image * classes;
        for (size_t class = 0; class < classes; class ++) {
            real probability = exp(row[class] - row[best]) / sum;
            out[class] = (probability - (class == label)) / (real)batch;
        }
    }
    *loss = (struct network_loss){.loss = total / (double)batch, .correct = correct};
}
