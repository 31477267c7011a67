"""A forward proxy for HTTP: http_proxy.py DIR PORT [TARGET PREFIX]

With TARGET it is a reverse proxy: all goes there, PREFIX taken off the path.

It appends to DIR/log.jsonl an event "request" for each request with an
absolute URL, and "tunnel" for each CONNECT, with method and target.
"""

import http.client
import http.server
import os
import selectors
import socket
import sys
import urllib.parse

import script_rules

HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-connection", "proxy-authorization",
    "te", "trailer", "transfer-encoding", "upgrade",
}


class Session(http.server.BaseHTTPRequestHandler):
    """One connection of a client, with at most one of ours behind it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.upstream = None
        self.authority = None

    def finish(self):
        if self.upstream:
            self.upstream.close()
        super().finish()

    def log_message(self, format, *args):
        """Our log has it already."""

    def log(self, event):
        self.server.log.write(event, method=self.command, target=self.path)

    def forward(self):
        self.log("request")
        url = urllib.parse.urlsplit(self.server.where_to(self.path))
        if url.scheme != "http":
            self.send_error(400, "an absolute http URL is needed")
            return
        headers = self.end_to_end(self.headers)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urllib.parse.urlunsplit(("", "", url.path or "/", url.query, ""))
        try:
            self.connect(url.netloc)
            self.upstream.putrequest(
                self.command, path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in headers:
                self.upstream.putheader(name, value)
            self.upstream.endheaders(body)
            answer = self.upstream.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.authority = None
            self.send_error(502, "no answer: %s" % error)
            return
        self.send_response_only(answer.status)
        for name, value in self.end_to_end(answer.headers):
            self.send_header(name, value)
        if "Content-Length" not in answer.headers and answer.status >= 200:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = forward

    def connect(self, authority):
        if authority != self.authority:
            if self.upstream:
                self.upstream.close()
            self.upstream = http.client.HTTPConnection(authority, timeout=60)
            self.authority = authority

    @staticmethod
    def end_to_end(headers):
        return [(k, v) for k, v in headers.items() if k.lower() not in HOP_BY_HOP]

    def do_CONNECT(self):
        self.log("tunnel")
        host, _, port = self.path.rpartition(":")
        try:
            upstream = socket.create_connection((host.strip("[]"), int(port)))
        except (OSError, ValueError) as error:
            self.send_error(502, "no connection: %s" % error)
            return
        self.send_response_only(200, "connected")
        self.end_headers()
        self.close_connection = True
        with upstream:
            self.relay(upstream)

    def relay(self, upstream):
        other = {self.connection: upstream, upstream: self.connection}
        with selectors.DefaultSelector() as selector:
            for side in other:
                selector.register(side, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    other[key.fileobj].sendall(data)


class Server(http.server.ThreadingHTTPServer):
    """The server: what all connections share."""

    request_queue_size = 128

    def __init__(self, directory, port, target=None, prefix=""):
        self.target = target
        self.prefix = prefix
        self.log = script_rules.Log(os.path.join(directory, "log.jsonl"))
        super().__init__(("127.0.0.1", port), Session)

    def where_to(self, path):
        if self.target and path.startswith(self.prefix):
            return "http://" + self.target + path[len(self.prefix):]
        return path


if __name__ == "__main__":
    Server(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]).serve_forever()
