#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PyTorch trains a little and saves with the package safetensors; the program's commands must agree.

`evaluate` must get as many test images right, and `predict` must give the same logits to 1e-4 for
1,000 images. What `import` puts into a store PyTorch must load again, unchanged.

usage: pytorch_peer.py PROGRAM SOURCE DIRECTORY; exits with 77 where PyTorch or safetensors is
missing.
"""
import gzip
import json
import os
import subprocess
import sys

try:
    import numpy
    import torch
    from safetensors.torch import load_file, save_file
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

IMAGES = 1000
TOLERANCE = 1e-4


def read_idx(path, header):
    with gzip.open(path) as file:
        return numpy.frombuffer(file.read(), dtype=numpy.uint8, offset=header)


def read_sample(source, part):
    """Images as bytes, N x 28 x 28, and labels of the sample in the program."""
    folder = os.path.join(source, "data", "sample")
    images = read_idx(os.path.join(folder, f"{part}-images-idx3-ubyte.gz"), 16)
    labels = read_idx(os.path.join(folder, f"{part}-labels-idx1-ubyte.gz"), 8)
    return images.reshape(-1, 28, 28), torch.from_numpy(labels.astype(numpy.int64))


def as_input(images):
    return torch.from_numpy(images.astype(numpy.float32) / 255).unsqueeze(1)


def train(network, images, labels, steps):
    network.train()
    optimizer = torch.optim.Adam(network.parameters())
    for step in range(steps):
        batch = slice(50 * step % len(images), 50 * step % len(images) + 50)
        optimizer.zero_grad()
        logits = network(as_input(images[batch]))
        torch.nn.functional.cross_entropy(logits, labels[batch]).backward()
        optimizer.step()
    network.eval()


def spread(network, images):
    """Scales the last layer so that logits differ from image to image after little training."""
    with torch.no_grad():
        logits = network(as_input(images))
        last = list(network.parameters())[-2:]
        scale = 2 / logits.std(0)
        last[0].mul_(scale.unsqueeze(1))
        last[1].sub_(logits.mean(0)).mul_(scale)


def run(program, *arguments):
    result = subprocess.run([program, *arguments, "--json"], check=True, capture_output=True)
    return json.loads(result.stdout)


def write_images(images, directory):
    paths = []
    for number, image in enumerate(images):
        paths.append(os.path.join(directory, f"{number}.pgm"))
        with open(paths[-1], "wb") as file:
            file.write(b"P5 28 28 255\n" + image.tobytes())
    return paths


def check(name, network, program, weights, images, labels, paths):
    """Compares the answers of both to all test images."""
    with torch.no_grad():
        logits = network(as_input(images)).numpy()
    correct = int((logits.argmax(1) == labels.numpy()).sum())
    result = run(program, "evaluate", weights, "--sample")
    ours = result["evaluation"]["correct"]
    assert result["checkpoint"]["model"] == name
    assert result["evaluation"]["images"] == len(images)
    assert ours == correct, f"{name}: {ours} images right, {correct} with PyTorch"
    predictions = run(program, "predict", weights, *paths)["images"]
    given = numpy.array([prediction["logits"] for prediction in predictions])
    difference = float(numpy.abs(given - logits).max())
    assert difference < TOLERANCE, f"{name}: logits differ by {difference}"
    classes = [prediction["class"] for prediction in predictions]
    assert classes == logits.argmax(1).tolist(), name
    assert len(set(classes)) == len(logits[0]), f"{name}: {set(classes)}"
    print(f"{name}: {correct} of {len(images)} right, logits within {difference:.2g} "
          f"(standard deviation {float(logits.std()):.2g})")


def check_import(network, make, program, weights, directory):
    """The file in the store is one that PyTorch takes as it lies there."""
    store = os.path.join(directory, "store")
    number = run(program, "import", weights, "--sample", "--store", store)["run"]
    result = run(program, "evaluate", str(number), "--store", store)
    loaded = make()
    loaded.load_state_dict(load_file(result["checkpoint"]["file"]), strict=True)
    for name, values in network.state_dict().items():
        assert torch.equal(values, loaded.state_dict()[name]), name


def main():
    program, source, directory = sys.argv[1:]
    sys.path.insert(0, os.path.join(source, "tests", "nn"))
    from torch_networks import alexnet, lenet

    torch.manual_seed(1)
    images, labels = read_sample(source, "train")
    test_images, test_labels = read_sample(source, "t10k")
    test_images, test_labels = test_images[:IMAGES], test_labels[:IMAGES]
    paths = write_images(test_images, directory)
    for name, make, steps in (("lenet", lenet, 120), ("alexnet", alexnet, 5)):
        network = make()
        train(network, images, labels, steps)
        spread(network, images[:500])
        weights = os.path.join(directory, f"{name}.safetensors")
        save_file(network.state_dict(), weights)
        check(name, network, program, weights, test_images, test_labels, paths)
        check_import(network, make, program, weights, directory)


if __name__ == "__main__":
    main()
