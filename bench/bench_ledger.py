"""rw-record beside a pymongo script: reports claimed and completed.

On SQLite there is nothing to compare with; its rates are shown alone. The
MongoDB server is the one that the tests use, with its data in memory; what is
compared is the same work on the same server, warm, the best of some runs.
"""

import os

import pymongo

from common import (PYTHON, ROOT, Bench, Server, expect, main, measure,
                    scratch, write_lines)

PLAIN = ROOT / "bench" / "plain_ledger.py"
COUNT, ROUNDS = 20000, 4


def due(path, count):
    return write_lines(path, count, lambda i: {
        "email": f"bench-{i}@example.com", "total_pnl": "123.45",
        "commission_amount": "24.69", "minio_upload": True,
        "pdf_key": f"reports/2025-06/bench-{i}/report_2025-06.pdf",
        "excel_key": f"reports/2025-06/bench-{i}/report_2025-06.xlsx",
        "pdf_sha256": "a" * 64, "excel_sha256": "b" * 64,
        "pdf_url": "https://s3.example.com/p?" + "x" * 300,
        "excel_url": "https://s3.example.com/e?" + "x" * 300})


def mail(source, target):
    """What rw-mail would write for the lines, unmeasured."""
    with open(source, encoding="utf-8") as lines, \
            open(target, "w", encoding="utf-8") as done:
        for line in lines:
            done.write(line[:-2] + ',"email_sent":true,"delivery":"links",'
                       '"sent_timestamp":"2025-07-01T00:10:00Z",'
                       '"message_id":"<1@example.com>"}\n')


def record(build, work, env, count):
    """The cost of claiming and that of completing count reports."""
    lines = due(work / "due", count)
    claim = measure("rw-record --claim", [build / "rw-record", "--claim"],
                    count, stdin=lines, stdout=work / "claimed", env=env)
    mail(work / "claimed", work / "done")
    return claim, measure("rw-record --result",
                          [build / "rw-record", "--result"], count,
                          stdin=work / "done", env=env)


def plain(work, env, count, *how):
    lines = due(work / "due", count)
    name = " ".join(["Python", *(h.lstrip("-") for h in how)])
    claim = measure(f"{name}: claim", [PYTHON, PLAIN, *how, "claim"], count,
                    stdin=lines, stdout=work / "claimed", env=env)
    mail(work / "claimed", work / "done")
    return claim, measure(f"{name}: complete",
                          [PYTHON, PLAIN, *how, "complete"], count,
                          stdin=work / "done", env=env)


def wall(costs):
    return sum(cost.wall for cost in costs)


def init(build, env):
    measure("init", [build / "rw-record", "--init"], 1, env=env)
    return env


def mongo(build, work):
    os.environ.update(RW_TEST_MONGO_MEMORY="1", RW_TEST_MONGO_JIT="4")
    with Server("mongo") as server:
        if server.missing:
            print(f"\nMongoDB: skipped: {server.missing}")
            return
        env = {**server.env, "RW_STATE_DIR": str(work / "state")}

        def empty():
            client = pymongo.MongoClient(env["MONGO_URI"])
            client.drop_database("rw_bench")
            return {**env, "MONGO_DB_NAME": "rw_bench"}

        # Until the server has compiled itself.
        plain(work, empty(), 10000)
        # In turn, since the machine is not the same from minute to minute.
        tries = [(record(build, work, init(build, empty()), COUNT),
                  plain(work, empty(), COUNT),
                  plain(work, empty(), COUNT, "--seven"))
                 for _ in range(ROUNDS)]
        ours, same, seven = (min(costs, key=wall) for costs in zip(*tries))
        b = Bench(f"The ledger in MongoDB ({env['RW_TEST_MONGO_KIND']}, in "
                  "memory)", COUNT)
        for cost in (*ours, *same, *seven):
            b.add(cost)
        b.show("Python: complete")
        print("  its time over ours, of the script that keeps seven members "
              f"and claims nothing: {wall(seven) / wall(ours):.1f}")
        expect("claimed and completed, the plain script's time over ours",
               wall(same) / wall(ours), 5)


def sqlite(build, work):
    env = {"RW_STATE_DIR": str(work / "state"),
           "RW_LEDGER": str(work / "ledger.db"), "MONGO_URI": ""}
    b = Bench("The ledger in SQLite, on the disk", COUNT)
    for cost in record(build, work, init(build, env), COUNT):
        b.add(cost)
    b.run("rw-record --lookup", [build / "rw-record", "--lookup"],
          stdin=work / "due", env=env)
    b.show("rw-record --claim")


def bench(build):
    work = scratch("ledger")
    sqlite(build, work)
    mongo(build, work)


main(bench)
