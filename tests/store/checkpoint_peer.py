#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loads our weights in PyTorch and PyTorch's here, and compares both networks' logits.

usage: checkpoint_peer.py CHECKPOINT_PEER DIRECTORY; exits with 77 where PyTorch or the package
safetensors is missing.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "nn"))
try:
    import torch
    from safetensors.torch import load_file, save_file

    import torch_networks
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

TOLERANCE = 1e-4
STEPS = {"lenet": 60, "alexnet": 8}
BATCH = 100


def compare(name, network, peer, weights, out):
    """Compares the logits of PyTorch's network with ours of the same file."""
    subprocess.run([peer, "logits", weights, out], check=True)
    judged = load_file(out)
    network.eval()
    with torch.no_grad():
        logits = torch.cat([network(images) for images in judged["images"].split(BATCH)])
    labels = judged["labels"].long()
    error = (logits - judged["logits"]).abs().max().item()
    ours, theirs = (int((x.argmax(1) == labels).sum()) for x in (judged["logits"], logits))
    print(f"{name}: largest difference of logits {error:.1e} (largest logit "
          f"{logits.abs().max().item():.1f}); correct of {len(labels)}: {ours} here, {theirs} there")
    assert len(labels) == 1000
    assert error <= TOLERANCE, error
    assert ours == theirs
    return judged


def train(network, judged, steps):
    """Some steps, so that the weights are not just small random numbers."""
    network.train()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    batches = list(zip(judged["images"].split(BATCH), judged["labels"].long().split(BATCH)))
    for step in range(steps):
        images, labels = batches[step % len(batches)]
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()


def main():
    peer, directory = sys.argv[1:]
    out = os.path.join(directory, "logits.safetensors")
    for model, steps in STEPS.items():
        ours = os.path.join(directory, f"{model}.safetensors")
        subprocess.run([peer, "train", model, ours, str(steps)], check=True)
        network = getattr(torch_networks, model)()
        network.load_state_dict(load_file(ours), strict=True)
        judged = compare(f"{model}, our file", network, peer, ours, out)

        torch.manual_seed(1)
        network = getattr(torch_networks, model)()
        train(network, judged, steps)
        theirs = os.path.join(directory, f"{model}-torch.safetensors")
        save_file(network.state_dict(), theirs)
        compare(f"{model}, PyTorch's file", network, peer, theirs, out)


main()
