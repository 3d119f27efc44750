// SPDX-License-Identifier: MIT
#ifndef FMNIST_NN_LOSS_H
#define FMNIST_NN_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "fmnist/nn/network.h"
#include "fmnist/nn/real.h"

/* Softmax of each row: logits and probabilities are batch x classes, and may be the same array. The
 * row's maximum is subtracted first, so finite logits never overflow. */
void softmax(const real *logits, size_t batch, size_t classes, real *probabilities);

/* Mean cross-entropy of softmax(logits) against labels (PyTorch's torch.nn.CrossEntropyLoss with
 * default settings). Where `gradient` is not NULL it gets d(mean loss)/d(logits), batch x classes.
 */
void cross_entropy(const real *logits, const uint8_t *labels, size_t batch, size_t classes,
                   real *gradient, struct network_loss *loss);

#endif
