"""rw-record beside a pymongo script: reports claimed and completed.

On SQLite there is nothing to compare with; its rates are shown alone. The
MongoDB server is the one that the tests use, with its data in memory; what is
compared is the same work on the same server. Both rivals warm it up first.
"""

import json
import os

from common import PYTHON, ROOT, Bench, Server, expect, main, scratch

PLAIN = ROOT / "bench" / "plain_ledger.py"
COUNT = 20000


def due(path, count):
    with open(path, "w", encoding="utf-8") as lines:
        for i in range(count):
            lines.write(json.dumps({
                "follower_id": f"bench-{i}", "report_period": "2025-06",
                "email": f"bench-{i}@example.com", "total_pnl": "123.45",
                "commission_amount": "24.69", "minio_upload": True,
                "pdf_key": f"reports/2025-06/bench-{i}/report_2025-06.pdf",
                "excel_key": f"reports/2025-06/bench-{i}/report_2025-06.xlsx",
                "pdf_sha256": "a" * 64, "excel_sha256": "b" * 64,
                "pdf_url": "https://s3.example.com/p?" + "x" * 300,
                "excel_url": "https://s3.example.com/e?" + "x" * 300,
            }) + "\n")
    return path


def mail(source, target):
    """What rw-mail would write for the lines, unmeasured."""
    with open(source, encoding="utf-8") as lines, \
            open(target, "w", encoding="utf-8") as done:
        for line in lines:
            done.write(line[:-2] + ',"email_sent":true,"delivery":"links",'
                       '"sent_timestamp":"2025-07-01T00:10:00Z",'
                       '"message_id":"<1@example.com>"}\n')


def record(build, bench, work, env, count, suffix=""):
    lines = due(work / "due", count)
    claim = bench.run("rw-record --claim" + suffix,
                      [build / "rw-record", "--claim"], count, stdin=lines,
                      stdout=work / "claimed", env=env)
    mail(work / "claimed", work / "done")
    result = bench.run("rw-record --result" + suffix,
                       [build / "rw-record", "--result"], count,
                       stdin=work / "done", env=env)
    return claim.wall + result.wall


def plain(bench, work, env, count):
    lines = due(work / "due", count)
    claim = bench.run("Python claim", [PYTHON, PLAIN, "claim"], count,
                      stdin=lines, stdout=work / "claimed", env=env)
    mail(work / "claimed", work / "done")
    done = bench.run("Python complete", [PYTHON, PLAIN, "complete"], count,
                     stdin=work / "done", env=env)
    return claim.wall + done.wall


def fresh(build, bench, env, name):
    env = {**env, "MONGO_DB_NAME": name}
    bench.run("init", [build / "rw-record", "--init"], 1, env=env)
    return env


def mongo(build, work):
    os.environ.update(RW_TEST_MONGO_MEMORY="1", RW_TEST_MONGO_JIT="4")
    with Server("mongo") as server:
        if server.missing:
            print(f"\nMongoDB: skipped: {server.missing}")
            return
        env = {**server.env, "RW_STATE_DIR": str(work / "state")}
        aside = Bench("warming up", COUNT)
        for i in range(2):
            record(build, aside, work,
                   fresh(build, aside, env, f"bench_warm_{i}"), COUNT)
        plain(aside, work, {**env, "MONGO_DB_NAME": "bench_warm"}, 10000)
        b = Bench(f"The ledger in MongoDB ({env['RW_TEST_MONGO_KIND']}, in "
                  "memory)", COUNT)
        ours = record(build, b, work, fresh(build, aside, env, "bench_ours"),
                      COUNT)
        theirs = plain(b, work, {**env, "MONGO_DB_NAME": "bench_plain"},
                       COUNT)
        b.show("Python complete")
        expect("claimed and completed, the plain script's time over ours",
               theirs / ours, 5)


def sqlite(build, work):
    env = {"RW_STATE_DIR": str(work / "state"),
           "RW_LEDGER": str(work / "ledger.db"), "MONGO_URI": ""}
    b = Bench("The ledger in SQLite, on the disk", COUNT)
    aside = Bench("init", COUNT)
    aside.run("init", [build / "rw-record", "--init"], 1, env=env)
    record(build, b, work, env, COUNT)
    b.run("rw-record --lookup", [build / "rw-record", "--lookup"],
          stdin=work / "due", env=env)
    b.show("rw-record --claim")


def bench(build):
    work = scratch("ledger")
    sqlite(build, work)
    mongo(build, work)


main(bench)
