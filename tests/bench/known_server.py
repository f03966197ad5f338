# SPDX-License-Identifier: Apache-2.0
"""A little HTTP server that does what it is told with every request, and keeps the times at which they
came and were answered: what a load generator says is held against that."""
import asyncio
import threading
import time

from lateness import Lateness


class KnownServer:
    """`behave(number)`: what becomes of the number-th request: a delay in seconds, after which it is
    answered 200, or a function that is awaited with (number, writer)."""

    def __init__(self, behave):
        self.behave = behave
        self.came = []      # of each request, time.monotonic()
        self.delays = []    # of those that were answered: seconds from arrival to answer
        self.connections = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run)
        self.started = threading.Event()

    def __enter__(self):
        self.lateness = Lateness()
        self.thread.start()
        assert self.started.wait(10)
        return self

    def __exit__(self, *fault):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.lateness.end()

    @property
    def slack_ms(self):
        """What a request may take besides the server's own delay: the way there and back, and twice
        what the machine was late by meanwhile, once on each side."""
        return 60 + 2 * self.lateness.worst_ms

    def _run(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024))
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        self.loop.run_forever()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        server.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                number, came = len(self.came), time.monotonic()
                self.came.append(came)
                what = self.behave(number)
                if callable(what):
                    await what(number, writer)
                else:
                    await asyncio.sleep(what)
                    writer.write(answer(200, number))
                if writer.is_closing():
                    return
                self.delays.append(time.monotonic() - came)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def answer(status, number, headers=""):
    """Every other one in chunks."""
    body = (b"Content-Length: 6\r\n\r\nanswer" if number % 2 else
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nans\r\n3\r\nwer\r\n0\r\n\r\n")
    return f"HTTP/1.1 {status} Known\r\n{headers}".encode() + body
