# SPDX-License-Identifier: Apache-2.0
"""An edge Nginx without a board: the production site of nginx/ as it is rendered, with a header
added to each location that makes it fail in a way of one's choice, and with workers that answer as
they are told."""
import contextlib
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from boards import TOP, eventually, free_port, unverified_tls

sys.path.insert(0, str(TOP / "scripts" / "lib"))
from certificate import make_certificate  # noqa: E402
from nginx_files import Site, check_origin, render  # noqa: E402, F401

STATUSES = [400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 415, 429, 431, 494, 500, 501, 502, 503, 504]
LOCATION = re.compile(r"^( *)location ((?:[=~^]+ )?\S+) \{", re.MULTILINE)


class FakeWorker(threading.Thread):
    """Speaks as much FastCGI as an answer takes. ?upstream=garbage, silent or gone."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(64)
        self.silent = []  # kept open
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            asked = connection.recv(65536)
            if b"upstream=silent" in asked:
                self.silent.append(connection)
                continue
            if b"upstream=garbage" in asked:
                connection.sendall(b"garbage")
            elif b"/internal/live/connect" in asked:
                self.answer(connection, b"X-Accel-Redirect: /_live/me/0-0/00\r\n\r\n")
            elif b"upstream=gone" not in asked:
                self.answer(connection, b"Content-Type: application/json\r\n\r\n{}")
            connection.close()

    @staticmethod
    def answer(connection, text):
        connection.sendall(struct.pack("!BBHHBB", 1, 6, 1, len(text), 0, 0) + text +
                           struct.pack("!BBHHBBLBBBB", 1, 3, 1, 8, 0, 0, 0, 0, 0, 0, 0))


class Edge:
    """Has a port and TLS as a board has, so client.request() talks to it."""

    def __init__(self, **more):
        self.data = Path(tempfile.mkdtemp(prefix="sb"))
        self.port, self.plain_port = free_port(), free_port()
        self.tls = unverified_tls()
        certificate, key = make_certificate(self.data)
        runtime = self.data / "run"
        for directory in (runtime / "temp", runtime / "blocked", runtime / "live"):
            directory.mkdir(parents=True)
        self.site = Site(
            into=self.data / "nginx", runtime=runtime, log=self.data, snapshot=runtime / "board",
            worker_sockets=[runtime / "worker-1.sock"],
            user_directive="user root;" if os.geteuid() == 0 else "", tls=True,
            listen=[f"127.0.0.1:{self.port}"], listen_plain=[f"127.0.0.1:{self.plain_port}"],
            redirect_host=f"127.0.0.1:{self.port}", certificate=str(certificate),
            certificate_key=str(key), acme=str(self.data / "acme"), limit_loopback=False, **more)
        render(self.site)
        self.locations = []  # (file, name); the position is the number in the header's name
        for name in ("snippets/site.conf", "edge/site-tls.conf"):
            self.add_faults(self.data / "nginx" / name)
        self.patch("snippets/worker.conf", "fastcgi_read_timeout 7s", "fastcgi_read_timeout 300ms")
        self.worker = FakeWorker(runtime / "worker-1.sock")
        self.process = None

    def inside(self):
        return contextlib.nullcontext()  # it stands in no network of its own

    def patch(self, name, old, new):
        file = self.data / "nginx" / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def add_faults(self, file):
        def with_fault(match):
            number = len(self.locations)
            self.locations.append((file.name, match[2]))
            return match[0] + "".join(
                f"\n  if ($http_fault_{number} = {status}) {{ return {status}; }}"
                for status in STATUSES)
        file.write_text(LOCATION.sub(with_fault, file.read_text()))

    def start(self):
        config = self.data / "nginx" / "edge" / "nginx.conf"
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-e", self.data / "edge-error.log", "-c", config],
            stdin=subprocess.DEVNULL)
        assert eventually((self.data / "run" / "edge.pid").exists), self.errors()
        return self

    def errors(self):
        return (self.data / "edge-error.log").read_text()

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
        shutil.rmtree(self.data, ignore_errors=True)


class PlainDoor:
    """The same edge's other port, or any other without TLS."""

    def __init__(self, edge, port=None):
        self.port = port or edge.plain_port
        self.tls = None
        self.inside = edge.inside
