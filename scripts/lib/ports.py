# SPDX-License-Identifier: Apache-2.0
"""The ports of a board, for as long as it lives. The edge's processes share theirs (reuseport), and so
would the edges of two boards of one user, each with half of the players."""
import errno
import socket


class PortTaken(Exception):
    pass


class Ports:
    """Those that were taken, until the end of `with`, or of this process and its forks. A name in the
    kernel is what is held: whoever dies has let go of it, and it is there while the edge is not."""

    def __init__(self):
        self.held = []

    def take(self, port, option):
        held = socket.socket(socket.AF_UNIX)
        try:
            held.bind(f"\0scoreboard-port-{port}")
        except OSError as fault:
            held.close()
            if fault.errno == errno.EADDRINUSE:
                raise PortTaken(f"port {port} is not free (another board of scripts/run has it); "
                                f"choose another one with {option}") from fault
            raise
        self.held.append(held)
        # Whoever else may listen there, or the edge of a board that was killed a moment ago.
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family == socket.AF_INET or can_listen_on_ipv6():
                check_is_free(family, address, port, option)

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        for held in self.held:
            held.close()


def check_is_free(family, address, port, option):
    """Not with SO_REUSEPORT: then it would not be free."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as fault:
            raise PortTaken(f"port {port} is not free ({fault.strerror}); "
                            f"choose another one with {option}") from fault


def loopback(port):
    return [f"127.0.0.1:{port}", *([f"[::1]:{port}"] if can_listen_on_ipv6() else [])]


def can_listen_on_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def free_port():
    """One that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
