#!/usr/bin/python3
"""Lines for isolation.bats, and what is compared afterwards.

    isolation.py make N DIR       N good and N bad lines: DIR/good, DIR/mixed and
                                  DIR/bad.json, how each bad line is named
    isolation.py compare DIR A B  the runs in A (good alone) and B (mixed)
"""
import json
import os
import random
import re
import sys

# Members that say when, or by whom, a line was worked on.
VOLATILE = {"claim", "run_id", "mail_date", "sent_timestamp", "boot_id",
            "lease_until", "ledger_lease_until", "lease_boot_ms", "claimed_at"}


def good(i):
    days = {"2025-06-%02d" % (d + 1): "%d.%02d" % (i % 997 - 400, d)
            for d in range(i % 4 + 1)}
    return json.dumps({
        "follower_id": "g-%05d" % i, "report_period": "2025-06",
        "email": "g-%05d@example.com" % i, "commission_pct": i % 50,
        "name": ["Anna", "Łukasz Ż.", "Ωmega", ""][i % 4],
        "daily_pnl": days, "mine": [i, "\U0001f600"]})


def named(i, **members):
    """A record that can be read, and is named by its follower and month."""
    line = {"follower_id": "b-%05d" % i, "report_period": "2025-06",
            "email": "b-%05d@example.com" % i, "commission_pct": 20,
            "daily_pnl": {"2025-06-02": "1.50"}}
    line.update(members)
    return json.dumps({k: v for k, v in line.items() if v is not None})


# Each makes a bad line of number i; True: it is named by its id.
KINDS = [
    (True, lambda i: named(i, daily_pnl=None)),
    (True, lambda i: named(i, daily_pnl=[1, 2])),
    (True, lambda i: named(i, daily_pnl={"2025-06-31": 1})),
    (True, lambda i: named(i, daily_pnl={"2025-07-01": 1})),
    (True, lambda i: named(i, daily_pnl={"2025-06-02": "1.55555"})),
    (True, lambda i: named(i, daily_pnl={"2025-06-02": "NaN"})),
    (True, lambda i: named(i, daily_pnl={"2025-06-02": True})),
    (True, lambda i: named(i, daily_pnl={"2025-06-02": 1, "20250602": 1})),
    (True, lambda i: named(i, daily_pnl={"2025-06-02": "9" * 30})),
    (True, lambda i: named(i, commission_pct="many")),
    (True, lambda i: named(i, currency="XQX")),
    (True, lambda i: named(i, iban="DE00370400440532013000")),
    (True, lambda i: named(i, name="a\u0007b")),
    (True, lambda i: named(i, email=None)),
    (True, lambda i: named(i, email="nobody at home")),
    (True, lambda i: named(i, email="a@b\r\nBcc: x@example.com")),
    (True, lambda i: named(i, email=["x@example.com"])),
    (False, lambda i: named(i, report_period="2025-13")),
    (False, lambda i: named(i, report_period=6)),
    (False, lambda i: named(i, follower_id="../b-%05d" % i)),
    (False, lambda i: named(i, follower_id=i)),
    (False, lambda i: named(i, follower_id=None)),
    (False, lambda i: named(i)[:-1]),
    (False, lambda i: named(i) + "}"),
    (False, lambda i: named(i).replace('"email"', '"follower_id"', 1)),
    (False, lambda i: named(i).replace("example", "ex\\umple")),
    (False, lambda i: "[%s]" % named(i)),
    (False, lambda i: '"b-%05d"' % i),
    (False, lambda i: '{"a":' * 1500 + "%d" % i + "}" * 1500),
    (False, lambda i: "f-%05d,2025-06,1.5" % i),
    (False, lambda i: named(i).replace("@", "\udcff@")),
    (False, lambda i: named(i).replace("@", "\0@")),
]


def make(count, out):
    chance = random.Random(25)
    lines = [("good", i, good(i)) for i in range(count)]
    lines += [("bad", i, KINDS[i % len(KINDS)][1](i)) for i in range(count)]
    with open(out + "/good", "w") as file:
        for _, _, text in lines[:count]:
            file.write(text + "\n")
    chance.shuffle(lines)
    # The good ones stay in their order.
    in_order = iter(sorted(x for x in lines if x[0] == "good"))
    lines = [next(in_order) if x[0] == "good" else x for x in lines]
    names = []
    with open(out + "/mixed", "w", errors="surrogateescape") as file:
        for number, (kind, i, text) in enumerate(lines, 1):
            file.write(text + "\n")
            if kind == "bad":
                names.append("b-%05d 2025-06" % i if KINDS[i % len(KINDS)][0]
                             else "line %d" % number)
    with open(out + "/bad.json", "w") as file:
        json.dump(names, file)


def lines_of(path):
    """The good lines by follower, and their order."""
    lines = {}
    with open(path, errors="surrogateescape") as file:
        for text in file:
            line = json.loads(text)
            name = line.get("follower_id")
            if isinstance(name, str) and name.startswith("g-"):
                assert name not in lines, name + " is there twice"
                lines[name] = {k: v for k, v in line.items()
                               if k not in VOLATILE}
    return lines


def mails_of(path):
    mails = {}
    for name in os.listdir(path + "/mail/new"):
        with open("%s/mail/new/%s" % (path, name), "rb") as file:
            text = re.sub(rb"^Date: .*$", b"", file.read(), 1, re.M)
        to = re.search(rb"^To: .*?(g-\d+)@", text, re.M)
        assert to is not None, name + " is a mail to nobody who is good"
        assert to.group(1) not in mails, "two mails to %r" % to.group(1)
        mails[to.group(1)] = text
    return mails


def files_of(path):
    found = {}
    for here, _, names in os.walk(path + "/out"):
        for name in names:
            if "/g-" in here:
                with open(here + "/" + name, "rb") as file:
                    found[here[len(path):] + "/" + name] = file.read()
    return found


def require_same(what, a, b):
    assert a, "no " + what
    different = [k for k in set(a) | set(b) if a.get(k) != b.get(k)]
    for k in sorted(different)[:1]:
        print("one: %.2000r\ntwo: %.2000r" % (a.get(k), b.get(k)))
    assert not different, "%s: %d differ" % (what, len(different))
    print("%d %s are the same" % (len(a), what))


def require_named(names, path):
    """Each bad line is in one message of the log."""
    with open(path + "/log", errors="surrogateescape") as file:
        said = [m.group(1) for m in
                (re.search(r"(?:error|warning): (b-\d+ 2025-06|line \d+)\b",
                           text) for text in file) if m]
    wrong = [n for n in names if said.count(n) != 1] if len(names) < 500 else \
        sorted(set(names) ^ set(said)) or \
        [n for n in said if said.count(n) > 1][:3]
    assert not wrong, "not named exactly once: %r (%d)" % (wrong[:5],
                                                          len(wrong))
    extra = set(said) - set(names)
    assert not extra, "named, and good: %r" % sorted(extra)[:5]
    print("%d bad lines are named once" % len(names))


def compare(out, a, b):
    for stage in ("gen", "done"):
        require_same("lines of " + stage, lines_of(a + "/" + stage),
                     lines_of(b + "/" + stage))
    assert list(lines_of(a + "/gen")) == list(lines_of(b + "/gen")), "order"
    require_same("mails", mails_of(a), mails_of(b))
    require_same("documents", files_of(a), files_of(b))
    with open(out + "/bad.json") as file:
        require_named(json.load(file), b)


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    compare(*sys.argv[2:5])
