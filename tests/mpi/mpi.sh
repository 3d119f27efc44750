# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the tests under mpirun share: the program, its environment, data to train on.
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
export TSAN_OPTIONS="suppressions=$FMNIST_SOURCE/tests/mpi/tsan.supp:${TSAN_OPTIONS:-}"
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
