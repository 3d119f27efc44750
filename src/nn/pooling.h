// SPDX-License-Identifier: MIT
#ifndef FMNIST_NN_POOLING_H
#define FMNIST_NN_POOLING_H

#include "nn/layer.h"

/* The output's shape of pooling without padding; places where the window does not fit are left out.
 */
static inline struct shape pooling_output_shape(const struct layer_spec *spec, struct shape in)
{
    if (in.height < spec->kernel || in.width < spec->kernel)
        return (struct shape){0, 0, 0};
    return (struct shape){in.channels, (in.height - spec->kernel) / spec->stride + 1,
                          (in.width - spec->kernel) / spec->stride + 1};
}

#endif
