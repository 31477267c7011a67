#!/usr/bin/python3
"""What the tests reached of lib, after a run of them with BUILD: see "make
coverage".

    coverage.py BUILD     prints the share of lines and branches of each room, and
                          each line that was not reached; what EXPLAINED names
                          is only counted
"""
import collections
import glob
import json
import re
import subprocess
import sys

LINES, BRANCHES = 95, 85    # percent, the aim

# Lines that tests cannot reach, or need not: a pattern, and whether it may be in
# one of the four lines before or in the one after instead.
EXPLAINED = [
    (r"rw_fail_memory|lacks_memory|no memory|(m|c|re)alloc\(|reallocarray\(|"
     r"strn?dup\(", True, "memory is exhausted, where base/memory.c ends the "
     "process (tests/want.bats)"),
    (r"RW_BUG|_Noreturn|abort\(", True, "a library refuses what it never may"),
    (r"->failed = true", False, "a buffer is full or without memory"),
    (r"^\s*(case RW_\w+:|default:|break;)", False,
     "a case that only satisfies -Wswitch-enum"),
]


def measure(build):
    """{file: {line: hits}}, and [reached, all] branches of each file."""
    hits = collections.defaultdict(lambda: collections.defaultdict(int))
    branches = collections.defaultdict(lambda: collections.defaultdict(int))
    for notes in glob.glob(build + "/obj/lib/**/*.gcno", recursive=True):
        said = subprocess.run(["gcov", "-j", "-t", "-b", notes], check=True,
                              capture_output=True).stdout
        for text in said.splitlines():
            for file in json.loads(text)["files"]:
                name = file["file"]
                if not name.startswith("lib/"):
                    continue
                for line in file["lines"]:
                    number = line["line_number"]
                    hits[name][number] += line["count"]
                    for i, branch in enumerate(line["branches"]):
                        branches[name][number, i] += branch["count"]
    return hits, branches


def explanation(source, number):
    line, near = source[number - 1], source[max(0, number - 5):number + 1]
    for pattern, is_near, why in EXPLAINED:
        if any(re.search(pattern, x) for x in (near if is_near else [line])):
            return why
    return None


def share(counts):
    return 100 * sum(x > 0 for x in counts) / len(counts) if counts else 100


def print_rooms(hits, branches):
    rooms = sorted({x.split("/")[1] for x in hits})
    print("%-12s %7s %7s %9s" % ("room", "lines", "reached", "branches"))
    for room in rooms + [""]:
        lines = [n for name in hits for n in hits[name].values()
                 if name.startswith("lib/" + room)]
        ways = [n for name in branches for n in branches[name].values()
                if name.startswith("lib/" + room)]
        print("%-12s %7d %6.1f%% %8.1f%%" % (room or "lib", len(lines),
                                            share(lines), share(ways)))
    return share(lines), share(ways)


def print_unreached(hits):
    counts = collections.Counter()
    for name in sorted(hits):
        with open(name) as file:
            source = file.read().split("\n")
        for number in sorted(n for n, count in hits[name].items()
                             if count == 0):
            why = explanation(source, number)
            counts[why or "not explained"] += 1
            if why is None:
                print("%s:%d: %s" % (name, number,
                                     source[number - 1].strip()))
    for why, count in counts.most_common():
        print("%5d lines: %s" % (count, why))


def main():
    hits, branches = measure(sys.argv[1])
    if not hits:
        sys.exit("there is nothing in " + sys.argv[1])
    print_unreached(hits)
    lines, ways = print_rooms(hits, branches)
    print("aim: %d%% of lines, %d%% of branches: %s" % (
        LINES, BRANCHES, "reached" if lines >= LINES and ways >= BRANCHES
        else "not reached"))


main()
