// SPDX-License-Identifier: MIT
#include "fmnist/nn/loss.h"

#include <assert.h>
#include <tgmath.h>

/* A NaN counts as the largest, so that it shows in everything computed from it. */
static size_t row_argmax(const real *row, size_t classes)
{
    size_t best = 0;
    for (size_t column = 1; column < classes; column++) {
        if (row[column] > row[best] || row[column] != row[column])
            best = column;
    }
    return best;
}

void softmax(const real *logits, size_t batch, size_t classes, real *probabilities)
{
    for (size_t image = 0; image < batch; image++) {
        const real *row = logits + image * classes;
        real *out = probabilities + image * classes;
        real max = row[row_argmax(row, classes)], sum = 0;
        for (size_t column = 0; column < classes; column++) {
            out[column] = exp(row[column] - max);
            sum += out[column];
        }
        for (size_t column = 0; column < classes; column++)
            out[column] /= sum;
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
        for (size_t column = 0; column < classes; column++)
            sum += exp(row[column] - row[best]);
        /* The difference comes first, so that a small loss of large logits keeps its digits. */
        /* cppcheck-suppress invalidFunctionArg ; the best class adds 1 to the sum */
        total += (double)(log(sum) + (row[best] - row[label]));
        if (!gradient)
            continue;
        real *out = gradient + image * classes;
        for (size_t column = 0; column < classes; column++) {
            real probability = exp(row[column] - row[best]) / sum;
            out[column] = (probability - (column == label)) / (real)batch;
        }
    }
    *loss = (struct network_loss){.loss = total / (double)batch, .correct = correct};
}
