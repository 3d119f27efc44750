#!/bin/sh
# SPDX-License-Identifier: MIT
# The program is killed at random moments while it trains and saves as often as it can, and goes on:
# the store stays whole, a checkpoint loads each time, and the end has the bits of a run that nobody
# killed. FMNIST_KILLS sets how often; it is 300 before a release.
set -eu
: "${FMNIST_PROGRAM:?}"
kills=${FMNIST_KILLS:-5}
command -v sqlite3 >/dev/null || { echo 'skipped: no sqlite3'; exit 77; }
directory=$(mktemp -d "${TMPDIR:-/tmp}/fmnist-killed-XXXXXX")
trap 'rm -rf "$directory"' EXIT
unset FMNIST_NO_STORE

fail() {
    echo "$0: $*" >&2
    exit 1
}

# Milliseconds from 0 to $1 - 1, from the same sequence each time.
seed=12345
random() {
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    echo $((seed / 65536 % $1))
}

# Steps that are saved, 0 where nothing is.
saved_step() {
    sqlite3 "$directory/killed/runs.db" 'select coalesce(max(step), 0) from checkpoints'
}

check_store() {
    result=$(sqlite3 "$directory/killed/runs.db" 'pragma integrity_check')
    [ "$result" = ok ] || fail "the store is damaged: $result"
}

# The digest of the weights of the last checkpoint; the facts beside them differ in nothing.
weights() {
    file=$(find "$1/checkpoints/1" -name '*.safetensors' ! -name '*.state.*' | sort | tail -n 1)
    cksum <"$file"
}

options="--sample --save-every 0.05 --epochs $((kills < 20 ? 40 : 3 * kills))"
# shellcheck disable=SC2086
"$FMNIST_PROGRAM" train $options --store "$directory/straight" >"$directory/straight.log" ||
    fail "$(tail -n 1 "$directory/straight.log")"

killed=0
resume=
while [ "$killed" -lt "$kills" ]; do
    # shellcheck disable=SC2086
    "$FMNIST_PROGRAM" train $options --store "$directory/killed" $resume >"$directory/killed.log" 2>&1 &
    process=$!
    sleep "0.$(printf '%03d' "$(random 400)")"
    kill -KILL $process 2>/dev/null || true
    wait $process 2>/dev/null || true
    killed=$((killed + 1))
    resume=
    if [ -f "$directory/killed/runs.db" ]; then
        check_store
        [ "$(saved_step)" -eq 0 ] || resume='--resume 1'
        # A run that was killed before its first checkpoint begins again in a store of its own.
        [ -n "$resume" ] || rm -rf "$directory/killed"
    fi
done
# shellcheck disable=SC2086
"$FMNIST_PROGRAM" train $options --store "$directory/killed" $resume >"$directory/killed.log" 2>&1 ||
    fail "after $killed kills: $(tail -n 1 "$directory/killed.log")"
check_store
[ "$(weights "$directory/straight")" = "$(weights "$directory/killed")" ] ||
    fail "the weights differ from those of a run that was not killed"
[ -z "$resume" ] || [ "$(sqlite3 "$directory/killed/runs.db" \
    "select count(*) from events where kind = 'interrupted'")" -gt 0 ] ||
    fail 'the store does not tell that the run was interrupted'
echo "$killed kills, $(saved_step) steps, the same weights"
