# SPDX-License-Identifier: Apache-2.0
"""PgBouncer, Debian's, as docs/pgbouncer.ini sets it up: beside a PostgreSQL server, on its host."""
import re
import signal
import subprocess

from boards import TOP, eventually
from postgresql import BINARIES, DATABASE, OWNER, RUNTIME

UNPACKED = TOP / "build" / "tools"
PROGRAM = UNPACKED / "pgbouncer" / "usr" / "sbin" / "pgbouncer"
LIBRARIES = ("libc-ares2", "libevent-2.1-7")
PORT = 6432


def unpack():
    """What a test run by hand may find missing."""
    subprocess.run(["bash", "-c", '. "$0"; unpack_missing "$@"', TOP / "scripts/lib/packages.sh",
                    UNPACKED, "pgbouncer", *LIBRARIES], check=True, stdin=subprocess.DEVNULL)


def library_path():
    return ":".join(str(path) for name in LIBRARIES
                    for path in (UNPACKED / name / "usr" / "lib").iterdir())


class Pooler:
    def __init__(self, cluster, password):
        self.cluster = cluster
        self.directory = cluster.directory
        self.process = None
        self._write(password)

    def _write(self, password):
        """The settings that are shipped, with the paths of this test."""
        users = self.directory / "userlist.txt"
        users.write_text("".join(f'"{role}" "{password}"\n' for role in (RUNTIME, OWNER)))
        users.chmod(0o600)
        self.cluster.give(users)
        text = (TOP / "docs" / "pgbouncer.ini").read_text()
        for key, value in {DATABASE: f"host={self.directory}", "unix_socket_dir": self.directory,
                           "logfile": "", "pidfile": self.directory / "pgbouncer.pid",
                           "auth_file": users}.items():
            text, replaced = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
            assert replaced == 1, key
        (self.directory / "pgbouncer.ini").write_text(text)

    def start(self):
        with self.cluster.inside(), open(self.directory / "pgbouncer.log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "-q", self.directory / "pgbouncer.ini"], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env={"LD_LIBRARY_PATH": library_path()},
                start_new_session=True, **self.cluster.as_user())
        socket = self.directory / f".s.PGSQL.{PORT}"
        assert eventually(lambda: socket.exists() or self.process.poll() is not None, 5)
        assert self.process.poll() is None, self.log()

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, number=signal.SIGTERM):
        """SIGTERM: at once, whoever is connected."""
        if self.running:
            self.process.send_signal(number)
            self.process.wait(timeout=10)

    def log(self):
        return (self.directory / "pgbouncer.log").read_text(errors="replace")

    def admin(self, command):
        return self.cluster.call(BINARIES / "psql", "-X", "-A", "-t", "-h", self.directory, "-p", PORT,
                                 "-U", "pgbouncer", "-d", "pgbouncer", "-c", command)
