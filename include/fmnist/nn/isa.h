// SPDX-License-Identifier: MIT
/*
 * The instruction sets that the engine has kernels for, and which of them this CPU can run. One is
 * chosen when a network is created: isa_best() unless the user wants another. Results of two
 * instruction sets differ in rounding. Any thread.
 */
#ifndef FMNIST_NN_ISA_H
#define FMNIST_NN_ISA_H

#include <stdbool.h>

#include "fmnist/base/error.h"

/* From the plainest to the fastest. */
enum isa {
    ISA_REFERENCE, /* layer by layer with OpenBLAS: what the kernels are tested against */
    ISA_GENERIC,   /* the kernels as the compiler makes them for any CPU of this architecture */
    ISA_AVX2,      /* with FMA */
    ISA_AVX512,    /* F, DQ and VL */
};

enum { ISA_COUNT = ISA_AVX512 + 1 };

const char *isa_name(enum isa isa);  /* "avx512": for options */
const char *isa_title(enum isa isa); /* "AVX-512": for people */

/* Looks a name up; false where there is none such. */
bool isa_find(const char *name, enum isa *isa);

/* Whether this CPU and this build can run it. The first two can run everywhere. */
bool isa_supported(enum isa isa);

/* The same; where it cannot, `err` says so and names those that can. */
bool isa_check(enum isa isa, struct error *err);

/* The fastest that is supported. */
enum isa isa_best(void);

#endif
