# SPDX-License-Identifier: Apache-2.0
"""Where secrets are not: in the database, in logs. And how the keys they come from change."""
import json
import re

from client import PASSWORD, Player, assert_problem, request
from test_browser_sessions import Page


def test_neither_a_dump_nor_a_log_holds_a_secret(make_board):
    board = make_board()
    secrets = {"the password": PASSWORD, "a wrong password": "not-the-right-one"}
    page = Page(board)
    player = Player(board)

    def remember(name):
        secrets.update({f"{name} access token": player.access_token,
                        f"{name} refresh token": player.refresh_token,
                        f"{name} action key": player.key})

    remember("first")
    for name in ("second", "third"):
        player.take(request(board, "POST", "/api/auth/refresh",
                            {"refresh_token": player.refresh_token}).json)
        remember(name)
    for body in ({"username": player.name, "password": secrets["a wrong password"]},
                 {"username": "typed-into-the-wrong-field", "password": "x"}):
        assert_problem(request(board, "POST", "/api/auth/login", body), 401)
    secrets["a name that was tried"] = "typed-into-the-wrong-field"
    assert player.update().status == 200
    assert player.increment().status == 200
    assert page.increment().status == 200
    secrets.update({f"cookie {name}": value.split(".", 1)[1] if "." in value else value
                    for name, value in page.jar.items()})
    secrets["the page's action key"] = page.player.key
    secrets["a realtime token"] = player.get("/api/realtime/token").json["token"]
    for name in ("access", "action"):
        for key in json.loads((board.data / "keys" / f"{name}.jwks").read_text())["keys"]:
            secrets[f"{name} master key"] = key["k"]

    kept = board.dump()
    assert player.name.encode() in kept and b"$y$" in kept, "this is no dump"
    logs = b"".join(file.read_bytes() for file in (board.data / "log").iterdir())
    assert b"/api/auth/login" in logs, "these are no logs"
    assert len(secrets) >= 18
    for name, secret in secrets.items():
        assert len(secret) >= 16, name
        for place, text in (("the database", kept), ("a log", logs)):
            assert secret.encode() not in text, f"{name} is in {place}"
            if re.fullmatch("[0-9a-f]+", secret):
                assert bytes.fromhex(secret) not in text, f"{name} is in {place}"


def keys_in(board):
    return json.loads((board.data / "keys" / "action.jwks").read_text())["keys"]


def test_two_master_keys_overlap_and_players_notice_nothing(make_board):
    board = make_board()
    idle, active = Player(board), Player(board)
    page = Page(board)
    old_key = active.key
    first_token = active.refresh_token
    active.take(request(board, "POST", "/api/auth/refresh", {"refresh_token": first_token}).json)
    assert active.key == old_key

    board.ctl("key", "new", "--out", str(board.data / "keys" / "action.jwks"))
    board.stop()
    board.start()
    assert len(keys_in(board)) == 2
    # Sessions of the old key go on signing, in both contracts and by cookie.
    for player in (idle, active):
        assert player.update().status == 200
        assert player.increment().status == 200
    assert page.increment().status == 200
    # A refresh that was made before is repeated after: the same successor, though newer keys lead.
    answer = request(board, "POST", "/api/auth/refresh", {"refresh_token": first_token})
    if answer.status == 200:  # unless the restart took more than ten seconds
        assert answer.json["refresh_token"] == active.refresh_token
        active.take(request(board, "POST", "/api/auth/refresh",
                            {"refresh_token": active.refresh_token}).json)
    else:
        active.log_in()
    assert active.key != old_key
    assert active.update().status == 200
    new = Player(board)
    assert new.increment().status == 200
    old_csrf = page.csrf
    page.take(page.refresh().json)
    assert page.csrf != old_csrf
    assert page.increment().status == 200

    file = board.data / "keys" / "action.jwks"
    file.write_text(json.dumps({"keys": keys_in(board)[:1]}))
    board.stop()
    board.start()
    for player in (active, new):
        assert player.update().status == 200
    assert page.increment().status == 200
    assert_problem(idle.update(), 403, "INVALID_SIGNATURE")
    idle.take(request(board, "POST", "/api/auth/refresh",
                      {"refresh_token": idle.refresh_token}).json)
    assert idle.update().status == 200
