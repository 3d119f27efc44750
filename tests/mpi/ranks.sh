#!/bin/sh
# SPDX-License-Identifier: MIT
# The program on several ranks, started by mpirun: the bits of one rank, the command line's reports,
# and runs that are refused or go on with other ranks.
set -eu
. "${FMNIST_SOURCE:-.}/tests/mpi/mpi.sh"

# 1 to 4 ranks, of 1 or 2 threads, give the results of the plain program.
check_bits() {
    "$program" train --data "$data" --json "$@" 2>/dev/null | results >"$work/one"
    [ -s "$work/one" ] || fail "no results: $*"
    for ranks in 1 2 3 4; do
        train $ranks --threads $((ranks % 2 + 1)) "$@" 2>"$work/err" >"$work/out" ||
            fail "$ranks ranks: $*: $(cat "$work/err")"
        results <"$work/out" >"$work/several"
        cmp "$work/one" "$work/several" || fail "$ranks ranks differ from one: $*"
    done
}

check_bits --model lenet --epochs 3
check_bits --model lenet --epochs 1 --isa reference
check_bits --model alexnet --batch 60 --epochs 1

# The same where ranks of one host send messages, as those of several do.
export FMNIST_SHARE=no
check_bits --model lenet --epochs 3
check_bits --model alexnet --batch 60 --epochs 1
unset FMNIST_SHARE

# Only the first rank prints, who takes part and what was exchanged.
mpirun -n 3 "$program-mpi" train --data "$data" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
[ "$(grep -c '^test accuracy' "$work/out")" = 1 ] || fail "$(cat "$work/out")"
grep -q '^3 ranks on 1 host, ' "$work/out" || fail "$(cat "$work/out")"
grep -q '^rank 0 sent [0-9.]* MB, received ' "$work/out" || fail "$(cat "$work/out")"

# Where MPI adds up gradients the result is about the same, which the output says.
accuracy() {
    sed -n 's/^test accuracy \([0-9]*\).*/\1/p' "$work/out"
}
exact=$(accuracy)
mpirun -n 3 "$program-mpi" train --data "$data" --fast-reduce >"$work/out" 2>&1 ||
    fail "$(cat "$work/out")"
grep -q '^MPI adds up gradients: other numbers of ranks give other bits' "$work/out" ||
    fail "$(cat "$work/out")"
fast=$(accuracy)
if [ $((fast - exact)) -gt 4 ] || [ $((exact - fast)) -gt 4 ]; then
    fail "$exact % or $fast %"
fi

# Ranks that would train something else are refused by name, once.
refused() {
    text=$1
    shift
    status=0
    mpirun -n 1 "$program-mpi" train --data "$data" : -n 1 "$program-mpi" train "$@" \
        >"$work/out" 2>&1 || status=$?
    [ "$status" != 0 ] || fail "not refused: $*"
    [ "$(grep -c "$text" "$work/out")" = 1 ] || fail "no \"$text\" in: $(cat "$work/out")"
}

host=$(hostname)
refused "rank 1 on $host has --seed 2, rank 0 on $host has 1: all ranks need the same" \
    --data "$data" --seed 2
refused "rank 1 on $host has --batch 10, rank 0 on $host has 100" --data "$data" --batch 10
refused "rank 1 on $host has data of checksum" --sample
refused "rank 1 on $host: $work/none" --data "$work/none"
status=0
export FMNIST_SHARE=no
train 2 --isa reference >"$work/out" 2>&1 || status=$?
[ "$status" != 0 ] || fail 'the reference kernels are not refused'
[ "$(grep -c 'works on one host only' "$work/out")" = 1 ] || fail "$(cat "$work/out")"
unset FMNIST_SHARE

# A run that four ranks have kept goes on with two, as one that was never stopped.
"$program" train --data "$data" --no-store --json --epochs 3 2>/dev/null | results >"$work/one"
rm -rf "$XDG_DATA_HOME"
train 4 --threads 1 --epochs 1 >"$work/out" 2>"$work/err" || fail "$(cat "$work/err")"
train 2 --threads 1 --resume 1 --epochs 3 2>"$work/err" | results >"$work/several"
cmp "$work/one" "$work/several" || fail "resumed on 2 ranks: $(cat "$work/err")"
