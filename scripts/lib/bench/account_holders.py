# SPDX-License-Identifier: Apache-2.0
"""Players with an account, who log in one after the other while something else goes on."""
import http.client
import json
import threading

PASSWORD = "a password that is long enough"


class AccountHolders:
    """`with` it: a login each `pace` seconds. `status`: {status: how many}, 0 for no answer."""

    def __init__(self, port, count=5, pace=0.1):
        self.port = port
        self.pace = pace
        self.names = [f"holder{number}" for number in range(count)]
        self.status = {}
        self.ended = threading.Event()
        self.thread = None

    def _post(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def register(self):
        for name in self.names:
            status = self._post("/api/auth/register", {
                "username": name, "email": f"{name}@load.example", "password": PASSWORD})
            if status != 201 or self._log_in(name) != 200:
                raise SystemExit(f"{name} has no account: {status}")
        return self

    def _log_in(self, name):
        return self._post("/api/auth/login", {"username": name, "password": PASSWORD})

    def _go_on(self):
        turn = 0
        while not self.ended.is_set():
            status = self._log_in(self.names[turn % len(self.names)])
            self.status[status] = self.status.get(status, 0) + 1
            turn += 1
            self.ended.wait(self.pace)

    def __enter__(self):
        self.ended.clear()
        self.status = {}
        self.thread = threading.Thread(target=self._go_on)
        self.thread.start()
        return self

    def __exit__(self, *fault):
        self.ended.set()
        self.thread.join()

    def let_in(self):
        """(how many of how many)"""
        return self.status.get(200, 0), sum(self.status.values())
