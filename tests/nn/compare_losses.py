#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains a network in PyTorch and in our engine from the same weights and batches; compares losses.

Weights come from the formula in reference.py, batches are the training images in the order of the
files, 100 at a time, dropout is off.

    make loss_trace && python3 tests/nn/compare_losses.py --model lenet

With --interval N our engine takes over PyTorch's weights before every Nth step: 1 compares losses
alone, 2 also shows one gradient and update of ours in each second loss. Without it both train on
their own, and rounding grows: Adam divides gradients by their size, so that AlexNet's losses soon
depend on the last bits. --spread trains PyTorch a second time, in the same way, with its other
kernels (without oneDNN), and prints how far it is from itself. The exit status is 1 where a
difference of ours is over the limit. Not part of `make check`: AlexNet takes minutes.
"""
import argparse
import gzip
import os
import subprocess
import sys

import numpy
import torch
from torch import nn

import reference

BATCH = 100
SALT = 1


def read_idx(directory, name, header):
    """The bytes of an IDX file after its header, from NAME or NAME.gz."""
    path = os.path.join(directory, name)
    with open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz", "rb") as file:
        return numpy.frombuffer(file.read(), dtype=numpy.uint8)[header:]


class Training:
    """A network in PyTorch, trained step by step."""

    def __init__(self, model, directory):
        self.pixels = read_idx(directory, "train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
        self.labels = read_idx(directory, "train-labels-idx1-ubyte", 8)
        self.module = reference.NETWORKS[model]()
        reference.fill_parameters(self.module, SALT)
        self.optimizer = torch.optim.Adam(self.module.parameters(), lr=0.001)

    def weights(self):
        """All weights as loss_trace reads them."""
        return b"".join(tensor.detach().numpy().tobytes() for tensor in self.module.parameters())

    def step(self, number):
        """Trains on a batch and returns its loss before the update."""
        chosen = numpy.arange(number * BATCH, (number + 1) * BATCH) % len(self.labels)
        images = torch.from_numpy(self.pixels[chosen].astype(numpy.float32) / numpy.float32(255))
        labels = torch.from_numpy(self.labels[chosen]).long()
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.module(images), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="./loss_trace", help="the built loss_trace")
    parser.add_argument("--model", choices=sorted(reference.NETWORKS), default="lenet")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--limit", type=float, default=1e-3, help="largest difference allowed")
    parser.add_argument("--interval", type=int, default=0, help="steps between PyTorch's weights")
    parser.add_argument("--spread", action="store_true", help="compare PyTorch with itself, too")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    numbers = [str(arguments.steps), str(arguments.interval)]
    ours = subprocess.Popen(
        [arguments.program, arguments.model, *numbers, arguments.data],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    training = Training(arguments.model, arguments.data)
    again = Training(arguments.model, arguments.data) if arguments.spread else None
    worst = (0.0, 0)
    worst_again = (0.0, 0)
    for step in range(arguments.steps):
        if arguments.interval > 0 and step % arguments.interval == 0:
            ours.stdin.write(training.weights())
            ours.stdin.flush()
            if again:
                again.module.load_state_dict(training.module.state_dict())
        theirs = training.step(step)
        line = f"step {step:4} PyTorch {theirs:.6f}"
        loss = float(ours.stdout.readline())
        worst = max(worst, (abs(loss - theirs), step))
        line += f" ours {loss:.6f}"
        if again:
            with torch.backends.mkldnn.flags(enabled=False):
                loss = again.step(step)
            worst_again = max(worst_again, (abs(loss - theirs), step))
            line += f" PyTorch without oneDNN {loss:.6f}"
        print(line, flush=True)
    print(f"{arguments.model}, {arguments.steps} losses, largest differences from PyTorch:")
    print(f"  ours {worst[0]:.2e} at step {worst[1]}")
    if again:
        print(f"  PyTorch without oneDNN {worst_again[0]:.2e} at step {worst_again[1]}")
    return worst[0] > arguments.limit


if __name__ == "__main__":
    sys.exit(main())
