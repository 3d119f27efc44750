#!/bin/sh
# SPDX-License-Identifier: MIT
# `watch --steer` beside a run without screens, on one rank and on two: what is typed there reaches
# all ranks through the store, and has the same result.
set -eu
. "${FMNIST_SOURCE:-.}/tests/mpi/mpi.sh"

mkfifo "$work/keys"
: >"$work/screen"
run=''
watching=''
# shellcheck disable=SC2086 # none or one number
trap 'kill $run $watching 2>/dev/null || true' EXIT

# Waits until a command's output has a line like $1.
await() {
    pattern=$1
    shift
    looks=0
    until "$@" 2>/dev/null | grep -q "$pattern"; do
        looks=$((looks + 1))
        [ $looks -lt 1200 ] || fail "no \"$pattern\" in: $("$@" 2>&1 | tail -n 30)"
        sleep 0.05
    done
}

# Types a line, and waits for what it makes the screen say.
type() {
    : >"$work/screen"
    printf '%s\n' "$1" >&9
    await "$2" cat "$work/screen"
}

# Runs the command, which trains without end, and steers it to its end.
steer() {
    rm -rf "$XDG_DATA_HOME"
    "$@" train --data "$data" --model alexnet --batch 20 --threads 1 --epochs 1000 --json \
        2>"$work/err" >"$work/out" &
    run=$!
    await '^run  *1' "$program" runs show 1
    "$program" watch 1 --steer --plain <"$work/keys" >>"$work/screen" 2>&1 &
    watching=$!
    exec 9>"$work/keys"
    await 'AlexNet trains, epoch' cat "$work/screen"
    type ':goto 60' 'AlexNet is paused at step 60'
    type ':lr 0.002' 'Learning rate 0.002'
    echo . >&9
    await '^steps  *61' "$program" runs show 1
    type 's' 'Saving'
    await 'step 61' "$program" runs show 1
    type 'e' 'validation accuracy'
    type ' ' 'AlexNet trains'
    type ' ' 'AlexNet is paused at step'
    type ':goto 120' 'AlexNet is paused at step 120'
    type ':stop' 'was stopped'
    wait $run || fail "stopped with $?: $(tail -n 5 "$work/err")"
    printf 'q\ny\n' >&9 # y for where it asks
    exec 9>&-
    wait $watching || fail "watch ended with $?: $(cat "$work/screen")"
    grep -q '^stopped in epoch .* after 120 steps' "$work/err" || fail "$(cat "$work/err")"
}

steer "$program"
results <"$work/out" >"$work/one"
steer mpirun -n 2 "$program-mpi"
results <"$work/out" >"$work/two"
[ -s "$work/one" ] || fail 'no results'
cmp "$work/one" "$work/two" || fail 'two ranks, steered alike, give other results'
