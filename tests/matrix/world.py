"""A world for rw-report to run in: servers, followers, and what arrived.

The matrices beside this file break something in it, let rw-report run, mend
it, let rw-report run again, and ask who got what.
"""

import atexit
import concurrent.futures
import contextlib
import email
import email.policy
import hashlib
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

# Who is ended in the middle must still end the servers: atexit.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
TOOLS = ("rw-list rw-record rw-gen rw-put rw-presign rw-verify rw-mail"
         " rw-status rw-splice rw-outcome rw-relay").split()
PERIOD = "2025-06"

# In front of every tool: stage is what rw-report calls it for. A fault is
# meant for one stage, and HALT is where the script itself is to be killed. MIX
# is a command that changes the lines which a stage writes.
WRAPPER = """#!/bin/sh
stage=${0##*/rw-}
case $stage$1 in
record--*) stage=${1#--} ;;
presign--check) stage=check ;;
esac
# rw-relay starts three of the others.
[ "${FAULT_STAGE-}" = "$stage" ] || [ "$stage" = relay ] || unset RW_FAULT
[ "${HALT-}" != "before:$stage" ] || kill -9 "${RW_RUN_ID##*-}"
if [ "${MIX_STAGE-}" = "$stage" ]; then
	"$REAL/${0##*/}" "$@" >"$RW_RUN_DIR/mix"
	rc=$?
	sh -c "$MIX" <"$RW_RUN_DIR/mix"
else
	"$REAL/${0##*/}" "$@"
	rc=$?
fi
[ "${HALT-}" != "after:$stage" ] || kill -9 "${RW_RUN_ID##*-}"
[ $rc -lt 128 ] || kill -9 $$
exit $rc
"""


class Missing(Exception):
    """A server that cannot be had on this machine."""


def or_skip(make, *arguments):
    """What it makes; ends as skipped when a server is missing for it."""
    try:
        return make(*arguments)
    except Missing as missing:
        print(f"skipped: {missing}")
        sys.exit(77)


class Server:
    """One of tests/servers; it ends with this process at the latest."""

    def __init__(self, kind, *options, **settings):
        self.script = ROOT / "tests" / "servers" / kind
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"rw-{kind}."))
        self.settings = settings
        atexit.register(self.remove)
        self.start(*options)

    def start(self, *options):
        done = self("start", *options, check=False)
        if done.returncode == 77:
            raise Missing(done.stderr.strip())
        if done.returncode:
            raise RuntimeError(f"{self.script.name}: {done.stderr}")
        env = subprocess.run(
            ["env", "-i", "sh", "-c", '. "$1"; exec env -0', "sh",
             self.dir / "env"], stdout=subprocess.PIPE, check=True).stdout
        pairs = (pair.partition("=") for pair in env.decode().split("\0"))
        self.env = {name: value for name, equals, value in pairs
                    if equals and name not in ("PWD", "OLDPWD", "SHLVL", "_")}

    def restart(self, *options):
        """Whether or not it is still there."""
        self("stop")
        self.start(*options)

    def __call__(self, command, *arguments, check=True):
        return subprocess.run(
            [self.script, command, self.dir, *arguments], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, check=check,
            env={**os.environ, **self.settings})

    def remove(self):
        self("stop", check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


class Given:
    """A server of the caller, who has exported where it is."""

    def __init__(self, prefix):
        self.env = {name: value for name, value in os.environ.items()
                    if name.startswith(prefix)}


class Mail(Server):
    """The scripted SMTP server, and what it has accepted."""

    def __init__(self, script=None):
        super().__init__("smtp-script", *([json.dumps(script)] if script
                                          else []))

    def change(self, script):
        """From now on it follows another script, at the same port."""
        self.restart(json.dumps(script))

    def mark(self):
        """The log as it is now: messages(mark) are those that follow."""
        with contextlib.suppress(FileNotFoundError):
            return (self.dir / "log.jsonl").stat().st_size
        return 0

    def messages(self, mark=0):
        with contextlib.suppress(FileNotFoundError), \
                open(self.dir / "log.jsonl", "rb") as lines:
            lines.seek(mark)
            return [json.loads(line) for line in lines
                    if b'"message"' in line and line.endswith(b"\n")]
        return []


class Outcome:
    """What one run of rw-report gave."""

    def __init__(self, status, stdout, stderr):
        self.status = status
        self.stderr = stderr
        self.summary = json.loads(stdout) if stdout.strip() else {}

    def __str__(self):
        return f"status {self.status}, {self.summary}\n{self.stderr}"


class World:
    numbers = itertools.count(1)

    def __init__(self, mail, store=None, mongo=None, followers=50):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rw-world."))
        atexit.register(shutil.rmtree, self.dir, ignore_errors=True)
        self.name = f"w{next(self.numbers)}"
        self.mail = mail
        self.ids = [f"{self.name}-{i}" for i in range(followers)]
        self.input = self.dir / "due.jsonl"
        self.state = self.dir / "state"
        self.reports = None
        self.documents = None
        self.journals_gone = False  # so that the ledger alone has doubts
        self.mark = mail.mark()
        self.write_input()
        self.bin = self.make_bin(self.dir / "bin")
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(self.dir), "TZ": "UTC",
            "REAL": str(BUILD), "RW_STATE_DIR": str(self.state),
            "REPORT_SENDER_EMAIL": "reports@example.com",
            "RW_LOG_FILE": str(self.dir / "log"),
            **({"RW_TEST_RUN": os.environ["RW_TEST_RUN"]}
               if "RW_TEST_RUN" in os.environ else {}),
            **mail.env, **(store.env if store else {}),
            **(mongo.env if mongo else {})}
        if mongo:
            self.env["MONGO_DB_NAME"] = f"{self.name}_{os.getpid()}"
        self.tool("rw-record", "--init")

    def write_input(self):
        with open(self.input, "w", encoding="utf-8") as lines:
            for follower in self.ids:
                lines.write(json.dumps({
                    "follower_id": follower, "report_period": PERIOD,
                    "email": f"{follower}@example.com", "name": "A B",
                    "commission_pct": 20,
                    "daily_pnl": {"2025-06-02": "125.50",
                                  "2025-06-03": "-40.25"}}) + "\n")

    def expected(self):
        """Follower to the checksums of the documents that are his own."""
        if self.documents is None:
            with open(self.input, encoding="utf-8") as lines:
                made = self.tool("rw-gen", "--out", self.dir / "expected",
                                 stdin=lines).stdout
            self.documents = {
                line["follower_id"]: {line["pdf_sha256"],
                                      line["excel_sha256"]}
                for line in map(json.loads, made.splitlines())}
        return self.documents

    def make_bin(self, where):
        where.mkdir()
        shutil.copy(ROOT / "scripts" / "rw-report", where)
        for tool in TOOLS:
            (where / tool).write_text(WRAPPER)
            (where / tool).chmod(0o755)
        for tool in ("rw-env", "rw-run", "rw-options"):
            (where / tool).symlink_to(BUILD / tool)
        return where

    def tool(self, name, *arguments, env=None, **how):
        how = {"stdin": subprocess.DEVNULL, "check": True, **how}
        return subprocess.run(
            [BUILD / name, *arguments], env={**self.env, **(env or {})},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)

    # ---- runs -------------------------------------------------------------

    def start(self, *arguments, **env):
        """A run in a session of its own."""
        return subprocess.Popen(
            [self.bin / "rw-report", "--json", "--input", self.input,
             *arguments], env={**self.env, **env}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)

    def run(self, *arguments, timeout=120, **env):
        return self.end(self.start(*arguments, **env), timeout)

    def end(self, process, timeout=120):
        """Waits for the script; not for what it may have left running."""
        with tempfile.TemporaryFile("w+") as out, \
                tempfile.TemporaryFile("w+") as err:
            pumps = [subprocess.Popen(["cat"], stdin=source, stdout=sink)
                     for source, sink in ((process.stdout, out),
                                          (process.stderr, err))]
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            for pump in pumps:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    pump.wait(2)
                pump.kill()
                pump.wait()
            process.stdout.close()
            process.stderr.close()
            out.seek(0)
            err.seek(0)
            return Outcome(status, out.read(), err.read())

    def processes(self):
        """The numbers of all that still works on our state directory."""
        mark = f"RW_STATE_DIR={self.state}".encode()
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        return found

    def settle(self, timeout=60):
        """Until nothing of any run is left."""
        end = time.monotonic() + timeout
        while left := self.processes():
            if time.monotonic() > end:
                for pid in left:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                raise AssertionError(f"still running after {timeout} s: {left}")
            time.sleep(0.05)

    # ---- the outcome -------------------------------------------------------

    def check_contents(self):
        """Each mailed follower has his own documents, or links to them."""
        for event in self.mail.messages(self.mark):
            for recipient in event["to"]:
                follower = recipient.partition("@")[0]
                if follower in self.ids:
                    check_message(self.mail.dir / event["file"], follower,
                                  self.expected()[follower])

    def deliveries(self):
        """Follower to the Message-IDs that arrived, in order."""
        got = {follower: [] for follower in self.ids}
        for event in self.mail.messages(self.mark):
            for recipient in event["to"]:
                follower = recipient.partition("@")[0]
                if follower in got:
                    path = self.mail.dir / event["file"]
                    got[follower].append(message_id(path))
        return got

    def in_doubt(self):
        """Whom the journal says was begun and never ended."""
        open_now = set()
        for path in sorted((self.state / "journal").glob("*.jsonl")):
            begun = set()
            for line in path.read_text().splitlines(keepends=True):
                if not line.endswith("\n"):
                    continue
                entry = json.loads(line)
                if entry["journal"] == "open":
                    continue
                if entry["journal"] == "begin":
                    begun.add(entry["follower_id"])
                elif entry["journal"] in ("sent", "failed"):
                    begun.discard(entry["follower_id"])
            open_now |= begun
        return open_now

    def mailed_twice(self, outcome):
        """When no journal says who was in doubt: a run that counted them."""
        twice = {follower for follower, ids in self.deliveries().items()
                 if len(ids) == 2}
        expect(len(twice) <= outcome.summary["resent"],
               f"{len(twice)} were mailed twice, and not in doubt: {outcome}")
        return twice

    def check_once(self, doubtful=frozenset()):
        """Everybody has mail, and only the doubtful the same one twice."""
        for follower, ids in self.deliveries().items():
            expect(ids, f"{follower} was never mailed")
            expect(len(ids) == 1 or follower in doubtful,
                   f"{follower} was mailed {len(ids)} times and not in doubt")
            expect(len(set(ids)) == 1, f"{follower} got different messages")

    def check_at_most_once(self):
        for follower, ids in self.deliveries().items():
            expect(len(ids) <= 1, f"{follower} was mailed {len(ids)} times")

    def count_mailed(self):
        return sum(bool(ids) for ids in self.deliveries().values())


def check_message(path, follower, documents):
    """Two files that are the follower's by checksum, or two links by key."""
    with open(path, "rb") as text:
        message = email.message_from_binary_file(text,
                                                 policy=email.policy.default)
    files = {hashlib.sha256(part.get_content()).hexdigest()
             for part in message.iter_attachments()}
    words = message.get_body(("html",)).get_content()
    keys = {key.partition("?")[0]
            for key in re.findall(r'href="https?://[^/"]+/([^"]+)"', words)
            if "/report_" in key}
    own = re.compile(rf"(?:.*/)?{PERIOD}/{re.escape(follower)}/[^/]+")
    expect(not files - documents and all(map(own.fullmatch, keys)),
           f"{follower} was mailed what is another's: {files} {keys}")
    expect(files == documents or len(keys) == 2,
           f"{follower} was mailed neither files nor links: {path}")


def message_id(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.lower().startswith("message-id:"):
                return line.partition(":")[2].strip()
    return None


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Tally:
    """Runs cases, two at a time, says which failed, and counts."""

    def __init__(self, title):
        self.title = title
        self.lock = threading.Lock()
        self.passed = 0
        self.failed = []
        self.figures = {}

    def cases(self, cases, jobs=2):
        """Each case is (name, function, argument...)."""
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for done in [pool.submit(self.case, *case) for case in cases]:
                done.result()

    def case(self, name, function, *arguments):
        try:
            began = time.monotonic()
            function(*arguments)
            if os.environ.get("RW_TEST_TIMES"):
                print(f"{time.monotonic() - began:6.1f} s {name}", flush=True)
            with self.lock:
                self.passed += 1
        except (AssertionError, ValueError,
                subprocess.SubprocessError) as failure:
            with self.lock:
                self.failed.append(name)
                print(f"FAILED {name}: {failure}", flush=True)

    def add(self, name, number):
        with self.lock:
            self.figures[name] = self.figures.get(name, 0) + number

    def end(self):
        figures = "".join(f", {number} {name}"
                          for name, number in self.figures.items())
        print(f"counted: {self.title}: {self.passed} cases passed, "
              f"{len(self.failed)} failed{figures}", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)
