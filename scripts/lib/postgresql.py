# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of one's own: a data directory, a unix socket, no network. scripts/run starts one
beside a board, tests start theirs.

PostgreSQL refuses to run as root; then it runs as the user postgres. Whoever started it and that
user are let in as the board's roles, by the kernel's word (peer authentication), and nobody else.
"""
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")
OWNER = "scoreboard_owner"      # migrations and retention
RUNTIME = "scoreboard"          # what the workers log in as
DATABASE = "scoreboard"

# A machine's worth of settings for a board, not PostgreSQL's for a toaster. Durable: fsync stays on.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
min_wal_size = 512MB
wal_compression = on
checkpoint_timeout = 15min
random_page_cost = 1.1
lc_messages = 'C'
timezone = 'UTC'
"""


class Cluster:
    def __init__(self, directory, settings=""):
        self.directory = Path(directory)   # its owner's alone; holds data/ and the socket
        self.data = self.directory / "data"
        self.settings = settings
        self.user = "postgres" if os.geteuid() == 0 else None

    @property
    def command(self):
        return [str(BINARIES / "postgres"), "-D", str(self.data), "-k", str(self.directory)]

    def uri(self, role=RUNTIME, database=DATABASE):
        return f"postgresql:///{database}?host={self.directory}&user={role}"

    def as_user(self):
        """Arguments for subprocess: who runs PostgreSQL's programs."""
        if self.user is None:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/"}

    def call(self, *command, text=None):
        done = subprocess.run([str(word) for word in command], input=text, capture_output=True,
                              text=True, **({} if text is not None else
                                            {"stdin": subprocess.DEVNULL}), **self.as_user())
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout

    def make_directory(self):
        self.directory.mkdir(mode=0o700, exist_ok=True)
        self.give(self.directory)

    def give(self, path):
        """To whoever runs PostgreSQL."""
        if self.user is not None:
            shutil.chown(path, self.user)

    def initialize(self):
        """Makes the data directory, once."""
        if (self.data / "PG_VERSION").exists():
            return
        self.make_directory()
        self.call(BINARIES / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8",
                   "--locale=C.UTF-8", "-A", "peer", "--no-sync")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(SETTINGS + self.settings)
        (self.data / "pg_hba.conf").write_text("local all,replication all peer map=board\n")
        names = {pwd.getpwuid(os.geteuid()).pw_name, self.user or ""} - {""}
        (self.data / "pg_ident.conf").write_text("".join(
            f"board {name} {role}\n" for name in sorted(names)
            for role in ("postgres", OWNER, RUNTIME)))
        # What was written above, too, is there after a power cut.
        self.call(BINARIES / "initdb", "-D", self.data, "--sync-only")

    def follow(self, conninfo):
        """Instead of initialize(): a copy of the primary at `conninfo`, and from then on its streaming
        standby of the name `standby`."""
        self.make_directory()
        self.call(BINARIES / "pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-d", conninfo,
                  "-D", self.data)
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("cluster_name = 'standby'\n" + self.settings)

    def ready(self):
        return subprocess.run([str(BINARIES / "pg_isready"), "-q", "-h", str(self.directory)],
                              stdin=subprocess.DEVNULL, check=False).returncode == 0

    def wait_until_ready(self, seconds=30):
        deadline = time.monotonic() + seconds
        while not self.ready():
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not become ready")
            time.sleep(0.02)

    def psql(self, sql, database="postgres", role="postgres"):
        return self.call(BINARIES / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h",
                          self.directory, "-U", role, "-d", database, text=sql)

    def dump(self, database):
        """All of it as SQL."""
        return self.call(BINARIES / "pg_dump", "-h", self.directory, "-U", "postgres", database)

    def make_board(self):
        """The roles and the empty database, once; `scoreboardctl migrate` fills it."""
        if self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'").strip():
            return
        self.psql(f"CREATE ROLE {OWNER} LOGIN; CREATE ROLE scoreboard_runtime NOLOGIN;"
                  f"CREATE ROLE {RUNTIME} LOGIN IN ROLE scoreboard_runtime;")
        self.psql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def start(self):
        """For tests: without a supervisor. Returns the process; stop() ends it."""
        log = open(self.directory / "postgresql.log", "ab")
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=log, start_new_session=True, **self.as_user())
        log.close()
        self.wait_until_ready()
        return self.process

    def stop(self, number=signal.SIGINT):
        """SIGINT: "fast", without waiting for the clients; SIGQUIT: "immediate", as a crash."""
        self.process.send_signal(number)
        self.process.wait(timeout=30)
