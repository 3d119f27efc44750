#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs that lose a rank: they end in time, say who was lost and how to go on, and that command gives
# the bits of a run that was never stopped. FMNIST_FAULTS=20 kills a rank at so many random moments
# for each network.
set -eu
. "${FMNIST_SOURCE:-.}/tests/mpi/mpi.sh"

if [ ! -r /proc/self/environ ]; then
    echo 'skipped: there is no /proc to find ranks in'
    exit 77
fi

# mpirun gives ranks one second to end; a busy machine may need more to say what there is to say.
export OMPI_MCA_odls_base_sigkill_timeout=2
host=$(hostname)
open_mpi=$(mpirun --version 2>/dev/null | grep -c 'Open MPI' || true)
moments=${FMNIST_FAULTS:-2}

# Whether a file of words, which may be gone by now, has that text.
shows() {
    { tr '\000' ' ' <"$1"; } 2>/dev/null | grep -q "$2"
}

# What the run has said, but for its epochs.
ended() {
    grep -v '^epoch ' "$work/err"
}

# Sends signal $1 to rank $2 of a run with the arguments from $4 on, $3 seconds after its first
# checkpoint; the run must then end by itself.
lose_rank() {
    signal=$1
    lost=$2
    pause=$3
    shift 3
    rm -rf "$XDG_DATA_HOME"
    train 2 "$@" >"$work/out" 2>"$work/err" &
    run=$!
    until [ -n "$(find "$XDG_DATA_HOME" -name '*.state.safetensors' 2>/dev/null)" ]; do
        kill -0 $run 2>/dev/null || fail "not started: $(ended)"
        sleep 0.05
    done
    sleep "$pause"
    for directory in /proc/[0-9]*; do
        if shows "$directory/cmdline" "^[^ ]*fmnist-tui-mpi train --data $data " &&
            shows "$directory/environ" " \(OMPI_COMM_WORLD_RANK\|PMI_RANK\|PMIX_RANK\)=$lost "; then
            kill "-$signal" "${directory#/proc/}" 2>/dev/null || true
        fi
    done
    began=$(date +%s)
    status=0
    wait $run || status=$?
    lasted=$(($(date +%s) - began))
    [ $lasted -le 30 ] || fail "$lasted s to end after $signal to rank $lost: $(ended)"
}

# The command that the run has named last, which must be there.
named_command() {
    sed -n 's/^fmnist-tui: to go on from the last checkpoint[^:]*: //p' "$work/err" | tail -n 1
}

# Goes on with the run: as it has said, unless it had no time to say that.
resume() {
    command=$(named_command)
    if [ -z "$command" ]; then
        [ "$open_mpi" = 0 ] || fail "the end names no command: $(ended)"
        command="mpirun -n 2 fmnist-tui-mpi train --resume 1"
    fi
    # shellcheck disable=SC2086 # several words
    eval "$(printf %s "$command" | sed "s|fmnist-tui-mpi|$program-mpi|") --json" \
        2>"$work/resumed" | results >"$work/several"
}

# Kills a rank of runs with these arguments at random moments of so many seconds.
kill_at_moments() {
    seconds=$1
    shift
    "$program" train --data "$data" --no-store --json "$@" 2>/dev/null | results >"$work/one"
    for moment in $(seq "$moments"); do
        lost=$((moment % 2))
        lose_rank KILL $lost "$(awk -v seed="$moment" -v seconds="$seconds" \
            'BEGIN { srand(seed); print seconds * rand() }')" "$@"
        told=''
        if [ "$status" = 0 ]; then
            results <"$work/out" >"$work/several" # it was done before
        else
            told=$(grep -c "rank $((1 - lost)) on $host: .*rank $lost on $host" "$work/err" || true)
            [ "$open_mpi" = 0 ] || [ "$told" = 1 ] || fail "who was lost? $(ended)"
            resume
        fi
        cmp "$work/one" "$work/several" ||
            fail "resumed after a loss: $(cat "$work/resumed") $(ended)"
        [ -z "${FMNIST_FAULTS:-}" ] ||
            echo "$2, moment $moment: rank $lost lost, status $status after $lasted s, the same bits"
    done
}

kill_at_moments 1.5 --model lenet --epochs 1500 --save-every 0.2
kill_at_moments 2 --model alexnet --batch 60 --epochs 6 --save-every 0.2

# A rank that stands still.
export FMNIST_PATIENCE=2
lose_rank STOP 1 0 --epochs 100000
grep -q "rank 1 on $host has not answered for 2 seconds" "$work/err" || fail "$(ended)"
[ "$(named_command)" = 'mpirun -n 2 fmnist-tui-mpi train --resume 1' ] || fail "$(ended)"
