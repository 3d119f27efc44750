#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/nn/fixtures/*.txt: what PyTorch computes for the networks and for single layers.

Run it with `make fixtures`; it needs PyTorch 1.13 or newer. The truth is computed in float64 from
weights and images that are exact in float32. On stderr it prints, for each case, the largest error
that PyTorch makes itself in float32, measured as the tests measure ours. Salts and batches are
chosen such that this is well below the tests' tolerance: no input may lie so close to the kink of a
ReLU or to a tie in max pooling that rounding decides, and few gradients so close to 0 that Adam,
which divides by their size, turns rounding into steps.

The files are lists of words. A case is
    case NAME salt S batch N input C H W gain G coarse 0|1
    layer KIND NAME OUT KERNEL STRIDE PADDING      (none for the networks of the program)
    tensor NAME COUNT STORED, then the numbers
    end
A tensor with STORED = COUNT is there in full. Of a larger one there are its sum, the sum of its
absolute values, its 2-norm and four hash-weighted sums, then the STORED elements at
sample_positions().
"""
import argparse
import copy
import os
import sys

import numpy
import torch
from torch import nn

import reference

SUMMARY_FROM = 64  # elements: larger tensors are summarized
SAMPLES = 32
PROJECTIONS = 4
STEPS = 3
LEARNING_RATE = 0.001


def sample_positions(count):
    """One position in each of SAMPLES stretches of equal length, chosen by the hash."""
    stretch = count // SAMPLES
    offsets = reference.hash_bits(reference.STREAM_SAMPLE, SAMPLES) % numpy.uint32(stretch)
    return numpy.arange(SAMPLES) * stretch + offsets


def summarize(values):
    """The numbers that stand for a tensor in the file."""
    values = values.detach().numpy().astype(numpy.float64).reshape(-1)
    if values.size <= SUMMARY_FROM:
        return values
    sums = [values.sum(), numpy.abs(values).sum(), numpy.sqrt(numpy.dot(values, values))]
    for number in range(PROJECTIONS):
        weights = reference.hash_uniform(reference.STREAM_PROJECTION + number, values.size)
        sums.append(numpy.dot(values, weights))
    return numpy.concatenate([sums, values[sample_positions(values.size)]])


def disagreement(summary, truth, whole):
    """The tests' measure of error, without units; agreement.h describes it."""
    difference = numpy.abs(summary - truth)
    elements = 0 if whole else 3 + PROJECTIONS
    scale = numpy.abs(truth[elements:]).max()
    error = difference[elements:].max() / (scale if scale > 0 else 1)
    if not whole:
        error = max(error, difference[:2].max() / truth[1], difference[2:elements].max() / truth[2])
    return error


def write_case(file, name, facts, layers, run):
    """Writes one case; run(precision) returns its list of (tensor name, tensor)."""
    file.write(f"case {name} {facts}\n")
    for layer in layers:
        file.write(f"layer {' '.join(map(str, layer))}\n")
    worst = (0.0, "")
    for (tensor, truth), (_, single) in zip(run(torch.float64), run(torch.float32)):
        numbers = summarize(truth)
        whole = len(numbers) == truth.numel()
        worst = max(worst, (disagreement(summarize(single), numbers, whole), tensor))
        file.write(f"tensor {tensor} {truth.numel()} {len(numbers) if whole else SAMPLES}\n")
        for start in range(0, len(numbers), 6):
            file.write(" ".join(f"{number:.9g}" for number in numbers[start : start + 6]) + "\n")
    file.write("end\n")
    print(f"{name:32} float32 of PyTorch: {worst[0]:.1e} in {worst[1]}", file=sys.stderr)


class NetworkCase:
    """A network of the program, trained for STEPS steps on one batch."""

    def __init__(self, name, network, salt, batch):
        self.name = name
        self.salt = salt
        self.batch = batch
        self.module = reference.NETWORKS[network]()
        reference.fill_parameters(self.module, salt)

    def run(self, precision):
        module = copy.deepcopy(self.module).to(precision)
        images = reference.images(self.salt, self.batch).to(precision)
        labels = reference.labels(self.salt, self.batch)
        optimizer = torch.optim.Adam(module.parameters(), lr=LEARNING_RATE)
        tensors = []
        losses = []
        for step in range(STEPS):
            optimizer.zero_grad()
            logits = module(images)
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            losses.append(loss.detach())
            if step == 0:
                tensors.append(("logits", logits.detach()))
                for name, parameter in module.named_parameters():
                    tensors.append((f"gradient/{name}", parameter.grad.clone()))
            optimizer.step()
            for name, parameter in module.named_parameters():
                tensors.append((f"step{step + 1}/{name}", parameter.detach().clone()))
        for name, parameter in module.named_parameters():
            state = optimizer.state[parameter]
            tensors.append((f"first_moment/{name}", state["exp_avg"]))
            tensors.append((f"second_moment/{name}", state["exp_avg_sq"]))
        tensors.append(("losses", torch.stack(losses)))
        return tensors

    def write(self, file):
        facts = f"salt {self.salt} batch {self.batch} input 1 28 28 gain 1 coarse 0"
        write_case(file, self.name, facts, [], self.run)


# Layers of the cases: kind, name ("-": has no parameters), then the table's numbers.
def conv(name, out, kernel, stride=1, padding=0):
    return ("conv", name, out, kernel, stride, padding)


def pool(kind, kernel, stride):
    return (kind, "-", 0, kernel, stride, 0)


def plain(kind):
    return (kind, "-", 0, 0, 0, 0)


def linear(name, out):
    return ("linear", name, out, 0, 0, 0)


def torch_layer(layer, features):
    """The PyTorch module for a layer whose input has `features` channels, or numbers if linear."""
    kind, _, out, kernel, stride, padding = layer
    if kind == "conv":
        return nn.Conv2d(features, out, kernel, stride, padding)
    if kind == "linear":
        return nn.Linear(features, out)
    if kind == "average_pool":
        return nn.AvgPool2d(kernel, stride)
    if kind == "max_pool":
        return nn.MaxPool2d(kernel, stride)
    if kind == "local_response_norm":
        return nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=2.0)
    return {"tanh": nn.Tanh, "relu": nn.ReLU}[kind]()


class LayerCase:
    """One layer or a few, on a hashed input in [-gain, gain), or one in quarters where `coarse`."""

    def __init__(self, name, salt, batch, shape, layers, gain=1, coarse=False):
        self.name = name
        self.salt = salt
        self.batch = batch
        self.shape = shape
        self.layers = layers
        self.gain = gain
        self.coarse = coarse
        self.module = nn.Sequential()
        self.build()
        reference.fill_parameters(self.module, salt)

    def build(self):
        values = torch.zeros(1, *self.shape)
        for number, layer in enumerate(self.layers):
            if layer[0] == "linear" and values.dim() > 2:
                self.module.add_module(f"flatten{number}", nn.Flatten())
                values = values.flatten(1)
            name = layer[1] if layer[1] != "-" else f"{layer[0]}{number}"
            self.module.add_module(name, torch_layer(layer, values.shape[1]))
            values = self.module[-1](values)

    def hashed(self, stream, shape, coarse=False):
        values = reference.hash_quarters if coarse else reference.hash_uniform
        stream += self.salt * reference.STREAMS_OF_SALT
        return torch.from_numpy(values(stream, int(numpy.prod(shape))).reshape(tuple(shape)))

    def run(self, precision):
        module = copy.deepcopy(self.module).to(precision)
        shape = (self.batch, *self.shape)
        images = self.hashed(reference.STREAM_INPUT, shape, self.coarse) * self.gain
        images = images.to(precision).requires_grad_()
        output = module(images)
        gradient = self.hashed(reference.STREAM_OUTPUT_GRADIENT, output.shape)
        output.backward(gradient.to(precision))
        tensors = [("output", output.detach()), ("gradient/input", images.grad)]
        for name, parameter in module.named_parameters():
            tensors.append((f"gradient/{name}", parameter.grad))
        return tensors

    def write(self, file):
        facts = (
            f"salt {self.salt} batch {self.batch} input {' '.join(map(str, self.shape))}"
            f" gain {self.gain} coarse {int(self.coarse)}"
        )
        write_case(file, self.name, facts, self.layers, self.run)


NORM = plain("local_response_norm")

# Name, batch, shape of an image, layers, options.
LAYER_CASES = [
    ("conv_1x1", 3, (2, 5, 6), [conv("conv", 4, 1)], {}),
    ("conv_3x3", 3, (4, 9, 7), [conv("conv", 5, 3)], {}),
    ("conv_3x3_padding_1", 7, (4, 9, 7), [conv("conv", 5, 3, 1, 1)], {}),
    ("conv_3x3_stride_2_padding_1", 3, (4, 9, 8), [conv("conv", 5, 3, 2, 1)], {}),
    ("conv_4x4", 2, (3, 8, 6), [conv("conv", 6, 4)], {}),
    ("conv_4x4_to_a_point", 9, (16, 4, 4), [conv("conv", 24, 4)], {}),
    ("conv_5x5", 4, (6, 12, 12), [conv("conv", 16, 5)], {}),
    ("conv_5x5_of_one_channel", 5, (1, 11, 13), [conv("conv", 3, 5)], {}),
    ("conv_5x5_padding_2", 17, (4, 7, 5), [conv("conv", 5, 5, 1, 2)], {}),
    ("conv_5x5_padding_2_of_a_point", 2, (4, 1, 1), [conv("conv", 5, 5, 1, 2)], {}),
    ("conv_3x3_of_33_images", 33, (2, 5, 5), [conv("conv", 3, 3, 1, 1)], {}),
    ("linear", 5, (35, 1, 1), [linear("linear", 11)], {}),
    ("linear_of_planes", 6, (3, 7, 5), [linear("linear", 13)], {}),
    ("linear_of_one_image", 1, (96, 1, 1), [linear("linear", 70)], {}),
    ("linear_of_33_images", 33, (200, 1, 1), [linear("linear", 130)], {}),
    ("tanh", 5, (4, 7, 5), [plain("tanh")], {"gain": 4}),
    ("relu", 5, (4, 7, 5), [plain("relu")], {}),
    ("relu_at_zero", 5, (4, 7, 5), [plain("relu")], {"coarse": True}),
    ("average_pool_2x2", 3, (5, 8, 6), [pool("average_pool", 2, 2)], {}),
    ("average_pool_2x2_of_odd_size", 17, (3, 7, 9), [pool("average_pool", 2, 2)], {}),
    ("max_pool_2x2", 3, (5, 8, 6), [pool("max_pool", 2, 2)], {}),
    ("max_pool_3x3_of_28", 2, (3, 28, 28), [pool("max_pool", 3, 2)], {}),
    ("max_pool_3x3_of_13", 3, (5, 13, 13), [pool("max_pool", 3, 2)], {}),
    ("max_pool_3x3_of_6", 17, (7, 6, 6), [pool("max_pool", 3, 2)], {}),
    ("max_pool_3x3_of_9x7", 3, (5, 9, 7), [pool("max_pool", 3, 2)], {}),
    ("max_pool_with_ties", 4, (4, 28, 28), [pool("max_pool", 3, 2)], {"coarse": True}),
    ("max_pool_2x2_with_ties", 4, (4, 12, 9), [pool("max_pool", 2, 2)], {"coarse": True}),
    # With inputs as large as these the norm differs from a constant factor.
    ("local_response_norm_of_1_channel", 3, (1, 6, 5), [NORM], {"gain": 512}),
    ("local_response_norm_of_3_channels", 3, (3, 9, 7), [NORM], {"gain": 512}),
    ("local_response_norm_of_7_channels", 17, (7, 5, 3), [NORM], {"gain": 512}),
    ("local_response_norm_of_96_channels", 2, (96, 4, 4), [NORM], {"gain": 512}),
    (
        "conv_relu_pool_norm",
        5,
        (2, 9, 9),
        [conv("conv", 6, 3, 1, 1), plain("relu"), pool("max_pool", 3, 2), NORM],
        {"gain": 256},
    ),
    ("relu_after_tanh", 5, (2, 5, 5), [plain("tanh"), plain("relu")], {"gain": 2}),
    ("tanh_after_relu", 5, (2, 5, 5), [plain("relu"), plain("tanh")], {"gain": 2}),
    (
        "linear_tanh_tanh_linear",
        5,
        (20, 1, 1),
        [linear("a", 9), plain("tanh"), plain("tanh"), linear("b", 7)],
        {},
    ),
    (
        "tanh_between_pools",
        3,
        (3, 13, 13),
        [pool("max_pool", 3, 2), plain("tanh"), pool("average_pool", 2, 2)],
        {},
    ),
]


def files():
    yield "layers.txt", [
        LayerCase(name, 100 + number, batch, shape, layers, **options)
        for number, (name, batch, shape, layers, options) in enumerate(LAYER_CASES)
    ]
    yield "lenet.txt", [
        NetworkCase("lenet_of_8_images", "lenet", 1, 8),
        NetworkCase("lenet_of_21_images", "lenet", 4, 21),
    ]
    yield "alexnet.txt", [NetworkCase("alexnet_of_2_images", "alexnet", 7, 2)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", help="where the files go")
    directory = parser.parse_args().directory
    os.makedirs(directory, exist_ok=True)
    for name, cases in files():
        with open(os.path.join(directory, name), "w", encoding="ascii") as file:
            file.write("# Made by tests/nn/fixtures.py, which says what the numbers are.\n")
            for case in cases:
                case.write(file)


if __name__ == "__main__":
    main()
