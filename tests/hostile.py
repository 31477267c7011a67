#!/usr/bin/python3
"""Runs rw-mail and rw-put against servers that answer at random.

    hostile.py mail|put DIR FIRST COUNT

COUNT runs, with the seeds from FIRST on. A server cuts, splits, delays, drips
and garbles its answers, sends too many or too large ones, or none. It never
claims to have kept what it does not have. Then no tool may crash, hang, or lose
a line, and what is reported as sent or stored, the server has said of that very
message or object.
"""
import hashlib
import http.server
import json
import os
import random
import re
import socket
import socketserver
import subprocess
import sys
import threading
import time

LINES = 8
LONGEST = 240    # seconds that a tool may take for them


class Gone(Exception):
    """The server has closed the connection."""


class Chance(random.Random):
    def happens(self, percent):
        return self.randrange(100) < percent

    def garbage(self):
        return bytes(self.randrange(256)
                     for _ in range(self.randrange(1, 200)))


def send_hostile(connection, chance, data, trouble):
    """Sends the bytes, in one of many ways. Gone: not all of them."""
    way = chance.randrange(5) if chance.happens(trouble) else 5
    if way == 0:
        connection.sendall(data[:chance.randrange(len(data))])
        raise Gone
    if way == 1:
        for byte in data:
            connection.sendall(bytes([byte]))
    elif way == 2:
        time.sleep(chance.choice([0.05, 0.3, 1.3]))
        connection.sendall(data)
    elif way == 3:
        at = chance.randrange(len(data))
        connection.sendall(data[:at])
        time.sleep(0.1)
        connection.sendall(data[at:])
    else:
        connection.sendall(data)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          b"\1\0\0\0\0\0\0\0")
    raise Gone


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 100

    def __init__(self, handler, seed, trouble):
        super().__init__(("127.0.0.1", 0), handler)
        self.seed, self.trouble, self.connections = seed, trouble, 0
        self.lock, self.kept = threading.Lock(), {}
        threading.Thread(target=self.serve_forever, args=(0.05,),
                         daemon=True).start()

    def handle_error(self, request, client_address):
        kind = sys.exc_info()[0]
        if not issubclass(kind, (OSError, Gone, ValueError)):
            super().handle_error(request, client_address)

    def chance(self):
        with self.lock:
            self.connections += 1
            return Chance("%d %d" % (self.seed, self.connections))


# ---- SMTP -----------------------------------------------------------------

class Smtp(socketserver.StreamRequestHandler):
    """self.server.kept: the recipients that were told 2xx after the text."""

    def say(self, *lines):
        data = "".join(x + "\r\n" for x in lines).encode()
        chance = self.luck
        if chance.happens(self.server.trouble):
            way = chance.randrange(8)
            if way == 0:
                raise Gone
            if way == 1:
                reset(self.connection)
            if way == 2:
                data = chance.garbage() + b"\r\n"
            elif way == 3:
                data = data[:4] + b"x" * chance.choice([600, 70000]) + b"\r\n"
            elif way == 4:
                data = data[:3] + b"-again\r\n" + data
            elif way == 5:
                data = b"%d what\r\n" % chance.choice(
                    [421, 451, 550, 552, 354, 199, 334, 600, 999])
            elif way == 6:
                time.sleep(1.3)
            else:
                data = data[:3] + b"-endless\r\n" * 3000
        send_hostile(self.connection, chance, data, self.server.trouble)
        return data

    def handle(self):
        self.luck = self.server.chance()
        self.say("220 hostile ESMTP")
        while True:
            line = self.rfile.readline(5000)
            if not line:
                return
            self.answer(line.decode("latin-1").strip())

    def answer(self, line):
        verb = line[:4].upper()
        if verb == "EHLO":
            self.say("250-hostile", *(["250-PIPELINING"] if
                                      self.server.seed % 2 else []),
                     "250 SIZE 1000000")
        elif verb == "DATA":
            if self.say("354 go").startswith(b"354"):
                self.take_text()
        elif verb == "QUIT":
            self.say("221 bye")
            raise Gone
        else:
            if verb == "RCPT":
                self.to = re.search("<(.*)>", line).group(1)
            self.say("250 ok")

    def take_text(self):
        text = b""
        while not (b"\r\n" + text).endswith(b"\r\n.\r\n"):
            line = self.rfile.readline(5000)
            if not line:
                raise Gone
            text += line
            if self.luck.randrange(4000) < self.server.trouble:
                raise Gone
        # Told before it is said: a client may have it when we are cut.
        with self.server.lock:
            self.server.kept[self.to] = hashlib.sha256(text).hexdigest()
        said = self.say("250 kept")
        if not re.search(rb"(?m)^2\d\d[ \r]", said):
            with self.server.lock:
                del self.server.kept[self.to]


def mail_lines():
    return [{"follower_id": "f-%d" % i, "report_period": "2025-06",
             "email": "f-%d@example.com" % i,
             "pdf_url": "https://s.example/%d.pdf" % i,
             "excel_url": "https://s.example/%d.xlsx" % i}
            for i in range(LINES)]


def check_mail(server, lines):
    for line in lines:
        if line.get("email_sent"):
            assert line["email"] in server.kept, \
                line["email"] + " is reported as sent, and was not accepted"
    return sum(bool(x.get("email_sent")) for x in lines)


# ---- HTTP -----------------------------------------------------------------

class Http(http.server.BaseHTTPRequestHandler):
    """self.server.kept: what is stored, by path."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def setup(self):
        super().setup()
        self.luck = self.server.chance()

    def reply(self, status, headers=(), body=b""):
        length = str(len(body))
        chance = self.luck
        extra = []
        if chance.happens(self.server.trouble):
            way = chance.randrange(10)
            if way == 0:
                raise Gone
            if way == 1:
                reset(self.connection)
            if way == 2:
                send_hostile(self.connection, chance, chance.garbage(), 50)
                raise Gone
            if way == 3:
                length = chance.choice(["-1", "1" * 30, "x", "5000000"])
            elif way == 4:
                status = chance.choice([100, 204, 206, 301, 400, 403, 404,
                                        429, 500, 503, 999])
                headers = []
            elif way == 5:
                extra = ["X-Much: " + "y" * chance.choice([5000, 200000])]
            elif way == 6:
                extra = ["X-%d: z" % i for i in range(500)]
            elif way == 7:
                extra = ["Retry-After: %s" % chance.choice(
                    ["0", "-1", "99999999999999999999", "soon"])]
            elif way == 8:
                body = b"<Error><Code>" + chance.garbage() + b"</Code>"
                length, status = str(len(body)), 503
            else:
                time.sleep(1.2)
        head = ["HTTP/1.1 %d Said" % status, *headers, *extra,
                "Content-Length: " + length, "", ""]
        data = "\r\n".join(head).encode("latin-1")
        if self.command != "HEAD":
            data += body
        send_hostile(self.connection, chance, data, self.server.trouble)

    def do_PUT(self):
        size = int(self.headers["Content-Length"])
        if self.luck.happens(self.server.trouble // 3):
            self.rfile.read(self.luck.randrange(size + 1))
            raise Gone
        body = self.rfile.read(size)
        if len(body) < size:
            raise Gone
        path = self.path.split("?")[0]
        with self.server.lock:
            self.server.kept[path] = (
                hashlib.md5(body).hexdigest(), len(body),
                hashlib.sha256(body).hexdigest(),
                self.headers.get("x-amz-meta-sha256", ""))
        self.reply(200, ['ETag: "%s"' % self.server.kept[path][0]])

    def do_GET(self):
        found = self.server.kept.get(self.path.split("?")[0])
        if found is None:
            self.reply(404, [], b"<Error><Code>NoSuchKey</Code></Error>")
        elif self.command == "HEAD":
            send_hostile(self.connection, self.luck, (
                "HTTP/1.1 200 OK\r\nETag: \"%s\"\r\nContent-Length: %d\r\n"
                "x-amz-meta-sha256: %s\r\n\r\n" % (
                    found[0], found[1], found[3])).encode(),
                self.server.trouble)
        else:
            self.reply(200, [], b"")

    do_HEAD = do_POST = do_DELETE = do_GET


def put_lines(where):
    lines = []
    for i in range(LINES):
        line = {"follower_id": "f-%d" % i, "report_period": "2025-06"}
        for name, end in (("pdf", "pdf"), ("excel", "xlsx")):
            path = "%s/%d.%s" % (where, i, end)
            with open(path, "wb") as file:
                file.write(b"%d" % i * (3000 + 40000 * (i % 3)))
            line[name + "_path"] = path
        lines.append(line)
    return lines


def check_put(server, lines):
    for line in lines:
        for name in ("pdf", "excel"):
            if line.get("minio_upload"):
                path = "/bucket/" + line[name + "_key"]
                with open(line[name + "_path"], "rb") as file:
                    sha256 = hashlib.sha256(file.read()).hexdigest()
                assert server.kept.get(path, [""] * 3)[2] == sha256, \
                    path + " is reported as stored, and is not"
    return sum(bool(x.get("minio_upload")) for x in lines)


# ---- runs -----------------------------------------------------------------

def run(tool, where, seed):
    server = Server(Smtp if tool == "mail" else Http, seed,
                    [0, 4, 15, 40, 90][seed % 5])
    port = server.server_address[1]
    environment = dict(os.environ, RW_SMTP_TIMEOUT="1",
                       RW_SMTP_DOT_TIMEOUT="1", SMTP_HOST="127.0.0.1",
                       SMTP_PORT=str(port), SMTP_TLS="false",
                       REPORT_SENDER_EMAIL="r@example.com", RW_S3_TIMEOUT="1",
                       RW_S3_ATTEMPTS="2", MINIO_SECURE="false", MINIO_ACCESS_KEY="key",
                       MINIO_SECRET_KEY="secret-of-store",
                       MINIO_BUCKET_NAME="bucket",
                       MINIO_ENDPOINT_URL="http://127.0.0.1:%d" % port)
    lines = mail_lines() if tool == "mail" else put_lines(where)
    done = subprocess.run(
        ["rw-" + tool], env=environment, capture_output=True, timeout=LONGEST,
        input="".join(json.dumps(x) + "\n" for x in lines).encode())
    said = done.stderr.decode("latin-1")
    assert done.returncode in (0, 1, 69, 78), "status %d: %s" % (
        done.returncode, said[-3000:])
    assert not re.search("Sanitizer|runtime error|secret-of-store", said), \
        said[-3000:]
    out = [json.loads(x) for x in done.stdout.splitlines()]
    assert sorted(x["follower_id"] for x in out) == \
        sorted(x["follower_id"] for x in lines), \
        "lines were lost: %d of %d, %s" % (len(out), LINES, said[-2000:])
    good = (check_mail if tool == "mail" else check_put)(server, out)
    assert good == LINES or done.returncode != 0, "status 0, and %d of %d" % (
        good, LINES)
    assert server.trouble > 0 or good == LINES, "a good server was not used"
    server.shutdown()
    server.server_close()
    return good


def main():
    tool, where = sys.argv[1:3]
    first, count = int(sys.argv[3]), int(sys.argv[4])
    good = 0
    for seed in range(first, first + count):
        try:
            good += run(tool, where, seed)
        except (AssertionError, subprocess.TimeoutExpired, ValueError) as why:
            sys.exit("seed %d: %s" % (seed, why))
    print("%d runs, %d of %d lines good" % (count, good, count * LINES))
    # Both are there, or the servers prove nothing.
    sys.exit(not 0 < good < count * LINES)


main()
