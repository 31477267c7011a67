"""rw-gen beside a plain reportlab and openpyxl script.

Where its time goes, by perf, in percent: libc 46 (22
printf, 10 malloc, 3 strncpy), of which libxlsxwriter's use is nearly all: it
writes the 50 kB of XML in a workbook an attribute at a time, each with memory
of 4 kB taken, padded with zeros and given back; the library itself 11;
libdeflate 17, a third of it for the PDF; rw-gen's own code 9; the kernel 9;
libharu 5; OpenSSL 1. By what is made: the workbook two thirds (sheets 20,
charts 11, styles 6, packing 10, the rest small parts), the PDF a quarter.

The files lie on a file system in memory where there is one, so that what is
measured is the making and not the disk: rw-gen syncs every file, the script
none. The last table is on the disk; there ext4 itself costs more where many
files were removed in the last minutes, because it looks for inodes that were
not (recently_deleted in its ialloc.c).
"""

import os
import pathlib
import random
import shutil
import tempfile

from common import (PYTHON, ROOT, Bench, expect, main, measure, month,
                    scratch, write_lines)

PLAIN = ROOT / "bench" / "plain_gen.py"
MEMORY = pathlib.Path("/dev/shm")


def followers(path, count, name="Follower {}"):
    """Writes count reports due: a month of 21 trading days each."""
    rng = random.Random(6)
    return write_lines(path, count, lambda i: {
        "name": name.format(i), "iban": "DE89370400440532013000",
        "currency": "EUR", "commission_pct": 20, "daily_pnl": month(rng)})


def in_memory():
    if os.access(MEMORY, os.W_OK):
        return tempfile.TemporaryDirectory(prefix="rw-gen.", dir=MEMORY)
    return tempfile.TemporaryDirectory(prefix="rw-gen.")


def core(build, work, out):
    """The cost of one report on one core."""
    few, many = 200, 3000
    b = Bench("rw-gen, PDF and workbook with charts, one thread", many)
    due = followers(work / "many", many)
    some = followers(work / "few", few)
    (out / "python").mkdir()
    # In turn, since the machine is not the same from minute to minute.
    tries = [(measure("rw-gen -j 1", [build / "rw-gen", "-j", "1", "--out",
                                      out / "c"], many, stdin=due),
              measure("Python", [PYTHON, PLAIN, out / "python"], few,
                      stdin=some)) for _ in range(3)]
    ours, plain = (min(costs, key=lambda c: c.wall) for costs in zip(*tries))
    b.add(ours)
    b.run("rw-gen, Polish names", [build / "rw-gen", "-j", "1", "--out",
                                   out / "c"], 1000,
          stdin=followers(work / "polish", 1000, "Łukasz {}"))
    b.add(plain)
    b.show("Python")
    expect("CPU of the plain script over that of rw-gen",
           plain.cpu_each / ours.cpu_each, 8)
    expect("32 MB over peak memory", 32e6 / ours.peak, 1)


def cores(build, work, out):
    """How the rate grows with threads, and memory with lines."""
    count, many = 3000, int(os.environ.get("RW_BENCH_REPORTS", 20000))
    b = Bench("rw-gen, threads and lines", count)
    due = followers(work / "due", count)
    few = followers(work / "thousand", 1000)
    all_cores = os.cpu_count()
    for threads in sorted({1, all_cores}):
        b.run(f"-j {threads}", [build / "rw-gen", "-j", threads, "--out",
                                out / "j"], stdin=due, best_of=3)
    b.run("1,000 lines", [build / "rw-gen", "--out", out / "j"], 1000,
          stdin=few)
    b.run(f"{many:,} lines", [build / "rw-gen", "--out", out / "j"], many,
          stdin=followers(work / "all", many))
    b.show("-j 1")
    if all_cores > 1:
        expect(f"rate on {all_cores} cores over that on one, by core",
               b.cost(f"-j {all_cores}").rate / b.cost("-j 1").rate /
               all_cores, 0.7)
    grown = b.cost(f"{many:,} lines").peak - b.cost("1,000 lines").peak
    expect("MB left of the 4 that memory may grow by", 4 - grown / 1e6, 0)


def disk(build, work):
    count = 300
    b = Bench("rw-gen on a disk", count)
    due = followers(work / "disk", count)
    b.run("rw-gen, every file synced", [build / "rw-gen", "--out",
                                        work / "reports"], stdin=due)
    b.run("rw-gen --no-sync", [build / "rw-gen", "--no-sync", "--out",
                               work / "unsynced"], stdin=due)
    (work / "python").mkdir()
    b.run("Python, nothing synced", [PYTHON, PLAIN, work / "python"],
          stdin=due)
    b.show("Python, nothing synced")
    shutil.rmtree(work / "reports")
    shutil.rmtree(work / "unsynced")


def bench(build):
    work = scratch("gen")
    with in_memory() as directory:
        out = pathlib.Path(directory)
        core(build, work, out)
        cores(build, work, out)
    disk(build, work)


main(bench)
