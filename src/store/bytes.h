// SPDX-License-Identifier: MIT
/* Numbers as little-endian bytes. Each function moves *at on. */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include <stdint.h>
#include <string.h>

static inline void put_u16(unsigned char **at, uint16_t value)
{
    *(*at)++ = (unsigned char)(value & 0xff);
    *(*at)++ = (unsigned char)(value >> 8);
}

static inline void put_u32(unsigned char **at, uint32_t value)
{
    put_u16(at, (uint16_t)(value & 0xffff));
    put_u16(at, (uint16_t)(value >> 16));
}

static inline void put_float(unsigned char **at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u32(at, bits);
}

static inline uint16_t get_u16(const unsigned char **at)
{
    uint16_t low = *(*at)++;
    uint16_t high = *(*at)++;
    return (uint16_t)(low | high << 8);
}

static inline uint32_t get_u32(const unsigned char **at)
{
    uint32_t low = get_u16(at);
    uint32_t high = get_u16(at);
    return low | high << 16;
}

static inline float get_float(const unsigned char **at)
{
    uint32_t bits = get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
