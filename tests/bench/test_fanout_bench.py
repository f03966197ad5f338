# SPDX-License-Identifier: Apache-2.0
"""What fanout-bench reports is what happened: against a server that withholds, delays and cuts by a
known measure."""
import json
import subprocess

import pytest

from boards import BUILD
from small_server import BOARD, SmallServer

WATCHERS = 40


class FallingServer(SmallServer):
    """Its fourth message has version 1."""

    async def hand_out(self, message):
        if self.published == 3:
            head, version = message.rsplit(b":", 1)
            message = head + b":1" + version.lstrip(b"0123456789")
        await super().hand_out(message)


@pytest.fixture
def measure(tmp_path):
    """measure(server, ...) -> fanout-bench's figures."""
    message = tmp_path / "board.json"
    message.write_text(BOARD % (1000, 1000))
    servers = []

    def run(server, *more, changes=5, linger=1):
        servers.append(server)
        done = subprocess.run(
            [str(word) for word in (
                BUILD / "bin" / "fanout-bench", "--port", server.port, "--path", "/sub",
                "--publish", "/pub", "--message", message, "--websocket", WATCHERS // 2,
                "--eventsource", WATCHERS // 2, "--changes", changes, "--linger", linger, *more)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    yield run
    for server in servers:
        server.stop()


def test_nothing_is_missing_where_nothing_was_withheld(measure, tmp_path):
    told = measure(SmallServer(), "--received", tmp_path / "received")
    assert told["up"] == WATCHERS and told["changes"] == 5
    assert told["missing"] == told["merged"] == told["fell"] == told["cut"] == 0
    assert told["refused"] == []
    # The one on connect, and one for each change: whole boards with rising versions.
    lines = (tmp_path / "received").read_text().splitlines()
    assert len(lines) == WATCHERS
    for line in lines:
        versions = [int(word) for word in line.split()[1:]]
        assert versions == list(range(versions[0], versions[0] + 6))


@pytest.mark.parametrize("count", [1, 7, WATCHERS - 1])
def test_a_message_withheld_from_some_is_missing_for_exactly_these(measure, count):
    told = measure(SmallServer(withhold={3: count}))
    assert told["missing"] == count
    assert [change["missing"] for change in told["each"]] == [0, 0, count, 0, 0]


def test_a_board_that_nobody_is_shown_is_merged_into_the_next_and_the_last_one_missing(measure):
    told = measure(SmallServer(withhold={3: WATCHERS, 5: WATCHERS}))
    assert told["merged"] == 1
    assert [change["missing"] for change in told["each"]] == [0, 0, 0, 0, WATCHERS]
    shown = [told["each"][number]["p50_ms"] for number in (0, 1, 3)]
    assert told["each"][2]["p50_ms"] > min(shown) + 100  # until the next, at 5 a second


def test_a_delay_shows_in_every_receipt(measure):
    server = SmallServer(delay_s=0.15)
    delayed = measure(server)
    assert delayed["missing"] == 0
    for figure in ("p50_ms", "p95_ms", "p99_ms", "last_ms", "last_ms_median"):
        assert delayed[figure] >= 150
    # The publisher is answered at once, and no receipt is told later than the server gave it.
    assert delayed["answer_ms_median"] + 100 < delayed["p50_ms"]
    slack = 60 + 2 * server.lateness.worst_ms
    assert delayed["p50_ms"] <= max(server.handed_s) * 1000 + slack


def test_a_version_that_falls_is_seen(measure):
    assert measure(FallingServer())["fell"] == WATCHERS


def test_those_who_are_cut_come_back_and_it_is_told_when(measure):
    told = measure(SmallServer(cut_at=3, away_s=1.5), "--reconnect", changes=15,
                   linger=20)
    assert told["cut"] == WATCHERS and told["up"] == WATCHERS
    assert told["attempts_refused"] > 0
    back = told["returns"]
    assert back["watchers"] == WATCHERS and back["away"] == 0
    assert back["p50_ms"] >= 1500 and back["last_ms"] < 15_000


def test_those_who_do_not_come_back_are_away(measure):
    told = measure(SmallServer(cut_at=3, away_s=0), changes=4)
    assert told["cut"] == WATCHERS and told["up"] == 0
    assert told["returns"]["away"] == WATCHERS
    assert told["missing"] >= WATCHERS
