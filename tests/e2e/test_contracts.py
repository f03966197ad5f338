# SPDX-License-Identifier: Apache-2.0
"""Both contracts on one board: what is answered when all is well, and every code of each."""
import re
import time
import uuid

from client import Player, assert_problem, request, timestamp


def test_update_answers_to_the_letter(board):
    player = Player(board)
    first = player.update()
    assert first.status == 200, first
    assert set(first.json) == {"success", "data"}
    assert first.json["success"] is True
    data = first.json["data"]
    assert set(data) == {"user_id", "previous_score", "new_score", "score_increment",
                         "current_rank"}
    assert (data["user_id"], data["previous_score"], data["new_score"]) == (player.id, 0, 10)
    assert data["score_increment"] == 10
    second = player.update(action_type="WIN_MATCH").json["data"]
    assert (second["previous_score"], second["new_score"]) == (10, 60)
    assert second["current_rank"] <= data["current_rank"]


def test_increment_answers_to_the_letter_and_clamps(board):
    player = Player(board)
    answer = player.increment(delta=3)
    assert answer.status == 200, answer
    assert set(answer.json) - {"top10IfChanged"} == {"userId", "newScore", "rank"}
    assert (answer.json["userId"], answer.json["newScore"]) == (player.id, 3)
    assert player.increment(delta=1000).json["newScore"] == 13
    assert player.increment(delta=-5).json["newScore"] == 14


def test_both_contracts_add_to_one_score(board):
    player = Player(board)
    player.update()
    assert player.increment(delta=5).json["newScore"] == 15
    mine = player.get("/api/scores/me")
    assert mine.status == 200
    assert set(mine.json) == {"userId", "score", "rank"}
    assert (mine.json["userId"], mine.json["score"]) == (player.id, 15)


def test_a_player_without_points_stands_behind_all_who_have_some(board):
    Player(board).update()
    mine = Player(board).get("/api/scores/me").json
    assert mine["score"] == 0
    assert mine["rank"] > 1


def test_the_boards_have_their_contracts_shapes(board):
    Player(board).update()
    time.sleep(0.3)
    a = request(board, "GET", "/api/leaderboard")
    assert a.status == 200
    assert a.headers["Content-Type"] == "application/json"
    assert set(a.json) == {"success", "data"}
    assert {"leaderboard", "updated_at"} <= set(a.json["data"])
    for entry in a.json["data"]["leaderboard"]:
        assert set(entry) == {"rank", "user_id", "username", "score"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", a.json["data"]["updated_at"])
    b = request(board, "GET", "/api/leaderboard/top").json
    assert isinstance(b, list)
    for entry in b:
        assert set(entry) == {"userId", "displayName", "score", "rank"}
    ranked = [(entry["rank"], entry["user_id"], entry["score"])
              for entry in a.json["data"]["leaderboard"]]
    assert ranked == [(entry["rank"], entry["userId"], entry["score"]) for entry in b[:10]]
    assert [entry["rank"] for entry in b] == list(range(1, len(b) + 1))
    assert [e["score"] for e in b] == sorted((e["score"] for e in b), reverse=True)


def test_realtime_token_is_no_access_token_and_the_reverse(board):
    player = Player(board)
    answer = player.get("/api/realtime/token")
    assert answer.status == 200
    assert answer.json["expires_in"] == 60
    other = request(board, "GET", "/api/scores/me",
                    headers={"Authorization": f"Bearer {answer.json['token']}"})
    assert_problem(other, 401, "UNAUTHENTICATED")


def test_update_refuses_each_fault_with_its_code(board):
    player, other = Player(board), Player(board)
    body = player.update_body()
    assert_problem(request(board, "POST", "/api/scores/update", body), 401, "UNAUTHORIZED")
    assert_problem(player.update({**body, "signature": "0" * 64}), 403, "INVALID_SIGNATURE")
    assert_problem(player.update({**body, "signature": "short"}), 403, "INVALID_SIGNATURE")
    assert_problem(other.update(body), 403, "INVALID_SIGNATURE")
    assert_problem(player.update(action_type="NO_SUCH_ACTION"), 400, "INVALID_REQUEST")
    for missing in body:
        partial = {name: value for name, value in body.items() if name != missing}
        problem = assert_problem(player.update(partial), 400, "INVALID_REQUEST")
        assert problem["details"]["field"] == missing
    for field, value in (("action_id", "SHOUTED-" * 2), ("action_id", "short"),
                         ("action_id", 12345678), ("action_type", "complete_task"),
                         ("timestamp", "yesterday"), ("timestamp", "2026-02-30T00:00:00Z"),
                         ("signature", None)):
        assert_problem(player.update({**body, field: value}), 400, "INVALID_REQUEST")
    assert player.update(body).status == 200
    assert_problem(player.update(body), 409, "DUPLICATE_ACTION")


def test_increment_refuses_each_fault_with_its_code(board):
    player, other = Player(board), Player(board)
    path = "/api/scores/increment"
    body, headers = player.increment_request(delta=4)
    anonymous = {"x-request-timestamp": headers["x-request-timestamp"]}
    assert_problem(request(board, "POST", path, body, anonymous), 401, "UNAUTHENTICATED")
    assert_problem(request(board, "POST", path, {**body, "signature": "v1=" + "0" * 64}, headers),
                   403, "UNAUTHORIZED")
    assert_problem(player.increment(user=other.id), 403, "UNAUTHORIZED")
    assert_problem(request(board, "POST", path, body, player.bearer), 400, "VALIDATION_ERROR")
    for missing in ("userId", "actionId", "signature"):
        partial = {name: value for name, value in body.items() if name != missing}
        problem = assert_problem(request(board, "POST", path, partial, headers), 400,
                                 "VALIDATION_ERROR")
        assert problem["details"]["field"] == missing
    for delta in ("4", 1.5, None, [4]):
        assert_problem(request(board, "POST", path, {**body, "delta": delta}, headers), 400,
                       "VALIDATION_ERROR")
    assert request(board, "POST", path, body, headers).status == 200
    conflict = player.increment(action_id=body["actionId"], delta=5)
    assert_problem(conflict, 409, "IDEMPOTENCY_CONFLICT")
    assert player.get("/api/scores/me").json["score"] == 4


def test_the_window_is_five_minutes_either_way(board):
    player = Player(board)
    milliseconds = lambda offset: str(int((time.time() + offset) * 1000))
    for offset in (-299, 299):
        assert player.update(at=timestamp(offset)).status == 200
        assert player.increment(at=milliseconds(offset)).status == 200
    for offset in (-301, 301):
        assert_problem(player.update(at=timestamp(offset)), 403, "INVALID_SIGNATURE")
        assert_problem(player.increment(at=milliseconds(offset)), 403, "ABUSE_REJECTED")


def uuid7(offset):
    milliseconds = int((time.time() + offset) * 1000)
    return str(uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | uuid.uuid4().int >> 66))


def test_an_id_that_carries_a_time_must_carry_one_of_now(board):
    player = Player(board)
    assert player.increment(action_id=uuid7(0)).status == 200
    assert_problem(player.increment(action_id=uuid7(-400)), 409, "ABUSE_REJECTED")
    assert_problem(player.update(action_id=uuid7(-400)), 400, "INVALID_REQUEST")


def test_the_eleventh_action_of_a_minute_is_429_with_retry_after(board):
    player = Player(board)
    for i in range(10):
        answer = player.update() if i % 2 else player.increment()
        assert answer.status == 200, answer
    assert_problem(player.update(), 429, "RATE_LIMITED")
    problem = player.increment()
    assert_problem(problem, 429, "RATE_LIMITED")
    assert 1 <= int(problem.headers["Retry-After"]) <= 60
    assert Player(board).update().status == 200  # nobody else's business


def test_sleeping_exactly_retry_after_suffices(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "2", "SCOREBOARD_LIMITS_AWARDS_WINDOW_S": "3"})
    player = Player(board)
    for _ in range(3):
        while (answer := player.update()).status == 200:
            pass
        assert_problem(answer, 429, "RATE_LIMITED")
        time.sleep(int(answer.headers["Retry-After"]))
        assert player.update().status == 200


def test_accept_chooses_between_the_two_names_of_an_error_body(board):
    answer = request(board, "GET", "/api/scores/me", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/json"
    answer = request(board, "GET", "/nowhere", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/json"


def test_health(board):
    assert request(board, "GET", "/api/health/live").json == {"status": "live"}
    ready = request(board, "GET", "/api/health/ready")
    assert ready.status == 200
    assert ready.json == {"status": "ready",
                          "checks": {"database": "ok", "keys": "ok", "publisher": "ok"}}
