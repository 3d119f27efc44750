#!/bin/sh
# SPDX-License-Identifier: MIT
# The program on several ranks, started by mpirun: the bits of one rank, the command line's reports,
# and the end of runs that lose a rank.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"

program=${FMNIST_PROGRAM:-./fmnist-tui}
if [ ! -x "$program-mpi" ] || ! command -v mpirun >/dev/null; then
    echo 'skipped: fmnist-tui-mpi was not built, or there is no mpirun'
    exit 77
fi

# As root, with more ranks than CPUs, in a container: whatever MPI it is.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
export OMPI_MCA_btl_base_warn_component_unused=0 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
export OPENBLAS_NUM_THREADS=1
export ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS:-}" # MPI's libraries leak

work=$(temporary_directory)
export XDG_DATA_HOME="$work/share"
unset FMNIST_NO_STORE
data=$work/data
mkdir "$data"

# A number of four bytes, the first one highest, up to 65535.
number() {
    printf '\000\000'
    # shellcheck disable=SC2059 # octal digits
    printf "\\$(printf %03o $(($1 / 256)))\\$(printf %03o $(($1 % 256)))"
}

# The first $2 images of part $1 of the sample.
excerpt() {
    from=${FMNIST_SOURCE:-.}/data/sample/$1
    {
        printf '\000\000\010\003'
        number "$2" && number 28 && number 28
        gzip -dc "$from-images-idx3-ubyte.gz" | tail -c +17 | head -c $((784 * $2))
    } >"$data/$1-images-idx3-ubyte"
    {
        printf '\000\000\010\001'
        number "$2"
        gzip -dc "$from-labels-idx1-ubyte.gz" | tail -c +9 | head -c "$2"
    } >"$data/$1-labels-idx1-ubyte"
}

excerpt train 450
excerpt t10k 90

# What a run computed, without what depends on time.
results() {
    grep -v -e seconds -e images_per_second -e '"threads"' || true
}

train() {
    ranks=$1
    shift
    mpirun -n "$ranks" "$program-mpi" train --data "$data" --json "$@"
}

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

# Whether a file of words, which may be gone by now, has that text.
shows() {
    { tr '\000' ' ' <"$1"; } 2>/dev/null | grep -q "$2"
}

# Sends signal $1 to rank $2 of a run of so many epochs, $3, $4 seconds after its second checkpoint;
# the run must then end by itself.
lose_rank() {
    rm -rf "$XDG_DATA_HOME"
    train 2 --epochs "$3" >"$work/out" 2>&1 &
    run=$!
    until [ "$(find "$XDG_DATA_HOME" -name '*.state.safetensors' 2>/dev/null | wc -l)" -ge 2 ]; do
        kill -0 $run 2>/dev/null || fail "not started: $(cat "$work/out")"
        sleep 0.05
    done
    sleep "$4"
    for directory in /proc/[0-9]*; do
        if shows "$directory/cmdline" "^[^ ]*fmnist-tui-mpi train --data $data " &&
            shows "$directory/environ" " \(OMPI_COMM_WORLD_RANK\|PMI_RANK\|PMIX_RANK\)=$2 "; then
            kill "-$1" "${directory#/proc/}" 2>/dev/null || true
        fi
    done
    began=$(date +%s)
    status=0
    wait $run || status=$?
    lasted=$(($(date +%s) - began))
    [ $lasted -le 30 ] || fail "$lasted s to end after $1 to rank $2: $(cat "$work/out")"
}

# The moments at which ranks are killed; FMNIST_FAULTS=20 makes it that many times.
moments=${FMNIST_FAULTS:-2}
epochs=1500
if [ -r /proc/self/environ ]; then
    "$program" train --data "$data" --no-store --json --epochs $epochs 2>/dev/null |
        results >"$work/one"
    for moment in $(seq "$moments"); do
        lose_rank KILL $((moment % 2)) $epochs "$(awk -v seed="$moment" \
            'BEGIN { srand(seed); print rand() }')"
        [ "$status" != 0 ] || [ "$moment" -gt 2 ] || fail "a run that lost a rank ended well"
        train 1 --resume 1 --epochs $epochs 2>"$work/err" | results >"$work/several"
        cmp "$work/one" "$work/several" || fail "resumed after a loss: $(cat "$work/err" "$work/out")"
        [ -z "${FMNIST_FAULTS:-}" ] || echo "moment $moment: status $status after $lasted s, resumed"
    done
    export FMNIST_PATIENCE=2
    lose_rank STOP 1 100000 0
    grep -q "rank 1 on $host has not answered for 2 seconds" "$work/out" || fail "$(cat "$work/out")"
fi
