"""What a plain script does to list the reports due: one query of psycopg2 for
the days, one of pymongo for the followers, joined in a dictionary."""

import json
import os

import psycopg2
import pymongo

QUERY = """SELECT follower_id, trading_date, total_pnl, is_finalized
    FROM pnl_daily WHERE trading_date >= %s AND trading_date < %s
    ORDER BY follower_id, trading_date"""


def main():
    days = {}
    database = psycopg2.connect(
        host=os.environ["POSTGRES_HOST"], port=os.environ["POSTGRES_PORT"],
        dbname=os.environ["POSTGRES_DB"], user=os.environ["POSTGRES_USER"],
        password=os.environ["POSTGRES_PASSWORD"])
    with database.cursor() as cursor:
        cursor.execute(QUERY, ("2025-06-01", "2025-07-01"))
        for follower, date, total, final in cursor:
            if not final:
                raise SystemExit(f"{follower}: {date} is not finalised")
            days.setdefault(follower, {})[date.isoformat()] = f"{total:.2f}"
    client = pymongo.MongoClient(os.environ["MONGO_URI"])
    followers = client[os.environ["MONGO_DB_NAME"]].followers
    for one in followers.find().sort("_id"):
        if not one["enabled"]:
            continue
        print(json.dumps({
            "follower_id": one["_id"], "report_period": "2025-06",
            "email": one["email"], "iban": one["iban"],
            "commission_pct": f"{one['commission_pct']:g}",
            "daily_pnl": days.get(one["_id"], {})}, separators=(",", ":")))


main()
