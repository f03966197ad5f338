# SPDX-License-Identifier: Apache-2.0
"""The parent of a board's processes: what systemd is for an installed copy.

It makes the workers' listening sockets and keeps them open, so that a worker can be killed and
replaced without a refused connection; it starts whatever ends again, at once if it was killed or the
first time, and more slowly if it keeps ending by itself; it stops everything by its own pids.
"""
import contextlib
import ctypes
import os
import pwd
import resource
import signal
import socket
import time

STOP_SECONDS = 5
DATABASE_STOP_SECONDS = 30  # it writes what it holds
BACKLOG = 4096  # as in systemd/scoreboard@.socket
STEADY_SECONDS = 5       # a process that lived this long is started again at once
BACKOFF_SECONDS_MAX = 1


def allow_files(wanted):
    """So many descriptors, or as many as we may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
    except ValueError:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def come_first():
    """Linux shares processors between sessions before it looks at priorities within one (sched(7),
    autogroup), and each session of PostgreSQL is one to it."""
    os.setsid()
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as file:
        file.write("-10")


def prepare_child(listener, user, files=0, first=False):
    """Between fork and exec."""
    if files:
        allow_files(files)
    if user is not None:
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        os.chdir("/")
    # PR_SET_PDEATHSIG: no orphans, whatever happens to the parent. SIGTERM, because an Nginx master
    # that is killed outright leaves its worker processes behind.
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if first and os.geteuid() == 0:
        come_first()
    else:
        os.setpgid(0, 0)  # Ctrl-C is the parent's to hear
    if listener is not None:
        os.dup2(listener, 3)
        os.environ["LISTEN_FDS"] = "1"
        os.environ["LISTEN_PID"] = str(os.getpid())


class Child:
    def __init__(self, name, command, log, pid_file, listener=None, before=None, after=None,
                 user=None, files=0, first=False):
        self.name = name
        self.command = command
        self.log = log
        self.pid_file = pid_file
        self.listener = listener
        self.before = before  # called before each start
        self.after = after    # called after the first start, before anything else is started
        self.user = user      # runs as this one, if it must not be root
        self.files = files    # descriptors it may need; 0: no more than ours
        self.first = first    # before the others, if we may say so
        self.process = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.backoff = 0.0

    def start(self):
        if self.before:
            self.before()
        keep = [3] if self.listener is not None else []
        with open(self.log, "ab") as log:
            pid = os.fork()
            if pid == 0:
                self._exec(log, keep)
            if not self.first:  # who leads a group already cannot begin a session
                with contextlib.suppress(PermissionError, ProcessLookupError):
                    os.setpgid(pid, pid)  # here too: whichever of the two comes first
        self.process = pid
        self.started_at = time.monotonic()
        beside = self.pid_file.with_suffix(".next")
        beside.write_text(f"{pid}\n")
        beside.rename(self.pid_file)

    def _exec(self, log, keep):
        try:
            os.dup2(log.fileno(), 2)
            os.dup2(log.fileno(), 1)
            null = os.open(os.devnull, os.O_RDONLY)
            os.dup2(null, 0)
            prepare_child(self.listener, self.user, self.files, self.first)
            top = max(keep, default=2) + 1
            os.closerange(top, 4096)
            signal.pthread_sigmask(signal.SIG_SETMASK, set())
            os.execv(self.command[0], [str(word) for word in self.command])
        finally:
            os._exit(127)

    def ended(self):
        """Takes note of an end; True if there was one."""
        if self.process is None:
            return False
        try:
            pid, status = os.waitpid(self.process, os.WNOHANG)
        except ChildProcessError:
            pid, status = self.process, 0
        if pid == 0:
            return False
        # The rest of its group: the worker of a killed Nginx master would go on serving the old
        # socket, and whoever holds a connection to it would never see the new one.
        try:
            os.killpg(self.process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        now = time.monotonic()
        # Who was killed did nothing wrong; who ends by itself would do so again.
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if killed or now - self.started_at > STEADY_SECONDS:
            self.backoff = 0.0
        self.start_at = now + self.backoff
        self.backoff = min(max(0.1, self.backoff * 2), BACKOFF_SECONDS_MAX)
        self.process = None
        return True

    def signal(self, number):
        if self.process is not None:
            try:
                os.kill(self.process, number)
            except ProcessLookupError:
                pass


class Supervisor:
    def __init__(self, layout, cluster=None, database_ready=None):
        """`cluster`: the board's own PostgreSQL, if it has one; `database_ready` is called when it
        answers."""
        self.layout = layout
        self.cluster = cluster
        self.database_ready = database_ready
        self.listeners = []
        self.children = []
        self.stopping = False

    def listen(self, path):
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen(BACKLOG)
        self.listeners.append(listener)
        return listener.fileno()

    def add_children(self):
        layout = self.layout

        def nginx(name, sockets=(), first=False):
            def remove_stale():
                for stale in sockets:  # left by a killed Nginx; its successor could not bind
                    stale.unlink(missing_ok=True)
            return Child(name,
                         ["/usr/sbin/nginx", "-e", layout.log / f"{name}-error.log",
                          "-c", layout.run / "nginx" / name / "nginx.conf"],
                         layout.log / f"{name}-error.log", layout.pid_file(f"{name}-supervised"),
                         before=remove_stale, files=layout.nginx_files, first=first)

        if self.cluster is not None:
            def answers():
                self.cluster.wait_until_ready()
                self.database_ready()
            self.children.append(Child(
                "postgresql", self.cluster.command, layout.log / "postgresql.log",
                layout.pid_file("postgresql"), after=answers, user=self.cluster.user))
        live = layout.run / "live"
        self.children.append(nginx("live", (live / "subscribe.sock", live / "publish.sock")))
        for number in range(1, layout.workers + 1):
            self.children.append(Child(
                f"worker-{number}",
                [layout.worker_program, "--config", layout.config, "--instance", number],
                layout.log / f"worker-{number}.log", layout.pid_file(f"worker-{number}"),
                listener=self.listen(layout.worker_socket(number))))
        self.children.append(nginx("edge", first=True))

    def run(self, started):
        """Until a signal asks for the end. `started` is called once everything was started."""
        wake = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGHUP}
        signal.pthread_sigmask(signal.SIG_BLOCK, wake)
        try:
            self.add_children()
            for child in self.children:
                child.start()
                if child.after:
                    child.after()
            started()
            while not self.stopping:
                self.wait(wake)
        finally:
            self.stop()

    def wait(self, wake):
        arrived = signal.sigtimedwait(wake, 0.1)
        if arrived is not None:
            if arrived.si_signo in (signal.SIGTERM, signal.SIGINT):
                self.stopping = True
                return
            if arrived.si_signo == signal.SIGHUP:
                # Not the live Nginx: a reload cuts every subscriber.
                for child in self.children:
                    if child.name == "edge" or child.name.startswith("worker-"):
                        child.signal(signal.SIGHUP)
        for child in self.children:
            child.ended()
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def stop(self):
        """Front to back: the edge first, so that nothing new comes in, the database last."""
        database = [child for child in self.children if child.name == "postgresql"]
        self.end([child for child in reversed(self.children) if child not in database],
                 signal.SIGTERM, STOP_SECONDS)
        self.end(database, signal.SIGINT, DATABASE_STOP_SECONDS)
        for listener in self.listeners:
            listener.close()

    def end(self, children, number, seconds):
        for child in children:
            child.signal(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for child in children:
                child.ended()
            if all(child.process is None for child in children):
                break
            time.sleep(0.02)
        for child in children:
            child.signal(signal.SIGKILL)
            child.pid_file.unlink(missing_ok=True)
