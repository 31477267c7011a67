"""rw-mail to Postfix's smtp-sink over 8 connections, beside Postfix's own
smtp-source, which sends one message made beforehand again and again over 8
connections that it keeps, and beside plain_mail.py."""

import os
import shutil
import socket
import subprocess
import sys
import time

from common import (PYTHON, ROOT, Bench, expect, main, measure, scratch,
                    write_lines)

PLAIN = ROOT / "bench" / "plain_mail.py"
CONNECTIONS = 8


class Sink:
    """An smtp-sink that keeps nothing, which tests/servers' does."""

    def __init__(self):
        os.environ["PATH"] += ":/usr/sbin"
        self.missing = None if shutil.which("smtp-sink") else \
            "smtp-sink is not installed"

    def __enter__(self):
        if self.missing:
            return self
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        user = ["-u", "root"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            ["smtp-sink", *user, f"127.0.0.1:{self.port}", "256"])
        self.env = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.port),
                    "SMTP_TLS": "false",
                    "REPORT_SENDER_EMAIL": "reports@example.com"}
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise SystemExit("smtp-sink does not start")

    def __exit__(self, *_):
        if not self.missing:
            self.process.terminate()
            self.process.wait()


def letters(path, count, members):
    return write_lines(path, count, lambda i: {
        "email": f"bench-{i}@example.com", "name": f"Follower {i}",
        **members(i)})


def links(i):
    url = ("https://minio.example.com/spreadpilot-reports/reports/2025-06/"
           f"bench-{i}/report_2025-06.%s?AWSAccessKeyId=AKIAEXAMPLE"
           "&Expires=1753920600&Signature=" + "x" * 28)
    return {"pdf_url": url % "pdf", "excel_url": url % "xlsx",
            "url_expires_at": "2099-01-01T00:00:00Z"}


def bench(build, title, sink, work, count, members):
    lines = letters(work / "lines", count, members)
    part = max(1, count // 10)
    few = letters(work / "few", part, members)
    one = letters(work / "one", 1, members)
    size = len(subprocess.run(
        [build / "rw-mail", "--print"], stdin=open(one), check=True,
        env={**os.environ, **sink.env}, capture_output=True).stdout)
    b = Bench(f"{title}, {size:,} bytes each, {CONNECTIONS} connections",
              count)
    b.run("Python", [PYTHON, PLAIN], part, stdin=few, env=sink.env)
    # By turns, so that whatever else this machine does disturbs both alike.
    theirs, ours = [], []
    for _ in range(5):
        theirs.append(measure(
            "smtp-source", ["smtp-source", "-d", "-s", CONNECTIONS, "-m",
                            count, "-l", size, f"127.0.0.1:{sink.port}"],
            count))
        ours.append(measure("rw-mail", [build / "rw-mail", "-j", CONNECTIONS],
                            count, stdin=lines, env=sink.env))
    b.add(min(theirs, key=lambda c: c.wall))
    b.add(min(ours, key=lambda c: c.wall))
    b.show("Python")
    ours = b.cost("rw-mail")
    expect("rate, to smtp-source's", ours.rate / b.cost("smtp-source").rate,
           0.8)
    expect("rate, to Python's", ours.rate / b.cost("Python").rate, 5)


def everything(build):
    with Sink() as sink:
        if sink.missing:
            sys.exit(f"bench mail: {sink.missing}")
        work = scratch("mail")
        for name, size in (("a.pdf", 32000), ("a.xlsx", 12000)):
            (work / name).write_bytes(os.urandom(size))
        bench(build, "mails with links", sink, work, 20000, links)
        bench(build, "mails with attachments", sink, work, 4000,
              lambda _: {"pdf_path": str(work / "a.pdf"),
                         "excel_path": str(work / "a.xlsx")})


main(everything)
