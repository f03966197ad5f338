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

from absent import absent

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
    """Hosts by their names, and a cable for each pair that is given. The addresses are nobody else's
    business: there is no way out of these namespaces."""

    everybody = "10.77.0.0/16"

    def __init__(self, *cables):
        run = f"{os.getpid():x}-{secrets.token_hex(3)}"
        self.hosts = {}
        self.cables = cables
        try:
            for name in dict.fromkeys(name for cable in cables for name in cable):
                self.hosts[name] = Namespace(run, name)
            for number, (one, other) in enumerate(cables, 1):
                _ip("-n", self[one].name, "link", "add", f"to-{other}", "type", "veth",
                    "peer", "name", f"to-{one}", "netns", self[other].name)
                for end, (here, there) in enumerate(((one, other), (other, one)), 1):
                    _ip("-n", self[here].name, "address", "add", f"10.77.{number}.{end}/24", "dev",
                        f"to-{there}")
                    _ip("-n", self[here].name, "link", "set", f"to-{there}", "up")
        except OSError:
            self.remove()
            raise

    def __getitem__(self, name):
        return self.hosts[name]

    def address(self, name, seen_from):
        """That a host has on its cable to another."""
        if (name, seen_from) in self.cables:
            return f"10.77.{self.cables.index((name, seen_from)) + 1}.1"
        return f"10.77.{self.cables.index((seen_from, name)) + 1}.2"

    def plug(self, one, other, in_):
        """Their cable, pulled at the end of `one`: what `other` sends is lost without a word."""
        _ip("-n", self[one].name, "link", "set", f"to-{other}", "up" if in_ else "down")

    def remove(self):
        with contextlib.ExitStack() as every:  # whatever becomes of the others
            for namespace in self.hosts.values():
                every.callback(namespace.remove)
        self.hosts = {}


def network_or_none(*cables):
    """None where this process may not have one."""
    try:
        return Network(*cables)
    except OSError:
        absent("cables between hosts, which take root and network namespaces")
        return None
