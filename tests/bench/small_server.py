# SPDX-License-Identifier: Apache-2.0
"""What fanout-bench is tried against: as much of Nchan's publisher and subscribers as it talks to,
and faults to order. It says to whom it gave what, so a measurement can be held against it."""
import asyncio
import base64
import hashlib
import threading
import time

from lateness import Lateness

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
BOARD = ('{"type":"LEADERBOARD_UPDATE","data":{"leaderboard":[{"rank":1,"username":"one",'
         '"score":%d}],"updated_at":"2026-01-01T00:00:00.000Z","version":%d}}')


def frame(message):
    size = len(message)
    head = bytes([0x81, size]) if size < 126 else bytes([0x81, 126]) + size.to_bytes(2, "big")
    return head + message


def chunks(message):
    """An event in two chunks that end where they like."""
    event = b": hi\nid: 7\ndata: " + message + b"\n\n"
    middle = len(event) // 3
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (event[:middle], event[middle:]))


class SmallServer(threading.Thread):
    """`withhold`: {number of the message: from how many subscribers}. `delay_s`: before each is
    handed out. `cut_at`: after that message everybody is cut and refused for `away_s`."""

    def __init__(self, withhold=None, delay_s=0, cut_at=None, away_s=0):
        super().__init__(daemon=True)
        self.withhold = withhold or {}
        self.delay_s, self.cut_at, self.away_s = delay_s, cut_at, away_s
        self.subscribers = []
        self.published = 0
        self.newest = None
        self.away = False
        self.handed_s = []  # of each message: from its arrival to the last write
        self.lateness = Lateness()
        self.ready = threading.Event()
        self.start()
        self.ready.wait(10)

    def run(self):
        asyncio.run(self.live())

    async def live(self):
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.ended.wait()

    def stop(self):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.join(5)
        self.lateness.end()

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                words = {name.lower(): value for name, value in
                         (line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)}
                if head.startswith("POST"):
                    body = await reader.readexactly(int(words["content-length"]))
                    writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")
                    asyncio.ensure_future(self.hand_out(body))
                else:
                    self.subscribe(words, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    def subscribe(self, words, writer):
        if self.away:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            return
        if words.get("upgrade") == "websocket":
            key = base64.b64encode(hashlib.sha1(words["sec-websocket-key"].encode() + GUID).digest())
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + key + b"\r\n\r\n")
            encode = frame
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n")
            encode = chunks
        self.subscribers.append((encode, writer))
        if self.newest:
            writer.write(encode(self.newest))

    async def hand_out(self, message):
        came = time.monotonic()
        await asyncio.sleep(self.delay_s)
        if not self.subscribers:
            self.newest = message  # the board before anybody watches
            return
        self.published += 1
        self.newest = message
        for encode, writer in self.subscribers[self.withhold.get(self.published, 0):]:
            writer.write(encode(message))
        self.handed_s.append(time.monotonic() - came)
        if self.published == self.cut_at:
            self.away = True
            for _, writer in self.subscribers:
                writer.close()
            self.subscribers = []
            await asyncio.sleep(self.away_s)
            self.away = False
