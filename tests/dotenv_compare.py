#!/usr/bin/env python3
"""Compares rw-env with python-dotenv.

usage: dotenv_compare.py COUNT SEED [FILE]...

Reads each FILE, and COUNT files of random pieces, with both. python-dotenv is
found through PYTHONPATH. Each name RW_* must have the same value in both
environments, and rw-env must refuse a file exactly when python-dotenv warns
about a statement. Prints the differences; exit status 1 when there is one.
"""
import logging
import os
import random
import re
import subprocess
import sys
import tempfile

from dotenv.main import DotEnv

PIECES = ("RW_A", "RW_B", "RW_C", "OTHER", "=", "=", "=", "=", "\n", "\n", "\n",
          "\r\n", "\r", " ", " ", "\t", "#", "'", "'", '"', '"', "\\", "\\n",
          "\\'", '\\"', "\\\\", "\\x", "\\t", "\\v", "${", "}", "${RW_A}",
          "${RW_B:-d}", "${OTHER}", "${MINE}", "${EMPTY:-d}", "${X:-", "${X:",
          "$RW_A", ":-", "export ", "export", "word", "é", "\u00a0", "\u2003",
          "\x0b", "\x0c", "\x1c", "\u2028", "\x85", "\ufeff")
# The environment that both begin with; it precedes the files.
GIVEN = {"MINE": "mine", "EMPTY": "", "RW_C": "given"}


class Warnings(logging.Handler):
    """Counts the statements that python-dotenv cannot parse."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def emit(self, record):
        self.count += 1


def ours(environment):
    return {name: value for name, value in environment.items()
            if re.fullmatch("RW_[A-Z0-9_]+", name) and name != "RW_ENV_FILE"}


def by_python(path, warnings):
    warnings.count = 0
    os.environ.clear()
    os.environ.update(GIVEN)
    read = DotEnv(path, encoding="utf-8", override=False).dict()
    read = {name: value for name, value in read.items() if value is not None}
    return None if warnings.count else ours({**read, **GIVEN})


def by_rw_env(rw_env, path):
    done = subprocess.run([rw_env, path, "--", "/usr/bin/env", "-0"], env=GIVEN,
                          capture_output=True, check=False)
    if done.returncode == 78:
        return None
    if done.returncode != 0:
        return done.stderr
    lines = done.stdout.decode().rstrip("\0").split("\0")
    return ours(dict(line.split("=", 1) for line in lines))


def main():
    count, seed, files = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    rw_env = os.environ["BUILD"] + "/rw-env"
    warnings = Warnings()
    logging.getLogger("dotenv.main").addHandler(warnings)
    logging.getLogger("dotenv.main").propagate = False
    chance = random.Random(seed)
    differ = refused = values = 0
    with tempfile.NamedTemporaryFile("w+", newline="", encoding="utf-8") as made:
        for i in range(len(files) + count):
            path = files[i] if i < len(files) else made.name
            if path == made.name:
                made.seek(0)
                made.truncate()
                made.write("RW_A=" * chance.randrange(2) + "".join(
                    chance.choices(PIECES, k=chance.randint(1, 25))))
                made.flush()
            theirs, mine = by_python(path, warnings), by_rw_env(rw_env, path)
            refused += theirs is None
            values += len(theirs or ()) > 1
            if theirs != mine:
                differ += 1
                with open(path, newline="", encoding="utf-8") as text:
                    print(f"{text.read()!r}\n  python {theirs!r}\n"
                          f"  rw-env {mine!r}")
    print(f"{refused} refused, {values} with values, {differ} differ")
    return differ > 0


sys.exit(main())
