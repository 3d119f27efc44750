// SPDX-License-Identifier: MIT
/* Writes the example to a file, or tells whether a file holds it: for safetensors_peer.py. */
#include <stdio.h>
#include <string.h>

#include "example.h"

int main(int argc, char **argv)
{
    struct example example;
    struct error err = {0};
    struct safetensors *file = NULL;
    bool good = false;
    example_fill(&example);
    if (argc == 3 && strcmp(argv[1], "write") == 0)
        good = example_write(&example, argv[2], &err);
    else if (argc == 3 && strcmp(argv[1], "check") == 0)
        good = (file = safetensors_open(argv[2], 1000, &err)) && example_is(&example, file, &err);
    safetensors_close(file);
    if (!good)
        (void)fprintf(stderr, "%s\n", err.message[0] ? err.message : "not the example");
    return good ? 0 : 1;
}
