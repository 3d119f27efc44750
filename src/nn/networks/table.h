// SPDX-License-Identifier: MIT
/* The networks there are; table.c lists them in the order in which the program offers them. */
#ifndef FMNIST_NN_NETWORKS_TABLE_H
#define FMNIST_NN_NETWORKS_TABLE_H

#include "nn/layer.h"

extern const struct network_spec NETWORK_LENET;
extern const struct network_spec NETWORK_ALEXNET;

#endif
