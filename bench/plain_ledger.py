"""The ledger of a plain Python worker: one update_one for each line.

plain_ledger.py claim|complete <lines
"""

import datetime
import json
import os
import sys

import pymongo

db = pymongo.MongoClient(os.environ["MONGO_URI"])[os.environ["MONGO_DB_NAME"]]
entries = db.report_sent
entries.create_index([("follower_id", 1), ("report_period", 1)], unique=True)
for line in sys.stdin:
    report = json.loads(line)
    members = {"email_sent": False, "pdf_url": None, "excel_url": None,
               "minio_upload": False}
    if sys.argv[1] == "complete":
        members = {
            "email_sent": report["email_sent"],
            "sent_timestamp": datetime.datetime.now(datetime.timezone.utc),
            "pdf_url": report["pdf_url"], "excel_url": report["excel_url"],
            "minio_upload": report["minio_upload"]}
    entries.update_one({"follower_id": report["follower_id"],
                        "report_period": report["report_period"]},
                       {"$set": members}, upsert=True)
    sys.stdout.write(line)
