"""rw-presign beside boto3; rw-put beside boto3, s3cmd, rclone and mc.

Uploads go to one server on this machine, MinIO where it is to be had, else
radosgw: it takes most of the cores, so that the rates are mostly the server's,
and the client's CPU is the figure that tells clients apart. Of rw-put's a third
to a half is the MD5 of each file. mc is MinIO's own
client, built once by go install where Go is.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from common import (DAYS, PYTHON, ROOT, Bench, Server, expect, main, scratch,
                    write_lines)

PRESIGN = ROOT / "bench" / "plain_presign.py"
PUT = ROOT / "bench" / "plain_put.py"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() \
    / "report-worker" / "bin"
OBJECTS = 2000
CONNECTIONS = 8


# ---- links ------------------------------------------------------------------

def stored_lines(path, count):
    """Lines as rw-put writes them, of a month of 21 trading days: 1.2 kB."""
    days = {day: f"{int(day[-2:]) * 13.37:.2f}" for day in DAYS}
    digest = "4223df8e7f52c02d07737c3af675d7eef7803b7a7bd0bc29be05f894860255fa"

    def members(i):
        stem = f"2025-06/bench-{i}/report_2025-06"
        return {
            "email": f"bench-{i}@example.com", "name": f"Follower {i}",
            "iban": "DE89370400440532013000", "currency": "EUR",
            "commission_pct": 20, "daily_pnl": days,
            "total_pnl": "1234.50", "commission_amount": "246.90",
            "pdf_path": f"/srv/{stem}.pdf", "excel_path": f"/srv/{stem}.xlsx",
            "pdf_sha256": digest, "excel_sha256": digest,
            "pdf_bytes": 20480, "excel_bytes": 9000,
            "pdf_key": f"reports/{stem}.pdf",
            "excel_key": f"reports/{stem}.xlsx",
            "object_expires_at": "2100-01-01T00:00:00Z", "minio_upload": True}
    return write_lines(path, count, members, separators=(",", ":"))


def links(build, work):
    env = {"MINIO_ENDPOINT_URL": "https://s3.example.com",
           "MINIO_ACCESS_KEY": "AKIAIOSFODNN7EXAMPLE",
           "MINIO_SECRET_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
           "MINIO_BUCKET_NAME": "reports"}
    many, few = 200000, 10000
    all_lines = stored_lines(work / "many", many)
    some = stored_lines(work / "few", few)
    for scheme, days, version in (("sigv4", 7, "s3v4"), ("sigv2", 30, "s3")):
        b = Bench(f"rw-presign, {scheme}: two links a record, JSON in and out",
                  many)
        ours = b.run("rw-presign", [build / "rw-presign", "--scheme", scheme,
                                    "--expires", f"{days}d"],
                     stdin=all_lines, env=env, best_of=3)
        theirs = b.run("boto3", [PYTHON, PRESIGN, version, str(days * 86400)],
                       few, stdin=some, env=env)
        b.show("boto3")
        expect(f"links a second of one core, {scheme}, beside boto3",
               theirs.cpu_each / ours.cpu_each, 50)
    b = Bench("rw-presign, memory", many)
    small = b.run("1,000 records", [build / "rw-presign"], 1000,
                  stdin=stored_lines(work / "1000", 1000), env=env)
    large = b.run("200,000 records", [build / "rw-presign"],
                  stdin=all_lines, env=env)
    b.show("1,000 records")
    expect("4 MB over the growth of memory from 1,000 records on",
           4e6 / max(large.peak - small.peak, 1), 1)


# ---- uploads ----------------------------------------------------------------

def find_mc():
    """MinIO's client; None with the reason when it cannot be had."""
    found = os.environ.get("RW_TEST_MC") or str(CACHE / "mc")
    if os.access(found, os.X_OK):
        return found, None
    if shutil.which("go") is None:
        return None, "no mc, and no Go to build it"
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as build:
        done = subprocess.run(
            ["go", "install", "github.com/minio/mc@latest"], cwd=build,
            env={**os.environ, "GOPATH": build, "GOCACHE": build + "/cache",
                 "GOFLAGS": "-modcacherw", "CGO_ENABLED": "0"},
            stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            return None, "mc cannot be built: " + done.stderr.strip()[-200:]
        shutil.move(build + "/bin/mc", CACHE / "mc")
    return str(CACHE / "mc"), None


def report_files(work, size):
    """Files of reports, each another, and the lines that name them."""
    root = work / f"files-{size}"
    lines = work / f"lines-{size}"
    with open(lines, "w", encoding="utf-8") as out:
        for i in range(OBJECTS // 2):
            folder = root / f"bench-{i}"
            folder.mkdir(parents=True)
            record = {"follower_id": f"bench-{i}", "report_period": "2025-06"}
            for kind, name in (("pdf", "report.pdf"),
                               ("excel", "report.xlsx")):
                content = os.urandom(size)
                (folder / name).write_bytes(content)
                record[kind + "_path"] = str(folder / name)
                record[kind + "_sha256"] = hashlib.sha256(content).hexdigest()
            out.write(json.dumps(record) + "\n")
    return root, lines


class Clients:
    """The commands that upload a directory to a store."""

    def __init__(self, env, work, files):
        url = env["MINIO_ENDPOINT_URL"]
        self.keys = env["MINIO_ACCESS_KEY"], env["MINIO_SECRET_KEY"]
        self.host = url.split("://")[1]
        self.url = url
        self.work = work
        self.files = files
        self.bucket = env["MINIO_BUCKET_NAME"]

    def mc(self, binary):
        access, secret = self.keys
        return ([binary, "--config-dir", self.work / "mc", "--quiet", "cp",
                 "--recursive", f"{self.files}/",
                 f"bench/{self.bucket}/mc/"],
                {"MC_HOST_bench": f"http://{access}:{secret}@{self.host}"})

    def rclone(self):
        access, secret = self.keys
        return (["rclone", "copy", "--transfers", str(CONNECTIONS),
                 "--s3-no-check-bucket", "--no-traverse", self.files,
                 f"bench:{self.bucket}/rclone/"],
                {"RCLONE_CONFIG": str(self.work / "rclone.conf"),
                 "RCLONE_CONFIG_BENCH_TYPE": "s3",
                 "RCLONE_CONFIG_BENCH_PROVIDER": "Other",
                 "RCLONE_CONFIG_BENCH_ENDPOINT": self.url,
                 "RCLONE_CONFIG_BENCH_ACCESS_KEY_ID": access,
                 "RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY": secret})

    def s3cmd(self, part):
        access, secret = self.keys
        config = self.work / "s3cfg"
        config.write_text(
            f"[default]\naccess_key = {access}\nsecret_key = {secret}\n"
            f"host_base = {self.host}\nhost_bucket = {self.host}\n"
            "use_https = False\nsignature_v2 = False\n", encoding="utf-8")
        return (["s3cmd", "-c", config, "--quiet", "put", "--recursive",
                 f"{part}/", f"s3://{self.bucket}/s3cmd/"], {})


def uploads(build, work, server, size, mc):
    files, lines = report_files(work, size)
    few_dir, few = work / f"few-{size}", 200
    few_dir.mkdir()
    for folder in sorted(files.iterdir())[:few // 2]:
        shutil.copytree(folder, few_dir / folder.name)
    clients = Clients(server.env, work, files)
    b = Bench(f"rw-put: {OBJECTS} objects of {size:,} bytes, "
              f"{CONNECTIONS} connections; a record is an object", OBJECTS)
    ours = b.run("rw-put", [build / "rw-put", "-j", str(CONNECTIONS)],
                 stdin=lines, env=server.env, best_of=3)
    b.run("boto3, put_object", [PYTHON, PUT, "put_object"], stdin=lines,
          env=server.env)
    plain = b.run("boto3, upload_file", [PYTHON, PUT, "upload_file"],
                  stdin=lines, env=server.env)
    if mc:
        command, env = clients.mc(mc)
        other = b.run("mc", command, env=env, best_of=3)
    if shutil.which("rclone"):
        command, env = clients.rclone()
        b.run("rclone", command, env=env)
    if shutil.which("s3cmd"):
        command, env = clients.s3cmd(few_dir)
        b.run("s3cmd (one at a time)", command, few, env=env)
    b.show("boto3, upload_file")
    expect("client CPU an object of boto3's upload_file over ours",
           plain.cpu_each / ours.cpu_each, 10)
    if mc:
        expect("client CPU an object of mc over ours",
               other.cpu_each / ours.cpu_each, 3)
        expect("our rate over mc's", ours.rate / other.rate, 1)


def forget_settings():
    """A client must not find other settings than those it is given."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "MINIO_", "RCLONE_", "RW_S3_")) or \
                name.lower() in ("http_proxy", "https_proxy"):
            del os.environ[name]


def bench(build):
    forget_settings()
    work = scratch("store")
    links(build, work)
    mc, why = find_mc()
    if mc is None:
        print(f"  skipped: {why}")
    for kind in ("minio", "radosgw"):
        with Server(kind) as server:
            if server.missing:
                print(f"  skipped: {server.missing}")
                continue
            print(f"\nUploads to {kind}")
            for size in (20000, 64000):
                uploads(build, scratch("store"), server, size, mc)
            return


main(bench)
