"""An SMTP server that follows a script: smtp_script.py DIR PORT

It reads DIR/script.json, appends to DIR/log.jsonl, and keeps each message
that it accepts as DIR/messages/N.eml. DIR/env is written before it listens.
Members of the script:

    "size"          announce SIZE, and refuse what is larger (0: no limit)
    "starttls"      announce STARTTLS (default false)
    "implicit_tls"  TLS from the first byte
    "cert"          good (default), other-host, expired, unknown-ca
    "auth"          mechanisms to announce, of PLAIN, LOGIN, XOAUTH2 and
                    OAUTHBEARER
    "auth_needs_tls"  announce AUTH only within TLS (default true)
    "user", "password"  the only ones accepted
    "tokens"        those accepted instead of the password: a list, or a file
                    of them that is read for each login
    "need_auth"     refuse MAIL before AUTH
    "smtputf8", "8bitmime", "pipelining"   announce it (default false)
    "helo_only"     refuse EHLO
    "ehlo_case"     the words of the answer to EHLO: lower, title or swapcase
    "messages_a_connection"  after so many: 421 and the end
    "rules"         see script_rules.py

Stages of rules are connect, ehlo, starttls, tls (the handshake), auth, mail,
rcpt, data, body, dot, and every other verb in small letters. The text to
match is the line received; at dot and body it is the sender and recipients.
What a rule does:

    "delay"   wait so many seconds, then go on as usual or with the rest
    "reply"   answer this ("451 4.3.0 later"); lines are parted by \\n; after
              a 421 the connection is closed
    "drop"    close the connection without an answer ("reset": by a RST)
    "hang"    never answer
    "store"   at dot, with reply, drop or hang: the message is kept all the same
    "after"   at body: having read so many bytes (default 1)
    "drip"    one piece every 0.2 seconds ("every": other seconds), for ever:
              "lines" of an answer that has no end, "bytes" of one line; at body
              "read": the text is read a byte at a time

Events in the log are connect, command (with stage, line and reply), message
(with n, from, to, size, file, tls, user and confirmed: whether the client
was told 250) and close.
"""

import base64
import binascii
import os
import re
import socketserver
import ssl
import sys
import threading
import time

import script_rules

KNOWN = (
    "size starttls implicit_tls cert auth auth_needs_tls user password tokens "
    "need_auth smtputf8 8bitmime pipelining helo_only messages_a_connection "
    "ehlo_case"
).split()
ACTIONS = "delay reply drop reset hang store after drip every".split()


class Gone(Exception):
    """The connection is over, by the script or by the client."""


class Session(socketserver.BaseRequestHandler):
    """One connection."""

    def setup(self):
        self.number = self.server.count("connections")
        self.buffer = bytearray()
        self.tls = False
        self.helo = False
        self.user = None
        self.sent = 0
        self.forget()

    def forget(self):
        """Begin a new transaction."""
        self.sender = None
        self.recipients = []

    def finish(self):
        self.request.close()

    def log(self, event, **members):
        self.server.log.write(event, connection=self.number, **members)

    def handle(self):
        self.log("connect", peer=self.client_address[1])
        try:
            if self.server.script.get("implicit_tls"):
                self.begin_tls()
            self.step("connect", "", lambda _: "220 script.example ESMTP")
            while True:
                self.command()
        except (Gone, OSError) as end:
            self.log("close", why=str(end) or type(end).__name__)

    # Bytes

    def fill(self):
        data = self.request.recv(65536)
        if not data:
            raise Gone("closed by the client")
        self.buffer += data

    def read_line(self):
        line = self.take(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "backslashreplace")

    def take(self, end):
        """All up to the first end, which is dropped."""
        begin = 0
        while (at := self.buffer.find(end, begin)) < 0:
            begin = max(0, len(self.buffer) - len(end))
            self.fill()
        taken = bytes(self.buffer[:at])
        del self.buffer[: at + len(end)]
        return taken

    def send(self, reply):
        """A reply of one or several lines, the code taken from its start."""
        lines = reply.split("\n")
        code = lines[0][:3]
        texts = [line[4:] if line[:3] == code else line for line in lines]
        wire = [code + "-" + text for text in texts[:-1]]
        wire.append(code + " " + texts[-1])
        self.request.sendall("".join(w + "\r\n" for w in wire).encode())
        if code == "421":
            raise Gone("told 421")

    # The script

    def perform(self, action, stage):
        """Do what the script wants, unless it is but a reply."""
        time.sleep(action.get("delay", 0))
        if action.get("drip"):
            self.drip(action, stage)
        if action.get("hang"):
            self.log("hang", stage=stage)
            while self.request.recv(65536):
                pass
            raise Gone("hung until the client left")
        if action.get("reset"):
            script_rules.reset(self.request)
            raise Gone("reset by the script at %s" % stage)
        if action.get("drop"):
            raise Gone("dropped by the script at %s" % stage)
        return action.get("reply")

    def drip(self, action, stage):
        """What never ends."""
        self.log("drip", stage=stage)
        piece = {"lines": b"250-more\r\n", "bytes": b"2"}.get(action["drip"])
        while piece or self.request.recv(1):
            if piece:
                self.request.sendall(piece)
            time.sleep(action.get("every", 0.2))
        raise Gone("closed by the client")

    def step(self, stage, line, usual):
        """One command and its reply: the script's, else the usual one."""
        action = self.server.rules.fire(stage, line)
        self.perform(action, stage)
        reply = action.get("reply") or usual(line)
        self.log("command", stage=stage, line=line, reply=reply)
        self.send(reply)
        return reply

    def command(self):
        line = self.read_line()
        verb = line.split(" ", 1)[0].lower()
        stage = "ehlo" if verb == "helo" else verb
        usual = getattr(self, "on_" + stage, None)
        if usual is None:
            usual = self.on_unknown
        reply = self.step(stage, line, usual)
        if stage == "quit":
            raise Gone("quit")
        if stage == "starttls" and reply.startswith("220"):
            self.begin_tls()
        if stage == "data" and reply.startswith("354"):
            self.message()

    # Usual behaviour, a method a verb

    def on_unknown(self, _):
        return "500 5.5.2 unknown command"

    def on_ehlo(self, line):
        self.forget()
        script = self.server.script
        if line[:4].upper() == "HELO":
            self.helo = True
            return "250 script.example"
        if script.get("helo_only"):
            return "502 5.5.1 EHLO not implemented"
        self.helo = True
        words = ["250 script.example"]
        words += ["250 " + word for word in self.extensions(script)]
        change = getattr(str, script.get("ehlo_case", "__str__"))
        return "\n".join(change(word) for word in words)

    def extensions(self, script):
        for name in "pipelining", "8bitmime", "smtputf8":
            if script.get(name):
                yield name.upper()
        if "size" in script:
            yield "SIZE %d" % script["size"]
        if script.get("starttls") and not self.tls:
            yield "STARTTLS"
        if self.may_auth():
            yield "AUTH " + " ".join(script["auth"])

    def may_auth(self):
        script = self.server.script
        if not script.get("auth"):
            return False
        return self.tls or not script.get("auth_needs_tls", True)

    def on_starttls(self, _):
        if not self.server.script.get("starttls") or self.tls:
            return "502 5.5.1 not offered"
        return "220 2.0.0 go ahead"

    def begin_tls(self):
        self.perform(self.server.rules.fire("tls", ""), "tls")
        injected = len(self.buffer)
        self.buffer.clear()
        try:
            self.request = self.server.tls.wrap_socket(
                self.request, server_side=True
            )
        except ssl.SSLError as error:
            self.log("tls", ok=False, why=str(error))
            raise Gone("no TLS: %s" % error) from error
        self.log("tls", ok=True, injected=injected, name=self.request.version())
        self.tls = True
        self.forget()

    def on_auth(self, line):
        if not self.may_auth():
            return "502 5.5.1 not offered"
        words = line.split()
        try:
            if words[1].upper() == "PLAIN":
                blob = words[2] if len(words) > 2 else self.ask("")
                _, user, password = self.decode(blob).split("\0")
            elif words[1].upper() == "LOGIN":
                user = self.decode(
                    words[2] if len(words) > 2 else self.ask("Username:")
                )
                password = self.decode(self.ask("Password:"))
            elif words[1].upper() in ("XOAUTH2", "OAUTHBEARER"):
                return self.auth_token(
                    self.decode(words[2] if len(words) > 2 else self.ask("")))
            else:
                return "504 5.5.4 no such mechanism"
        except (ValueError, IndexError, binascii.Error):
            return "501 5.5.2 cannot be read"
        script = self.server.script
        if (user, password) != (script.get("user"), script.get("password")):
            return "535 5.7.8 authentication failed"
        self.user = user
        return "235 2.7.0 accepted"

    def auth_token(self, message):
        """RFC 7628, and what Google and Microsoft have instead."""
        user = re.search("(?:^user=|^n,a=)([^\1,]*)", message)
        token = re.search("\1auth=Bearer ([^\1]*)\1\1$", message)
        script = self.server.script
        tokens = script.get("tokens", [])
        if isinstance(tokens, str):
            with open(tokens) as file:
                tokens = file.read().split()
        if (user and token and user[1] == script.get("user")
                and token[1] in tokens):
            self.user = user[1]
            return "235 2.7.0 accepted"
        self.ask('{"status":"401","got":"%s"}' % (token and token[1]))
        return "535 5.7.8 authentication failed"

    def ask(self, prompt):
        self.send("334 " + base64.b64encode(prompt.encode()).decode())
        return self.read_line()

    @staticmethod
    def decode(blob):
        return base64.b64decode(blob, validate=True).decode()

    def on_mail(self, line):
        script = self.server.script
        limit = script.get("messages_a_connection")
        if limit is not None and self.sent >= limit:
            return "421 4.7.0 enough messages on this connection"
        if not self.helo:
            return "503 5.5.1 say EHLO first"
        if script.get("need_auth") and self.user is None:
            return "530 5.7.0 authentication required"
        if self.sender is not None:
            return "503 5.5.1 nested MAIL"
        path, options = self.path(line, "MAIL FROM:")
        if path is None:
            return "501 5.5.4 syntax"
        size = re.search(r"\bSIZE=(\d+)", options, re.I)
        if size and 0 < script.get("size", 0) < int(size.group(1)):
            return "552 5.3.4 too big"
        if not path.isascii() and "SMTPUTF8" not in options.upper():
            return "553 5.6.7 SMTPUTF8 was not asked for"
        self.sender = path
        return "250 2.1.0 sender ok"

    @staticmethod
    def path(line, start):
        found = re.fullmatch(start + r" ?<([^>]*)>(.*)", line, re.I)
        return found.groups() if found else (None, "")

    def on_rcpt(self, line):
        if self.sender is None:
            return "503 5.5.1 MAIL first"
        path, _ = self.path(line, "RCPT TO:")
        if not path:
            return "501 5.5.4 syntax"
        self.recipients.append(path)
        return "250 2.1.5 recipient ok"

    def on_data(self, _):
        if not self.recipients:
            return "503 5.5.1 no valid recipients"
        return "354 end with a dot"

    def on_rset(self, _):
        self.forget()
        return "250 2.0.0 forgotten"

    def on_noop(self, _):
        return "250 2.0.0 fine"

    def on_quit(self, _):
        return "221 2.0.0 bye"

    # The message

    def message(self):
        envelope = "%s %s" % (self.sender, " ".join(self.recipients))
        body = self.read_body(envelope)
        action = self.server.rules.fire("dot", envelope)
        limit = self.server.script.get("size", 0)
        too_big = 0 < limit < len(body)
        reply = action.get("reply")
        if reply is None:
            reply = "552 5.3.4 too big" if too_big else "250 2.0.0 kept"
        silent = any(
            action.get(what) for what in ("drop", "reset", "hang", "drip")
        )
        confirmed = reply[0] == "2" and not silent
        if action.get("store") or confirmed:
            self.keep(body, confirmed)
        self.perform(action, "dot")
        self.log("command", stage="dot", line=envelope, reply=reply)
        self.sent += 1
        self.forget()
        self.send(reply)

    def read_body(self, envelope):
        """All up to the lone dot, unstuffed; the script may end it before."""
        action = self.server.rules.fire("body", envelope)
        while action and len(self.buffer) < action.get("after", 1):
            self.fill()
        self.perform(action, "body")
        # The dot may be the first line: put the line end of DATA before it.
        self.buffer[:0] = b"\r\n"
        body = (self.take(b"\r\n.\r\n") + b"\r\n")[2:]
        return re.sub(rb"(?m)^\.", b"", body)

    def keep(self, body, confirmed):
        number = self.server.count("messages")
        path = os.path.join(self.server.dir, "messages", "%d.eml" % number)
        with open(path, "wb") as file:
            file.write(body)
        self.log(
            "message", n=number, file=path, size=len(body), tls=self.tls,
            user=self.user, confirmed=confirmed, to=self.recipients,
            **{"from": self.sender},
        )


class Server(socketserver.ThreadingTCPServer):
    """The server: what all connections share."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, directory, port):
        self.dir = directory
        path = os.path.join(directory, "script.json")
        self.script = script_rules.load(path, KNOWN)
        self.rules = script_rules.Rules(self.script.get("rules", []), ACTIONS)
        self.log = script_rules.Log(os.path.join(directory, "log.jsonl"))
        self.lock = threading.Lock()
        messages = os.path.join(directory, "messages")
        os.makedirs(messages, exist_ok=True)
        self.counts = {"connections": 0, "messages": len(os.listdir(messages))}
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert = self.script.get("cert", "good")
        self.tls.load_cert_chain(os.path.join(directory, cert + ".pem"))
        self.put_env(port)
        super().__init__(("127.0.0.1", port), Session)

    def put_env(self, port):
        script = self.script
        tls = script.get("starttls") or script.get("implicit_tls")
        script_rules.put_env(
            self.dir, SMTP_HOST="127.0.0.1", SMTP_PORT=port,
            SMTP_USER=script.get("user", ""),
            SMTP_PASSWORD=script.get("password", ""),
            SMTP_TLS="true" if tls else "false",
            RW_CA_FILE=os.path.join(self.dir, "ca.pem"),
            SMTP_SCRIPT_LOG=os.path.join(self.dir, "log.jsonl"),
            SMTP_SCRIPT_MESSAGES=os.path.join(self.dir, "messages"),
        )

    def count(self, what):
        with self.lock:
            self.counts[what] += 1
            return self.counts[what]


if __name__ == "__main__":
    Server(sys.argv[1], int(sys.argv[2])).serve_forever()
