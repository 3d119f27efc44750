// SPDX-License-Identifier: MIT
#include "export/crc32c.h"

enum { NIBBLES = 16 };

uint32_t crc32c(const void *bytes, size_t size)
{
    /* What the lowest four bits of the remainder add to it, polynomial 0x82F63B78 (reflected). */
    static const uint32_t table[NIBBLES] = {0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1,
                                            0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
                                            0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9,
                                            0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75};
    const uint8_t *next = bytes;
    uint32_t remainder = UINT32_MAX;
    for (; size > 0; size--) {
        remainder ^= *next++;
        remainder = remainder >> 4 ^ table[remainder % NIBBLES];
        remainder = remainder >> 4 ^ table[remainder % NIBBLES];
    }
    return ~remainder;
}
