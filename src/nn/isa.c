// SPDX-License-Identifier: MIT
#include "fmnist/nn/isa.h"

#include <stdio.h>
#include <string.h>

struct isa_names {
    const char *name, *title;
};

static const struct isa_names NAMES[ISA_COUNT] = {
    [ISA_REFERENCE] = {"reference", "reference"},
    [ISA_GENERIC] = {"generic", "generic"},
    [ISA_AVX2] = {"avx2", "AVX2"},
    [ISA_AVX512] = {"avx512", "AVX-512"},
};

const char *isa_name(enum isa isa)
{
    return NAMES[isa].name;
}

const char *isa_title(enum isa isa)
{
    return NAMES[isa].title;
}

bool isa_find(const char *name, enum isa *isa)
{
    for (int number = 0; number < ISA_COUNT; number++) {
        if (strcmp(NAMES[number].name, name) != 0)
            continue;
        *isa = (enum isa)number;
        return true;
    }
    return false;
}

#ifdef HAVE_X86_KERNELS
static bool cpu_has_avx2(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool cpu_has_avx512(void)
{
    return cpu_has_avx2() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
static bool cpu_has_avx2(void)
{
    return false;
}

static bool cpu_has_avx512(void)
{
    return false;
}
#endif

bool isa_supported(enum isa isa)
{
    switch (isa) {
    case ISA_REFERENCE:
    case ISA_GENERIC:
        return true;
    case ISA_AVX2:
        return cpu_has_avx2();
    case ISA_AVX512:
        return cpu_has_avx512();
    }
    return false;
}

bool isa_check(enum isa isa, struct error *err)
{
    char list[64] = "";
    if (isa_supported(isa))
        return true;
    for (int number = 0; number < ISA_COUNT; number++) {
        if (!isa_supported((enum isa)number))
            continue;
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", number ? ", " : "",
                       NAMES[number].name);
    }
    error_set(err, ERROR_SYSTEM, "this CPU or this build has no %s; give one of %s",
              NAMES[isa].title, list);
    return false;
}

enum isa isa_best(void)
{
    int best = ISA_COUNT - 1;
    while (!isa_supported((enum isa)best))
        best--;
    return (enum isa)best;
}
