# SPDX-License-Identifier: Apache-2.0
"""The boards of the day, week and month, neighbours, pages and receipts, as a client sees them."""
import datetime
import uuid

import pytest

from boards import eventually
from client import Player, assert_problem, request
from watchers import Watcher


def get(board, path):
    return request(board, "GET", path)


@pytest.fixture(scope="module")
def played(board):
    """Five players of 3, 6, 9, 12 and 15 points, most of them elsewhere by other tests' players."""
    players = []
    for number in range(1, 6):
        player = Player(board)
        for _ in range(3):
            assert player.increment(delta=number).status == 200
        players.append(player)
    return players


def test_one_action_counts_on_every_board(board, played):
    for period in ("all", "day", "week", "month"):
        answer = played[4].get(f"/api/scores/me?period={period}")
        assert answer.status == 200, answer
        assert answer.json["score"] == 15
        assert (answer.json.get("period"), "periodStart" in answer.json) == (
            (None, False) if period == "all" else (period, True))

        def shown(wanted=period):  # the all-time board may trail an award's answer a little
            rows = get(board, f"/api/leaderboard/top?limit=50&period={wanted}").json
            scores = {one["userId"]: one["score"] for one in rows}
            return len(rows) == 50 or scores.get(played[4].id) == 15

        assert eventually(shown)


def test_contract_a_reads_the_same_periods(board, played):
    ten = get(board, "/api/leaderboard?period=week").json
    assert ten["success"] is True
    assert ten["data"]["leaderboard"] == sorted(
        ten["data"]["leaderboard"], key=lambda row: (-row["score"], row["rank"]))


def test_a_day_of_the_past_is_empty_and_its_ranks_are_one(board, played):
    past = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=40)).date()
    for period in ("day", "week", "month"):
        answer = get(board, f"/api/leaderboard?period={period}&at={past}")
        assert answer.status == 200 and answer.json["data"]["leaderboard"] == []
        me = played[0].get(f"/api/scores/me?period={period}&at={past}")
        assert (me.json["score"], me.json["rank"]) == (0, 1)


@pytest.mark.parametrize("query", [
    "period=year", "period=DAY", "period=day&at=2026-02-30", "period=day&at=yesterday",
    "period=day&at=2026-1-1", "at=2026-01-01", "period=all&at=2026-01-01", "period=%00"])
def test_periods_that_are_none_are_refused(board, played, query):
    for path, code in (("/api/leaderboard", "INVALID_REQUEST"),
                       ("/api/leaderboard/top", "VALIDATION_ERROR"),
                       ("/api/leaderboard/page", "VALIDATION_ERROR"),
                       (f"/api/leaderboard/around/{played[0].id}", "VALIDATION_ERROR")):
        assert_problem(get(board, f"{path}?{query}"), 400, code)
    assert_problem(played[0].get(f"/api/scores/me?{query}"), 400, "VALIDATION_ERROR")


def test_a_board_that_is_not_played_is_not_found(make_board):
    board = make_board({"SCOREBOARD_BOARDS_PERIODS": "week"})
    player = Player(board)
    player.update()
    assert_problem(get(board, "/api/leaderboard?period=day"), 404)
    assert get(board, "/api/leaderboard?period=week").status == 200
    action = str(uuid.uuid4())
    player.increment(action_id=action)
    boards = player.get(f"/api/scores/receipts/{action}").json["boards"]
    assert [one["period"] for one in boards] == ["all", "week"]


def test_neighbours_are_those_beside_one(board, played):
    me = played[2].get("/api/scores/me?around=50").json
    around = me["neighbours"]
    own = next(one for one in around if one["userId"] == played[2].id)
    assert (own["score"], own["rank"]) == (me["score"], me["rank"])
    ranks = [one["rank"] for one in around]
    assert ranks == list(range(ranks[0], ranks[0] + len(ranks)))
    assert [one["score"] for one in around] == sorted(
        (one["score"] for one in around), reverse=True)
    others = get(board, f"/api/leaderboard/around/{played[2].id}?limit=50").json["standings"]
    assert [one["userId"] for one in others] == [one["userId"] for one in around]
    assert len(get(board, f"/api/leaderboard/around/{played[2].id}?limit=1").json[
        "standings"]) <= 3


def test_neighbours_of_nobody(board):
    assert_problem(get(board, f"/api/leaderboard/around/{uuid.uuid4()}"), 404)
    assert_problem(get(board, "/api/leaderboard/around/"), 404)
    assert_problem(get(board, "/api/leaderboard/around/a/b"), 404)


def test_pages_go_through_everybody_once(board, played):
    seen, cursor = [], ""
    while True:
        page = get(board, f"/api/leaderboard/page?limit=3{cursor}").json
        seen += page["standings"]
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"
    assert [one["rank"] for one in seen] == list(range(1, len(seen) + 1))
    assert len({one["userId"] for one in seen}) == len(seen)
    assert {player.id for player in played} <= {one["userId"] for one in seen}


@pytest.mark.parametrize("after", ["x", "1", "1.", ".1", "1.2.3", "-1.5", "1.-5", "0.1",
                                   "99999999999999999999.1", "1.5%00", "1%2e5x"])
def test_cursors_that_are_none_are_refused(board, after):
    assert_problem(get(board, f"/api/leaderboard/page?after={after}"), 400, "VALIDATION_ERROR")


def test_a_receipt_tells_every_board(board):
    player = Player(board)
    action = str(uuid.uuid4())
    answer = player.increment(action_id=action, delta=4)
    receipt = player.get(f"/api/scores/receipts/{action}")
    assert receipt.status == 200
    assert receipt.json["points"] == 4
    assert [one["period"] for one in receipt.json["boards"]] == ["all", "day", "week", "month"]
    assert receipt.json["boards"][0]["rank"] == answer.json["rank"]
    assert all((one["previousScore"], one["newScore"]) == (0, 4)
               for one in receipt.json["boards"])


def test_receipts_are_ones_own(board):
    player, other = Player(board), Player(board)
    action = str(uuid.uuid4())
    assert player.increment(action_id=action).status == 200
    assert_problem(other.get(f"/api/scores/receipts/{action}"), 404)
    assert_problem(get(board, f"/api/scores/receipts/{action}"), 401, "UNAUTHENTICATED")


def test_days_begin_where_the_time_zone_says(make_board):
    board = make_board({"SCOREBOARD_BOARDS_TIME_ZONE": "Pacific/Kiritimati"})  # UTC+14
    player = Player(board)
    player.update()
    me = player.get("/api/scores/me?period=day").json
    start = datetime.datetime.fromisoformat(me["periodStart"].replace("Z", "+00:00"))
    assert start.hour == 10 and me["score"] == 10
    assert eventually(lambda: board.ctl("verify").returncode == 0)


def day_board_of(watcher):
    message = watcher.last("LEADERBOARD_UPDATE")
    return message and message["data"]


@pytest.mark.parametrize("transport", ["websocket", "eventsource"])
def test_the_day_board_is_watched_live_and_comes_back_after_a_restart(make_board, transport):
    board = make_board()
    watchers = [Watcher(board, f"/ws/leaderboard/{period}", transport)
                for period in ("day", "week", "month")]
    player = Player(board)
    token = player.get("/api/realtime/token").json["token"]
    watchers.append(Watcher(board, f"/ws/leaderboard/day?token={token}", transport))

    def all_show(score):
        boards = [day_board_of(watcher) for watcher in watchers]
        return all(one and one["leaderboard"] and one["leaderboard"][0]["score"] == score
                   for one in boards)

    assert player.update().status == 200
    assert eventually(lambda: all_show(10))
    assert {day_board_of(watcher)["period"] for watcher in watchers} == {"day", "week", "month"}
    assert all("period_start" in day_board_of(watcher) for watcher in watchers)
    for watcher in watchers:
        watcher.stop()
    board.kill("live-supervised")
    newcomer = Watcher(board, "/ws/leaderboard/day", transport)

    def reconnected():
        nonlocal newcomer
        if not newcomer.is_alive():
            newcomer = Watcher(board, "/ws/leaderboard/day", transport)
        return day_board_of(newcomer)

    shown = eventually(reconnected, 6, 0.2)
    assert shown and shown["leaderboard"][0]["score"] == 10
    newcomer.stop()


def test_there_are_no_other_live_boards(board):
    for path in ("/ws/leaderboard/year", "/ws/leaderboard/", "/ws/leaderboard/day/x"):
        assert request(board, "GET", path, headers={"Accept": "text/event-stream"}).status == 404
