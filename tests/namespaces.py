# SPDX-License-Identifier: Apache-2.0
"""Network namespaces: hosts of their own on one machine, joined by cables that can be pulled.

Whoever enters one enters with the thread alone, so what a thread starts or connects to while it is
inside belongs to that host, and its other threads stay where they are.
"""
import contextlib
import ctypes
import os
import secrets
import subprocess

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _enter(file):
    if _libc.setns(file, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*words):
    done = subprocess.run(["ip", *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"ip {' '.join(map(str, words))}: {done.stderr.strip()}")


class Namespace:
    """A host without a network, until it is given a cable."""

    def __init__(self, run, name):
        self.name = f"sb-{run}-{name}"
        _ip("netns", "add", self.name)
        try:
            _ip("-n", self.name, "link", "set", "lo", "up")
        except OSError:
            self.remove()
            raise

    @contextlib.contextmanager
    def inside(self):
        with open("/proc/thread-self/ns/net", "rb") as here, \
                open(f"/run/netns/{self.name}", "rb") as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(here.fileno())

    def remove(self):
        _ip("netns", "delete", self.name)


class Network:
    """A database's host and two others, each with a cable to the first. The addresses are nobody
    else's business: there is no way out of these namespaces."""

    database_address = "10.77.{}.1"

    def __init__(self):
        run = f"{os.getpid():x}-{secrets.token_hex(3)}"
        self.namespaces = []
        try:
            self.database = self._add(run, "db")
            self.hosts = [self._add(run, "1"), self._add(run, "2")]
            for number, host in enumerate(self.hosts, 1):
                _ip("-n", self.database.name, "link", "add", f"to{number}", "type", "veth",
                    "peer", "name", "eth0", "netns", host.name)
                for namespace, device, end in ((self.database, f"to{number}", 1), (host, "eth0", 2)):
                    _ip("-n", namespace.name, "address", "add", f"10.77.{number}.{end}/24", "dev",
                        device)
                    _ip("-n", namespace.name, "link", "set", device, "up")
        except OSError:
            self.remove()
            raise

    def _add(self, run, name):
        namespace = Namespace(run, name)
        self.namespaces.append(namespace)
        return namespace

    def plug(self, number, in_):
        """The cable of a host, at the database's end: what the host sends is lost without a word."""
        _ip("-n", self.database.name, "link", "set", f"to{number}", "up" if in_ else "down")

    def remove(self):
        with contextlib.ExitStack() as every:  # whatever becomes of the others
            for namespace in self.namespaces:
                every.callback(namespace.remove)
        self.namespaces = []


def network_or_none():
    """None, and why is printed, where this process may not have one."""
    try:
        return Network()
    except OSError as fault:
        print(f"no network namespaces here, so the hosts stand side by side: {fault}")
        return None
