# SPDX-License-Identifier: Apache-2.0
"""The load generator against a server whose delays are known. The server's own record is what it is
held against, so that a busy machine, on which 20 ms take 30, makes no difference."""
import asyncio
import csv
import json
import random
import socket
import statistics
import subprocess
import time

import pytest
from known_server import KnownServer, answer

from boards import BUILD


def load(server, *arguments):
    done = subprocess.run(
        [str(BUILD / "bin" / "load-bench"), "--port", str(server.port), "--kind", "get",
         *map(str, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def nearest_rank(values, permille):
    ordered = sorted(values)
    return ordered[max(1, -(-permille * len(ordered) // 1000)) - 1]


def test_a_closed_loop_finds_a_constant_delay_and_what_follows_from_it():
    with KnownServer(lambda number: 0.02) as server:
        told = load(server, "--connections", 8, "--seconds", 1.5)
        assert server.connections == 8
    assert told["broken"] == told["timed_out"] == 0
    assert told["all"]["count"] == told["status"]["200"]["count"] == len(server.came)
    slowest = max(server.delays) * 1000
    assert 20 <= told["all"]["p50_ms"] <= nearest_rank(server.delays, 500) * 1000 + server.slack_ms
    assert slowest <= told["all"]["max_ms"] + 1
    # Little's law: as many under way as there are connections.
    mean = statistics.mean(server.delays)
    assert told["per_second"] <= 8 / mean * 1.05
    assert told["all"]["count"] / told["seconds"] >= 8 / (mean + server.slack_ms / 1000)


def test_percentiles_of_a_known_distribution_are_exact():
    delays = [0.005 * n for n in range(1, 201)]
    random.Random(6).shuffle(delays)
    with KnownServer(lambda number: delays[number]) as server:
        told = load(server, "--rate", 200, "--seconds", 1, "--connections", 300)
    assert told["all"]["count"] == 200
    for permille, name in ((500, "p50_ms"), (900, "p90_ms"), (990, "p99_ms"), (999, "p999_ms"),
                           (1000, "max_ms")):
        true = nearest_rank(server.delays, permille) * 1000
        assert true - 1 <= told["all"][name] <= true + server.slack_ms, name


@pytest.mark.parametrize("poisson", [False, True], ids=["even", "poisson"])
def test_an_open_loop_asks_at_its_rate_whatever_the_server_does(poisson):
    """The delays are ten times what four connections could take in a closed loop."""
    with KnownServer(lambda number: 0.2) as server:
        told = load(server, "--rate", 100, "--seconds", 2, "--connections", 200,
                    *(["--poisson"] if poisson else []))
    gaps = [after - before for before, after in zip(server.came, server.came[1:])]
    variation = statistics.stdev(gaps) / statistics.mean(gaps)
    if poisson:
        assert 150 <= len(server.came) <= 250  # 3.5 standard deviations
        assert variation > 0.7
    else:
        assert len(server.came) == 200
    assert told["all"]["count"] == len(server.came)
    assert told["all"]["p50_ms"] <= nearest_rank(server.delays, 500) * 1000 + server.slack_ms


def test_requests_that_a_stall_holds_up_are_counted_from_when_they_were_due(tmp_path):
    """200 a second for three seconds; the server stands still for one of them. Whoever comes x seconds
    after it began waits 1 - x: a third of all, uniformly. Four connections are held, and a generator
    that counts from the moment of sending has four slow samples."""
    rate, seconds, connections = 200, 3, 4
    stall = {}

    def behave(number):
        if number == rate:  # a second has passed
            stall["from"] = time.monotonic()
            time.sleep(1)
            stall["to"] = time.monotonic()
        return 0

    with KnownServer(behave) as server:
        told = load(server, "--rate", rate, "--seconds", seconds, "--connections", connections,
                    "--series", tmp_path / "series.csv")
    assert told["all"]["count"] == rate * seconds
    length = (stall["to"] - stall["from"]) * 1000
    # Who was due when; whoever came later than that, by the server's record, had waited for the others.
    began = min(came - number / rate for number, came in enumerate(server.came))
    waits = [(came - began - number / rate) * 1000 + (length if number == rate else 0)
             for number, came in enumerate(server.came)]
    assert nearest_rank(waits, 900) > length / 2
    assert length <= told["all"]["max_ms"] + 1 <= length + server.slack_ms
    for permille, name in ((500, "p50_ms"), (900, "p90_ms"), (990, "p99_ms")):
        assert abs(told["all"][name] - nearest_rank(waits, permille)) <= server.slack_ms, name
    # The same as the series shows it: tenths of a second, ten of them where nothing else is done, in
    # which half wait longer than they would in the next.
    with open(tmp_path / "series.csv", encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["due"]) for row in rows) == rate * seconds
    bound = length / 10 + server.slack_ms
    slow = [float(row["ok_p50_ms"]) for row in rows if float(row["ok_p99_ms"]) > bound]
    due = {number * 10 // rate for number, wait in enumerate(waits) if wait > bound}
    assert abs(len(slow) - len(due)) <= 2 and slow == sorted(slow, reverse=True)


def test_refusals_are_told_apart_and_looked_at_for_their_retry_after():
    """Of twelve: three 503, one of them without Retry-After; one 429 with it; the rest after 20 ms."""
    async def refuse(number, writer):
        turn = number % 12
        status = 429 if turn == 11 else 503
        writer.write(answer(status, number, "" if turn == 3 else "Retry-After: 1\r\n"))

    with KnownServer(lambda number: refuse if number % 12 in (3, 7, 8, 11) else 0.02) as server:
        told = load(server, "--rate", 240, "--seconds", 1)
    assert len(server.came) == 240
    assert {status: of["count"] for status, of in told["status"].items()} == {
        "200": 160, "429": 20, "503": 60}
    assert told["without_retry_after"] == 20
    assert told["broken"] == told["timed_out"] == 0
    assert told["status"]["503"]["p50_ms"] + 10 < told["status"]["200"]["p50_ms"]


def test_broken_connections_and_silence_are_no_answers():
    """Of ten: one closed without a word, one in the middle, one never answered, one closed after the
    answer, with notice, and one without."""
    async def close(number, writer):
        writer.close()

    async def half(number, writer):
        writer.write(answer(200, number)[:40])
        writer.close()

    async def silence(number, writer):
        writer.transport.pause_reading()
        while not writer.is_closing():
            await asyncio.sleep(0.05)

    async def last(number, writer):
        writer.write(answer(200, number, "Connection: close\r\n"))
        writer.close()

    async def last_without_notice(number, writer):
        # Together with the answer, or the next request may be under way before the end is.
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        writer.write(answer(200, number))
        writer.close()

    odd = {1: close, 3: half, 5: silence, 7: last, 9: last_without_notice}
    with KnownServer(lambda number: odd.get(number % 10, 0)) as server:
        told = load(server, "--rate", 100, "--seconds", 1, "--timeout", 5)
    assert len(server.came) == 100
    assert (told["broken"], told["timed_out"]) == (20, 10)
    assert told["status"]["200"]["count"] == 70
    # Their time is told too: who was not answered waited, and is in no percentile of the answered.
    assert told["all"]["count"] == 100 and told["all"]["max_ms"] >= 5000
    assert told["status"]["200"]["max_ms"] < 5000


def test_a_server_that_is_not_there_breaks_everything_and_stops_nothing():
    with KnownServer(lambda number: 0) as server:
        pass
    told = load(server, "--rate", 50, "--seconds", 0.5)
    assert told["broken"] == told["all"]["count"] == 25 and told["status"] == {}
