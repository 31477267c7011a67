"""The kill matrix: kill.py LEDGER points [STAGE...]
                              script [STAGE...]
                              random [COUNT [SEED]]

Somebody is killed with -9 in a run over 50 followers; another run follows at
once. Then every follower has been mailed, and nobody twice but who was in
doubt: begun in the journal of rw-mail and never ended. Nobody kills the store
and the MongoDB: they are the caller's, in MINIO_* and MONGO_*.
"""

import contextlib
import json
import os
import random
import re
import signal
import sys
import time

from world import BUILD, ROOT, Given, Mail, Tally, World, expect, or_skip

# A stage of rw-report and the tool that it runs.
STAGES = {"lookup": "rw-record", "gen": "rw-gen", "put": "rw-put",
          "presign": "rw-presign", "verify": "rw-verify",
          "claim": "rw-record", "mail": "rw-mail",
          "result": "rw-record", "relay": "rw-relay"}
SOAK = "RW_TEST_SOAK" in os.environ
STORE = ("put", "presign", "verify")
# A part is of a file of 64 MiB, and put.bats kills there.
NOT_OF_PUT = ("part-uploaded",)
# Passed by --again and --revise, with an older ledger, and by --replay, alone;
# ledger-journal.bats, sqlite-schema.bats and ledger-replay.bats kill there.
NOT_OF_A_FIRST_RUN = ("history-kept", "schema-changed", "replay-committed")
REPLAYING = ("journal-replayed", "journal-run-freed", "journal-removed")
SPARED = ("claim-committed", "result-committed", *REPLAYING)
REPLAYING_POINTS = tuple(f":{name}" for name in REPLAYING)
# rw-run becomes the script, which is killed by itself.
OF_RW_RUN = ("run-recorded",)
# In every tool that reads the journal.
OF_RW_MAIL = ("journal-made", "journal-named")
# A word of other tools, and a name in what debuggers read of them.
WORD_OF_OTHERS = ("accepted",)


def points(ledger, stages):
    """Every fault point in the sources, with the stages that can pass it."""
    names = set()
    for path in [*ROOT.glob("lib/**/*.c"), *ROOT.glob("tools/*.c")]:
        for argument in re.findall(r"rw_fault\(([^;]*)\);", path.read_text()):
            names |= set(re.findall('"([a-z-]+)"', argument))
    for stage in stages or STAGES:
        tool = STAGES[stage]
        binary = (BUILD / tool).read_bytes()
        for name in sorted(names):
            use = name.split("-")[0]
            if (tool == "rw-put" and name in NOT_OF_PUT or
                    name in NOT_OF_A_FIRST_RUN or name in OF_RW_RUN or
                    tool != "rw-mail" and
                    name in (*OF_RW_MAIL, *WORD_OF_OTHERS) or
                    ledger == "mongo" and name == "ledger-committed"):
                continue
            if b"\0%s\0" % name.encode() not in binary or (
                    tool == "rw-record" and name in SPARED and use != stage
                    and not (use == "journal" and stage == "claim")):
                continue
            once = name in (*REPLAYING, *OF_RW_MAIL)
            for nth in [1] if once else [1, 25, 50] if SOAK else [1, 25]:
                yield stage, f"{tool}:{name}", nth


class Matrix:
    def __init__(self, ledger):
        self.mail = Mail()
        self.store = Given("MINIO_")
        self.mongo = Given("MONGO_") if ledger == "mongo" else None
        self.tally = Tally(f"kill matrix, {ledger}")

    def world(self):
        return World(self.mail, self.store, self.mongo)

    def finish(self, world, doubtful, *arguments):
        """The next run, at once, finishes the rest; one more mails nobody."""
        second = world.run(*arguments)
        expect(second.status == 0, f"the next run: {second}")
        world.settle()
        doubtful = doubtful | world.in_doubt()
        if world.journals_gone:
            doubtful |= world.mailed_twice(second)
        third = world.run()
        expect(third.status == 0, f"the run after: {third}")
        expect(third.summary["already_sent"] == len(world.ids),
               f"the run after did not find all sent: {third}")
        world.check_once(doubtful)
        world.check_contents()
        self.tally.add("in doubt", len(doubtful))
        self.tally.add("mailed twice", sum(
            len(ids) - 1 for ids in world.deliveries().values()))
        return second

    def point(self, stage, point, nth):
        """A tool is killed at a fault point."""
        world = self.world()
        if point.endswith(REPLAYING_POINTS):
            # Passed only where somebody has left a journal.
            world.run(FAULT_STAGE="mail", RW_FAULT="rw-mail:accepted:25")
        doubtful = world.in_doubt()
        first = world.run(FAULT_STAGE=stage, RW_FAULT=f"{point}:{nth}")
        if "killed by signal 9" not in first.stderr:
            # Passed fewer than nth times. Once is promised.
            expect(nth > 1, f"{stage} never passed {point}: {first}")
            expect(first.status == 0, str(first))
        elif stage in STORE:
            expect(first.status == 0, str(first))
            expect(world.count_mailed() == len(world.ids),
                   "somebody had no mail in the same run")
            self.tally.add("tools killed", 1)
        else:
            expect(first.status == 74, str(first))
            self.tally.add("tools killed", 1)
        replayed = bool(doubtful)
        doubtful |= world.in_doubt()
        second = self.finish(world, doubtful)
        if doubtful and not replayed:
            expect(re.search(rf"\b{len(doubtful)}\b.* in doubt",
                             second.stderr),
                   f"{len(doubtful)} in doubt were not counted: {second}")

    def hold(self):
        """What is in doubt is held, counted and named, until it is settled."""
        world = self.world()
        world.run(FAULT_STAGE="mail", RW_FAULT="rw-mail:accepted:25")
        doubtful = world.in_doubt()
        expect(doubtful, "nobody is in doubt")
        second = world.run("--in-doubt", "hold")
        expect(second.status == 0, str(second))
        expect(second.summary["held"] == len(doubtful), str(second))
        expect(f"{len(doubtful)} of " in second.stderr, str(second))
        world.check_at_most_once()
        listed = world.tool("rw-status", "--in-doubt", "--json").stdout
        named = {json.loads(line)["follower_id"]
                 for line in listed.splitlines()}
        expect(named == doubtful, f"{named} are not {doubtful}")
        world.tool("rw-record", "--resolve", "retry", input=listed,
                   stdin=None)
        self.finish(world, doubtful)

    def halt(self, where):
        """The script is killed before or after a stage."""
        world = self.world()
        first = world.run(HALT=where)
        expect(first.status == -signal.SIGKILL, f"not killed: {first}")
        self.tally.add("scripts killed", 1)
        self.finish(world, world.in_doubt())

    def random(self, seed):
        """Somebody who is there at some moment is killed, or everybody."""
        rng = random.Random(seed)
        killed = 0
        while not killed:
            world = self.world()
            process = world.start()
            time.sleep(rng.uniform(0, self.typical))
            victims = sorted(world.processes())
            if victims and rng.random() < 0.8:
                victims = [rng.choice(victims)]
            for victim in victims:
                with contextlib.suppress(OSError):
                    os.kill(victim, signal.SIGKILL)
                    killed += 1
            first = world.end(process)
            if first.status == 0:
                expect(world.count_mailed() == len(world.ids),
                       f"status 0 and not everybody has mail: {first}")
            self.finish(world, world.in_doubt(), *self.clean(world, rng))
        self.tally.add("killed", killed)

    def clean(self, world, rng):
        """At times a cleaner has the journals, of which the next run finds the
        traces, or the locks: then the operator says who is dead, when he has
        seen to it."""
        choice = rng.random()
        if choice < 0.6:
            return []
        world.settle()
        if choice < 0.75:
            for path in world.state.glob("journal/*"):
                path.unlink()
            world.journals_gone = True
            self.tally.add("journals removed", 1)
            return []
        for lock in world.state.glob("runs/*.lock"):
            lock.unlink()
        self.tally.add("locks removed", 1)
        return ["--take-over"]

    def measure(self):
        """How long an undisturbed run takes, when the servers are warm."""
        for _ in range(2):
            world = self.world()
            began = time.monotonic()
            outcome = world.run()
            self.typical = time.monotonic() - began
            # DEVIATIONS.md: radosgw's x-amz-expiration is wrong at times.
            words = [line for line in outcome.stderr.splitlines()
                     if "deletes the report before its link" not in line]
            expect(outcome.status == 0 and not words, str(outcome))
            world.check_once()


def main():
    ledger, part, *rest = sys.argv[1:]
    matrix = or_skip(Matrix, ledger)
    tally = matrix.tally
    tally.case("undisturbed", matrix.measure)
    if tally.failed:
        tally.end()
    if part == "points":
        tally.cases([(f"{stage} {point}:{nth}", matrix.point, stage, point,
                      nth) for stage, point, nth in points(ledger, rest)])
        if "mail" in (rest or STAGES):
            tally.case("hold", matrix.hold)
    elif part == "script":
        tally.cases([(f"{when} {stage}", matrix.halt, f"{when}:{stage}")
                     for when in ("before", "after")
                     for stage in rest or [*STAGES, "check", "status"]])
    else:
        count, seed = (int(word) for word in [*rest, "20", "1"][:2])
        tally.cases([(f"seed {number}", matrix.random, number)
                     for number in range(seed, seed + count)])
    tally.end()


main()
