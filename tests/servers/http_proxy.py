"""An HTTP proxy: http_proxy.py DIR PORT TARGET CERTIFICATE PREFIX

TARGET is HOST:PORT, or empty: then the request says where it goes (with a
whole URL, or CONNECT). CERTIFICATE is a file of key and chain, or empty: no
TLS. PREFIX is taken off the path of each request; a path without it is
answered 404. Each request is a line of DIR/log.jsonl.
"""

import http.client
import http.server
import os
import select
import socket
import ssl
import sys
import urllib.parse

import script_rules


class Session(http.server.BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    upstream = None
    upstream_name = None

    def log_message(self, format, *args):
        """Our log has it already."""

    def forward(self):
        target, path = self.server.target, self.path
        if not target:
            url = urllib.parse.urlsplit(self.path)
            target = url.netloc
            path = urllib.parse.urlunsplit(("", "", url.path, url.query, ""))
        self.server.log.write("request", method=self.command, target=target,
                              path=path)
        if not path.startswith(self.server.prefix):
            self.send_error(404)
            return
        path = path[len(self.server.prefix):]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {k: v for k, v in self.headers.items()
                   if not k.lower().startswith("proxy-")}
        if self.upstream_name != target:
            self.upstream = http.client.HTTPConnection(target, timeout=60)
            self.upstream_name = target
        self.upstream.putrequest(self.command, path, skip_host=True,
                                 skip_accept_encoding=True)
        for name, value in headers.items():
            self.upstream.putheader(name, value)
        self.upstream.endheaders(body)
        self.send(self.upstream.getresponse())

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = forward

    def send(self, answer):
        body = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection",
                                    "content-length"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") \
            if self.command == "HEAD" else len(body)
        if answer.status != 204 and length is not None:
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self):
        self.server.log.write("connect", target=self.path)
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as far:
            self.send_response_only(200)
            self.end_headers()
            near = self.connection
            while True:
                for side in select.select([near, far], [], [], 60)[0]:
                    data = side.recv(65536)
                    if not data:
                        self.close_connection = True
                        return
                    (far if side is near else near).sendall(data)


class Server(http.server.ThreadingHTTPServer):
    """What all connections share."""

    def __init__(self, directory, port, target, certificate, prefix):
        self.log = script_rules.Log(os.path.join(directory, "log.jsonl"))
        self.target = target
        self.prefix = prefix
        super().__init__(("127.0.0.1", port), Session)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(
                self.socket, server_side=True,
                do_handshake_on_connect=False)

    def handle_error(self, request, client_address):
        """A client that does not trust us leaves within the handshake."""
        self.log.write("error", why=repr(sys.exc_info()[1]))


if __name__ == "__main__":
    Server(sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]).serve_forever()
