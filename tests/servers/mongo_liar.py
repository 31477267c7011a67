#!/usr/bin/env python3
"""mongo_liar.py PORT SERVER MODE: a MongoDB server with a fault, in front of
127.0.0.1:SERVER, for what no real server does.

blind       updates find their document whatever claim the filter names
miscount    an update counts as matched whatever the server says
twice       inserts are given another _id when theirs is refused
hang:N      an update of more than N statements is never answered
slow:MS     each update of more than 10 statements takes MS milliseconds more
"""

import socket
import struct
import sys
import threading
import time

import bson
from bson import CodecOptions, SON

SON_OPTIONS = CodecOptions(document_class=SON)
OP_MSG = 2013


def receive(sock, size):
    data = b""
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def message(sock):
    head = receive(sock, 16)
    size, request, to, code = struct.unpack("<iiii", head)
    return request, to, code, receive(sock, size - 16)


def pack(request, to, code, body):
    return struct.pack("<iiii", len(body) + 16, request, to, code) + body


def sections(body):
    """The command with its lists of documents, and the flags."""
    flags = struct.unpack_from("<I", body)[0]
    end = len(body) - (4 if flags & 1 else 0)
    at, command, lists = 4, None, {}
    while at < end:
        kind = body[at]
        size = struct.unpack_from("<i", body, at + 1)[0]
        part = body[at + 1:at + 1 + size]
        at += 1 + size
        if kind == 0:
            command = bson.decode(part, SON_OPTIONS)
        else:
            name, rest = part[4:].split(b"\0", 1)
            lists[name.decode()] = bson.decode_all(rest, SON_OPTIONS)
    command.update(lists)
    return flags & ~1, command


def unpack(flags, command):
    return struct.pack("<I", flags) + b"\0" + bson.encode(command)


class Liar:
    def __init__(self, mode):
        self.mode, _, value = mode.partition(":")
        self.value = int(value or 0)

    def ask(self, command):
        updates = command.get("updates", [])
        if self.mode == "hang" and len(updates) > self.value:
            time.sleep(3600)
        if self.mode == "slow" and len(updates) > 10:
            print("slow", len(updates), flush=True)
            time.sleep(self.value / 1000)
        if self.mode == "blind":
            for update in updates:
                # Without its key it would find any.
                if set(update["q"]) - {"claim"}:
                    update["q"].pop("claim", None)

    def answer(self, command, reply):
        if self.mode == "miscount" and "updates" in command:
            reply["n"] = reply["nModified"] = len(command["updates"])
        if self.mode == "twice" and "documents" in command:
            reply["n"] = len(command["documents"])
            reply.pop("writeErrors", None)


def serve(client, port, liar):
    server = socket.create_connection(("127.0.0.1", port))
    try:
        while True:
            request, to, code, body = message(client)
            command = None
            if code == OP_MSG:
                flags, command = sections(body)
                liar.ask(command)
                body = unpack(flags, command)
            server.sendall(pack(request, to, code, body))
            request, to, code, body = message(server)
            if code == OP_MSG and command is not None:
                flags, reply = sections(body)
                liar.answer(command, reply)
                body = unpack(flags, reply)
            client.sendall(pack(request, to, code, body))
    except (EOFError, OSError):
        pass
    finally:
        client.close()
        server.close()


def main():
    port, server, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    listener = socket.create_server(("127.0.0.1", port))
    print("listening", flush=True)
    while True:
        client = listener.accept()[0]
        threading.Thread(target=serve, args=(client, server, Liar(mode)),
                         daemon=True).start()


main()
