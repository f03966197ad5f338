# SPDX-License-Identifier: Apache-2.0
"""What keeps a player's own event stream open while nothing happens: the publisher's pulse. No message,
and nothing that stays in the live Nginx."""
import re
import signal
import subprocess
import time
from pathlib import Path

from boards import eventually
from client import Player
from test_live import token
from watchers import Watcher


def test_a_quiet_stream_has_a_pulse_and_nobody_is_told_a_message(make_board):
    """A ping as data, which is no JSON, was told as a message once. WebSockets have pings of their own."""
    board = make_board()
    player = Player(board)
    watchers = [Watcher(board, f"/ws/me?token={token(player)}", transport)
                for transport in ("eventsource", "websocket")]
    assert all(watcher.opened.wait(5) for watcher in watchers)
    # Every thirty seconds, to the edge's seventy-five.
    assert eventually(lambda: watchers[0].named["pulse"] > 1, 70)
    assert player.increment().status == 200
    for watcher in watchers:
        assert eventually(lambda w=watcher: w.messages, 5)
        assert {message["type"] for message in watcher.messages} == {"user_score_updated"}
        assert not watcher.closed.is_set()
        watcher.stop()


def memory_kib(board):
    """Of the live Nginx's process."""
    master = board.pid("live")
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return sum(int(re.search(r"^RssAnon:\s+(\d+)", Path(f"/proc/{child}/status").read_text(),
                             re.MULTILINE)[1]) for child in children)


def send_pulse(board):
    """As the publisher does each half minute."""
    subprocess.run(["curl", "-sSf", "--unix-socket", board.data / "run" / "live" / "publish.sock", "-d",
                    "{}", "-H", "X-EventSource-Event: pulse", "http://live/channel/pulse"],
                   stdin=subprocess.DEVNULL, capture_output=True, check=True)


def test_a_stream_takes_no_memory_for_each_word_and_pulse(make_board):
    """Nchan's own pings took 4 KiB of a stream whenever something had been said since the last one. Whatever
    pings there are come each second here, so one or two in each turn."""
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000"})
    config = board.data / "run" / "nginx" / "live" / "nginx.conf"
    config.write_text(config.read_text().replace("ping_interval 30", "ping_interval 1"))
    before = board.pid("live")
    board.kill("live-supervised", signal.SIGTERM)
    assert eventually(lambda: board.pid("live") != before and (
        board.data / "run" / "live" / "subscribe.sock").exists(), 15)
    time.sleep(0.3)
    players = [Player(board) for _ in range(12)]
    streams = [Watcher(board, f"/ws/me?token={token(player)}", "eventsource")
               for player in players for _ in range(3)]
    assert all(stream.opened.wait(5) for stream in streams)

    def pulses():
        return [stream.named["pulse"] for stream in streams]

    def take_turns(count):
        for _ in range(count):
            heard, had = [len(stream.messages) for stream in streams], pulses()
            assert all(player.increment().status == 200 for player in players)
            assert eventually(lambda h=heard: all(len(one.messages) > n for one, n in zip(streams, h)), 5)
            send_pulse(board)
            assert eventually(lambda h=had: all(now > n for now, n in zip(pulses(), h)), 5)
            time.sleep(1.2)
    take_turns(5)
    before, turns = memory_kib(board), 15
    take_turns(turns)
    # A third of what pings took.
    assert memory_kib(board) - before < turns * len(streams) * 4 / 3
    for stream in streams:
        stream.stop()
