"""Reads a directory of messages, of whatever server kept them, and prints one
JSON object for each: to, message_id, links, attachments (name and SHA-256),
and defects, which Python's parser has found.

    read_mail.py DIR
"""

import email
import email.policy
import hashlib
import json
import pathlib
import re
import sys


def parts(message):
    for part in message.walk():
        if not part.is_multipart():
            yield part


def read(path):
    message = email.message_from_bytes(path.read_bytes(),
                                       policy=email.policy.default)
    text = ""
    attachments = {}
    defects = [repr(d) for p in message.walk() for d in p.defects]
    for part in parts(message):
        if part.is_attachment():
            attachments[part.get_filename()] = hashlib.sha256(
                part.get_content()).hexdigest()
        elif part.get_content_type() == "text/plain":
            text = part.get_content()
    return {"to": message["To"].addresses[0].addr_spec,
            "message_id": message["Message-ID"],
            "links": re.findall(r"https?://\S+", text),
            "attachments": attachments, "defects": defects}


for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    if file.is_file():
        print(json.dumps(read(file)))
