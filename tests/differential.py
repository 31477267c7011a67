#!/usr/bin/python3
"""Asks our parsers and other implementations the same questions.

    differential.py PROBE COUNT KIND...    COUNT made inputs for each, and a table

Each oracle gives the answer of the other implementation in the words of
tests/unit/parse_probe.c. Where both are right in different ways, the oracle says
so, and why. The inputs are the same in each run.
"""
import datetime
import decimal
import email.errors
import email.headerregistry
import json
import random
import re
import subprocess
import sys

from botocore.utils import percent_encode

TYPES = {type(None): 1, bool: 2, int: 4, float: 4, decimal.Decimal: 4,
         list: 6, dict: 7}


def hexed(text):
    return "=" + text.encode("utf-8", "surrogatepass").hex()


def no_constant(word):
    raise ValueError(word + " is not in RFC 8259")


def no_twins(pairs):
    return pairs


def json_of(data):
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=no_constant,
                           parse_float=decimal.Decimal, parse_int=str)
    except (ValueError, RecursionError):
        return "-"
    if data[:1].lstrip(b" \t\r\n-0123456789") == b"" and \
            isinstance(value, str) and b'"' not in data:
        return "4"    # an integer, kept as text
    if isinstance(value, str):
        # A C string cannot hold U+0000; half of a pair becomes U+FFFD.
        if "\0" in value:
            return "5"
        return hexed(re.sub("[\ud800-\udfff]", "\ufffd", value))
    return {True: "3", False: "2"}[value] if isinstance(value, bool) else \
        str(TYPES[type(value)])


def utf8_of(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return str(error.start)
    return "good"


def money_of(data):
    if not re.fullmatch(rb"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", data):
        return "-"
    if re.search(rb"[eE][+-]?0*[1-9][0-9]{3}", data):
        value = decimal.Decimal(re.split(rb"[eE]", data)[0].decode())
        return "0" if value == 0 else "-"
    with decimal.localcontext() as context:
        context.prec = 20000
        value = decimal.Decimal(data.decode()) * 10000
        if value != value.to_integral_value() or abs(value) >= 10 ** 18:
            return "-"
        return str(int(value))


def percent_of(data):
    return percent_encode(data, safe="/-._~")


def date_of(data):
    text = data.decode("latin-1")
    if not re.fullmatch("[0-9]{4}(-?)[0-9]{2}\\1[0-9]{2}", text):
        return "-"    # Python reads weeks, too
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return "-"
    if date.year < 1970:
        return "-"
    epoch = datetime.date(1970, 1, 1)
    return "%d %d" % ((date - epoch).days, date.isoweekday() % 7)


def time_of(data):
    text = data.decode("latin-1")
    match = re.fullmatch("([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:)"
                         "([0-9]{2})(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})",
                         text)
    if not match:
        return "-"
    seconds = 0
    second = match.group(2)
    if second == "60":    # Python has no leap seconds
        second, seconds = "59", 1
    zone = match.group(4).upper().replace("Z", "+00:00")
    if not "00" <= zone[1:3] <= "23" or not "00" <= zone[4:] <= "59":
        return "-"
    try:
        when = datetime.datetime.fromisoformat(
            match.group(1).upper() + second + "+00:00")
    except ValueError:
        return "-"
    offset = (int(zone[1:3]) * 60 + int(zone[4:])) * 60
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return str((when - epoch) // datetime.timedelta(seconds=1) + seconds -
               (offset if zone[0] == "+" else -offset))


def address_of(data):
    """Python's parser is wider (comments, blanks, domains that are no hosts):
    what we accept, it accepts, with the same parts."""
    try:
        text = data.decode("utf-8")
        parsed = email.headerregistry.Address(addr_spec=text)
    except (ValueError, email.errors.MessageError, IndexError,
            AttributeError):    # the last two are faults of its parser
        return "-"
    try:
        host = ".".join(
            x if x.isascii() else x.encode("idna").decode()
            for x in parsed.domain.split("."))
    except UnicodeError:
        host = None    # IDNA 2003, and not 2008
    return (parsed.username, host)


def same_address(ours, theirs):
    if ours == "-":
        return True
    text = bytes.fromhex(ours[1:]).decode("utf-8")
    local, _, host = text.rpartition("@")
    if theirs == "-":    # it does not know RFC 6531
        return not local.isascii()
    if local.startswith('"'):
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    return local == theirs[0] and (theirs[1] is None or host.isascii() and
                                   (host.lower() == theirs[1].lower() or
                                    "xn--" in host))


SEEDS = {
    "json": [b'{"a":1.5,"b":[true,null]}', b'"\\ud83d\\ude00\\u0000\\/"',
             b"[0,-1e5,1E+2]", b' "x" ', b"NaN", b"[1,]", b"01", b"-",
             b'{"a":1,"a":2}', b'"\\ude00\\ud83d"', b'"\x7f\xc2\x85"', b"[]",
             b"\xef\xbb\xbf1", b'"\t"', b"1.", b".5", b"1e", b"-0", b"tru"],
    "utf8": [b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80"
             b"\x80", b"\xe0\x9f\x80", b"\xff", b"a\0b", "äΩ€".encode()],
    "money": [b"1.25", b"-0.0001", b"99999999999999.9999", b"1e2", b"1.5E-3",
              b"+7", b"007", b"1e-400", b"0e99999", b".5", b"5.", b"1,5",
              b"0.00010", b"12345e-8", b"-0", b"100000000000000", b" 1"],
    "percent": [b"a b/c+d", "Größe€".encode(), b"%25~-._", b"a\xff\x80", b"*'()"],
    "date": [b"2025-02-28", b"20240229", b"2025-02-29", b"9999-12-31",
             b"1970-01-01", b"1969-12-31", b"2025-W01-1", b"2000-2-03",
             b"2100-02-29", b"00010101"],
    "time": [b"2025-07-01T00:10:00Z", b"2025-02-30T00:00:00Z",
             b"1996-12-19T16:39:57-08:00", b"1990-12-31T23:59:60Z",
             b"2025-07-01t00:10:00.25z", b"2025-07-01T24:00:00Z",
             b"2025-07-01T00:10:00+23:59", b"0001-01-01T00:00:00+01:00",
             b"2025-07-01 00:10:00Z", b"2025-07-01T00:10:00"],
    "address": [b"anna.b+c@mail.example.com", b'"a b\\"c"@example.com',
                "j@bücher.example".encode(), "jö@example.com".encode(),
                b"a@b", b"a..b@example.com", b".a@example.com", b"a@-x.com",
                b"a@x..com", b"<a@b.com>", b"a@[192.0.2.1]", b"a b@c.com",
                b"a@xn--bcher-kva.example", b"a(c)@b.com", b"A@EXAMPLE.com"],
}
ORACLES = {"json": json_of, "utf8": utf8_of, "money": money_of,
           "percent": percent_of, "date": date_of, "time": time_of,
           "address": address_of}


def mutated(chance, seeds):
    data = bytearray(chance.choice(seeds))
    other = chance.choice(seeds)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(data) + 1)
        way = chance.randrange(4)
        if way == 0:
            data[at:at] = bytes([chance.randrange(256)])
        elif way == 1:
            del data[at:at + 1]
        elif way == 2:
            data[at:at + 1] = bytes([chance.choice(other)])
        else:
            data[at:] = other[chance.randrange(len(other)):]
    return bytes(data)


def usable(kind, data):
    """C strings have no NUL, and Python no year 0."""
    return kind in ("json", "utf8") or b"\0" not in data and not (
        kind == "time" and data.startswith(b"0000"))


def main():
    probe, count = sys.argv[1], int(sys.argv[2])
    failed = False
    for kind in sys.argv[3:]:
        chance = random.Random(kind)
        asked = SEEDS[kind] + [mutated(chance, SEEDS[kind])
                               for _ in range(count)]
        asked = [x for x in asked if x and usable(kind, x)]
        answers = subprocess.run(
            [probe], check=True, capture_output=True, text=True,
            input="".join("%s %s\n" % (kind, x.hex()) for x in asked)
        ).stdout.split("\n")[:-1]
        assert len(answers) == len(asked), "answers are missing"
        same = same_address if kind == "address" else str.__eq__
        wrong = [(data, ours, ORACLES[kind](data))
                 for data, ours in zip(asked, answers)
                 if not same(ours, ORACLES[kind](data))]
        for data, ours, theirs in wrong[:10]:
            print("%s %r: %s here, %s there" % (kind, data, ours, theirs))
        accepted = sum(x != "-" for x in answers)
        assert 0 < accepted, kind + ": nothing was accepted"
        print("%s: %d questions, %d accepted, %d different" % (
            kind, len(asked), accepted, len(wrong)))
        failed = failed or bool(wrong)
    sys.exit(failed)


main()
