# SPDX-License-Identifier: MIT
"""What the scripts in this folder share: options, and the program's own bench."""
import argparse
import contextlib
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys

LOAD_AT_START = os.getloadavg()[0]  # of the last minute, without what is measured here
TITLES = {"lenet": "LeNet-5", "alexnet": "AlexNet"}


def find_program():
    """$FMNIST_PROGRAM, what quickstart built, or what is installed."""
    here = os.path.dirname(os.path.abspath(__file__))
    built = os.path.normpath(os.path.join(here, "..", "build", "fmnist-tui"))
    return os.environ.get("FMNIST_PROGRAM") or (
        built if os.access(built, os.X_OK) else shutil.which("fmnist-tui"))


def count(text):
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError("'{}': give a whole number above 0".format(text))
    return int(text)


def seconds(text):
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]+)?", text) or float(text) == 0:
        raise argparse.ArgumentTypeError("'{}': give a number above 0".format(text))
    return float(text)


class Parser(argparse.ArgumentParser):
    """With the options that all scripts have."""

    def __init__(self, name, description):
        super().__init__(prog="bench/" + name, description=description,
                         formatter_class=argparse.RawDescriptionHelpFormatter)
        self.add_argument("--program", default=find_program(), help="fmnist-tui to measure")
        self.add_argument("--model", action="append", choices=sorted(TITLES, reverse=True),
                          help="may be given twice (both)")
        self.add_argument("--rounds", type=count, default=5, metavar="N", help="(5)")
        self.add_argument("--into", metavar="FILE", help="write the result between the lines "
                          "'<!-- {} -->' and '<!-- end -->' of this page, too".format(self.prog))
        self.page = None

    def read(self):
        options = self.parse_args()
        if options.into:
            self.page = Page(options.into, self.prog)
        if not options.program or not os.access(options.program, os.X_OK):
            self.error("there is no program to measure; build it, or give --program")
        options.program = os.path.abspath(options.program)
        options.model = options.model or ["lenet", "alexnet"]
        return options

    def write(self, lines):
        """Writes the result, and into the page where one is given."""
        print("\n".join(lines))
        if self.page:
            self.page.write(lines)


class Page:
    """A Markdown file with a place for the output of a command between two lines."""

    def __init__(self, path, command):
        self.path = path
        self.mark = "<!-- {} -->".format(command)
        self.read()

    def read(self):
        """What stands before and after the place."""
        try:
            with open(self.path, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            sys.exit("{}: {}".format(self.path, error))
        found = re.fullmatch("(.*^" + re.escape(self.mark) + "\n).*?(^<!-- end -->\n.*)", text,
                             re.DOTALL | re.MULTILINE)
        if not found:
            sys.exit("{}: it has no lines '{}' and '<!-- end -->'".format(self.path, self.mark))
        return found.groups()

    def write(self, lines):
        before, after = self.read()
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(before + "```\n" + "\n".join(lines) + "\n```\n" + after)


def fail(name, text):
    sys.exit("bench/{}: {}".format(name, text))


def own_bench(name, program, **options):
    """What the program's bench says in JSON."""
    command = [program, "bench", "--json"]
    for option, value in options.items():
        command += ["--" + option, str(value)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True)
    if done.returncode != 0:
        fail(name, "{}: {}".format(" ".join(command), done.stderr.strip()))
    return json.loads(done.stdout)


def plural(number, noun):
    return "{} {}{}".format(number, noun, "" if number == 1 else "s")


def tell(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def cpus():
    return len(os.sched_getaffinity(0))


def machine():
    """When and on what something is measured."""
    name = "unknown CPU"
    with contextlib.suppress(OSError):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
            name = found.group(1) if found else name
    text = "{:%Y-%m-%d}, {}, {}, {} {}".format(datetime.date.today(), name, plural(cpus(), "CPU"),
                                               platform.system(), platform.machine())
    if LOAD_AT_START > cpus() / 4:
        text += "\nother programs were busy, which spoils figures: load {:.1f} before".format(
            LOAD_AT_START)
    return text
