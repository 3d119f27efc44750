// SPDX-License-Identifier: MIT
/*
 * Random numbers that are a function of a place: Philox4x32-10, a counter-based generator (Salmon,
 * Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The key is the run's
 * seed, the counter names the purpose (stream, substream) and the position, so that any thread can
 * compute any number at any time, and the order of computation never changes a result.
 */
#ifndef FMNIST_BASE_RANDOM_H
#define FMNIST_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum random_stream {
    RANDOM_SPLIT = 1,        /* training/validation split; no substream */
    RANDOM_SHUFFLE,          /* order of images; substream: epoch */
    RANDOM_WEIGHTS,          /* initial weights; substream: index of the parameter */
    RANDOM_TEST,             /* inputs of tests */
    RANDOM_DROPOUT = 1 << 8, /* plus the layer's index; substream: training step */
};

/* A cursor in one stream of one seed. */
struct random {
    uint64_t seed;
    uint32_t stream;
    uint32_t substream;
    uint64_t block;    /* next block of four numbers */
    uint32_t words[4]; /* the block in use */
    unsigned used;     /* how many of them are taken */
};

/* Writes the four numbers of a block: the generator itself. */
void random_block(uint64_t seed, uint32_t stream, uint32_t substream, uint64_t block,
                  uint32_t words[4]);

/* Puts the cursor at the start of a stream. */
void random_init(struct random *random, uint64_t seed, uint32_t stream, uint32_t substream);

/* Puts it before number `number` of its stream, counted from 0. */
void random_seek(struct random *random, uint64_t number);

/* The next 32 random bits. */
uint32_t random_bits(struct random *random);

/* The next number, uniform in [0, bound), without bias; bound > 0. */
uint32_t random_below(struct random *random, uint32_t bound);

/* The next number, uniform in [0, 1), a multiple of 2^-24. */
float random_unit(struct random *random);

/* Puts `count` values (count < 2^32) into a random order, each order as likely (Fisher-Yates). */
void random_permute(struct random *random, uint32_t *values, size_t count);

#endif
