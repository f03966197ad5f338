# SPDX-License-Identifier: Apache-2.0
"""An action counts once, whatever is repeated, re-sent or killed."""
import contextlib
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from boards import DATABASE, eventually
from client import Player, assert_problem, request
from watchers import Watcher


def at_once(count, call):
    gate = threading.Barrier(count)

    def one(_):
        gate.wait()
        return call()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_a_repeated_update_is_409_with_the_first_result(board):
    player = Player(board)
    body = player.update_body()
    first = player.update(body).json["data"]
    player.update()
    problem = assert_problem(player.update(body), 409, "DUPLICATE_ACTION")
    assert problem["details"]["original"] == first
    assert player.get("/api/scores/me").json["score"] == 20


def test_a_repeated_increment_is_the_same_200(board):
    player = Player(board)
    body, headers = player.increment_request(delta=7)
    first = request(board, "POST", "/api/scores/increment", body, headers)
    assert "Idempotency-Replayed" not in first.headers
    player.increment(delta=2)
    again = request(board, "POST", "/api/scores/increment", body, headers)
    assert again.status == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body
    assert player.get("/api/scores/me").json["score"] == 9


def test_an_action_id_belongs_to_its_player(board):
    one, other = Player(board), Player(board)
    action_id = "shared-action-id"
    assert one.update(action_id=action_id).status == 200
    assert other.update(action_id=action_id).status == 200
    assert_problem(one.increment(action_id=action_id), 409, "IDEMPOTENCY_CONFLICT")
    assert_problem(one.update(action_id=action_id), 409, "DUPLICATE_ACTION")


@pytest.mark.sanitized
def test_32_parallel_copies_of_an_update_score_once(board):
    player = Player(board)
    body = player.update_body()
    statuses = sorted(a.status for a in at_once(32, lambda: player.update(body)))
    assert statuses == [200] + [409] * 31
    assert player.get("/api/scores/me").json["score"] == 10


@pytest.mark.sanitized
def test_32_parallel_copies_of_an_increment_score_once(board):
    player = Player(board)
    body, headers = player.increment_request(delta=5)
    answers = at_once(32, lambda: request(board, "POST", "/api/scores/increment", body, headers))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 31
    assert player.get("/api/scores/me").json["score"] == 5


@pytest.mark.sanitized
def test_a_request_resent_after_its_worker_died_between_commit_and_answer(make_board, tmp_path):
    trigger = tmp_path / "die"
    board = make_board({"SCOREBOARD_TEST_CRASH_AFTER_COMMIT": str(trigger)})
    player = Player(board)
    for call, score in ((player.update, lambda a: a.json["data"]["new_score"]),
                        (player.increment, lambda a: a.json["newScore"])):
        before = player.get("/api/scores/me").json["score"]
        pids = {board.pid("worker-1"), board.pid("worker-2")}
        trigger.touch()
        answer = call()
        assert answer.status == 200, answer
        assert not trigger.exists()
        after = player.get("/api/scores/me").json["score"]
        assert score(answer) == after > before
        assert eventually(lambda: {board.pid("worker-1"), board.pid("worker-2")} != pids)
    assert player.get("/api/scores/me").json["score"] == 11
    assert "everything agrees" in board.ctl("verify").stdout


@pytest.mark.sanitized
def test_a_burst_ends_on_one_board_for_everybody(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000"})
    with ThreadPoolExecutor(10) as pool:
        players = list(pool.map(lambda _: Player(board), range(50)))
    watchers = [Watcher(board, "/ws/leaderboard", kind)
                for kind in ("websocket", "eventsource") for _ in range(20)]
    assert all(watcher.opened.wait(10) for watcher in watchers)
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    work = [(player, dice.choice(["COMPLETE_TASK", "DAILY_LOGIN", "INVITE_FRIEND"]))
            for player in players for _ in range(dice.randrange(30, 51))]
    work += [(dice.choice(players), "COMPLETE_TASK") for _ in range(2000 - len(work))]
    dice.shuffle(work)

    def act(job):
        """A busy machine refuses some of fifty at once; whoever is refused sends the same again."""
        player, kind = job
        body = player.update_body(action_type=kind)
        return eventually(lambda: (a := player.update(body)).status != 503 and a, 20, 1)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(act, work[:2000]))
    assert [a for a in answers if not a or a.status != 200] == [], f"seed {seed}"

    # The reference: the highest receipt of each player; ties are told apart by the store alone, so
    # they are compared as sets of equals.
    scores = {}
    for answer in answers:
        data = answer.json["data"]
        scores[data["user_id"]] = max(scores.get(data["user_id"], 0), data["new_score"])
        assert data["new_score"] == data["previous_score"] + data["score_increment"]
    expected = sorted(scores.values(), reverse=True)[:10]

    def final_board():
        entries = request(board, "GET", "/api/leaderboard").json["data"]
        good = [entry["score"] for entry in entries["leaderboard"]] == expected
        return entries if good else None

    final = eventually(final_board, 5)
    assert final, f"seed {seed}"
    for entry in final["leaderboard"]:
        assert entry["score"] == scores[entry["user_id"]]
    for watcher in watchers:
        assert eventually(lambda w=watcher: w.last() and w.last()["data"] == final, 5), (
            f"{watcher.transport} seed {seed}")
        versions = [message["data"]["version"] for message in watcher.messages]
        assert versions == sorted(versions)
        watcher.stop()
    assert "2000 events, 50 players: everything agrees" in board.ctl("verify").stdout


@pytest.mark.sanitized
def test_killing_a_worker_under_load_loses_nothing(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000"})
    players = [Player(board) for _ in range(8)]
    done = threading.Event()
    answers, lock = [], threading.Lock()

    def play(player):
        while not done.is_set():
            body = player.update_body()
            answer = player.update(body)
            with lock:
                answers.append((player, body, answer))

    with ThreadPoolExecutor(8) as pool:
        for player in players:
            pool.submit(play, player)
        for round_number in range(6):
            time.sleep(0.5)
            assert eventually(lambda more=8 * round_number: len(answers) > more, 20)
            board.kill(f"worker-{round_number % 2 + 1}")
        time.sleep(0.5)
        enough = eventually(lambda: len(answers) > 50, 20)
        done.set()
    failed = [answer for _, _, answer in answers if answer.status != 200]
    assert failed == [], f"{len(failed)} of {len(answers)}"
    assert enough
    for player in players:
        mine = [answer for who, _, answer in answers if who is player]
        assert player.get("/api/scores/me").json["score"] == 10 * len(mine)
    assert "everything agrees" in board.ctl("verify").stdout


@contextlib.contextmanager
def nothing_can_be_counted(board):
    """Until it ends; on PostgreSQL two seconds, whatever happens."""
    if DATABASE == "postgresql":
        holder = threading.Thread(target=board.sql, args=(
            "BEGIN; SELECT seq FROM journal_head FOR UPDATE; SELECT pg_sleep(2); COMMIT",))
        holder.start()
        assert eventually(lambda: board.sql(
            "SELECT count(*) FROM pg_locks WHERE relation = 'journal_head'::regclass"
            " AND mode = 'RowShareLock'").strip() != "0")
        yield
        holder.join()
        return
    with contextlib.closing(sqlite3.connect(board.data / "scoreboard.db",
                                            isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def test_a_request_that_sees_both_workers_die_is_answered_by_their_successors(make_board):
    """It was sent to each worker once, and then refused."""
    board = make_board()
    player = Player(board)
    with ThreadPoolExecutor(1) as pool:
        with nothing_can_be_counted(board):
            waiting = pool.submit(player.update)
            for name in ("worker-1", "worker-2", "worker-1"):  # whichever of them has it
                time.sleep(0.4)
                board.kill(name)
        answer = waiting.result()
    assert answer.status == 200, answer
    assert player.get("/api/scores/me").json["score"] == 10
