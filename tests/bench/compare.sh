#!/bin/sh
# SPDX-License-Identifier: MIT
# bench/compare: wrong arguments, a Python without PyTorch, and where there is one a tiny comparison.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"
command -v python3 >/dev/null || exit 77

here=$(temporary_directory)
trap 'rm -rf "${here:?}"' EXIT
status=0

compare() {
    status=0
    "$FMNIST_SOURCE/bench/compare" "$@" >"$here/out" 2>"$here/err" || status=$?
}

# Runs it, and looks for an exit status and a text in what it wrote.
expect() {
    wanted=$1 text=$2
    shift 2
    compare "$@"
    [ "$status" = "$wanted" ] || fail "exit status $status, not $wanted, of: $*
$(cat "$here/out" "$here/err")"
    grep -qF -- "$text" "$here/out" "$here/err" || fail "without '$text', of: $*
$(cat "$here/out" "$here/err")"
}

shows() {
    grep -qF -- "$1" "$here/out" || fail "without '$1':
$(cat "$here/out")"
}

tiny='--model lenet --batch 2 --threads 1 --rounds 1 --quick'

expect 0 'usage: bench/compare' --help
expect 2 "'0': give a whole number above 0" --rounds 0
expect 2 "invalid choice: 'resnet'" --model resnet
expect 2 'unrecognized arguments: --fast' --fast
expect 2 "'(': missing )" --only '('
expect 2 'there is no program to measure' --program "$here/absent"
printf '#!/bin/sh\necho "no luck" >&2\nexit 1\n' >"$here/failing"
chmod +x "$here/failing"
expect 1 'no luck' --program "$here/failing" --model lenet --python "$here/none"

# A Python whose PyTorch cannot be used: its torch is the file given.
make_python() {
    mkdir -p "$here/$1"
    printf '%s\n' "$2" >"$here/$1/torch.py"
    printf '#!/bin/sh\nPYTHONPATH=%s exec python3 "$@"\n' "$here/$1" >"$here/$1/python"
    chmod +x "$here/$1/python"
}
make_python absent 'raise ImportError("nothing here")'
make_python broken '__version__ = "9"'

# The result goes between the marks of a page; a page without them is refused before all else.
printf 'before\n' >"$here/page"
expect 1 'it has no lines' --into "$here/page" --python "$here/none"
printf 'before\n<!-- bench/compare -->\nold\n<!-- end -->\nafter\n' >"$here/page"
# shellcheck disable=SC2086 # the options are several words
expect 0 "skipped: $here/absent/python has no PyTorch that runs (ImportError: nothing here)" $tiny \
    --into "$here/page" --python "$here/absent/python" --python "$here/broken/python" \
    --python "$here/none"
grep -qF "skipped: $here/broken/python has no PyTorch that runs" "$here/err" ||
    fail 'nothing said of the broken one'
grep -qF "skipped: $here/none has no PyTorch that runs (No such file" "$here/err" ||
    fail 'nothing said of the one that is not there'
shows 'LeNet-5, images/s'
shows 'fmnist-tui, 1 thread'
shows 'no PyTorch to compare with'
{
    # shellcheck disable=SC2016 # backquotes of Markdown
    printf 'before\n<!-- bench/compare -->\n```\n'
    cat "$here/out"
    # shellcheck disable=SC2016
    printf '```\n<!-- end -->\nafter\n'
} >"$here/expected"
cmp "$here/page" "$here/expected" || fail 'the page is not as expected'

if python3 -c 'import torch' 2>/dev/null; then
    # shellcheck disable=SC2086
    expect 0 "ours to PyTorch's best fp32" $tiny --python python3
    grep -q '^PyTorch [0-9.a-z]*, 1 thread  *[1-9][0-9]* ' "$here/out" || fail 'no rate of PyTorch'
fi
