#!/usr/bin/python3
"""Runs the benchmarks: run.py BUILD [PART...]. Status 1 when one failed or
missed what it promises."""

import os
import pathlib
import platform
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent


def main():
    if len(sys.argv) < 2:
        raise SystemExit("usage: bench/run.py BUILD [PART...]")
    os.environ["RW_ENV_FILE"] = "/dev/null"  # no settings of this host
    build, parts = sys.argv[1], sys.argv[2:]
    parts = parts or sorted(p.stem.removeprefix("bench_")
                            for p in here.glob("bench_*.py"))
    print(f"{os.cpu_count()} cores, {platform.machine()}, "
          f"{platform.freedesktop_os_release()['PRETTY_NAME']}", flush=True)
    failed = [part for part in parts if subprocess.run(
        [sys.executable, "-B", here / f"bench_{part}.py", build]).returncode]
    if failed:
        raise SystemExit(f"failed or missed: {', '.join(failed)}")


main()
