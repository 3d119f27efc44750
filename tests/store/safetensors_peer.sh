#!/bin/sh
# SPDX-License-Identifier: MIT
# The package safetensors opens what we write, and we what it writes.
set -eu
directory=$(mktemp -d "${TMPDIR:-/tmp}/fmnist-store-XXXXXX")
trap 'rm -rf "$directory"' EXIT
command -v "${PYTHON:-python3}" >/dev/null || { echo 'skipped: no python3'; exit 77; }
"${PYTHON:-python3}" "${FMNIST_SOURCE:-.}/tests/store/safetensors_peer.py" ./store_peer "$directory"
