# SPDX-License-Identifier: Apache-2.0
"""Where everything of one running board lies, and how its files are made.

Everything is under one data directory: scoreboard.db or postgresql/, scoreboard.toml, keys/, log/ and
run/ (sockets, pids, rendered Nginx configuration, the board's snapshot).
"""
import os
import re
import subprocess
import tomllib
from pathlib import Path

from certificate import make_certificate
from nginx_files import TOP, Site, render
from ports import loopback
from postgresql import OWNER

SOCKET_PATH_MAX = 107  # sun_path less its terminating NUL


class SetupError(Exception):
    """Something the person who started this can mend."""


class Layout:
    def __init__(self, data, port, workers):
        self.data = Path(data).resolve()
        self.port = port
        self.workers = workers
        self.run = self.data / "run"
        self.log = self.data / "log"
        self.config = self.data / "scoreboard.toml"
        build = Path(os.environ["SCOREBOARD_BUILD_DIR"])
        self.worker_program = build / "bin" / "scoreboard-worker"
        self.nginx_files = 0  # descriptors an Nginx may need; render() says
        self.ctl_program = build / "bin" / "scoreboardctl"

    def worker_socket(self, number):
        return self.run / f"worker-{number}.sock"

    def sockets(self):
        """All of them. The workers name the publisher's themselves, PostgreSQL its own."""
        live = self.run / "live"
        return [live / "subscribe.sock", live / "publish.sock", self.run / "publisher-nudge.sock",
                self.run / "refusals.sock",
                self.data / "postgresql" / ".s.PGSQL.5432",
                *(self.worker_socket(number) for number in range(1, self.workers + 1))]

    def pid_file(self, name):
        return self.run / f"{name}.pid"

    def make_directories(self):
        if not re.fullmatch(r"[A-Za-z0-9/._+@~-]+", str(self.data)):
            raise SetupError("the data directory's path may hold letters, digits and /._+@~- only "
                             f"(Nginx and the database read it in their own ways): {self.data}")
        longest = max((str(path) for path in self.sockets()), key=len)
        if len(longest.encode()) > SOCKET_PATH_MAX:
            raise SetupError(f"the data directory's path is too long for a socket: {longest}")
        # The database holds mail addresses and hashes, whoever reaches the sockets may publish, and
        # the data directory may be an older one that everybody can enter: what lies in it is its
        # owner's alone. The umask is handed down to whatever is started.
        os.umask(0o077)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for directory in (self.data / "keys", self.run, self.log):
            directory.mkdir(exist_ok=True)
            directory.chmod(0o700)
        for file in (self.config, *self.data.glob("scoreboard.db*")):
            if file.exists():
                file.chmod(0o600)
        for directory in (self.run / "live", self.run / "temp", self.run / "nginx"):
            directory.mkdir(exist_ok=True)

    def let_through(self, directory):
        """Another user must get to `directory`, and to nothing else: it may pass, not look."""
        self.data.chmod(0o711)
        for parent in directory.parents:
            if not parent.stat().st_mode & 0o001:
                raise SetupError(f"PostgreSQL, which does not run as root, cannot get to {directory}: "
                                 f"{parent} is closed to it; choose another --data")

    def write_config(self, database, cluster):
        """Once: whoever edits it keeps it. Its comments come from `scoreboardctl config default`."""
        if self.config.exists():
            return
        uri = database or f"sqlite://{self.data}/scoreboard.db"
        owner = ""
        if cluster is not None:
            uri = cluster.uri()
            owner = f'\nowner_uri = "{cluster.uri(OWNER)}"'
        text = f"""# This board's settings; `scoreboardctl config default` explains every key.
[database]
uri = "{uri}"{owner}

[auth]
access_keys = "{self.data}/keys/access.jwks"
action_keys = "{self.data}/keys/action.jwks"

[live]
runtime_directory = "{self.run}"
snapshot_directory = "{self.run}/board"
nchan_socket = "{self.run}/live/publish.sock"
"""
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a power cut leaves it whole

    def ctl(self, *arguments):
        done = subprocess.run(
            [self.ctl_program, "--config", self.config, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise SetupError(f"scoreboardctl {' '.join(map(str, arguments))} failed:\n"
                             f"{done.stdout}{done.stderr}".rstrip())
        return done.stdout

    def make_keys(self):
        for name in ("access", "action"):
            file = self.data / "keys" / f"{name}.jwks"
            if not file.exists():
                self.ctl("key", "new", "--out", str(file))

    def settings(self):
        """Those in force, as the workers will see them."""
        return tomllib.loads(self.ctl("config", "show"))

    def render(self, limit_loopback=False, tls=False, redirect_port=0, allowed_origins=(),
               metrics_port=None):
        """The Nginx configuration: templates of nginx/ with this board's paths."""
        settings = self.settings()
        site = Site(
            into=self.run / "nginx", runtime=self.run, log=self.log, snapshot=self.run / "board",
            worker_sockets=[self.worker_socket(n) for n in range(1, self.workers + 1)],
            user_directive="user root;" if os.geteuid() == 0 else "",
            edge_priority="worker_priority -10;" if os.geteuid() == 0 else "",
            # Each process of the edge has its own share of the connections, so each is as near its
            # bound as the others (max_conns).
            listen=[f"{at} reuseport" for at in loopback(self.port)], limit_loopback=limit_loopback,
            allowed_origins=allowed_origins,
            block_seconds=settings["limits"]["block_s"],
            watchers=settings["live"]["subscribers_wanted"])
        self.nginx_files = 2 * site.watchers + 2048
        if metrics_port:
            site.metrics_port = metrics_port
            site.with_metrics = True
        if tls:
            site.tls = True
            site.listen_plain = loopback(redirect_port)
            site.redirect_host = f"$host:{self.port}"
            site.acme = str(self.run / "acme")
            try:
                site.certificate, site.certificate_key = map(
                    str, make_certificate(self.data / "keys"))
            except RuntimeError as fault:
                raise SetupError(str(fault)) from fault
        render(site)
