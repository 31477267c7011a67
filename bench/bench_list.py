"""rw-list beside a script with psycopg2 and pymongo: 20,000 followers of
MongoDB with 22 days each of PostgreSQL.

Both servers are those of the tests; what they cost is in no figure but the
time. Both programs write the same lines, and run in turn, since the machine is
not the same from minute to minute.
"""

import json
import os
import subprocess

import pymongo

from common import (PYTHON, ROOT, Bench, Server, expect, main, measure,
                    scratch)

PLAIN = ROOT / "bench" / "plain_list.py"
COUNT, ROUNDS = 20000, 5

FILL = f"""TRUNCATE pnl_daily, commission_monthly;
INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
SELECT 'bench-' || lpad(f::text, 5, '0'), '2025-06-01'::date + d,
    (hashint4(f * 31 + d) % 40000) / 100.0, true
FROM generate_series(0, {COUNT - 1}) f, generate_series(0, 21) d;
VACUUM ANALYZE pnl_daily;"""

COMMISSIONS = """INSERT INTO commission_monthly (follower_id, year, month,
    monthly_pnl, commission_pct, commission_amount)
SELECT follower_id, 2025, 6, sum(total_pnl), 0.2,
    greatest(0, 0.2 * sum(total_pnl)) FROM pnl_daily GROUP BY follower_id;
VACUUM ANALYZE commission_monthly;"""


def sql(server, text):
    for statement in text.split(";")[:-1]:
        subprocess.run([server.script, "sql", server.dir, statement],
                       check=True)


def fill(env, server):
    client = pymongo.MongoClient(env["MONGO_URI"])
    followers = client[env["MONGO_DB_NAME"]].followers
    followers.drop()
    followers.insert_many([{
        "_id": f"bench-{i:05}", "email": f"bench-{i}@example.com",
        "iban": "DE89370400440532013000", "commission_pct": 20.0,
        "enabled": True, "state": "ACTIVE"} for i in range(COUNT)])
    sql(server, FILL)


def both(build, work, env):
    return (measure("rw-list", [build / "rw-list", "--period", "2025-06"],
                    COUNT, stdout=work / "ours", env=env),
            measure("Python", [PYTHON, PLAIN], COUNT, stdout=work / "plain",
                    env=env))


def same(work):
    with open(work / "ours", encoding="utf-8") as ours, \
            open(work / "plain", encoding="utf-8") as plain:
        for one, other in zip(ours, plain, strict=True):
            if json.loads(one) != json.loads(other):
                raise SystemExit(f"not the same:\n{one}{other}")


def compare(build, work, env, server):
    b = Bench("rw-list, 22 days of each follower", COUNT)
    fill(env, server)
    both(build, work, env)
    same(work)
    tries = [both(build, work, env) for _ in range(ROUNDS)]
    ours, plain = (min(costs, key=lambda c: c.wall) for costs in zip(*tries))
    cpu = [min(c.cpu_each for c in costs) for costs in zip(*tries)]
    b.add(ours)
    sql(server, COMMISSIONS)
    b.run("with commissions", [build / "rw-list", "--period", "2025-06"],
          env=env, best_of=3)
    b.add(plain)
    b.show("Python")
    expect("rate over that of the script", ours.rate / plain.rate, 1.5)
    expect("CPU of the script over that of rw-list", cpu[1] / cpu[0], 3)
    expect("32 MB over peak memory", 32e6 / ours.peak, 1)


def bench(build):
    work = scratch("list")
    os.environ.update(RW_TEST_MONGO_MEMORY="1", RW_TEST_MONGO_JIT="4")
    with Server("postgres") as postgres, Server("mongo") as mongo:
        missing = postgres.missing or mongo.missing
        if missing:
            print(f"\nrw-list: skipped: {missing}")
            return
        env = {**postgres.env, **mongo.env, "MONGO_DB_NAME": "bench",
               "RW_STATE_DIR": str(work / "state")}
        compare(build, work, env, postgres)


main(bench)
