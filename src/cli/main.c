// SPDX-License-Identifier: MIT
#include <stdio.h>

int main(void)
{
    return puts(PACKAGE_STRING) == EOF;
}
