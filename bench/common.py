"""What the benchmarks share: run a command, read what it cost, show a table.

A benchmark is a program of its own, bench_PART.py BUILD. It measures a tool
and, in the same run on the same machine, a plain Python script that does the
same job, and prints both with the ratio:

    from common import Bench, main

    def bench(build):
        b = Bench("rw-gen", records=2000)
        b.run("rw-gen -j 1", [build / "rw-gen", "-j", "1"], stdin=lines)
        b.run("Python", [PYTHON, script], stdin=lines, records=200)
        b.show(baseline="Python")

    main(bench)
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PYTHON = "/usr/bin/python3"  # the one that apt's libraries belong to
GNU_TIME = "/usr/bin/time"
ROOT = pathlib.Path(__file__).resolve().parent.parent


class Cost:
    """What one run of one command cost."""

    def __init__(self, name, records, wall, cpu, peak):
        self.name = name
        self.records = records
        self.wall = wall  # seconds
        self.cpu = cpu  # seconds, user and system, with all its children
        self.peak = peak  # bytes, of the largest process

    @property
    def rate(self):
        return self.records / self.wall

    @property
    def cpu_each(self):
        return self.cpu / self.records


def measure(name, command, records, stdin=None, stdout=None, env=None,
            cwd=None, statuses=(0,)):
    """Runs command to its end and returns its Cost.

    stdin and stdout are paths (None: /dev/null). GNU time stands between us
    and the command for the sake of its memory: the peak that the kernel
    reports for a child counts from the fork, with all of this Python in it.
    The CPU is wait4's, which is exact where time's has two digits.
    """
    with tempfile.NamedTemporaryFile("r") as peak, \
            open(stdin or os.devnull, "rb") as source, \
            open(stdout or os.devnull, "wb") as sink, \
            tempfile.TemporaryFile() as words:
        began = time.monotonic()
        process = subprocess.Popen(
            [GNU_TIME, "-q", "-f", "%M", "-o", peak.name, "--",
             *map(str, command)],
            stdin=source, stdout=sink, stderr=words, cwd=cwd,
            env=None if env is None else {**os.environ, **env})
        _, raw, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = status = os.waitstatus_to_exitcode(raw)
        if status not in statuses:
            words.seek(0)
            sys.stderr.write(words.read().decode(errors="replace")[-4000:])
            raise SystemExit(f"{name}: {command[0]} ended with {status}")
        return Cost(name, records, wall, usage.ru_utime + usage.ru_stime,
                    int(peak.read()) * 1024)


class Bench:
    """One table: several ways to do the same job."""

    def __init__(self, title, records):
        self.title = title
        self.records = records
        self.costs = []

    def run(self, name, command, records=None, best_of=1, before=None, **how):
        """Measures, keeps the fastest of best_of runs, and returns it.
        before() makes things ready for each run, unmeasured."""
        costs = []
        for _ in range(best_of):
            if before:
                before()
            costs.append(measure(name, command, records or self.records,
                                 **how))
        return self.add(min(costs, key=lambda c: c.wall))

    def add(self, cost):
        self.costs.append(cost)
        return cost

    def cost(self, name):
        return next(c for c in self.costs if c.name == name)

    def show(self, baseline):
        """Prints the table; the two ratios are to the cost named baseline."""
        base = self.cost(baseline)
        width = max(len(c.name) for c in self.costs)
        print(f"\n{self.title}")
        print(f"  {'':{width}}  {'records':>9}  {'records/s':>10}  "
              f"{'CPU us each':>11}  {'peak MB':>8}  {'bytes each':>10}  "
              f"{'rate':>8}  {'CPU':>8}")
        for c in self.costs:
            print(f"  {c.name:{width}}  {c.records:>9,}  {c.rate:>10,.1f}  "
                  f"{c.cpu_each * 1e6:>11,.1f}  {c.peak / 1e6:>8.1f}  "
                  f"{c.peak / c.records:>10,.0f}  "
                  f"{c.rate / base.rate:>7.1f}x  "
                  f"{'1/' + format(base.cpu_each / c.cpu_each, '.1f'):>8}")
        sys.stdout.flush()


def expect(what, got, least):
    """A figure that the project promises: says so, and remembers a miss."""
    good = got >= least
    print(f"  {'ok' if good else 'MISSED'}: {what}: {got:.1f}, "
          f"promised at least {least:g}")
    sys.stdout.flush()
    if not good:
        expect.missed += 1


expect.missed = 0


def scratch(name):
    """A directory that is gone when the program ends."""
    scratch.kept.append(tempfile.TemporaryDirectory(prefix=f"rw-{name}."))
    return pathlib.Path(scratch.kept[-1].name)


scratch.kept = []


# The trading days of the month.
DAYS = [f"2025-06-{d:02}" for d in range(1, 31) if d % 7 not in (0, 1)]


def write_lines(path, count, members, first=0, separators=None):
    """Writes count records, of members(i) and what every record has."""
    with open(path, "w", encoding="utf-8") as lines:
        for i in range(first, first + count):
            lines.write(json.dumps({
                "follower_id": f"bench-{i}", "report_period": "2025-06",
                **members(i)}, separators=separators) + "\n")
    return path


def month(rng):
    """The member daily_pnl of somebody."""
    return {day: f"{rng.uniform(-200, 260):.2f}" for day in DAYS}


class Server:
    """A real server from tests/servers, for a with statement.

    .env holds the settings that reach it; .missing says why there is none
    (then .env is empty).
    """

    def __init__(self, kind, *options):
        self.script = ROOT / "tests" / "servers" / kind
        self.options = options
        self.dir = scratch(kind)
        self.env = {}
        self.missing = None

    def __enter__(self):
        done = subprocess.run(
            [self.script, "start", self.dir, *self.options], text=True,
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        if done.returncode == 77:
            self.missing = done.stderr.strip()
            return self
        if done.returncode != 0:
            raise SystemExit(f"{self.script}: {done.stderr}")
        sourced = subprocess.run(
            ["env", "-i", "sh", "-c", '. "$1"; exec env -0', "sh",
             self.dir / "env"], stdout=subprocess.PIPE, check=True)
        for pair in sourced.stdout.decode().split("\0"):
            name, equals, value = pair.partition("=")
            if equals and name not in ("PWD", "OLDPWD", "SHLVL", "_"):
                self.env[name] = value
        return self

    def __exit__(self, *_):
        subprocess.run([self.script, "stop", self.dir], check=False)


def main(bench):
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {PYTHON} {sys.argv[0]} BUILD")
    bench(pathlib.Path(sys.argv[1]).resolve())
    raise SystemExit(1 if expect.missed else 0)
