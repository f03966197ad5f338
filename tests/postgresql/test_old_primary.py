# SPDX-License-Identifier: Apache-2.0
"""A primary whose synchronous standby has taken over comes back, and takes itself for the primary still.
Nothing is acknowledged through it: no new action, and no repeat of one that it had written and its
standby had never got."""
import shutil
import signal
import tempfile
import threading
import uuid
from pathlib import Path

import pytest

from boards import Board, eventually
from client import Player, assert_problem
from pairs import Pair
from postgresql import DATABASE, RUNTIME


@pytest.fixture
def pair():
    directory = Path(tempfile.mkdtemp(prefix="sb"))
    both = Pair(directory)
    try:
        both.start()
        both.make_synchronous()
        yield both
    finally:
        both.end()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def board(pair):
    one = Board()
    one.use(f"postgresql:///{DATABASE}?host={pair.primary.directory},{pair.standby.directory}")
    try:
        yield one.start()
    finally:
        one.stop()
        one.remove()


def throw_out(cluster):
    cluster.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{RUNTIME}'")


def written_and_not_replicated(pair, player, send):
    """An action that the primary wrote and told nobody: its standby is away. The client's answer."""
    pair.standby.stop()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(send()))
    asking.start()
    assert eventually(lambda: "SyncRep" in pair.primary.psql(
        "SELECT wait_event FROM pg_stat_activity WHERE wait_event IS NOT NULL"), 5)
    return asking, answers


@pytest.mark.parametrize("contract", ["A", "B"])
def test_what_only_the_old_primary_knows_is_not_acknowledged(pair, board, contract):
    player, bystander = Player(board), Player(board)
    assert player.increment(delta=3).status == 200
    action = str(uuid.uuid4())

    def send():
        if contract == "A":
            return player.update(action_id=action)
        return player.increment(action_id=action, delta=10)

    asking, answers = written_and_not_replicated(pair, player, send)
    pair.primary.stop(signal.SIGQUIT)
    pair.standby.start()
    pair.promote()
    asking.join()
    assert_problem(answers[0], 503)
    old, new = pair.standby, pair.primary
    assert eventually(lambda: bystander.increment().status == 200, 5), "the new one takes writes"
    # The old one is back, and everybody is led to it: it is the first in the URI.
    old.start()
    throw_out(new)
    assert eventually(lambda: old.psql(
        f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{RUNTIME}'").strip() != "0", 5)
    stored = old.psql(f"SELECT count(*) FROM events WHERE action_id = '{action}'", DATABASE)
    assert stored.strip() == "1", "the old one has it"
    told = []
    asked = [threading.Thread(target=lambda ask=ask: told.append(ask()))
             for ask in (send, bystander.increment)]
    for one in asked:
        one.start()
    asked[0].join(3)
    assert not [answer for answer in told if answer.status != 503], told
    old.stop(signal.SIGQUIT)
    for one in asked:
        one.join()
    assert [answer.status for answer in told] == [503, 503], told
    # Now it counts, where it stays.
    assert eventually(lambda: send().status == 200, 10)
    # Each worker finds its own way back.
    answer = eventually(lambda: (a := player.get("/api/scores/me")).status == 200 and a, 10)
    assert answer.json["score"] == 13
    assert new.psql(f"SELECT count(*) FROM events WHERE action_id = '{action}'",
                    DATABASE).strip() == "1"
    assert board.ctl("verify").returncode == 0


def test_a_repeat_waits_for_the_standby_that_has_not_got_it(pair, board):
    """The session that waited for the standby was ended, by which what it wrote is there for everybody to
    see: whoever repeats it waits as the first did."""
    player = Player(board)
    assert player.increment(delta=3).status == 200
    action = str(uuid.uuid4())
    asking, answers = written_and_not_replicated(
        pair, player, lambda: player.increment(action_id=action, delta=10))
    throw_out(pair.primary)
    asking.join()
    assert_problem(answers[0], 503)
    told = []
    asking = threading.Thread(
        target=lambda: told.append(player.increment(action_id=action, delta=10)))
    asking.start()
    asking.join(2)
    assert not told or told[0].status == 503, told
    pair.standby.start()
    asking.join()
    answer = eventually(lambda: (a := player.increment(action_id=action, delta=10)).status == 200
                        and a, 5)
    assert answer.json["newScore"] == 13
    assert pair.standby.psql(f"SELECT count(*) FROM events WHERE action_id = '{action}'",
                             DATABASE).strip() == "1"
