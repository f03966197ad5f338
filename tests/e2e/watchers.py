# SPDX-License-Identifier: Apache-2.0
"""Watchers of live channels on threads: they keep what they were sent and how they ended. Of an event
stream messages are what EventSource's onmessage is told of; events with a name are counted."""
import asyncio
import collections
import json
import threading

import aiohttp
import websockets

from boards import crowd, eventually


class Happening(threading.Event):
    """Waited for as everything else is."""

    def wait(self, seconds=5.0):
        return eventually(self.is_set, seconds)


class Watcher(threading.Thread):
    def __init__(self, board, path, transport="websocket", headers=None):
        super().__init__(daemon=True)
        self.board = board
        self.url = f"127.0.0.1:{board.port}{path}"
        self.tls = board.tls  # None without TLS
        self.transport = transport
        self.headers = headers or {}
        self.messages = []
        self.named = collections.Counter()
        self.opened = Happening()
        self.closed = Happening()
        self.fault = None
        self.start()

    def run(self):
        self.loop = asyncio.new_event_loop()
        self.task = self.loop.create_task(
            self.websocket() if self.transport == "websocket" else self.eventsource())
        try:
            with self.board.inside():
                self.loop.run_until_complete(self.task)
        except asyncio.CancelledError:
            pass
        except Exception as fault:  # kept for the test to look at
            self.fault = fault
        finally:
            self.closed.set()
            self.loop.close()

    async def websocket(self):
        async with websockets.connect(f"ws{'s' if self.tls else ''}://{self.url}", ssl=self.tls,
                                      extra_headers=self.headers,
                                      open_timeout=10 * crowd()) as socket:
            self.opened.set()
            async for message in socket:
                self.messages.append(json.loads(message))

    async def eventsource(self):
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            async with session.get(f"http{'s' if self.tls else ''}://{self.url}", ssl=self.tls,
                                   headers={"Accept": "text/event-stream",
                                            **self.headers}) as answer:
                if answer.status != 200:
                    raise RuntimeError(f"status {answer.status}")
                self.opened.set()
                name = None
                async for line in answer.content:
                    if line.startswith(b"event: "):
                        name = line[7:].strip().decode()
                    elif line.startswith(b"data: ") and name:
                        self.named[name] += 1
                    elif line.startswith(b"data: "):
                        self.messages.append(json.loads(line[6:]))
                    elif not line.strip():
                        name = None

    def stop(self):
        if not self.closed.is_set():
            self.loop.call_soon_threadsafe(self.task.cancel)
        self.join(5)

    def last(self, kind=None):
        for message in reversed(self.messages):
            if kind is None or message["type"] == kind:
                return message
        return None
