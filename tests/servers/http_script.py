"""An HTTP server that follows a script: http_script.py DIR PORT

It reads DIR/script.json and appends to DIR/log.jsonl; DIR/env is written
before it listens. Left alone it is a store that knows as much of S3 as faults
need to be mixed with success: PUT, GET (with Range), HEAD, DELETE, and
multipart uploads, and the lifecycle rules of a bucket as it got them; it
checks no signature and keeps everything in memory.
Members of the script:

    "host"    the address to listen on (default 127.0.0.1, or ::1)
    "skew"    its clock is so many seconds ahead, and a request whose
              X-Amz-Date is more than 900 away gets RequestTimeTooSkewed
    "line"    reads no more bytes of bodies a second, all connections together
    "rules"   see script_rules.py

Stages of rules are connect (a new connection; there is no text to match),
head (the head of a request was read) and body (its body too; the default).
The text to match is "METHOD TARGET"; "having" maps header names to regular
expressions that must be found besides; "holding" is one for the body, at the
stage body. What a rule does:

    "delay"    wait so many seconds, then go on as usual or with the rest
    "status", "headers", "body"    this answer; headers without a status are
               put over those of the usual answer (null leaves one out)
    "base64"   with status: the body, of any bytes
    "store"    with status: do the usual thing, then give this answer
    "half"     send half of the answer's body, then close
    "close"    close after the answer, and say so
    "drop"     close without an answer ("reset": by a RST)
    "hang"     never answer
    "after"    at head, with drop, reset or hang: having read so many bytes
               of the body
    "drip"     one piece every 0.2 seconds ("every": other seconds), for ever
               or to the end: at connect "tls" (bytes of a handshake); at head
               "read" (the body is read a byte at a time); at body "head" (the
               head, a byte at a time), "headers" (one after the other),
               "interim" (100 Continue), "answer" (the body, a byte at a
               time), "trailers" (of a chunked body)

A 100-continue is sent only to those who ask. Events in the log are connect,
request (its head is read), answer (with status, and length and sha256 of
what was received) and close; request and answer share connection and n.
"""

import base64
import calendar
import email.utils
import hashlib
import http.server
import os
import re
import socket
import sys
import threading
import time
import urllib.parse
import uuid
import xml.sax.saxutils

import script_rules

KNOWN = ["host", "skew", "line"]
ACTIONS = (
    "having holding delay status headers body base64 store half close drop "
    "reset hang after drip every"
).split()
RECEIVE = 65536  # bytes that the kernel takes for a slow reader


class Gone(Exception):
    """The connection is over, by the script or by the client."""


class Answer:
    """What is to be sent."""

    XML = {"Content-Type": "application/xml"}

    def __init__(self, status, body=b"", headers=()):
        self.status = status
        self.body = body
        self.headers = dict(headers)

    @classmethod
    def error(cls, status, code):
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            "<Error><Code>%s</Code><Message>by the script</Message>"
            "<RequestId>script</RequestId></Error>" % code
        )
        return cls(status, text.encode(), cls.XML)

    @classmethod
    def xml(cls, root, **members):
        inner = "".join("<%s>%s</%s>" % (k, v, k) for k, v in members.items())
        text = '<?xml version="1.0" encoding="UTF-8"?>\n<%s>%s</%s>'
        body = (text % (root, inner, root)).encode()
        return cls(200, body, cls.XML)


class Store:
    """Objects by path, in memory."""

    KEPT = re.compile(r"content-type|content-encoding|x-amz-meta-.*", re.I)

    def __init__(self):
        self.lock = threading.Lock()
        self.objects = {}
        self.rules = {}
        self.uploads = {}
        self.begun = {}

    def handle(self, method, target, headers, body):
        """The usual answer to a request."""
        path, _, query = target.partition("?")
        query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        with self.lock:
            if "uploads" in query or "uploadId" in query:
                return self.multipart(method, path, query, headers, body)
            if "lifecycle" in query:
                return self.lifecycle(method, path, body)
            if method == "PUT":
                return self.put(path, headers, body)
            if method in ("GET", "HEAD"):
                return self.get(path, headers)
            if method == "DELETE":
                self.objects.pop(path, None)
                return Answer(204)
        return Answer.error(405, "MethodNotAllowed")

    def lifecycle(self, method, path, body):
        if method == "PUT":
            self.rules[path] = body
            return Answer(200)
        if path not in self.rules:
            return Answer.error(404, "NoSuchLifecycleConfiguration")
        return Answer(200, self.rules[path], Answer.XML)

    def put(self, path, headers, body):
        digest = hashlib.md5(body).digest()
        asked = headers.get("Content-MD5")
        if asked and asked != base64.b64encode(digest).decode():
            return Answer.error(400, "BadDigest")
        return self.keep(path, headers, body, digest.hex())

    def keep(self, path, headers, body, tag):
        kept = {k: v for k, v in headers.items() if self.KEPT.fullmatch(k)}
        kept["ETag"] = '"%s"' % tag
        self.objects[path] = (body, kept)
        return Answer(200, headers={"ETag": kept["ETag"]})

    def get(self, path, headers):
        if path.count("/") < 2:
            return Answer(200)
        if path not in self.objects:
            return Answer.error(404, "NoSuchKey")
        body, kept = self.objects[path]
        answer = Answer(200, body, kept)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("Range", ""))
        if asked and int(asked[1]) < len(body):
            first, last = int(asked[1]), min(
                int(asked[2] or len(body)), len(body) - 1
            )
            answer.status = 206
            answer.body = body[first : last + 1]
            answer.headers["Content-Range"] = "bytes %d-%d/%d" % (
                first, last, len(body),
            )
        return answer

    def list(self, bucket, prefix):
        """The uploads that are begun and not ended."""
        text = ""
        for upload in self.uploads:
            path, since = self.begun[upload]
            key = urllib.parse.unquote(path[len(bucket) + 1 :])
            if key.startswith(prefix):
                text += (
                    "<Upload><Key>%s</Key><UploadId>%s</UploadId>"
                    "<Initiated>%s</Initiated></Upload>"
                ) % (
                    xml.sax.saxutils.escape(key), upload,
                    time.strftime("%Y-%m-%dT%H:%M:%S.000Z",
                                  time.gmtime(since)),
                )
        text = "<%s>%s</%s>" % (
            "ListMultipartUploadsResult", text, "ListMultipartUploadsResult",
        )
        return Answer(200, text.encode(), Answer.XML)

    def multipart(self, method, path, query, headers, body):
        if method == "POST" and "uploads" in query:
            upload = uuid.uuid4().hex
            self.uploads[upload] = (dict(headers.items()), {})
            self.begun[upload] = (path, time.time())
            return Answer.xml("InitiateMultipartUploadResult", UploadId=upload)
        if method == "GET" and "uploads" in query:
            return self.list(path, query.get("prefix", ""))
        if query.get("uploadId") not in self.uploads:
            return Answer.error(404, "NoSuchUpload")
        first_headers, parts = self.uploads[query["uploadId"]]
        if method == "PUT":
            digest = hashlib.md5(body)
            parts[int(query["partNumber"])] = (body, digest.digest())
            return Answer(
                200, headers={"ETag": '"%s"' % digest.hexdigest()}
            )
        del self.uploads[query["uploadId"]]
        if method == "DELETE":
            return Answer(204)
        named = [int(n) for n in re.findall(rb"<PartNumber>(\d+)<", body)]
        if named != sorted(named) or not set(named) <= set(parts):
            return Answer.error(400, "InvalidPart")
        whole = b"".join(parts[n][0] for n in named)
        digest = hashlib.md5(b"".join(parts[n][1] for n in named)).hexdigest()
        answer = self.keep(
            path, first_headers, whole, "%s-%d" % (digest, len(named))
        )
        return Answer.xml(
            "CompleteMultipartUploadResult", ETag=answer.headers["ETag"]
        )


class Session(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = 65536

    def setup(self):
        super().setup()
        self.number = self.server.count("connections")
        self.n = 0

    def log(self, event, **members):
        self.server.log.write(event, connection=self.number, **members)

    def log_message(self, format, *args):
        """Our log has it already."""

    def drip_for_ever(self, action, first, again):
        self.log("drip", n=self.n, what=action["drip"])
        self.wfile.write(first)
        while True:
            self.wfile.write(again)
            time.sleep(action.get("every", 0.2))

    def handle(self):
        self.log("connect", peer=self.client_address[1])
        why = "closed"
        try:
            self.perform(self.server.rules.fire("connect", ""), "connect")
            super().handle()
        except (Gone, OSError) as end:
            why = str(end) or type(end).__name__
        self.close_connection = True
        self.log("close", why=why)

    def handle_expect_100(self):
        """Said when the body is read, after the script had its turn."""
        return True

    # One request, whatever its method

    def respond(self):
        self.n = self.server.count("requests")
        self.received = b""
        text = "%s %s" % (self.command, self.path)
        self.log(
            "request", n=self.n, method=self.command, target=self.path,
            headers=dict(self.headers.items()),
        )
        action = self.fire("head", text)
        if not action.get("status"):
            self.perform(action, "head")
            body = self.received = self.read_body(action)
            action = {**action, **self.fire("body", text)}
            self.perform(action, "body")
        else:
            # An answer before the body was read leaves it on the line.
            time.sleep(action.get("delay", 0))
            body, action = b"", {**action, "close": True}
        self.send(self.answer(action, body), action, body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_CONNECT = respond

    def fire(self, stage, text):
        return self.server.rules.fire(stage, text, self.has_headers)

    def has_headers(self, action):
        held = action.get("holding", "")
        if held and not re.search(held, self.received.decode("latin-1")):
            return False
        return all(
            re.search(pattern, self.headers.get(name, ""))
            for name, pattern in action.get("having", {}).items()
        )

    def read_slowly(self, action, length):
        """A byte at a time, or as fast as the line of all is."""
        body = b""
        drips = action.get("drip") == "read"
        while len(body) < length:
            piece = self.rfile.read1(
                1 if drips else min(1024, length - len(body))
            )
            if not piece:
                break
            body += piece
            if drips:
                time.sleep(action.get("every", 0.2))
            else:
                self.server.carry(len(piece))
        return body

    def read_body(self, action):
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        length = int(self.headers.get("Content-Length", 0))
        if action.get("drip") or self.server.script.get("line"):
            body = self.read_slowly(action, length)
        else:
            body = self.rfile.read(length)
        if len(body) < length:
            raise Gone("the client left within the body")
        return body

    def perform(self, action, stage):
        """Do what the script wants, unless it is an answer."""
        if action.get("after"):
            self.rfile.read(action["after"])
        time.sleep(action.get("delay", 0))
        if action.get("drip") == "tls":
            self.drip_for_ever(action, b"\x16\x03\x03\x3f\xff\x02\x00", b"\0")
        if action.get("hang"):
            self.log("hang", n=self.n)
            while self.connection.recv(65536):
                pass
            raise Gone("hung until the client left")
        if action.get("reset"):
            script_rules.reset(self.connection)
            raise Gone("reset by the script at %s" % stage)
        if action.get("drop"):
            raise Gone("dropped by the script at %s" % stage)

    def answer(self, action, body):
        skew = self.server.script.get("skew", 0)
        status = action.get("status")
        if status is None and self.too_skewed(skew):
            answer = Answer.error(403, "RequestTimeTooSkewed")
        elif status is None or action.get("store"):
            answer = self.server.store.handle(
                self.command, self.path, self.headers, body
            )
        else:
            answer = Answer(status)
        if status is not None:
            answer.status = status
            answer.body = action.get("body", "").encode()
            if "base64" in action:
                answer.body = base64.b64decode(action["base64"])
        answer.headers.setdefault(
            "Date", email.utils.formatdate(time.time() + skew, usegmt=True)
        )
        answer.headers.update(action.get("headers", {}))
        return answer

    def too_skewed(self, skew):
        stamp = self.headers.get("X-Amz-Date")
        if not skew or not stamp:
            return False
        then = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
        return abs(then - time.time() - skew) > 900

    def send_dripping(self, action):
        """An answer that never ends, whatever the usual one is."""
        drip, status = action["drip"], b"HTTP/1.1 200 OK\r\n"
        if drip == "head":
            self.drip_for_ever(action, status + b"X-Drip: ", b"x")
        if drip == "headers":
            self.drip_for_ever(action, status, b"X-Drip: yes\r\n")
        if drip == "interim":
            self.drip_for_ever(action, b"", b"HTTP/1.1 100 Continue\r\n\r\n")
        chunked = status + b"Transfer-Encoding: chunked\r\n\r\n"
        if drip == "trailers":
            self.drip_for_ever(action, chunked + b"0\r\n", b"X-Drip: y\r\n")
        if drip == "answer":
            self.drip_for_ever(action, chunked, b"1\r\n \r\n")

    def send(self, answer, action, received):
        if action.get("drip") not in (None, "read"):
            self.send_dripping(action)
        self.send_response_only(answer.status)
        if answer.status >= 200 and answer.status not in (204, 304):
            answer.headers.setdefault("Content-Length", len(answer.body))
        if action.get("close"):
            answer.headers.setdefault("Connection", "close")
        for name, value in answer.headers.items():
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        body = b"" if self.command == "HEAD" else answer.body
        half = action.get("half")
        self.log(
            "answer", n=self.n, status=answer.status, half=bool(half),
            length=len(received), sha256=hashlib.sha256(received).hexdigest(),
        )
        self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            raise Gone("half an answer by the script")


class Server(http.server.ThreadingHTTPServer):
    """The server: what all connections share."""

    request_queue_size = 128

    def __init__(self, directory, port):
        path = os.path.join(directory, "script.json")
        self.script = script_rules.load(path, KNOWN)
        self.rules = script_rules.Rules(
            self.script.get("rules", []), ACTIONS, "body"
        )
        self.log = script_rules.Log(os.path.join(directory, "log.jsonl"))
        self.lock = threading.Lock()
        self.counts = {"connections": 0, "requests": 0}
        self.free_at = 0
        self.store = Store()
        host = self.script.get("host", "127.0.0.1")
        if ":" in host:
            self.address_family = socket.AF_INET6
        script_rules.put_env(
            directory,
            MINIO_ENDPOINT_URL="http://%s:%d"
            % ("[%s]" % host if ":" in host else host, port),
            MINIO_ACCESS_KEY="script", MINIO_SECRET_KEY="script-secret",
            MINIO_BUCKET_NAME="reports", MINIO_REGION="us-east-1",
            MINIO_SECURE="false",
            HTTP_SCRIPT_LOG=os.path.join(directory, "log.jsonl"),
        )
        super().__init__((host, port), Session)

    def count(self, what):
        with self.lock:
            self.counts[what] += 1
            return self.counts[what]

    def carry(self, length):
        """Wait until the line has carried so many bytes more."""
        with self.lock:
            now = time.monotonic()
            self.free_at = max(now, self.free_at) + (
                length / self.script["line"]
            )
            wait = self.free_at - now
        time.sleep(wait)

    def get_request(self):
        request, address = super().get_request()
        if self.script.get("line"):
            request.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE)
        return request, address

    def handle_error(self, request, client_address):
        """A fault of ours, not of the script: it must not go unseen."""
        self.log.write("bug", why=repr(sys.exc_info()[1]))
        super().handle_error(request, client_address)


if __name__ == "__main__":
    Server(sys.argv[1], int(sys.argv[2])).serve_forever()
