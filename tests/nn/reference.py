# SPDX-License-Identifier: MIT
"""The two networks, and numbers that Python and the C tests both can make.

Weights, images and labels of the tests come from an integer hash of (stream, index) instead of
files: formula.c holds the same functions. All values are exact in float32.
"""
import numpy
import torch

from torch_networks import CLASSES, alexnet, lenet

PIXELS = 28 * 28

# Streams of the hash. Parameter number i of a case with salt s has stream s * 1000 + i.
STREAMS_OF_SALT = 1000
STREAM_INPUT = 900
STREAM_LABELS = 901
STREAM_OUTPUT_GRADIENT = 902
STREAM_PROJECTION = 950  # of salt 0: plus the projection's number
STREAM_SAMPLE = 960  # of salt 0


def hash_bits(stream, count):
    """The 32-bit hashes of (stream, 0 .. count - 1); the mixer is Wellons' lowbias32."""

    def mix(x):
        x = x ^ (x >> numpy.uint32(16))
        x = x * numpy.uint32(0x7FEB352D)
        x = x ^ (x >> numpy.uint32(15))
        x = x * numpy.uint32(0x846CA68B)
        return x ^ (x >> numpy.uint32(16))

    start = mix(numpy.array([stream], dtype=numpy.uint32))
    return mix(numpy.arange(count, dtype=numpy.uint32) + start)


def hash_uniform(stream, count):
    """Multiples of 2^-23 in [-1, 1), as float64."""
    return (hash_bits(stream, count) >> numpy.uint32(8)).astype(numpy.float64) / 2**23 - 1


def hash_quarters(stream, count):
    """Multiples of 1/4 in [-1, 1): sums of products of few of them are exact, so that they tie."""
    return (hash_bits(stream, count) >> numpy.uint32(29)).astype(numpy.float64) / 4 - 1


def images(salt, batch):
    """Pixels in [0, 1)."""
    bits = hash_bits(salt * STREAMS_OF_SALT + STREAM_INPUT, batch * PIXELS)
    pixels = (bits >> numpy.uint32(8)).astype(numpy.float64) / 2**24
    return torch.from_numpy(pixels.reshape(batch, 1, 28, 28))


def labels(salt, batch):
    bits = hash_bits(salt * STREAMS_OF_SALT + STREAM_LABELS, batch)
    return torch.from_numpy((bits % numpy.uint32(CLASSES)).astype(numpy.int64))


def fill_parameters(module, salt):
    """Sets every weight and bias to the hash, scaled to +-1/sqrt(fan in)."""
    stream = salt * STREAMS_OF_SALT
    layers = [layer for layer in module.modules() if hasattr(layer, "weight")]
    for layer in layers:
        scale = 1 / numpy.sqrt(numpy.float64(layer.weight[0].numel()))
        for tensor in (layer.weight, layer.bias):
            values = (hash_uniform(stream, tensor.numel()) * scale).astype(numpy.float32)
            with torch.no_grad():
                tensor.copy_(torch.from_numpy(values.reshape(tuple(tensor.shape))))
            stream += 1


NETWORKS = {"lenet": lenet, "alexnet": lambda: alexnet(dropout=0.0)}
