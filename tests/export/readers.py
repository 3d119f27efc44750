#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads an exported run with programs made for each format and compares what they find.

usage: readers.py DIRECTORY, in which there are the five CSV files, run.json, run.html, and
event files. Exit status 1 where anything differs. TensorBoard is used where it is installed."""
import csv
import glob
import html.parser
import json
import math
import os
import re
import struct
import sys
import xml.etree.ElementTree

VOID = {"meta", "img", "br", "link", "input", "hr"}


def check(good, what):
    if not good:
        sys.exit(f"readers.py: {what}")


def same(a, b):
    """Equal as single precision numbers; None stands for what is not finite."""
    if a is None or not math.isfinite(float(a)):
        return b is None or not math.isfinite(float(b))
    pack = struct.Struct("f").pack
    return b is not None and pack(float(a)) == pack(float(b))


def near(a, b):
    """The same but for rounding to single precision, once or twice."""
    return same(a, b) or math.isclose(a, b, rel_tol=2e-7)


def read_table(directory, name):
    with open(os.path.join(directory, name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def check_csv(directory, run):
    epochs = read_table(directory, "epochs.csv")
    check(len(epochs) == len(run["epochs"]), "epochs.csv has another number of lines")
    for line, epoch in zip(epochs, run["epochs"]):
        check(set(line) == set(epoch), "epochs.csv has other columns")
        for name, value in line.items():
            check(same(value, epoch[name]), f"epochs.csv: {name} {value} {epoch[name]}")
    steps = read_table(directory, "steps.csv")
    for name, column in run["steps"].items():
        check(len(column) == len(steps), "steps.csv has another number of lines")
        for line, value in zip(steps, column):
            check(same(line[name], value), f"steps.csv: {name} {line[name]} {value}")
    events = read_table(directory, "events.csv")
    check([line["detail"] for line in events] == [event["detail"] for event in run["events"]],
          "events.csv: other details")
    counts = [count for evaluation in run["evaluations"] for row in evaluation["confusion"]
              for count in row]
    check([int(line["images"]) for line in read_table(directory, "confusion.csv")] == counts,
          "confusion.csv: other counts")
    scores = [score for evaluation in run["evaluations"] for score in evaluation["classes"]]
    for line, score in zip(read_table(directory, "classes.csv"), scores):
        check(line["name"] == score["name"] and same(line["f1"], score["f1"]), "classes.csv")


class Document(html.parser.HTMLParser):
    """Checks that tags are closed in order and keeps text and attributes."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.ids = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            check(name not in ("href", "srcset", "data", "action"), f"<{tag} {name}>")
            check(name != "src" or value.startswith("data:image/png;base64,iVBOR"), f"src={value}")
            check(name != "id" or value not in self.ids, f"two elements have the id {value}")
            if name == "id":
                self.ids.add(value)
        check(tag != "img" or dict(attrs).get("alt"), "a picture without a text")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        check("svg" in self.open, f"<{tag}/> is no HTML")

    def handle_endtag(self, tag):
        check(self.open and self.open.pop() == tag, f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text += data


def check_html(directory, run):
    with open(os.path.join(directory, "run.html"), encoding="utf-8") as file:
        text = file.read()
    document = Document()
    document.feed(text)
    document.close()
    check(not document.open, f"not closed: {document.open}")
    check(text.startswith("<!DOCTYPE html>"), "no DOCTYPE")
    check(run["name"] in document.text, "the run's name is not in the text")
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    check(len(drawings) == 3, f"{len(drawings)} drawings")
    for drawing in drawings:
        root = xml.etree.ElementTree.fromstring(drawing)
        check(root.tag == "{http://www.w3.org/2000/svg}svg", root.tag)
        check(root.get("aria-label"), "a drawing without a name")
    matrix = xml.etree.ElementTree.fromstring(drawings[2])
    titles = [title.text for title in matrix.iter("{http://www.w3.org/2000/svg}title")]
    check(len(titles) == 100, f"{len(titles)} cells")


def check_scalars(accumulator, tag, points, equal=same):
    found = accumulator.Scalars(tag)
    check(len(found) == len(points), f"{tag}: {len(found)} values")
    for scalar, (step, value) in zip(found, points):
        check(scalar.step == step and equal(scalar.value, value), f"{tag}: {scalar} {value}")


def check_tensorboard(directory, run):
    try:
        from tensorboard.backend.event_processing import event_accumulator
    except ImportError:
        print("readers.py: TensorBoard is not installed; its files are not read")
        return

    def load(part):
        limits = {event_accumulator.SCALARS: 0, event_accumulator.IMAGES: 0,
                  event_accumulator.TENSORS: 0}
        accumulator = event_accumulator.EventAccumulator(os.path.join(directory, part), limits)
        return accumulator.Reload()

    train, validation, test = load("train"), load("validation"), load("test")
    steps = run["steps"]
    for name in ("loss", "accuracy", "learning_rate"):
        check_scalars(train, name, list(zip(steps["step"], steps[name])))
    check_scalars(train, "images_per_second",
                  [(epoch["step"], epoch["images_per_second"]) for epoch in run["epochs"]])
    for part, name in ((validation, "validation"), (test, "test")):
        evaluations = [one for one in run["evaluations"] if one["part"] == name]
        for tag in ("loss", "accuracy"):
            check_scalars(part, tag, [(one["step"], one[tag]) for one in evaluations], near)
        for label, score in enumerate(evaluations[0]["classes"]):
            check_scalars(part, "f1/" + score["name"],
                          [(one["step"], one["classes"][label]["f1"]) for one in evaluations], near)
        pictures = part.Images("confusion") + part.Images("mistakes")
        check(len(pictures) == len(evaluations) + 1, f"{len(pictures)} pictures")
        for picture in pictures:
            check(picture.encoded_image_string.startswith(b"\x89PNG"), "no PNG")
            size = struct.unpack(">II", picture.encoded_image_string[16:24])
            check(size == (picture.width, picture.height), f"a picture of {size}")
    files = glob.glob(os.path.join(glob.escape(directory), "events.out.tfevents.*"))
    check(len(files) == 1, f"{files}")
    check_settings(event_accumulator.EventAccumulator(files[0]).Reload(), run)


def check_settings(accumulator, run):
    from tensorboard.plugins.hparams import metadata
    text = accumulator.Tensors("settings")[0].tensor_proto.string_val[0].decode()
    check(run["data"]["sha256"] in text, f"settings: {text}")
    content = accumulator.PluginTagToContent("hparams")["_hparams_/session_start_info"]
    settings = metadata.parse_session_start_info_plugin_data(content).hparams
    check(settings["model"].string_value == run["model"], "HParams: another model")
    check(settings["batch"].number_value == run["settings"]["batch"], "HParams: another batch")


def main():
    directory = sys.argv[1]
    with open(os.path.join(directory, "run.json"), encoding="utf-8") as file:
        run = json.load(file)
    check_csv(directory, run)
    check_html(directory, run)
    check_tensorboard(directory, run)


main()
