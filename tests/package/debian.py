# SPDX-License-Identifier: Apache-2.0
"""A Debian 12 of the test's own, with systemd as its first process, no network, and what the package
depends on; built once under build/debian-12 and never written to again: each machine lays its
changes over it."""
import contextlib
import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BASE = TOP / "build" / "debian-12"
# What an administrator has or brings; and who issues certificates where there is no network.
BESIDE = ["certbot", "curl", "logrotate", "openssl", "pebble", "pgbouncer", "postgresql", "sqlite3"]
CLONE_NEWNET = 0x40000000
START_SECONDS = 60
STOP_SECONDS = 30


def call(*command, **more):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def _make_base(root, depends):
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    call("debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,ca-certificates",
         "bookworm", root)
    # This machine's sources, security included: debootstrap knows the release only.
    (root / "etc/apt/sources.list").unlink(missing_ok=True)
    for file in (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d/debian.sources")):
        if file.exists():
            shutil.copy(file, root / file.relative_to("/"))
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")  # nothing starts while it is built
    policy.chmod(0o755)
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    call("chroot", root, "apt-get", "update", "-q", **quiet)
    call("chroot", root, "apt-get", "install", "-yq", "--no-install-recommends", *BESIDE, **quiet)
    call("chroot", root, "apt-get", "satisfy", "-yq", "--no-install-recommends", depends, **quiet)
    call("chroot", root, "apt-get", "clean")
    policy.unlink()


def base(package):
    """The root that machines for this package begin with."""
    depends = call("dpkg-deb", "-f", package, "Depends").strip()
    root, stamp = BASE / "root", BASE / "stamp"
    made_of = hashlib.sha256(repr((depends, BESIDE)).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != made_of:
        stamp.unlink(missing_ok=True)
        _make_base(root, depends)
        stamp.write_text(made_of)
    return root


def cgroups(name):
    """Of that name, below this process's own, in each hierarchy that a systemd looks at. Two of them that
    shared one would take away each other's."""
    own = {line.split(":")[1]: line.split(":", 2)[2].strip("/\n")
           for line in Path("/proc/self/cgroup").read_text().splitlines()}
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, options, *_ = line.split()
        if kind == "cgroup2":
            yield Path(where) / own.get("", "") / name
        elif kind == "cgroup" and "name=systemd" in options:
            yield Path(where) / own.get("name=systemd", "") / name


class Machine:
    def __init__(self, package):
        self.scratch = Path(tempfile.mkdtemp(prefix="sbmachine"))
        self.cgroups = list(cgroups(self.scratch.name))
        self.root = self.scratch / "root"
        self.process = None
        self.init = None
        for name in ("root", "changes", "work"):
            (self.scratch / name).mkdir()
        call("mount", "-t", "overlay", "overlay", "-o",
             f"lowerdir={base(package)},upperdir={self.scratch / 'changes'},"
             f"workdir={self.scratch / 'work'}", self.root)

    def start(self):
        log = open(self.scratch / "console", "wb")
        for cgroup in self.cgroups:
            cgroup.mkdir(exist_ok=True)
        enter = "".join(f"echo $$ > {cgroup}/cgroup.procs; " for cgroup in self.cgroups)
        self.process = subprocess.Popen(
            ["sh", "-ec", enter + 'exec "$@"', "sh", "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
             "--boot", "--directory", str(self.root)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            self.init = next(iter(children.split()), None)
            if self.init and self.run("systemctl", "is-system-running", check=False).stdout.strip() \
                    in ("running", "degraded"):
                return self
            time.sleep(0.2)
        raise RuntimeError("it did not boot:\n" + (self.scratch / "console").read_text()[-3000:])

    def reboot(self):
        self.run("systemctl", "poweroff", check=False)
        self.process.wait(STOP_SECONDS)
        return self.start()

    def run(self, *command, check=True, text=None):
        """A command in it, as root; the finished process."""
        done = subprocess.run(
            ["nsenter", "-t", self.init, "-a", "-r", "-w", "env", "-i", "LANG=C.UTF-8",
             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             "DEBIAN_FRONTEND=noninteractive", *map(str, command)],
            **({"input": text} if text is not None else {"stdin": subprocess.DEVNULL}),
            capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout[-3000:]}"
                               f"{done.stderr[-3000:]}")
        return done

    def shell(self, line, check=True):
        return self.run("bash", "-c", line, check=check)

    def unit(self, name, *properties):
        """Its properties, as systemd shows them."""
        shown = self.run("systemctl", "show", name, *(f"--property={one}" for one in properties))
        return dict(line.split("=", 1) for line in shown.stdout.splitlines())

    def pid(self, unit):
        return int(self.unit(unit, "MainPID")["MainPID"])

    def kill(self, unit, number=signal.SIGKILL):
        self.shell(f"kill -{int(number)} {self.pid(unit)}")

    @contextlib.contextmanager
    def inside(self):
        """With this, a thread of the test connects from where the machine is."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net", "rb") as here, \
                open(f"/proc/{self.init}/ns/net", "rb") as there:
            if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(here.fileno(), CLONE_NEWNET)

    def remove(self):
        if self.process is not None:
            self.process.terminate()  # systemd-nspawn asks its systemd to power off
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        call("umount", self.root)
        for cgroup in self.cgroups:
            for below, *_ in os.walk(cgroup, topdown=False):
                with contextlib.suppress(OSError):  # a process of it that is ending still
                    os.rmdir(below)
        shutil.rmtree(self.scratch, ignore_errors=True)
