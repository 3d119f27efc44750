// SPDX-License-Identifier: MIT
#include "base/random.h"

void random_block(uint64_t seed, uint32_t stream, uint32_t substream, uint64_t block,
                  uint32_t words[4])
{
    /* Round and key constants of the paper's Table 2 and section 4. */
    const uint32_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
    const uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
    uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = substream, c3 = stream;
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)multiplier0 * c0;
        uint64_t product1 = (uint64_t)multiplier1 * c2;
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ key0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ key1;
        c3 = (uint32_t)product0;
        key0 += weyl0;
        key1 += weyl1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

void random_init(struct random *random, uint64_t seed, uint32_t stream, uint32_t substream)
{
    *random = (struct random){.seed = seed, .stream = stream, .substream = substream, .used = 4};
}

void random_seek(struct random *random, uint64_t number)
{
    random->block = number / 4;
    random->used = 4;
    for (uint64_t rest = number % 4; rest > 0; rest--)
        (void)random_bits(random);
}

uint32_t random_bits(struct random *random)
{
    if (random->used == 4) {
        random_block(random->seed, random->stream, random->substream, random->block++,
                     random->words);
        random->used = 0;
    }
    return random->words[random->used++];
}

uint32_t random_below(struct random *random, uint32_t bound)
{
    /* Lemire: "Fast random integer generation in an interval", ACM TOMACS 29 (2019). */
    uint64_t product = (uint64_t)random_bits(random) * bound;
    if ((uint32_t)product < bound) {
        uint32_t threshold = (uint32_t)-bound % bound;
        while ((uint32_t)product < threshold)
            product = (uint64_t)random_bits(random) * bound;
    }
    return (uint32_t)(product >> 32);
}

float random_unit(struct random *random)
{
    return (float)(random_bits(random) >> 8) * 0x1p-24F;
}

void random_permute(struct random *random, uint32_t *values, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        size_t other = random_below(random, (uint32_t)left);
        uint32_t value = values[left - 1];
        values[left - 1] = values[other];
        values[other] = value;
    }
}
