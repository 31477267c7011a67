#!/usr/bin/env python3
"""What a mail reader makes of messages: one JSON object for each file named
(or for standard input), as Python's email package understands it."""

import email
import email.header
import email.policy
import hashlib
import json
import re
import sys

DOCUMENTED = (
    "date from to cc reply-to subject message-id auto-submitted "
    "x-original-to return-path delivered-to"
).split()


def describe(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    headers = {
        name: str(message[name]) for name in DOCUMENTED if message[name]
    }
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    return {
        **headers,
        "types": [part.get_content_type() for part in message.walk()],
        "text": text and text.get_content(),
        "html": html and html.get_content(),
        "attachments": [attachment(part) for part in message.iter_attachments()]
        if message.get_content_type() == "multipart/mixed" else [],
        "defects": [str(d) for part in message.walk() for d in part.defects]
        + [str(d) for part in message.walk()
           for field, value in part.items() for d in value.defects
           if not is_old_name(field, d)],
        "longest_line": max(len(line) for part in message.walk()
                            if not part.is_multipart()
                            for line in part.get_payload().splitlines()),
        "bare_lf": raw.replace(b"\r\n", b"").count(b"\n"),
        "bare_cr": raw.replace(b"\r\n", b"").count(b"\r"),
        "ascii": raw.isascii(),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }


def is_old_name(field, defect):
    """The old form of a name outside ASCII is not allowed, and is expected."""
    return (field.lower() == "content-type"
            and "encoded" in str(defect) and "word" in str(defect))


def old_name(part):
    field = re.sub(r"\r?\n[ \t]", " ", part.get("content-type", ""))
    found = re.search(r'name="(.*)"', field)
    return found and str(email.header.make_header(
        email.header.decode_header(found[1])))


def attachment(part):
    content = part.get_content()
    return {
        "name": part.get_filename(),
        "old_name": old_name(part),
        "type": part.get_content_type(),
        "disposition": part.get_content_disposition(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def main():
    for name in sys.argv[1:] or ["/dev/stdin"]:
        with open(name, "rb") as file:
            print(json.dumps(describe(file.read())))


if __name__ == "__main__":
    main()
