#!/bin/sh
# SPDX-License-Identifier: MIT
# How many threads ranks take of the CPUs that they may use, and what is said where they cannot use
# what there is or was asked for.
set -eu
. "${FMNIST_SOURCE:-.}/tests/mpi/mpi.sh"

if ! mpirun --version 2>/dev/null | grep -q 'Open MPI'; then
    echo "skipped: another MPI's mpirun has other options"
    exit 77
fi

host=$(hostname)
cpus=$(nproc)

# Trains with mpirun's options $1 and the program's $2, below the command $3.
start() {
    # shellcheck disable=SC2086 # several words
    ${3:-} mpirun $1 "$program-mpi" train --data "$data" --no-store --epochs 1 $2 \
        >"$work/out" 2>&1 || fail "$*: $(cat "$work/out")"
}

# The report has that line; or none that tells of CPUs, and so many threads.
says() {
    grep -q "^$1\$" "$work/out" || fail "no \"$1\" in: $(cat "$work/out")"
}
is_content() {
    ! grep -e 'CPU' "$work/out" || fail 'nothing is wrong with that'
    grep -q "seed 1, $1 thread" "$work/out" || fail "not $1 threads: $(cat "$work/out")"
}

# Alone, without mpirun; all CPUs; as many ranks as CPUs.
"$program-mpi" train --data "$data" --no-store --epochs 1 >"$work/out" 2>&1 ||
    fail "$(cat "$work/out")"
grep -q '^1 rank on 1 host, ' "$work/out" || fail "$(cat "$work/out")"
is_content "$cpus"
start '-n 1 --bind-to none' ''
is_content "$cpus"
start '-n 1 --bind-to none' '--threads 1'
is_content 1
start "-n $cpus --bind-to none" ''
is_content 1

# More than there are.
start '-n 1 --bind-to none' "--threads $((cpus + 1))"
says "rank 0 on $host: $((cpus + 1)) threads share $cpus CPU.*; take fewer threads"
if [ "$cpus" -le 8 ]; then
    start "-n $((cpus + 1)) --bind-to none" ''
    says "$host: $((cpus + 1)) ranks of 1 thread share $cpus CPU.*; take fewer ranks"
fi
if [ "$cpus" -gt 1 ]; then
    start '-n 2 --bind-to none' "--threads $cpus"
    says "$host: 2 ranks of $cpus threads share $cpus CPUs; take fewer threads"
fi

# Bound to a core, as Open MPI does with one or two ranks.
bound=$(mpirun -n 1 --bind-to core nproc)
if [ "$bound" -lt "$cpus" ]; then
    start '-n 1 --bind-to core' ''
    says "$host: ranks are bound to $bound of $cpus CPUs each, so some are idle; start with mpirun --bind-to none"
    start '-n 1 --bind-to core' "--threads $cpus"
    says "rank 0 on $host: $cpus threads, but it is bound to $bound of $cpus CPUs; start with mpirun --bind-to none, or --map-by slot:PE=$cpus"
    start '-n 1 --bind-to core' "--threads $bound"
    is_content "$bound"
    start '-n 2 --bind-to core' "--threads $cpus"
    says "rank 1 on $host: $cpus threads share $bound CPU.*; take fewer threads"
else
    echo 'skipped in part: a core has all CPUs here'
fi

# In a container of one CPU nobody is told to unbind ranks.
if command -v taskset >/dev/null; then
    first=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
    start '-n 1 --bind-to none' '' "taskset -c $first"
    is_content 1
    start '-n 1 --bind-to none' '--threads 2' "taskset -c $first"
    says "rank 0 on $host: 2 threads share 1 CPU; take fewer threads"
fi
