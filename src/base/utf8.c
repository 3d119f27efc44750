// SPDX-License-Identifier: MIT
#include "base/utf8.h"

size_t utf8_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (bytes[0] < 0x80)
        return 1;
    size_t length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    if (bytes[0] < 0xC2 || bytes[0] > 0xF4)
        return 0;
    for (size_t byte = 1; byte < length; byte++)
        if ((bytes[byte] & 0xC0) != 0x80)
            return 0;
    bool overlong = (bytes[0] == 0xE0 && bytes[1] < 0xA0) || (bytes[0] == 0xF0 && bytes[1] < 0x90);
    bool outside = (bytes[0] == 0xED && bytes[1] > 0x9F) || (bytes[0] == 0xF4 && bytes[1] > 0x8F);
    return overlong || outside ? 0 : length;
}

bool utf8_is_control(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    return bytes[0] < 0x20 || bytes[0] == 0x7F || (bytes[0] == 0xC2 && bytes[1] < 0xA0);
}

void utf8_clean(char *text)
{
    char *end = text;
    while (*text) {
        size_t length = utf8_length(text);
        if (length == 0 || utf8_is_control(text)) {
            *end++ = '?';
            text += length > 0 ? length : 1;
            continue;
        }
        for (; length > 0; length--)
            *end++ = *text++;
    }
    *end = '\0';
}
