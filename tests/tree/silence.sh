#!/bin/sh
# SPDX-License-Identifier: MIT
# Below cli nothing prints and nothing ends the program.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"

# Prints each call in the tree $1 that must not be. Comments and strings are taken out first.
find_noise() {
    find "$1/src" "$1/include" -name '*.[ch]' ! -path '*/src/cli/*' | while read -r file; do
        sed -e 's/"\([^"\\]\|\\.\)*"/""/g' -e 's@//.*@@' -e 's@/\*[^*]*\*/@@g' \
            "$file" | awk -v file="${file#"$1"/}" '
            /\/\*/ { comment = 1 }
            !comment && /(^|[^a-z0-9_])(printf|vprintf|dprintf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|abort)[ \t]*\(/ {
                print file ":" NR ": " $0
            }
            !comment && /(^|[^a-z0-9_])(stdout|stderr)([^a-z0-9_]|$)|write[ \t]*\((STD(OUT|ERR)_FILENO|[12]),/ { print file ":" NR ": " $0 }
            /\*\// { comment = 0 }'
    done
}

tree=$(temporary_directory)
mkdir -p "$tree/src/nn" "$tree/src/cli" "$tree/include"
expect_found() {
    printf '%s\n' "$1" >"$tree/src/nn/a.c"
    [ -n "$(find_noise "$tree")" ] || fail "this would not be found: $1"
}
expect_found '    printf("x");'
expect_found '    fprintf(stderr, "x");'
expect_found 'if (bad) abort();'
expect_found '    exit(1);'
expect_found '    puts("x");'
expect_found '/* a */ exit(1); /* b */'
expect_found '    dprintf(2, "x");'
expect_found '    write(STDERR_FILENO, "x", 1);'
printf '%s\n' '/* printf("x") */' '    snprintf(a, b, "stderr");' '    on_exit_of(x);' >"$tree/src/nn/a.c"
echo 'puts("x");' >"$tree/src/cli/a.c"
[ -z "$(find_noise "$tree")" ] || fail "this is silent: $(find_noise "$tree")"

expect_files "$(find "$FMNIST_SOURCE/src" ! -path '*/src/cli/*' -name '*.[ch]')" 50
# The rescue empties stdio's buffer before it gives the terminal back; a crash says what it was.
expect_nothing "$(find_noise "$FMNIST_SOURCE" |
    grep -v -e '^src/tui/rescue.c:[0-9]*: *(void)fflush(stdout);$' \
        -e '^src/tui/signals.c:[0-9]*: *ssize_t written = write(STDERR_FILENO, texts')"
