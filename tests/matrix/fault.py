"""The fault matrix: fault.py LEDGER alone [NAME...]|pairs|all-pairs

Something around a run is broken: the store, the ledger's server, the mail
server, a disk, the clock, a stage that mixes lines up; one thing, or two. Then it is mended, and the next
run finishes the rest. Nothing is lost, nobody is mailed twice but who was in
doubt, and status and summary say what happened.
"""

import contextlib
import itertools
import os
import queue
import subprocess
import sys
import threading

from world import BUILD, ROOT, Mail, Server, Tally, World, expect, or_skip

JOBS = 2  # cases at a time
FOLLOWERS = 40
ROOM = 200 * 1024  # bytes left on a disk that will be full
# Slow enough for something to happen in the middle.
SLOW = {"at": "dot", "delay": 0.02}


class Case:
    """A world of its own, and what its faults have changed in it."""

    def __init__(self, mongo):
        self.mongo = mongo
        self.mail = Mail({"rules": [SLOW]})
        self.store = Server("http-script")
        self.world = World(self.mail, self.store, mongo, FOLLOWERS)
        self.arguments = []
        self.env = {}
        self.mend = contextlib.ExitStack()
        self.mounted = None
        self.watchers = []

    def end(self):
        self.mend.close()
        if self.mounted:
            subprocess.run(["umount", self.mounted], check=False)
        self.mail.remove()
        self.store.remove()

    def odd(self):
        return rf"{self.world.name}-\d*[13579]\b"

    def mail_script(self, *rules):
        self.mail.change({"rules": [*rules, SLOW]})
        self.mend.callback(self.mail.change, {"rules": [SLOW]})

    def store_script(self, *rules):
        self.store.restart(f'{{"rules": [{", ".join(rules)}]}}')
        self.mend.callback(self.store.restart, '{"rules": []}')

    def when_mailed(self, count, action):
        """Does it once so many mails have arrived, or the run is over."""
        def watch():
            while not self.over.wait(0.01):
                if len(self.mail.messages(self.world.mark)) >= count:
                    action()
                    return
        self.watchers.append(watch)

    def small_disk(self, path, size):
        path.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs",
                        path], check=True)
        return path

    def run(self):
        self.over = threading.Event()
        threads = [threading.Thread(target=watch) for watch in self.watchers]
        for thread in threads:
            thread.start()
        try:
            return self.world.run(*self.arguments, **self.env)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()


# ---- the faults: each breaks a case, and says how to mend it ---------------

def store_down(case):
    case.env["MINIO_ENDPOINT_URL"] = "http://127.0.0.1:9"


def store_slow(case):
    case.store_script('{"at": "head", "match": "^PUT", "delay": 0.2}')


def store_full(case):
    case.store_script('{"match": "^PUT", "status": 507, "body": '
                      '"<Error><Code>InsufficientCapacity</Code></Error>"}')


def store_half(case):
    case.store_script('{"match": "^PUT .*/%s", "status": 403, "body": '
                      '"<Error><Code>AccessDenied</Code></Error>"}'
                      % case.odd().replace("\\", "\\\\"))


def store_drip(case):
    case.store_script('{"drip": "headers"}')
    case.env["RW_S3_TIMEOUT"] = "2"


def database_start(case):
    case.mongo("kill")
    case.mend.callback(case.mongo.restart)


def database_middle(case):
    case.when_mailed(FOLLOWERS // 3, lambda: case.mongo("kill"))
    case.mend.callback(case.mongo.restart)


def database_end(case):
    case.when_mailed(FOLLOWERS, lambda: case.mongo("kill"))
    case.mend.callback(case.mongo.restart)


def mail_down(case):
    case.env["SMTP_PORT"] = "9"


def mail_4xx(case):
    case.mail_script({"at": "rcpt", "match": case.odd(),
                      "reply": "451 4.3.0 later"})


def mail_5xx(case):
    case.mail_script({"at": "rcpt", "match": case.odd(),
                      "reply": "550 5.1.1 no such user"})


def mail_drip(case):
    case.mail_script({"at": "rcpt", "match": case.odd(), "drip": "lines"})
    case.env["RW_SMTP_TIMEOUT"] = "1"


def mail_gone(case):
    case.when_mailed(FOLLOWERS // 3, lambda: case.mail("kill"))
    case.mend.callback(case.mail.restart, '{"rules": []}')


def disk_reports(case):
    small = case.small_disk(case.world.dir / "small", "200k")
    case.arguments += ["--out", small]
    case.mend.callback(subprocess.run, ["umount", small], check=True)


def disk_state(case):
    """The state directory has room for the beginning of a run."""
    world = case.world
    saved = world.dir / "saved"
    world.state.rename(saved)
    case.small_disk(world.state, "1m")
    subprocess.run(["cp", "-a", f"{saved}/.", world.state], check=True)
    used = sum(path.stat().st_blocks * 512 for path in world.state.rglob("*"))
    with contextlib.suppress(OSError):
        (world.state / "ballast").write_bytes(
            bytes(max(0, 1024 * 1024 - used - ROOM)))

    def mend():
        subprocess.run(["mount", "-o", "remount,size=100m", world.state],
                       check=True)
        (world.state / "ballast").unlink(missing_ok=True)
    case.mend.callback(mend)
    case.mounted = world.state


def clock_ahead(case):
    case.env.update(wrong_clock(3600))


def clock_behind(case):
    case.env.update(wrong_clock(-3600))


def wrong_clock(seconds):
    return {"LD_PRELOAD": str(BUILD / "clock.so"),
            "RW_TEST_CLOCK": str(seconds),
            "ASAN_OPTIONS": "verify_asan_link_order=0"}


def clock_jumps(case, seconds):
    """It is right when the run begins, and is set while it mails."""
    clock = case.world.dir / "clock"
    clock.write_text("0")
    case.env.update(wrong_clock(clock))
    case.when_mailed(FOLLOWERS // 3, lambda: clock.write_text(str(seconds)))


def clock_set_forward(case):
    clock_jumps(case, 86400)


def clock_set_back(case):
    clock_jumps(case, -86400)


def locks_removed(case):
    """By a cleaner of old files, while the run mails."""
    def clean():
        for lock in [*case.world.state.glob("runs/*.lock"),
                     *case.world.state.glob("lock*")]:
            lock.unlink(missing_ok=True)
    case.when_mailed(FOLLOWERS // 3, clean)


def mixes(case, stage, *kinds):
    """A stage gives followers the members of each other."""
    case.env["MIX_STAGE"] = stage
    case.env["MIX"] = str(ROOT / "tests" / "rotate.py")
    case.env["MIX_MEMBERS"] = " ".join(
        f"{file}_{kind}" for kind in kinds for file in ("pdf", "excel"))


def swap_files(case):
    mixes(case, "gen", "path", "sha256")


def swap_keys(case):
    mixes(case, "put", "key")


def swap_links(case):
    mixes(case, "presign", "url")


def swap_all(case):
    mixes(case, "claim", "path", "sha256", "key", "url")


DATABASE = [database_start, database_middle, database_end]
STORE = [store_down, store_slow, store_full, store_half, store_drip]
MAIL = [mail_down, mail_4xx, mail_5xx, mail_gone, mail_drip]
DISK = [disk_reports, disk_state] if os.geteuid() == 0 else []
CLOCK = [clock_ahead, clock_behind, clock_set_forward, clock_set_back]
LOCKS = [locks_removed]
SWAP = [swap_files, swap_keys, swap_links, swap_all]

# The statuses that a run may end with when this alone is broken.
STATUSES = {
    "store_drip": {0}, "mail_drip": {69},
    "store_down": {0}, "store_slow": {0}, "store_full": {0}, "store_half": {0},
    "database_start": {69}, "database_middle": {69}, "database_end": {0, 69},
    "mail_down": {69}, "mail_4xx": {1}, "mail_5xx": {1}, "mail_gone": {69},
    "disk_reports": {74}, "disk_state": {74},
    "clock_ahead": {0}, "clock_behind": {0},
    "clock_set_forward": {0}, "clock_set_back": {0},
    "locks_removed": {0},
    "swap_files": {1}, "swap_keys": {1}, "swap_links": {1}, "swap_all": {1},
}
# Two that meet: eight of all pairs, the worst of each kind.
CHOSEN = [
    ("store_down", "mail_gone"), ("store_half", "mail_4xx"),
    ("store_full", "database_middle"), ("database_middle", "mail_gone"),
    ("database_end", "clock_ahead"), ("mail_5xx", "disk_reports"),
    ("store_drip", "mail_drip"),
    ("store_slow", "clock_behind"), ("mail_gone", "disk_state"),
]


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
        self.faults = {fault.__name__: fault for fault in [
            *STORE, *(DATABASE if ledger == "mongo" else []), *MAIL, *DISK,
            *CLOCK, *LOCKS, *SWAP]}

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
        self.judge(world, first, names)
        doubtful = world.in_doubt()
        case.mend.close()
        second = world.run()
        expect(second.status == 0, f"the next run: {second}\nafter {first}")
        doubtful |= world.in_doubt()
        world.check_once(doubtful)
        third = world.run()
        expect(third.status == 0 and
               third.summary["already_sent"] == len(world.ids), str(third))
        world.check_once(doubtful)
        self.tally.add("in doubt", len(doubtful))

    def judge(self, world, first, names):
        """Status and summary of the run with the faults."""
        mailed = world.count_mailed()
        statuses = set().union(*(STATUSES[name] for name in names))
        if len(names) == 1 or all(name in STATUSES and STATUSES[name] == {0}
                                  for name in names):
            expect(first.status in statuses, str(first))
        if len(names) == 1 and names[0].startswith("swap"):
            expect(mailed == 0, f"{mailed} were mailed: {first}")
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
                name.startswith(("database", "disk_state", "clock"))
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
        cases = [pair for pair in CHOSEN if set(pair) <= set(names)]
    else:
        cases = [(a, b) for a, b in itertools.combinations(names, 2)
                 if not same_thing(matrix.faults[a], matrix.faults[b])]
    matrix.tally.cases([(" and ".join(case), matrix.case, *case)
                        for case in cases], JOBS)
    matrix.tally.end()


main()
