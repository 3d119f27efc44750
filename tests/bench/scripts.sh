#!/bin/sh
# SPDX-License-Identifier: MIT
# The other scripts in bench/: wrong arguments, and what a tiny run of each shows.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"
command -v python3 >/dev/null || exit 77

# Runs a script and looks for an exit status and a text in what it wrote.
expect() {
    wanted=$1 text=$2 script=$3
    shift 3
    status=0
    output=$("$FMNIST_SOURCE/bench/$script" "$@" 2>&1) || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status, not $wanted, of: $script $*
$output"
    printf '%s\n' "$output" | grep -q -- "$text" || fail "without '$text', of: $script $*
$output"
}

for script in scaling screen startup; do
    expect 0 "usage: bench/$script" "$script" --help
    expect 2 "'many': give a whole number above 0" "$script" --rounds many
    expect 2 'there is no program to measure' "$script" --program "$FMNIST_SOURCE/README.md"
done
expect 0 'usage: bench/refresh' refresh --help
expect 0 'usage: bench/hosts' hosts --help
expect 0 'usage: bench/ranks' ranks --help
expect 2 'there is no program' ranks --program "$FMNIST_SOURCE/README.md"
expect 0 'a model, images/s of AlexNet' hosts-model --batch 100
expect 2 "'0': give a number above 0" screen --seconds 0
expect 1 'fmnist-tui: /nowhere: cannot read data from it' startup -- --data /nowhere

tiny='--model lenet --rounds 1'
# shellcheck disable=SC2086 # the options are several words
{
    expect 0 ' 2  *[1-9][0-9]* ([1-9][0-9]*)' scaling $tiny --batch 2 --threads 1
    expect 0 'first step after [0-9.]* s' startup $tiny --seconds 0.1 -- --sample
    expect 0 'with screen  *[0-9]' screen $tiny --seconds 1 -- --sample
}
