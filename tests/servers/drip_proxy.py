"""Passes bytes on, those of the server one at a time: drip_proxy.py PORT SERVER
EVERY [AFTER]

PORT is that to listen on, SERVER that of the server, both of 127.0.0.1; EVERY
are the seconds between two bytes of an answer, once a connection has had AFTER
bytes (default 0).
"""

import socket
import sys
import threading
import time

PORT, SERVER = int(sys.argv[1]), int(sys.argv[2])
EVERY = float(sys.argv[3])
AFTER = int(sys.argv[4]) if len(sys.argv) > 4 else 0


def carry(source, sink, slowly):
    passed = 0
    try:
        while data := source.recv(65536):
            for at in range(len(data) if slowly else 0):
                passed += 1
                if passed > AFTER:
                    time.sleep(EVERY)
                sink.sendall(data[at : at + 1])
            if not slowly:
                sink.sendall(data)
    except OSError:
        pass
    for side in source, sink:
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", PORT))
print("listening", flush=True)
while True:
    client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", SERVER))
    for pair in (client, server, False), (server, client, True):
        threading.Thread(target=carry, args=pair, daemon=True).start()
