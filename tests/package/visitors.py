# SPDX-License-Identifier: Apache-2.0
"""Players and watchers from outside: through the installed board's TLS, each player from an address
of its own, so that the limits per address are as they are for everybody."""
import http.client
import json
import threading
import time
import uuid

from boards import unverified_tls
from client import request, sign

PORT = 443
RATE = 200       # requests a second, all together
THREADS = 24
PLAYERS = 300    # each within its ten awards a minute
AWARD_EVERY = 5  # requests of a player


class Site:
    """What client.py and watchers.py ask of a board."""

    def __init__(self, machine):
        self.port = PORT
        self.tls = unverified_tls()
        self.inside = machine.inside


def ready(site):
    """Whether a worker answers that it is; Nginx may not have taken up the site yet."""
    try:
        return request(site, "GET", "/api/health/ready").status == 200
    except OSError:
        return False


def issue_sessions(machine, count):
    """Players with sessions, made by scoreboardctl as a user who may: the keys come from systemd."""
    text = machine.run(
        "systemd-run", "--quiet", "--wait", "--pipe", "--property=User=scoreboard",
        "--property=LoadCredential=access.jwks:/etc/scoreboard/keys/access.jwks",
        "--property=LoadCredential=action.jwks:/etc/scoreboard/keys/action.jwks", "sh", "-c",
        "export SCOREBOARD_AUTH_ACCESS_KEYS=$CREDENTIALS_DIRECTORY/access.jwks"
        " SCOREBOARD_AUTH_ACTION_KEYS=$CREDENTIALS_DIRECTORY/action.jwks; umask 077;"
        f" cd $(mktemp -d) && scoreboardctl session issue --users {count} --out o >&2 && cat o").stdout
    return [json.loads(line) for line in text.splitlines()]


class Load:
    """`with Load(...) as load:` keeps RATE requests a second coming until the block ends. Points that
    were acknowledged are added to `acknowledged`, for each of `sessions`."""

    def __init__(self, site, sessions, acknowledged):
        self.site = site
        self.sessions = sessions
        self.acknowledged = acknowledged
        self.requests = 0
        self.faults = []
        self.slowest = 0.0
        self._lock = threading.Lock()
        self._next = 0
        self._done = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]

    def __enter__(self):
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._done = True
        for thread in self._threads:
            thread.join(60)
        self.seconds = time.monotonic() - self._began

    def _work(self):
        with self.site.inside():
            while not self._done:
                with self._lock:
                    turn = self._next
                    self._next += 1
                time.sleep(max(0.0, self._began + turn / RATE - time.monotonic()))
                self._ask(turn)

    def _ask(self, turn):
        player = turn % len(self.sessions)
        award = turn // len(self.sessions) % AWARD_EVERY == 0
        began = time.monotonic()
        try:
            status, body = self._send(player, award)
            fault = None if status == 200 else f"{status} {body[:200]!r}"
        except (OSError, http.client.HTTPException) as error:
            fault = repr(error)
        with self._lock:
            self.requests += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if fault is not None:
                self.faults.append(f"after {began - self._began:.1f} s: {fault}")
            elif award:
                self.acknowledged[player] += 1

    def _send(self, player, award):
        session = self.sessions[player]
        connection = http.client.HTTPSConnection(
            "127.0.0.1", PORT, context=self.site.tls, timeout=30,
            source_address=(f"127.77.{player // 250}.{player % 250 + 1}", 0))
        headers = {"Authorization": "Bearer " + session["access_token"]}
        try:
            if award:
                action, at = str(uuid.uuid4()), str(int(time.time()))
                signed = f"v1\n{session['user_id']}\n{action}\n1\n{session['nonce']}\n{at}"
                connection.request("POST", "/api/scores/increment", json.dumps({
                    "userId": session["user_id"], "actionId": action, "delta": 1,
                    "signature": "v1=" + sign(session["action_secret_key"], signed)}),
                    {**headers, "Content-Type": "application/json", "x-request-timestamp": at})
            else:
                connection.request("GET", "/api/scores/me", headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
