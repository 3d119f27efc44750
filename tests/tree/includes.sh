#!/bin/sh
# SPDX-License-Identifier: MIT
# An include points down the parts, never up or sideways; curses stays in tui, BLAS in nn, SQL in
# store.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"

# Prints each include in the tree $1 that must not be.
find_wrong_includes() {
    find "$1/src" "$1/include" -name '*.[chS]' | while read -r file; do
        path=${file#"$1"/}
        path=${path#src/}
        awk -v part="${path#include/fmnist/}" -v file="$path" '
            BEGIN {
                sub("/.*", "", part)
                rank["base"] = 0; rank["comm"] = 1; rank["data"] = 2; rank["nn"] = 2
                rank["train"] = rank["bench"] = 3; rank["store"] = 4
                rank["export"] = 5
                rank["tui"] = 5; rank["cli"] = 6
                owner["curses.h"] = owner["ncurses.h"] = owner["term.h"] = owner["panel.h"] = "tui"
                owner["cblas.h"] = owner["f77blas.h"] = owner["openblas_config.h"] = "nn"
                owner["sqlite3.h"] = "store"
                owner["mpi.h"] = "comm"
            }
            !/^[ \t]*#[ \t]*include/ { next }
            /</ {
                name = $0
                sub(".*<", "", name); sub(">.*", "", name); sub(".*/", "", name)
                if (name in owner && owner[name] != part)
                    print file ": <" name "> belongs to " owner[name]
                next
            }
            {
                name = $0
                sub("[^\"]*\"", "", name); sub("\".*", "", name)
                other = name
                sub("^fmnist/", "", other)
                sub("/.*", "", other)
                if (!(other in rank))
                    print file ": \"" name "\" names no part"
                else if (other != part && rank[other] >= rank[part])
                    print file ": \"" name "\" points up"
            }' "$file"
    done
}

tree=$(temporary_directory)
mkdir -p "$tree/src/nn" "$tree/src/store" "$tree/src/train" "$tree/src/cli" "$tree/include/fmnist/base"
expect_found() {
    printf '%s\n' "$2" >"$tree/$1"
    [ -n "$(find_wrong_includes "$tree")" ] || fail "this would not be found in $1: $2"
    rm "$tree/$1"
}
expect_found src/nn/a.c '#include "train/learner.h"'
expect_found src/nn/a.c '#include "fmnist/data/idx.h"'
expect_found src/nn/a.c ' #  include <ncursesw/curses.h>'
expect_found src/nn/a.c '#include "layer.h"'
expect_found src/cli/a.c '#include <cblas.h>'
expect_found src/cli/a.c '#include <sqlite3.h>'
expect_found src/train/a.c '#include "fmnist/store/safetensors.h"'
expect_found src/store/a.c '#include "tui/canvas.h"'
expect_found include/fmnist/base/a.h '#include "fmnist/nn/network.h"'
echo '#include "fmnist/base/pool.h"' >"$tree/src/cli/a.c"
[ -z "$(find_wrong_includes "$tree")" ] || fail 'a good include is called wrong'

expect_files "$(find "$FMNIST_SOURCE/src" "$FMNIST_SOURCE/include" -name '*.[ch]')" 60
expect_nothing "$(find_wrong_includes "$FMNIST_SOURCE")"
