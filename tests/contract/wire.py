# SPDX-License-Identifier: Apache-2.0
"""HTTP by the byte: a client that never asks whether what it sends is allowed."""
import http.client
import socket
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __str__(self):
        return f"{self.status}\n{self.headers}\n{self.body[:2000]!r}"


class Wire:
    """One connection, kept for as long as the board keeps it."""

    def __init__(self, port):
        self.port = port
        self.socket = None

    def ask(self, method, data):
        kept = self.socket is not None
        try:
            return self._ask(method, data)
        except (ConnectionError, http.client.RemoteDisconnected):
            self.close()
            if not kept:
                raise
            return self._ask(method, data)  # the board had ended the old one

    def _ask(self, method, data):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass  # an answer may have come before all was sent
        response = http.client.HTTPResponse(self.socket, method=method)
        try:
            response.begin()
            answer = Answer(response.status, response.headers, response.read())
            ends = response.will_close
        finally:
            response.close()
        if ends:
            self.close()
        return answer

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None
