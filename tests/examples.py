"""Writes each example of the documentation to a file, as printed.

    examples.py ROOT DIR

An example is an indented block of README.md, or a display (.Bd or .Dl) in the
section EXAMPLES of a manual page. DIR/PAGE.N.printed has the N-th one, and
DIR/PAGE.N its commands, without the prompts.
"""

import pathlib
import re
import subprocess
import sys
import textwrap


def readme(path):
    text = path.read_text()
    for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.M):
        yield textwrap.dedent(block).strip("\n") + "\n"


def plain(line):
    """mdoc's escapes, as they are printed."""
    return line.replace(r"\(aq", "'").replace(r"\&", "").replace(r"\-", "-") \
               .replace(r"\e", "\\")


def page(path):
    found = re.search(r"^\.Sh EXAMPLES\n(.*?)^\.Sh ", path.read_text(), re.M | re.S)
    printed = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=200", path],
                             check=True, capture_output=True, text=True).stdout
    printed = re.sub(".\x08", "", printed)
    printed = {" ".join(line.split()) for line in printed.splitlines()}
    block = None
    for line in found[1].splitlines() if found else []:
        if line.startswith(".Bd -literal"):
            block = ""
        elif line == ".Ed":
            yield block
            block = None
        elif line.startswith(".Dl ") or block is not None:
            line = plain(line.removeprefix(".Dl "))
            assert " ".join(line.split()) in printed, f"{path}: not printed: {line}"
            if block is None:
                yield line + "\n"
            else:
                block += line + "\n"


def commands(text):
    if not text.startswith("$ "):
        return text
    return re.sub(r"^[$>] ", "", text, flags=re.M)


def main(root, to):
    pages = sorted(root.glob("man/*.[157]"))
    assert len(pages) > 15
    for path, blocks in [(root / "README.md", readme), *((p, page) for p in pages)]:
        for n, text in enumerate(blocks(path), 1):
            (to / f"{path.name}.{n}.printed").write_text(text)
            (to / f"{path.name}.{n}").write_text(commands(text))


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
