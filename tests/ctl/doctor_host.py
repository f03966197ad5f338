# SPDX-License-Identifier: Apache-2.0
"""A host for scoreboardctl doctor to look at: in order, until a test makes something wrong."""
import contextlib
import json
import os
import socket
import stat
import struct
import sys
import threading

from test_scoreboardctl import TOP, Ctl

sys.path.insert(0, str(TOP / "scripts" / "lib"))
from nginx_files import worker_servers  # noqa: E402

NGINX = """#!/bin/sh
echo "nginx version: nginx/{version}" >&2
echo "configure arguments: --modules-path={modules}" >&2
"""
DPKG_QUERY = """#!/bin/sh
case "$*" in
  *libnginx-mod-nchan) printf %s '{nchan}' ;;
  *nginx-common) printf %s '{nginx}' ;;
  *) exit 1 ;;
esac
"""


def answer_requests(listener):
    """What a worker says to whoever asks it by FastCGI: 200, and nothing more."""
    said = b"Status: 200\r\nContent-Type: text/plain\r\n\r\n"
    out = struct.pack(">BBHHBx", 1, 6, 1, len(said), 0) + said + struct.pack(">BBHHBx", 1, 6, 1, 0, 0)
    end = struct.pack(">BBHHBx", 1, 3, 1, 8, 0) + bytes(8)
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                if connection.recv(65536):
                    connection.sendall(out + end)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass


class Host:
    """A directory that is a host in order: programs in bin/, sockets in run/, keys, a database."""

    def __init__(self, directory):
        self.directory = directory
        self.ctl = Ctl(directory).with_keys_and_database()
        self.run = directory / "run"
        self.live = self.run / "live"
        self.modules = directory / "modules"
        self.bin = directory / "bin"
        for made in (self.live, self.run / "board", self.modules, self.bin):
            made.mkdir(parents=True)
        (self.modules / "ngx_nchan_module.so").touch()
        self.program("nginx", NGINX.format(version="1.22.1", modules=self.modules))
        self.packages("1.22.1-9+deb12u11", "1:1.3.6+dfsg-2")
        self.edge = directory / "edge.conf"
        self.edge.write_text("user root;\nworker_processes 2;\nworker_rlimit_nofile 4096;\n"
                             "events { worker_connections 768; }\n"
                             f"http {{ include {directory}/site.conf; }}\n")
        self.workers = directory / "workers.conf"
        self.workers.write_text("".join(f"{line}\n" for line in worker_servers(
            [self.run / "worker-1.sock", self.run / "worker-2.sock"])))
        (directory / "site.conf").write_text(
            f"upstream scoreboard_workers {{ include {self.workers}; }}\n"
            "upstream others { server unix:/run/others.sock; }\n")
        self.live_config = directory / "live.conf"
        self.live_config.write_text("worker_processes 1;\nworker_rlimit_nofile 20000;\n"
                                    "events { worker_connections 10000; }\n" + self.servers())
        with self.ctl.config.open("a") as config:
            config.write(f'[live]\nruntime_directory = "{self.run}"\n'
                         f'snapshot_directory = "{self.run}/board"\n'
                         f'nchan_socket = "{self.live}/publish.sock"\n')
        self.listeners = {}
        self.opened = []
        for path in (self.run / "worker-1.sock", self.run / "worker-2.sock",
                     self.live / "publish.sock", self.live / "subscribe.sock"):
            self.listen(path)

    def servers(self):
        return (f"http {{ server {{ listen unix:{self.live}/publish.sock; }}\n"
                f"server {{ listen unix:{self.live}/subscribe.sock; }} }}\n")

    def program(self, name, text):
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def packages(self, nginx, nchan):
        self.program("dpkg-query", DPKG_QUERY.format(nginx=nginx, nchan=nchan))

    def listen(self, path):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(4)
        path.chmod(0o660)
        self.listeners[path.name] = listener
        if path.name.startswith("worker"):
            threading.Thread(target=answer_requests, args=(listener,), daemon=True).start()

    def end(self, name):
        """Nobody listens there any more."""
        with contextlib.suppress(OSError):
            self.listeners[name].shutdown(socket.SHUT_RDWR)
        self.listeners[name].close()

    def let_pass(self, directory):
        """Everybody, through it and through all above."""
        for path in (directory, *directory.parents):
            mode = stat.S_IMODE(path.stat().st_mode)
            if not mode & 0o001:
                path.chmod(mode | 0o001)
                self.opened.append((path, mode))

    def close(self):
        for path, mode in self.opened:
            path.chmod(mode)
        for name in self.listeners:
            self.end(name)

    def doctor(self, *arguments, **variables):
        """{check: [(level, what, advice), ...]}; the exit status must fit."""
        environment = {"PATH": f"{self.bin}:{os.environ['PATH']}", **variables}
        options = ["doctor", "--json", "--edge-config", self.edge, "--live-config",
                   self.live_config, "--log", self.directory,
                   *(() if "--user" in arguments else ("--user", "root")), *arguments]
        done = self.ctl(*options, status=None, **environment)
        assert done.stdout, (done.returncode, done.stderr)
        found = {}
        for one in json.loads(done.stdout)["findings"]:
            assert (one["advice"] == "") == (one["level"] == "ok"), one
            found.setdefault(one["check"], []).append(one)
        failed = any(one["level"] == "FAIL" for many in found.values() for one in many)
        assert done.returncode == (1 if failed else 0)
        return found

    def fails(self, check, what, advice="", *arguments, **variables):
        return self.told("FAIL", check, what, advice, *arguments, **variables)

    def told(self, level, check, what, advice, *arguments, **variables):
        found = self.doctor(*arguments, **variables)
        told = [one for one in found.get(check, []) if one["level"] == level]
        assert len(told) == 1, (check, found.get(check))
        assert what in told[0]["what"] and advice in told[0]["advice"], told[0]
        others = [one for name, many in found.items() for one in many
                  if one["level"] == "FAIL" and name != check]
        assert not others, others
        return told[0]
