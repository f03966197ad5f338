# SPDX-License-Identifier: Apache-2.0
"""Who watches: WebSocket and EventSource, the board for everybody and a player's own news. Whoever is
cut off comes back. Every version that arrives is noted."""
import asyncio
import json
import threading
import time

import aiohttp
import websockets

from client import request

COME_BACK_SECONDS = 0.1

# A connection that has been open for so long is told of every action that is sent from then on.
SETTLED_SECONDS = 1.0

# What a channel's messages of one kind are about.
BOARDS = {"LEADERBOARD_UPDATE", "leaderboard_updated"}


def public_and_private(player):
    """(transport, path, whose): both transports on each channel."""
    return [(transport, path, whose) for transport in ("websocket", "eventsource")
            for path, whose in (("/ws/leaderboard", None), ("/ws/scores", None), ("/ws/me", player))]


class Subscribers(threading.Thread):
    """All of one host, on one thread, which stands where the host does."""

    def __init__(self, records, board, host, plans):
        super().__init__(name=f"subscribers-{host}", daemon=True)
        self.records, self.board, self.host = records, board, host
        self.address = f"127.0.0.1:{board.port}"
        self.loop = asyncio.new_event_loop()
        self.over = False
        self.plans = [(f"{transport}-{path.rsplit('/', 1)[1]}-{host}-{number}", transport, path,
                       whose) for number, (transport, path, whose) in enumerate(plans)]
        # client -> (its board, since when) of those who watch the board; who stands there how
        self.seen = {name: (None, 0.0) for name, _, path, _ in self.plans if path != "/ws/me"}
        self.scores = {name: {} for name in self.seen}
        # client -> what it was told of players, since when it is connected; of those who are told
        self.news = {name: {} for name, _, path, _ in self.plans if path != "/ws/leaderboard"}
        self.whose = {name: whose for name, _, _, whose in self.plans}
        self.opened = {}

    def run(self):
        with self.board.inside():
            self.loop.run_until_complete(self._all())
        self.loop.close()

    async def _all(self):
        self.tasks = [asyncio.ensure_future(self._watch(*plan)) for plan in self.plans]
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def stop(self):
        self.over = True
        self.loop.call_soon_threadsafe(lambda: [task.cancel() for task in self.tasks])
        self.join(10)

    def all_see(self, writer):
        """Whether everybody who watches the board sees at least what this one was told."""
        return all(scores.get(writer.player.id, 0) >= writer.score
                   for scores in list(self.scores.values()))

    def owed(self, writer):
        """Those who must have been told of its last action: they were there when it was sent."""
        return [client for client in self.news
                if self.whose[client] in (None, writer.player) and
                writer.asked_at > self.opened.get(client, float("inf")) + SETTLED_SECONDS]

    def all_told(self, writer):
        return all(self.news[client].get(writer.player.id, 0) >= writer.score
                   for client in self.owed(writer))

    async def _watch(self, client, transport, path, whose):
        connection = 0
        while not self.over:
            connection += 1
            try:
                url = self.address + path
                if whose:
                    url += f"?token={await self._token(whose)}"
                listen = self._websocket if transport == "websocket" else self._eventsource
                async for message in listen(url):
                    if message is None:
                        self.opened[client] = time.monotonic()
                        continue
                    self._take(client, connection, path, whose, json.loads(message))
                ended = "by the server"
            except Exception as fault:  # noted; whoever never comes back ends on no board
                ended = f"{type(fault).__name__}: {fault}"
            self.opened.pop(client, None)
            self.records.note("watched", client=client, host=self.host, connection=connection,
                              kind="ended", at=round(time.monotonic(), 6), why=ended[:200])
            await asyncio.sleep(COME_BACK_SECONDS)

    async def _token(self, player):
        answer = await self.loop.run_in_executor(
            None, lambda: request(self.board, "GET", "/api/realtime/token", headers=player.bearer))
        if answer.status != 200:
            raise RuntimeError(f"status {answer.status}")
        return answer.json["token"]

    # Nothing, once it is open; then every message.

    async def _websocket(self, url):
        async with websockets.connect(f"ws://{url}", open_timeout=5, close_timeout=0.5) as socket:
            yield None
            async for message in socket:
                yield message

    async def _eventsource(self, url):
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            async with session.get(f"http://{url}",
                                   headers={"Accept": "text/event-stream"}) as answer:
                if answer.status != 200:
                    raise RuntimeError(f"status {answer.status}")
                yield None
                async for line in answer.content:
                    if line.startswith(b"data: "):
                        yield line[6:]

    def _take(self, client, connection, path, whose, message):
        kind = message["type"]
        noted = {"client": client, "host": self.host, "connection": connection, "kind": kind,
                 "at": round(time.monotonic(), 6)}
        if kind in BOARDS:
            if kind == "LEADERBOARD_UPDATE":
                version = message["data"]["version"]
                rows = [[row["user_id"], row["score"], row["rank"]]
                        for row in message["data"]["leaderboard"]]
            else:
                version = message["version"]
                rows = [[row["userId"], row["score"], row["rank"]] for row in message["top10"]]
            board = self.records.note_board(version, rows)
            if board != self.seen[client][0]:
                self.seen[client] = (board, noted["at"])
            self.scores[client] = {user: score for user, score, _ in rows}
            noted |= {"version": version, "board": board}
        elif kind == "user_score_updated":
            noted |= {"version": message["version"], "user": message["userId"],
                      "score": message["newScore"]}
            self.news[client][message["userId"]] = message["newScore"]
            if whose and message["userId"] != whose.id:
                noted |= {"strange": whose.id}
        self.records.note("watched", **noted)
