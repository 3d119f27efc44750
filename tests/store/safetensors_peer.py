#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens a file of store_peer's with the package safetensors, and gives store_peer one of its own.

usage: safetensors_peer.py STORE_PEER DIRECTORY; exits with 77 where the package is missing.
"""
import hashlib
import os
import subprocess
import sys

try:
    import numpy
    import safetensors
    from safetensors.numpy import load_file, save_file
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

FACTS = {"program": "fmnist-tui", "text": 'a "quoted" \\ text, \u00fc\n'}
TENSORS = {
    "layer.0.weight": (numpy.arange(60, dtype=numpy.float32) / 8 - 3).reshape(2, 3, 5, 2),
    "bytes": numpy.array([0, 1, 127, 128, 255], dtype=numpy.uint8),
    "state.number": numpy.array(0.1, dtype=numpy.float64),
    "state.steps": numpy.array([-1234567890123456789], dtype=numpy.int64),
    "order": numpy.array([[2, -1, 2147483647]], dtype=numpy.int32),
    "nothing": numpy.zeros((0, 4), dtype=numpy.float32),
}
PAYLOAD = sum(values.nbytes for values in TENSORS.values())


def check_ours(path):
    loaded = load_file(path)
    assert sorted(loaded) == sorted(TENSORS), sorted(loaded)
    for name, values in TENSORS.items():
        assert loaded[name].dtype == values.dtype, name
        assert loaded[name].shape == values.shape, name
        assert loaded[name].tobytes() == values.tobytes(), name
    with safetensors.safe_open(path, "numpy") as file:
        facts = file.metadata()
    digits = facts.pop("sha256")
    assert facts == FACTS, facts
    with open(path, "rb") as file:
        content = file.read()
    zeros = content.replace(digits.encode(), b"0" * 64, 1)
    assert hashlib.sha256(zeros).hexdigest() == digits


def main():
    peer, directory = sys.argv[1:]
    ours = os.path.join(directory, "ours.safetensors")
    theirs = os.path.join(directory, "theirs.safetensors")
    subprocess.run([peer, "write", ours], check=True)
    check_ours(ours)
    save_file(TENSORS, theirs, FACTS)
    subprocess.run([peer, "check", theirs], check=True)
    # Their header may differ in the order of keys; layout and payload must be the same.
    save_file(TENSORS, theirs, None)
    with open(ours, "rb") as a, open(theirs, "rb") as b:
        assert a.read()[-PAYLOAD:] == b.read()[-PAYLOAD:]
    print(f"safetensors {safetensors.__version__} and store_peer read each other's files")


main()
