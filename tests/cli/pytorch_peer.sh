#!/bin/sh
# SPDX-License-Identifier: MIT
# The program's commands agree with PyTorch on networks that PyTorch trained.
set -eu
directory=$(mktemp -d "${TMPDIR:-/tmp}/fmnist-cli-XXXXXX")
trap 'rm -rf "$directory"' EXIT
command -v "${PYTHON:-python3}" >/dev/null || { echo 'skipped: no python3'; exit 77; }
"${PYTHON:-python3}" "${FMNIST_SOURCE:-.}/tests/cli/pytorch_peer.py" "${FMNIST_PROGRAM:?}" \
    "${FMNIST_SOURCE:-.}" "$directory"
