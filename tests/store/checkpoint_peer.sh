#!/bin/sh
# SPDX-License-Identifier: MIT
# PyTorch loads our weights, and we load PyTorch's; both networks' logits agree.
set -eu
directory=$(mktemp -d "${TMPDIR:-/tmp}/fmnist-store-XXXXXX")
trap 'rm -rf "$directory"' EXIT
command -v "${PYTHON:-python3}" >/dev/null || { echo 'skipped: no python3'; exit 77; }
"${PYTHON:-python3}" "${FMNIST_SOURCE:-.}/tests/store/checkpoint_peer.py" ./checkpoint_peer \
    "$directory"
