# SPDX-License-Identifier: Apache-2.0
"""The live Nginx of a board by its socket for publishers, which nobody else can reach."""
import http.client
import re
import socket


class Local(http.client.HTTPConnection):
    """`data`: the board's directory."""

    def __init__(self, data, timeout=5):
        super().__init__("live", timeout=timeout)
        self.path = str(data / "run" / "live" / "publish.sock")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(data, *request):
    """(status, text) of one request."""
    connection = Local(data)
    try:
        connection.request(*request)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def shared_bytes(data):
    """Of Nchan's shared memory what is in use, by its own page."""
    number, unit = re.search(r"shared memory used: (\d+)([KM]?)", ask(data, "GET", "/status")[1]).groups()
    return int(number) << {"": 0, "K": 10, "M": 20}[unit]
