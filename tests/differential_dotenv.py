#!/usr/bin/python3
"""Reads made settings files with rw-env and with python-dotenv.

    differential_dotenv.py DIR COUNT

Known differences are in KNOWN, which may only become shorter.
"""
import io
import logging
import os
import random
import re
import subprocess
import sys

import dotenv

NAMES = ["SMTP_HOST", "RW_BRAND", "MINIO_BUCKET_NAME", "TZ"]
VALUES = ["plain", "two words", "'single'", '"double"', '"a\\nb"', "'a\\'b'",
          '"a\\tb\\"c"', "x # comment", "x#y", "'x' # c", "", "''", "$HOME",
          "${HOME}", "ä€", "a=b", '"un', "'open", '"a"b', "\\n", "'\\\\'",
          '"\\x"', '"\\$X"', " lead", "tail  ", '"two\nlines"', "a'b", "`x`",
          "#", " #c", '"#"', "\t", "a\\", '"a\\\\"', "\u00a0x"]
LINES = ["", "# comment", "export A", "  ", "A", "=x", "export  TZ = UTC ",
         "OTHER=1", "1A=2", "A B=c", "\ufeff# late mark"]

# What differs, and why that is so. Each is a pattern of the whole file.
KNOWN = [
    ("an escape other than \\n, \\t, \\\\ and quotes", r"\\[^nt\\\"'\n]"),
    ("a name without a value, which python-dotenv reads as None",
     r"(?m)^\s*(export\s+)?[\w.-]+\s*(#.*)?$"),
    ("a backslash in single quotes", r"'[^'\n]*\\"),
    ("a blank that is not ASCII", "[\u00a0\ufeff]"),
    ("a value that begins with #, which is a comment here", r"=[ \t]*#"),
    ("a value in quotes over several lines, which is refused here",
     r"=[ \t]*[\"'][^\"'\n]*\n"),
    ("a backslash before the last quote", r"\\\""),
    ("a name that begins with a digit, which is refused here",
     r"(?m)^\s*\d"),
    ("a name that is set twice: the first counts here, the last there",
     r"(?ms)^\s*(?:export\s+)?([\w]+)\s*=.*^\s*(?:export\s+)?\1\s*="),
]


def ours(path):
    done = subprocess.run(["rw-env", "--quiet", path, "--", "env", "-0"],
                          capture_output=True,
                          env={"PATH": os.environ["PATH"]})
    if done.returncode != 0:
        return None
    pairs = [x.split("=", 1) for x in done.stdout.decode().split("\0")[:-1]]
    return {k: v for k, v in pairs if k in NAMES}


def theirs(text):
    """None when python-dotenv skips a line that it cannot read."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger("dotenv.main").addHandler(handler)
    values = dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)
    logging.getLogger("dotenv.main").removeHandler(handler)
    if log.getvalue():
        return None
    return {k: v for k, v in values.items() if k in NAMES and v is not None}


def made(chance):
    lines = []
    for name in chance.sample(NAMES, chance.randrange(1, 4)):
        if chance.randrange(4) == 0:
            lines.append(chance.choice(LINES))
        lines.append("%s%s%s=%s%s" % (
            chance.choice(["", "", "export ", " "]), name,
            chance.choice(["", "", " "]), chance.choice(["", "", " "]),
            chance.choice(VALUES)))
    return chance.choice(["\n", "\n", "\r\n"]).join(lines) + \
        chance.choice(["\n", ""])


def main():
    path = sys.argv[1] + "/settings.env"
    chance = random.Random("dotenv")
    used = set()
    counts = {"same": 0, "refused by both": 0, "known": 0, "different": 0}
    for _ in range(int(sys.argv[2])):
        text = made(chance)
        with open(path, "w", newline="") as file:
            file.write(text)
        os.chmod(path, 0o600)
        here, there = ours(path), theirs(text)
        if here == there:
            counts["same" if here is not None else "refused by both"] += 1
        elif any([used.add(why) or True for why, pattern in KNOWN
                  if re.search(pattern, text)]):
            counts["known"] += 1
        else:
            counts["different"] += 1
            print("%r: %r here, %r there" % (text, here, there))
    print("dotenv: %(same)d the same, %(refused by both)d refused by both, "
          "%(known)d known, %(different)d different" % counts)
    # One that makes no difference any more is to be removed.
    for why, _ in KNOWN:
        if why not in used:
            print("not needed any more: " + why)
    sys.exit(counts["different"] > 0 or len(used) < len(KNOWN))


main()
