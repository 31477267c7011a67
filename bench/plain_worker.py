"""The job of rw-report as a plain Python script, one report after another.

    plain_worker.py LEDGER DIR <followers.jsonl

What a programmer writes in an afternoon with reportlab, openpyxl, boto3 and
smtplib: three grey tables as a PDF, the same as a workbook, both uploaded and
linked, one mail over a connection that stays open, one row in SQLite. MINIO_*
and SMTP_HOST, SMTP_PORT say where; without MINIO_* the files are attached.
"""

import decimal
import email.message
import json
import os
import pathlib
import smtplib
import sqlite3
import sys

import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import (Paragraph, SimpleDocTemplate, Spacer, Table,
                                TableStyle)

CENT = decimal.Decimal("0.01")
STYLES = getSampleStyleSheet()
GREY = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                   ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey)])


def figures(record):
    """Daily P&L, its sum, and the commission."""
    days = sorted((day, decimal.Decimal(str(pnl)))
                  for day, pnl in record["daily_pnl"].items())
    total = sum((pnl for _, pnl in days), decimal.Decimal())
    rate = decimal.Decimal(str(record.get("commission_pct", 20)))
    fee = (max(total, decimal.Decimal()) * rate / 100).quantize(
        CENT, decimal.ROUND_HALF_UP)
    return days, total, rate, fee


def tables(record):
    days, total, rate, fee = figures(record)
    wins = [pnl for _, pnl in days if pnl > 0]
    return [
        [["Follower", "Period"],
         [record["follower_id"], record["report_period"]],
         ["Name", record.get("name", "")],
         ["IBAN", record.get("iban", "")]],
        [["Measure", "Value"], ["Total P&L", str(total)],
         ["Winning days", f"{len(wins)} of {len(days)}"],
         ["Rate", f"{rate}%"], ["Commission", str(fee)]],
        [["Date", "P&L"], *([day, str(pnl)] for day, pnl in days)],
    ]


def pdf(record, path):
    story = [Paragraph("Monthly Report " + record["report_period"],
                       STYLES["Title"])]
    for rows in tables(record):
        story += [Table(rows, style=GREY), Spacer(1, 20)]
    SimpleDocTemplate(str(path), pagesize=A4).build(story)


def xlsx(record, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in zip(("Report", "Summary", "Daily"), tables(record)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


class Store:
    def __init__(self):
        import boto3
        import botocore.config

        self.bucket = os.environ["MINIO_BUCKET_NAME"]
        self.client = boto3.client(
            "s3", endpoint_url=os.environ["MINIO_ENDPOINT_URL"],
            aws_access_key_id=os.environ["MINIO_ACCESS_KEY"],
            aws_secret_access_key=os.environ["MINIO_SECRET_KEY"],
            region_name=os.environ.get("MINIO_REGION", "us-east-1"),
            config=botocore.config.Config(signature_version="s3v4"))

    def put(self, path, key):
        """Uploads, and returns a link for a week."""
        with open(path, "rb") as body:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body)
        return self.client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key},
            ExpiresIn=7 * 86400)


def message(record, paths, links):
    m = email.message.EmailMessage()
    period = record["report_period"]
    m["From"] = "reports@example.com"
    m["To"] = record["email"]
    m["Subject"] = f"Monthly Report - {period}"
    if links:
        m.set_content("\n".join([f"Your report for {period}:", *links]))
        m.add_alternative("".join(f'<p><a href="{link}">Download</a></p>'
                                  for link in links), subtype="html")
        return m
    m.set_content(f"Your report for {period} is attached.")
    for path in paths:
        m.add_attachment(path.read_bytes(), maintype="application",
                         subtype="octet-stream", filename=path.name)
    return m


def work(record, out, store, smtp, ledger):
    key = f"{record['report_period']}/{record['follower_id']}"
    base = out / key / f"report_{record['report_period']}"
    base.parent.mkdir(parents=True, exist_ok=True)
    paths = [base.with_suffix(".pdf"), base.with_suffix(".xlsx")]
    pdf(record, paths[0])
    xlsx(record, paths[1])
    links = [store.put(path, f"reports/{key}/{path.name}")
             for path in paths] if store else []
    smtp.send_message(message(record, paths, links))
    with ledger:
        ledger.execute(
            "INSERT INTO report_sent VALUES (?, ?, 1, datetime(), ?, ?, ?)",
            (record["follower_id"], record["report_period"],
             *(links or (None, None)), bool(store)))


def main():
    ledger = sqlite3.connect(sys.argv[1])
    ledger.execute(
        "CREATE TABLE IF NOT EXISTS report_sent (follower_id, report_period, "
        "email_sent, sent_timestamp, pdf_url, excel_url, minio_upload, "
        "UNIQUE (follower_id, report_period))")
    out = pathlib.Path(sys.argv[2])
    store = Store() if os.environ.get("MINIO_ENDPOINT_URL") else None
    with smtplib.SMTP(os.environ["SMTP_HOST"],
                      int(os.environ["SMTP_PORT"])) as smtp:
        for line in sys.stdin:
            record = json.loads(line)
            sent = ledger.execute(
                "SELECT email_sent FROM report_sent WHERE follower_id = ? "
                "AND report_period = ?", (record["follower_id"],
                                          record["report_period"])).fetchone()
            if not sent:
                work(record, out, store, smtp, ledger)


main()
