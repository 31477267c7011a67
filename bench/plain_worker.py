"""The jobs of rw-report as a plain Python script, one report after another.

    plain_worker.py [--tables] LEDGER DIR <followers.jsonl

What a Python programmer writes with reportlab, openpyxl, boto3, smtplib and
sqlite3 who wants the same: a statement with charts and statistics and a
workbook with formulas (plain_statement.py), both uploaded with checksums and
metadata and linked for 30 days or as long as the store keeps them, a mail in
text and HTML, a claim before it and its outcome after it, both durable, so that
a run that is killed mails nobody twice. One client, one connection, one pass.

--tables does less: three grey tables instead (plain_tables.py), links for a
week, no checksums, one row once the mail is out.

MINIO_* and SMTP_HOST, SMTP_PORT say where; without MINIO_* the files are
attached.
"""

import base64
import datetime
import email.message
import email.utils
import hashlib
import html
import importlib
import json
import os
import pathlib
import re
import smtplib
import sqlite3
import sys

import boto3
import botocore.config

TABLES = "--tables" in sys.argv
documents = importlib.import_module(
    "plain_tables" if TABLES else "plain_statement")
from plain_statement import Statement  # noqa: E402

SENDER = os.environ.get("REPORT_SENDER_EMAIL", "reports@example.com")
TYPES = {".pdf": "application/pdf", ".xlsx": "application/vnd.openxmlformats-"
         "officedocument.spreadsheetml.sheet"}
LINKS_FOR = datetime.timedelta(days=7 if TABLES else 30)
TEXT = """Dear {name},

Your monthly report for {period} is ready.

You can download your reports using the links below (valid until {until}):

PDF report:   {pdf}
Excel report: {xlsx}

This message was sent automatically by SpreadPilot.
"""
HTML = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>SpreadPilot Monthly Report - {period}</title></head>
<body style="margin:0;background:#f3f5f8">
<table role="presentation" width="100%" style="max-width:560px;background:#fff;
border:1px solid #dfe4ea;border-radius:10px;font-family:Helvetica,Arial">
<tr><td style="padding:28px 36px"><h1>{period}</h1>
<p>Dear {name},</p><p>Your monthly report for {period} is ready.</p>
<p>You can download your reports using the links below (valid until {until}):
</p><ul><li><a href="{pdf}">Download PDF Report</a></li>
<li><a href="{xlsx}">Download Excel Report</a></li></ul>
<p>This message was sent automatically by SpreadPilot.</p>
</td></tr></table></body></html>
"""


class Store:
    def __init__(self):
        self.bucket = os.environ["MINIO_BUCKET_NAME"]
        self.client = self.connect("s3v4")
        # No V4 link is good for more than a week.
        self.signer = self.client if TABLES else self.connect("s3")

    @staticmethod
    def connect(signature):
        return boto3.client(
            "s3", endpoint_url=os.environ["MINIO_ENDPOINT_URL"],
            aws_access_key_id=os.environ["MINIO_ACCESS_KEY"],
            aws_secret_access_key=os.environ["MINIO_SECRET_KEY"],
            region_name=os.environ.get("MINIO_REGION", "us-east-1"),
            config=botocore.config.Config(signature_version=signature))

    def put(self, path, key, record):
        """Returns when the store will delete it, or None."""
        body = path.read_bytes()
        if TABLES:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body)
            return None
        answer = self.client.put_object(
            Bucket=self.bucket, Key=key, Body=body,
            ContentType=TYPES[path.suffix],
            ContentMD5=base64.b64encode(hashlib.md5(body).digest()).decode(),
            Metadata={"follower": record["follower_id"],
                      "period": record["report_period"],
                      "sha256": hashlib.sha256(body).hexdigest()})
        if answer["ETag"].strip('"') != hashlib.md5(body).hexdigest():
            raise RuntimeError(f"{key} arrived damaged")
        said = re.search('expiry-date="([^"]*)"', answer.get("Expiration", ""))
        return said and email.utils.parsedate_to_datetime(said[1])

    def link(self, key, seconds):
        return self.signer.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key},
            ExpiresIn=seconds)


class Ledger:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS report_sent (follower_id, "
            "report_period, state, email_sent, sent_timestamp, message_id, "
            "pdf_url, excel_url, pdf_sha256, excel_sha256, url_expires_at, "
            "minio_upload, UNIQUE (follower_id, report_period))")

    def state(self, key):
        row = self.db.execute(
            "SELECT state FROM report_sent WHERE follower_id = ? AND "
            "report_period = ?", key).fetchone()
        return row and row[0]

    def claim(self, key, message_id, sums):
        with self.db:
            self.db.execute(
                "INSERT INTO report_sent (follower_id, report_period, state, "
                "email_sent, message_id, pdf_sha256, excel_sha256) "
                "VALUES (?, ?, 'claimed', 0, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET state = 'claimed'", (*key, message_id, *sums))

    def sent(self, key, links, until):
        with self.db:
            self.db.execute(
                "INSERT INTO report_sent (follower_id, report_period, state, "
                "email_sent, sent_timestamp, pdf_url, excel_url, "
                "url_expires_at, minio_upload) VALUES (?, ?, 'sent', 1, "
                "datetime(), ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "state = 'sent', email_sent = 1, "
                "sent_timestamp = excluded.sent_timestamp, "
                "pdf_url = excluded.pdf_url, excel_url = excluded.excel_url, "
                "url_expires_at = excluded.url_expires_at, "
                "minio_upload = excluded.minio_upload",
                (*key, *(links or (None, None)), str(until), bool(links)))


def message(record, message_id, paths, links, until):
    m = email.message.EmailMessage()
    words = {"period": record["report_period"], "until": f"{until:%Y-%m-%d}",
             "name": record.get("name", record["follower_id"])}
    m["From"], m["To"] = SENDER, record["email"]
    m["Subject"] = f"SpreadPilot Monthly Report - {words['period']}"
    m["Date"] = email.utils.localtime()
    m["Message-ID"] = message_id
    if links:
        words["pdf"], words["xlsx"] = links
        m.set_content(TEXT.format_map(words))
        m.add_alternative(HTML.format_map(
            {name: html.escape(word) for name, word in words.items()}),
            subtype="html")
        return m
    m.set_content(f"Your report for {words['period']} is attached.")
    for path in paths:
        m.add_attachment(path.read_bytes(), maintype="application",
                         subtype="octet-stream", filename=path.name)
    return m


def make(record, out):
    base = (out / record["report_period"] / record["follower_id"] /
            f"report_{record['report_period']}")
    base.parent.mkdir(parents=True, exist_ok=True)
    paths = [base.with_suffix(suffix) for suffix in TYPES]
    statement = Statement(record)
    documents.pdf(statement, paths[0])
    documents.xlsx(statement, paths[1])
    return paths


def upload(record, paths, store):
    """The links, and how long they are good."""
    now = datetime.datetime.now(datetime.timezone.utc)
    keys = ["/".join(("reports", *path.parts[-3:])) for path in paths]
    ends = [store.put(path, key, record) for path, key in zip(paths, keys)]
    until = min([now + LINKS_FOR, *filter(None, ends)])
    seconds = int((until - now).total_seconds())
    return [store.link(key, seconds) for key in keys], until


def work(record, out, store, smtp, ledger):
    key = record["follower_id"], record["report_period"]
    # Who was claimed and not sent is sent the same message again.
    message_id = f"<{'.'.join(key)}@{SENDER.partition('@')[2]}>"
    paths = make(record, out)
    links, until = upload(record, paths, store) if store else (
        [], datetime.datetime.now())
    if not TABLES:
        ledger.claim(key, message_id, [
            hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])
    smtp.send_message(message(record, message_id, paths, links, until))
    ledger.sent(key, links, until)


def main():
    ledger_path, out = [word for word in sys.argv[1:] if word != "--tables"]
    ledger = Ledger(ledger_path)
    store = Store() if os.environ.get("MINIO_ENDPOINT_URL") else None
    with smtplib.SMTP(os.environ["SMTP_HOST"],
                      int(os.environ["SMTP_PORT"])) as smtp:
        for line in sys.stdin:
            record = json.loads(line)
            if ledger.state((record["follower_id"],
                             record["report_period"])) != "sent":
                work(record, pathlib.Path(out), store, smtp, ledger)


main()
