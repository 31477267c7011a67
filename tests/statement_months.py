"""Writes the months that statements are hard to draw for, as report lines.
The same every time. usage: statement_months.py [random COUNT]
"""

import json
import random
import sys


def days(count, pnl, period="2025-05"):
    return {f"{period}-{day:02}": pnl(day) for day in range(1, count + 1)}


def months(rng):
    def some(low, high, decimals=2):
        return lambda _: f"{rng.uniform(low, high):.{decimals}f}"

    usual = days(20, some(-150, 190))
    yield "none", {}, {}
    yield "one", days(1, some(1, 200)), {}
    yield "two", {"2025-05-07": "125.5", "2025-05-30": "-300.25"}, {}
    yield "all", days(31, some(-150, 190)), {
        "opening_balance": "25000", "high_water_mark": "25100.5"}
    yield "february", days(28, some(-150, 190), "2025-02"), {
        "report_period": "2025-02"}
    yield "losses", days(22, some(-190, -1)), {}
    yield "wins", days(22, some(1, 190)), {}
    yield "unchanged", days(20, lambda _: "0"), {}
    yield "huge", days(22, lambda day: "25000.00" if day == 9 else
                       f"{rng.uniform(-10, 12):.2f}"), {}
    yield "ten-million", days(31, some(-900000, 1300000, 4)), {
        "currency": "CHF", "name": "Doña María Antonia de la Concepción "
        "Fernández de Córdoba y Álvarez de Toledo-Osorio y Mena"}
    yield "largest", days(31, some(-99999999999999, 99999999999999)), {
        "currency": "KWD", "opening_balance": "99999999999999.9999"}
    yield "yen", days(20, some(-15000, 19000, 0)), {
        "currency": "JPY", "commission_pct": "12.375"}
    yield "dinar", days(20, some(-15, 19, 3)), {
        "currency": "KWD", "commission_pct": 12.5}
    yield "free", usual, {"commission_pct": 0}
    yield "no-iban", usual, {"iban": None}
    yield "no-name", usual, {"name": None}
    yield "revised", usual, {"revision": 3}
    yield "polish", usual, {"name": "Łukasz Wiśniewski"}
    yield "greek", usual, {"name": "Ελένη Παπαδοπούλου"}
    yield "cyrillic", usual, {"name": "Божидар Иванов"}
    yield "vietnamese", usual, {"name": "Nguyễn Thị Minh Khai"}
    yield "mixed", usual, {"name": "Łukasz Иванов"}
    yield "decomposed", usual, {"name": "Jose\u0301 Mu\u0308ller"}
    yield "hebrew", usual, {"name": "דוד כהן"}
    yield "japanese", usual, {"name": "田中 陽子"}
    yield "brackets", usual, {"name": "A (B) \\ C & D <E> =1+1"}
    yield "formula", usual, {"name": "=HYPERLINK(\"http://example.com\")"}
    yield "wide", usual, {"name": "W" * 300}
    yield "i" * 128, usual, {"name": "Anna Keller"}
    yield "W" * 128, usual, {"name": "Anna Keller"}


def write(follower, pnl, more):
    record = {"follower_id": follower, "report_period": "2025-05",
              "name": "Anna Keller", "iban": "DE89370400440532013000",
              "currency": "EUR", "commission_pct": 20, **more,
              "daily_pnl": pnl}
    print(json.dumps(record, ensure_ascii=False))


def amount(rng):
    """Up to 12 digits before the point and four decimals behind it."""
    digits = rng.randrange(0, 13)
    whole = rng.randrange(10 ** digits)
    decimals = rng.choice(["", f".{rng.randrange(10):d}",
                           f".{rng.randrange(100):02d}",
                           f".{rng.randrange(10000):04d}"])
    return f"{rng.choice(['', '-'])}{whole}{decimals}"


def at_random(rng, count):
    for i in range(count):
        rate = f"{rng.randrange(101)}" if rng.random() < 0.5 else \
            f"{rng.randrange(1000000) / 10000:.4f}"
        pnl = days(rng.randrange(32), lambda _: amount(rng))
        write(f"r-{i}", pnl, {
            "currency": rng.choice(["EUR", "JPY", "KWD"]),
            "commission_pct": rate, "opening_balance": amount(rng),
            "high_water_mark": amount(rng)})


def main():
    if sys.argv[1:2] == ["random"]:
        at_random(random.Random(2), int(sys.argv[2]))
        return
    for follower, pnl, more in months(random.Random(1)):
        write(follower, pnl, more)


main()
