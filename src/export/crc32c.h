// SPDX-License-Identifier: MIT
/* CRC-32C (Castagnoli), as RFC 3720, appendix B.4, has it: polynomial 0x1EDC6F41, bits reflected,
 * begun with and inverted by all ones. (zlib has CRC-32 only.) */
#ifndef FMNIST_EXPORT_CRC32C_H
#define FMNIST_EXPORT_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *bytes, size_t size);

#endif
