"""What can be broken around a run of rw-report, for fault.py.

Each fault is a function that breaks a Case, and says how to mend it.
"""

import contextlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys

from case import FOLLOWERS
from world import BUILD, ROOT, expect

ROOM = 200 * 1024  # bytes left on a disk that will be full


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


def store_drips(name, rule):
    def drip(case):
        case.store_script(rule)
        case.env["RW_S3_TIMEOUT"] = "2"
    drip.__name__ = name
    return drip


STORE_DRIPS = [
    store_drips("store_drip", '{"drip": "headers"}'),
    store_drips("store_drip_interim", '{"drip": "interim", "match": "^PUT"}'),
    store_drips("store_drip_read", '{"at": "head", "drip": "read"}'),
]


def database_start(case):
    case.mongo("kill")
    case.mend.callback(case.mongo.restart)


def database_middle(case):
    case.when_mailed(FOLLOWERS // 3, lambda: case.mongo("kill"))
    case.mend.callback(case.mongo.restart)


def database_end(case):
    case.when_mailed(FOLLOWERS, lambda: case.mongo("kill"))
    case.mend.callback(case.mongo.restart)


def database_drip(case):
    """Its answers come a byte at a time."""
    uri = case.mongo.env["MONGO_URI"]
    server = re.search(r":(\d+)", uri).group(1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    proxy = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "servers" / "drip_proxy.py", port,
         server, "0.3"], stdout=subprocess.PIPE, text=True)
    case.mend.callback(proxy.wait)
    case.mend.callback(proxy.kill)
    while "listening" not in (line := proxy.stdout.readline()):
        expect(line, "drip_proxy.py did not start")
    case.env["MONGO_URI"] = (
        uri.replace(f":{server}", f":{port}") + ("&" if "?" in uri else "?") +
        "directConnection=true&connectTimeoutMS=1000&socketTimeoutMS=2000"
        "&serverSelectionTimeoutMS=2000")


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
    """By a cleaner of old files, while the run mails. What the run leaves
    unfinished, the next one gets when the lease has ended, or by the operator's
    word that it is dead."""
    case.next_run += ["--wait-claims", "1s", "--take-over"]

    def clean():
        for lock in [*case.world.state.glob("runs/*.lock"),
                     *case.world.state.glob("lock*")]:
            lock.unlink(missing_ok=True)
    case.when_mailed(FOLLOWERS // 3, clean)


def journals_removed(case):
    """By the same cleaner: those of the run that is at work."""
    case.world.journals_gone = True

    def clean():
        for path in case.world.state.glob("journal/*"):
            path.unlink(missing_ok=True)
    case.when_mailed(FOLLOWERS // 3, clean)


def journal_damaged(case):
    """The journal of a run that was killed; mended as rw-journal(5) says."""
    world = case.world
    world.run(FAULT_STAGE="mail", RW_FAULT="rw-mail:accepted:20")
    world.settle()
    case.doubtful |= world.in_doubt()
    case.world.journals_gone = True
    path = next(world.state.glob("journal/*.jsonl"))
    lines = path.read_bytes().splitlines(keepends=True)
    lines[7] = lines[7].replace(b"2025-06", b"2025-16", 1)
    path.write_bytes(b"".join(lines))

    def mend():
        begun = [entry for entry in map(read_entry, lines)
                 if entry.get("journal") == "begin"]
        world.tool("rw-record", "--result", stdin=None, check=False,
                   input="".join(json.dumps({**entry, "state": "in_doubt",
                                             "email_sent": False}) + "\n"
                                 for entry in begun))
        path.unlink()
    case.mend.callback(mend)


def read_entry(line):
    try:
        return json.loads(line)
    except ValueError:
        return {}


def index_damaged(case):
    """Half have been sent, and the page that knows it is overwritten."""
    world = case.world
    world.run(*(word for follower in world.ids[::2]
                for word in ("--follower", follower)))
    world.settle()
    path = world.state / "ledger.db"
    with contextlib.closing(sqlite3.connect(path)) as ledger:
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size, = ledger.execute("PRAGMA page_size").fetchone()
        pages = [page for page, in ledger.execute(
            "SELECT rootpage FROM sqlite_schema WHERE type = 'index'")]
    with open(path, "r+b") as pages_of_file:
        for page in pages:
            pages_of_file.seek((page - 1) * size)
            pages_of_file.write(b"\x0a\0\0\0\0\x10\0\0")

    def mend():
        with contextlib.closing(sqlite3.connect(path)) as ledger:
            ledger.execute("REINDEX")
    case.mend.callback(mend)


# ---- stages that lie: their status is 0 ------------------------------------

STAGES = "list lookup gen put presign claim mail result".split()
LINES = {
    "dropped": "sed 7d",
    "repeated": "sed '7h;8g'",  # in the place of another
    "more": "sed 7p",
    "reordered": "sed -n '7{h;d;};8G;p'",
}


def lines_changed(stage, kind):
    def change(case):
        case.env.update({"MIX_STAGE": stage, "MIX": LINES[kind]})
    change.__name__ = f"lines_{kind}_{stage}"
    return change


def mixes(case, stage, *members):
    """A stage gives followers the members of each other."""
    rotate = ROOT / "tests" / "rotate.py"
    case.env.update({"MIX_STAGE": stage, "MIX": " ".join(
        ["/usr/bin/python3", str(rotate), *members])})


def both(*kinds):
    return [f"{file}_{kind}" for kind in kinds for file in ("pdf", "excel")]


def swap_files(case):
    mixes(case, "gen", *both("path", "sha256"))


def swap_keys(case):
    mixes(case, "put", *both("key"))


def swap_links(case):
    mixes(case, "presign", *both("url"))


def swap_all(case):
    mixes(case, "claim", *both("path", "sha256", "key", "url"))


DATABASE = [database_start, database_middle, database_end, database_drip]
DISK = [disk_reports, disk_state] if os.geteuid() == 0 else []
STAGE_LINES = [lines_changed(stage, kind) for stage in STAGES
               for kind in LINES]


def of_ledger(ledger):
    """All faults, in the order in which two of them are begun."""
    return [
        *([index_damaged] if ledger == "sqlite" else DATABASE),
        journal_damaged, journals_removed, locks_removed,
        store_down, store_slow, store_full, store_half, *STORE_DRIPS,
        mail_down, mail_4xx, mail_5xx, mail_gone, mail_drip, *DISK,
        clock_ahead, clock_behind, clock_set_forward, clock_set_back,
        swap_files, swap_keys, swap_links, swap_all, *STAGE_LINES]


# The statuses that a run may end with when this alone is broken.
STATUSES = {
    "store_drip": {0}, "store_drip_interim": {0}, "store_drip_read": {0},
    "mail_drip": {69}, "database_drip": {69},
    "store_down": {0}, "store_slow": {0}, "store_full": {0}, "store_half": {0},
    "database_start": {69}, "database_middle": {69}, "database_end": {0, 69},
    "mail_down": {69}, "mail_4xx": {1}, "mail_5xx": {1}, "mail_gone": {69},
    "disk_reports": {74}, "disk_state": {74},
    "clock_ahead": {0}, "clock_behind": {0},
    "clock_set_forward": {0}, "clock_set_back": {0},
    "locks_removed": {0}, "journals_removed": {0, 74},
    "journal_damaged": {74}, "index_damaged": {74},
    "swap_files": {1}, "swap_keys": {1}, "swap_links": {1}, "swap_all": {70},
    **{fault.__name__: {70} for fault in STAGE_LINES},
}
# Alone: nobody is mailed by such a run; everybody is, whatever the status.
NOBODY = {"swap_files", "swap_keys", "swap_links", "swap_all",
          *(f"lines_{kind}_{stage}" for kind in LINES
            for stage in ("list", "lookup", "gen", "claim"))}
EVERYBODY = {f"lines_{kind}_{stage}" for kind in LINES
             for stage in ("put", "presign", "mail", "result")}
# Two that meet: some of all pairs, the worst of each kind.
CHOSEN = {
    "mongo": [
        ("store_down", "mail_gone"), ("store_half", "mail_4xx"),
        ("store_full", "database_middle"), ("database_middle", "mail_gone"),
        ("database_end", "clock_ahead"), ("mail_5xx", "disk_reports"),
        ("store_drip", "mail_drip"),
        ("store_slow", "clock_behind"), ("mail_gone", "disk_state"),
        ("locks_removed", "lines_dropped_claim"),
    ],
    "sqlite": [
        ("index_damaged", "clock_ahead"), ("journal_damaged", "mail_4xx"),
        ("journals_removed", "lines_dropped_claim"),
        ("locks_removed", "clock_set_forward"),
        ("store_half", "lines_reordered_put"),
        ("clock_set_back", "lines_repeated_mail"),
    ],
}
