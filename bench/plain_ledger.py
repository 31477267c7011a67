"""The ledger of a plain Python worker: one update_one for each line.

plain_ledger.py [--seven] claim|complete <lines

It keeps the same entries as rw-record, each claimed once under a token, and
completed only under it. With --seven it keeps the seven members of the Python
system instead, claims nothing, and writes over what is there.
"""

import datetime
import json
import os
import secrets
import socket
import sys

import pymongo

KEPT = ("pdf_key", "excel_key", "pdf_sha256", "excel_sha256", "total_pnl",
        "commission_amount")

db = pymongo.MongoClient(os.environ["MONGO_URI"])[os.environ["MONGO_DB_NAME"]]
entries = db.report_sent.with_options(
    write_concern=pymongo.WriteConcern("majority", j=True))


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def key_of(report):
    return {"follower_id": report["follower_id"],
            "report_period": report["report_period"]}


def links(report):
    return {"pdf_url": report["pdf_url"], "excel_url": report["excel_url"],
            "minio_upload": report["minio_upload"]}


def sent(report):
    return {"email_sent": report["email_sent"], "sent_timestamp": now(),
            **links(report)}


def claim(report):
    """False when somebody has it."""
    report["claim"] = secrets.token_hex(16)
    begun = now()
    entry = {
        "_id": f"{report['report_period']}/{report['follower_id']}",
        "email_sent": False, "pdf_url": None, "excel_url": None,
        "minio_upload": False, "state": "claimed", "revision": 1,
        "sequence": 0, "run_id": "plain", "claim": report["claim"],
        "lease_until": begun + datetime.timedelta(hours=1),
        "host": socket.gethostname(), "state_dir": os.getcwd(),
        "mail_date": begun, "attempts": 1, "created_at": begun,
        "updated_at": begun, **{name: report[name] for name in KEPT}}
    return entries.update_one(key_of(report), {"$setOnInsert": entry},
                              upsert=True).upserted_id is not None


def complete(report):
    """False when the claim was lost."""
    token = report["claim"]
    return entries.update_one({"claim": token}, {"$set": {
        **sent(report), "state": "sent", "claim": token + ":sent",
        "delivery": report["delivery"], "message_id": report["message_id"],
        "updated_at": now()}}).matched_count == 1


def claim_seven(report):
    entries.update_one(key_of(report), {"$set": {
        "email_sent": False, "pdf_url": None, "excel_url": None,
        "minio_upload": False}}, upsert=True)
    return True


def complete_seven(report):
    entries.update_one(key_of(report), {"$set": sent(report)}, upsert=True)
    return True


def main():
    words = sys.argv[1:]
    seven = words[0] == "--seven"
    step = {"claim": claim_seven if seven else claim,
            "complete": complete_seven if seven else complete}[words[-1]]
    entries.create_index([("follower_id", 1), ("report_period", 1)],
                         unique=True)
    if not seven:
        entries.create_index("claim", unique=True, sparse=True)
    for line in sys.stdin:
        report = json.loads(line)
        if step(report):
            sys.stdout.write(json.dumps(report) + "\n")


main()
