#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PyTorch's side of bench/compare, which starts it and talks with it in lines of JSON.

It first says which PyTorch it has, or that it has none. Then each line of standard input asks for
rounds of one setting, and is answered with their rates in images per second:

    {"model": "lenet", "batch": 100, "threads": 2, "layout": "plain", "precision": "fp32",
     "mode": "eager", "adam": "fused", "work": "train", "rounds": 3, "seconds": 0.3}
    {"rates": [9000.1, 9100.2, 9050.3]}        or {"error": "why this setting cannot be"}

A training step is forward, cross-entropy, backward and Adam, on a batch in memory; an evaluation
is a forward pass. A setting is built and compiled once; {"keep": [...]} forgets all but those.
"""
import json
import math
import os
import platform
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "nn"))


class Setting:
    """One network with its optimizer, prepared as a setting says."""

    def __init__(self, torch, networks, order):
        self.torch = torch
        self.order = order
        torch.set_num_threads(order["threads"])
        torch.manual_seed(1)
        self.pixels = torch.rand(order["batch"], 1, 28, 28)
        self.labels = torch.randint(0, 10, (order["batch"],))
        self.network = getattr(networks, order["model"])()
        if order["layout"] == "channels_last":
            layout = torch.channels_last
            self.network = self.network.to(memory_format=layout)
            self.pixels = self.pixels.contiguous(memory_format=layout)
        flags = {} if order["adam"] == "default" else {order["adam"]: True}
        self.adam = torch.optim.Adam(self.network.parameters(), lr=0.001, **flags)
        self.answer = self.network
        if order["mode"] == "compiled":
            self.answer = torch.compile(self.own_function())

    def own_function(self):
        """The network as a function with a code object of its own: torch.compile keeps what it
        made by code object, and gives up quietly after some variants of the same one."""
        network = self.network

        def answer_with(pixels):
            return network(pixels)

        answer_with.__code__ = answer_with.__code__.replace(co_name="answer_with")
        return answer_with

    def logits(self):
        if self.order["precision"] == "fp32":
            return self.answer(self.pixels)
        with self.torch.autocast("cpu", dtype=self.torch.bfloat16):
            return self.answer(self.pixels)

    def train(self):
        self.adam.zero_grad(set_to_none=True)
        loss = self.torch.nn.functional.cross_entropy(self.logits().float(), self.labels)
        loss.backward()
        self.adam.step()

    def evaluate(self):
        with self.torch.inference_mode():
            self.logits()

    def rates(self, work, rounds, seconds):
        self.torch.set_num_threads(self.order["threads"])
        self.network.train(work == "train")
        unit = self.train if work == "train" else self.evaluate
        unit()  # compiles, allocates
        repeats = max(1, math.ceil(seconds / time_of(unit, 1)))
        return [repeats * self.order["batch"] / time_of(unit, repeats) for _ in range(rounds)]


def time_of(unit, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        unit()
    return time.perf_counter() - start


def supported(torch):
    """What this PyTorch can do: ways to run and kinds of Adam."""
    kinds = ["default"]
    weight = torch.nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)
    for kind in ("foreach", "fused"):
        try:
            torch.optim.Adam([weight], **{kind: True}).step()
            kinds.append(kind)
        except Exception:  # each release refuses in its own way
            pass
    modes = ["eager"] + ["compiled"] * hasattr(torch, "compile")
    return {"adam": kinds, "modes": modes}


def answer(torch, networks, settings, order):
    if "keep" in order:
        for key in set(settings) - set(order["keep"]):
            del settings[key]
        return {}
    try:
        if order["key"] not in settings:
            settings[order["key"]] = Setting(torch, networks, order)
        setting = settings[order["key"]]
        return {"rates": setting.rates(order["work"], order["rounds"], order["seconds"])}
    except Exception as error:  # a setting that this PyTorch cannot run
        return {"error": (str(error).strip() or type(error).__name__).splitlines()[0][:120]}


def say(out, document):
    out.write(json.dumps(document) + "\n")
    out.flush()


def main():
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what PyTorch prints is no answer
    try:
        import torch
        import torch_networks
        facts = dict(supported(torch), version=torch.__version__,
                     python=platform.python_version())
    except Exception as error:
        say(out, {"error": "{}: {}".format(type(error).__name__, error).splitlines()[0][:120]})
        return
    say(out, facts)
    settings = {}
    for line in sys.stdin:
        say(out, answer(torch, torch_networks, settings, json.loads(line)))


if __name__ == "__main__":
    main()
