"""Whether every name in a file of lines is in To, in the Subject and in the
text of the message that rw-mail makes, whether encoded words are within 75
characters and hold whole characters, and lines within 76.

    header_check.py LINES
"""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import quopri
import re
import subprocess
import sys

WORD = re.compile(rb"=\?UTF-8\?([BQ])\?([^? ]*)\?=")


def words(raw):
    for kind, text in WORD.findall(raw):
        yield (base64.b64decode(text, validate=True) if kind == b"B"
               else quopri.decodestring(text, header=True))


def display_name(raw):
    """Not of email.policy.default, which keeps a blank between two encoded
    words of a name, against RFC 2047, section 6.2."""
    field = email.message_from_bytes(raw)["To"]
    name, _ = email.utils.parseaddr(re.sub(r"\r?\n", "", field))
    return str(email.header.make_header(email.header.decode_header(name)))


def check(line):
    raw = subprocess.run(["rw-mail", "--print"], input=line.encode(),
                         stdout=subprocess.PIPE, check=True).stdout
    head = raw.split(b"\r\n\r\n")[0]
    name = json.loads(line)["name"]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert display_name(raw) == name, message["To"]
    assert message["To"].addresses[0].addr_spec == "anna@example.com"
    assert message["Subject"] == "Report for " + name, message["Subject"]
    assert f"Hello {name}," in message.get_body(("plain",)).get_content()
    for word in words(head):
        word.decode("utf-8")
    for found in re.findall(rb"=\?[^ ]*\?=", head):
        assert len(found) <= 75, found
        assert WORD.fullmatch(found), found
    for one in head.split(b"\r\n"):
        assert len(one) <= 76 and one.isascii(), one


with open(sys.argv[1], encoding="utf-8") as lines:
    for text in lines:
        check(text)
print("all arrived")
