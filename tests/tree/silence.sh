#!/bin/sh
# SPDX-License-Identifier: MIT
# Below cli nothing prints and nothing ends the program.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"

# Prints each call in the tree $1 that must not be. Comments and strings are taken out first.
find_noise() {
    find "$1/src" -name '*.[ch]' ! -path '*/src/cli/*' | while read -r file; do
        sed -e 's/"\([^"\\]\|\\.\)*"/""/g' -e 's@//.*@@' -e 's@/\*.*\*/@@g' \
            -e 's/fflush(stdout)//' "$file" | awk -v file="${file#"$1"/}" '
            /\/\*/ { comment = 1 }
            !comment && /(^|[^a-z0-9_])(printf|vprintf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|abort)[ \t]*\(/ {
                print file ":" NR ": " $0
            }
            !comment && /(^|[^a-z0-9_])(stdout|stderr)([^a-z0-9_]|$)/ { print file ":" NR ": " $0 }
            /\*\// { comment = 0 }'
    done
}

tree=$(temporary_directory)
mkdir -p "$tree/src/nn" "$tree/src/cli"
expect_found() {
    printf '%s\n' "$1" >"$tree/src/nn/a.c"
    [ -n "$(find_noise "$tree")" ] || fail "this would not be found: $1"
}
expect_found '    printf("x");'
expect_found '    fprintf(stderr, "x");'
expect_found 'if (bad) abort();'
expect_found '    exit(1);'
expect_found '    puts("x");'
printf '%s\n' '/* printf("x") */' '    snprintf(a, b, "stderr");' '    on_exit_of(x);' >"$tree/src/nn/a.c"
echo 'puts("x");' >"$tree/src/cli/a.c"
[ -z "$(find_noise "$tree")" ] || fail "this is silent: $(find_noise "$tree")"

expect_nothing "$(find_noise "$FMNIST_SOURCE")"
