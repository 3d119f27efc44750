#!/bin/sh
# SPDX-License-Identifier: MIT
# The program on CPUs that lack instruction sets, where an emulator is installed: it chooses the best
# there is, and refuses what there is not.
set -eu
. "${FMNIST_SOURCE:-.}/tests/tree/check.sh"
unset FMNIST_ISA OPENBLAS_CORETYPE
# Sanitizers and other machines' programs do not run there, the former after a minute.
command -v qemu-x86_64 >/dev/null && timeout 10 qemu-x86_64 "$FMNIST_PROGRAM" --version >/dev/null 2>&1 ||
    exit 77

# Runs it on a CPU and looks for an exit status and a text.
expect() {
    cpu=$1 wanted=$2 text=$3
    shift 3
    status=0
    output=$(qemu-x86_64 -cpu "$cpu" "$FMNIST_PROGRAM" "$@" 2>&1) || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status, not $wanted, of $* on $cpu:
$output"
    printf '%s\n' "$output" | grep -qxF -- "$text" || fail "without '$text', of $* on $cpu:
$output"
}

expect Nehalem 0 'chosen: generic' --version
expect Nehalem 0 'instruction sets: reference generic' --version
expect Nehalem 1 'fmnist-tui: --isa avx2: this CPU or this build has no AVX2; give one of reference, generic' \
    train --isa avx2
expect Haswell 0 'chosen: avx2' --version
expect Haswell 1 'fmnist-tui: --isa avx512: this CPU or this build has no AVX-512; give one of reference, generic, avx2' \
    train --isa avx512
FMNIST_ISA=avx512
export FMNIST_ISA
expect Haswell 1 'fmnist-tui: FMNIST_ISA=avx512: this CPU or this build has no AVX-512; give one of reference, generic, avx2' \
    train
expect Haswell 0 'chosen: reference' --version --isa reference
