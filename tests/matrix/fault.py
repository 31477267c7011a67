"""The fault matrix: fault.py LEDGER alone [NAME...]
                                 pairs [NAME NAME]...
                                 random [COUNT [SEED]]

One or two of what faults.py has are broken, and rw-report runs. Then all is
mended, and the next run finishes the rest. Nothing is lost, nobody gets what
is another's, nobody is mailed twice but who was counted in doubt, and status
and summary say what happened.
"""

import itertools
import queue
import random
import sys

import faults
from case import FOLLOWERS, Case
from faults import CHOSEN, STATUSES
from world import Server, Tally, expect, or_skip

JOBS = 2  # cases at a time


def same_thing(a, b):
    """Two faults of one thing exclude each other."""
    return a.__name__.split("_")[0] == b.__name__.split("_")[0]


class Matrix:
    def __init__(self, ledger):
        # Faults kill it: each of the cases at work has one of its own.
        self.mongos = queue.SimpleQueue()
        for _ in range(JOBS):
            self.mongos.put(Server("mongo") if ledger == "mongo" else None)
        self.tally = Tally(f"fault matrix, {ledger}")
        self.faults = {fault.__name__: fault
                       for fault in faults.of_ledger(ledger)}

    def case(self, *names):
        mongo = self.mongos.get()
        case = Case(mongo)
        try:
            self.play(case, names)
        finally:
            case.end()
            self.mongos.put(mongo)

    def play(self, case, names):
        world = case.world
        for name in names:
            self.faults[name](case)
        first = case.run()
        world.settle()
        self.judge(case, first, names)
        doubtful = case.doubtful | world.in_doubt()
        case.mend.close()
        second = world.run(*case.next_run)
        expect(second.status == 0, f"the next run: {second}\nafter {first}")
        doubtful |= world.in_doubt()
        if case.world.journals_gone:
            doubtful |= world.mailed_twice(second)
        world.check_once(doubtful)
        third = world.run()
        expect(third.status == 0 and
               third.summary["already_sent"] == len(world.ids), str(third))
        world.check_once(doubtful)
        world.check_contents()
        self.tally.add("in doubt", len(doubtful))

    def judge(self, case, first, names):
        """Status and summary of the run with the faults."""
        world = case.world
        mailed = world.count_mailed()
        statuses = set().union(*(STATUSES[name] for name in names))
        if len(names) == 1 or statuses == {0}:
            expect(first.status in statuses, str(first))
        if names in {(name,) for name in faults.NOBODY}:
            expect(mailed == 0, f"{mailed} were mailed: {first}")
        if names in {(name,) for name in faults.EVERYBODY}:
            expect(mailed == len(world.ids), f"{mailed} were mailed: {first}")
        if first.status == 0:
            expect(mailed == len(world.ids),
                   f"status 0, and only {mailed} were mailed: {first}")
        else:
            expect(first.summary["error"] and first.stderr.startswith(
                "rw-report: "), str(first))
            self.tally.add("failed runs", 1)
        trouble = [name for name in names if name.startswith("store_")
                   and name != "store_slow"]
        if trouble and first.status == 0:
            expect(first.summary["store_error"], str(first))
            expect(first.stderr.count("\n") == 1, f"one warning: {first}")
            count = first.summary["uploads_failed"]
            expect(count == (FOLLOWERS // 2 if "store_half" in names
                             else FOLLOWERS), str(first))
        if "sent" in first.summary and not any(
                name.startswith(("database", "disk_state", "clock", "index",
                                 "journal", "lines"))
                for name in names):
            expect(first.summary["sent"] + first.summary["in_doubt"]
                   >= mailed >= first.summary["sent"],
                   f"{mailed} were mailed: {first}")


def main():
    ledger, part, *chosen = sys.argv[1:]
    matrix = or_skip(Matrix, ledger)
    names = list(matrix.faults)
    if part == "alone":
        cases = [(name,) for name in chosen or names]
    elif part == "pairs":
        cases = list(zip(chosen[::2], chosen[1::2])) or [
            pair for pair in CHOSEN[ledger] if set(pair) <= set(names)]
    else:
        count, seed = (int(word) for word in [*chosen, "20", "1"][:2])
        pairs = [(a, b) for a, b in itertools.combinations(names, 2)
                 if not same_thing(matrix.faults[a], matrix.faults[b])]
        cases = random.Random(seed).sample(pairs, min(count, len(pairs)))
    matrix.tally.cases([(" and ".join(case), matrix.case, *case)
                        for case in cases], JOBS)
    matrix.tally.end()


main()
