# SPDX-License-Identifier: Apache-2.0
import socket


def free_port():
    """One that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
