# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the checks of the tree share; each first shows that it would find what it looks for.
FMNIST_SOURCE=${FMNIST_SOURCE:-.}

fail() {
    echo "$0: $*" >&2
    exit 1
}

# Prints a directory that is removed at the end.
temporary_directory() {
    mktemp -d "${TMPDIR:-/tmp}/fmnist-tree-XXXXXX"
}

# Fails where a check would pass for want of anything to look at.
expect_files() {
    [ "$(printf '%s\n' "$1" | wc -l)" -ge "$2" ] || fail "only these to look at: $1"
}

expect_nothing() {
    rm -rf "${tree:?}"
    [ -z "$1" ] || fail "found:
$1"
}
