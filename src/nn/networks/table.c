// SPDX-License-Identifier: MIT
#include "nn/networks/table.h"

#include <string.h>

static const struct network_spec *const NETWORKS[] = {
    &NETWORK_LENET,
    &NETWORK_ALEXNET,
};

size_t network_spec_count(void)
{
    return sizeof NETWORKS / sizeof *NETWORKS;
}

const struct network_spec *network_spec_at(size_t number)
{
    return number < network_spec_count() ? NETWORKS[number] : NULL;
}

const struct network_spec *network_spec_find(const char *name)
{
    for (size_t number = 0; number < network_spec_count(); number++) {
        if (strcmp(NETWORKS[number]->name, name) == 0)
            return NETWORKS[number];
    }
    return NULL;
}

size_t network_spec_number(const struct network_spec *spec)
{
    size_t number = 0;
    while (number < network_spec_count() && NETWORKS[number] != spec)
        number++;
    return number;
}

const char *network_spec_name(const struct network_spec *spec)
{
    return spec->name;
}

const char *network_spec_title(const struct network_spec *spec)
{
    return spec->title;
}
