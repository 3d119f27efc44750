#!/bin/sh
# SPDX-License-Identifier: MIT
# No variable outlives a function unless it is constant, but for what a signal handler must reach.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"
: "${FMNIST_PROGRAM:?}"
command -v objdump >/dev/null || { echo 'skipped: no objdump'; exit 77; }
build=$(dirname "$FMNIST_PROGRAM")

# Prints the writable objects of the object files and libraries given. Constant tables with pointers
# lie in .data.rel.ro; names with dots and underscores in front are the compiler's and sanitizers'.
find_variables() {
    objdump -t "$@" 2>/dev/null | awk '
        (/ O / || /[ \t]\.t(bss|data)/) && $NF !~ /^\.t(bss|data)/ && $0 ~ /[ \t](\.data|\.bss|\*COM\*|\.tbss|\.tdata)[ \t.]/ &&
            $0 !~ /\.data\.rel\.ro/ { print $NF }' |
        grep -v -e '^__' -e '^\.' -e '\.__' || true
}

tree=$(temporary_directory)
expect_found() {
    printf '%s\n' "$1" >"$tree/a.c"
    ${CC:-cc} -c -O0 "$tree/a.c" -o "$tree/a.o" || fail "cannot compile: $1"
    [ -n "$(find_variables "$tree/a.o")" ] || fail "this would not be found: $1"
}
expect_found 'int counter = 1;'
expect_found 'int counter;'
expect_found '_Thread_local int counter;'
expect_found '_Thread_local int counter = 1;'
expect_found 'int f(void); int f(void) { static int calls; return ++calls; }'
printf '%s\n' 'static const int x = 1; const int *const table[] = {&x};' >"$tree/a.c"
${CC:-cc} -c -fPIC "$tree/a.c" -o "$tree/a.o"
[ -z "$(find_variables "$tree/a.o")" ] || fail "this is constant: $(find_variables "$tree/a.o")"

# In tui/signals.c and cli/interrupt.c: what their signal handlers need.
allowed='^\(handler_state\|interrupted_by\)$'
objects=$(objdump -f "$build"/lib*.a "$build"/src/cli/*.o 2>/dev/null | grep 'file format' || true)
expect_files "$objects" 60
expect_nothing "$(find_variables "$build"/lib*.a "$build"/src/cli/*.o | grep -v "$allowed")"
