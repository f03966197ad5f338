# SPDX-License-Identifier: Apache-2.0
"""Passwords: hashes of an older site, guessing, floods."""
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from client import PASSWORD, Player, assert_problem, new_name, request

WRONG = "not the password"
# "U*U", by crypt_blowfish's own test.
BCRYPT = "$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"


def log_in(board, name, password=PASSWORD):
    return request(board, "POST", "/api/auth/login", {"username": name, "password": password})


def stored_hash(board, player):
    return board.sql(f"SELECT password_hash FROM users WHERE public_id = '{player.id}'").strip()


def store_hash(board, player, password_hash):
    board.sql(f"UPDATE users SET password_hash = '{password_hash}' WHERE public_id = '{player.id}'")


def move_failures_back(board, seconds):
    """As if that much time had passed since the last attempt of anybody."""
    board.sql(f"UPDATE login_attempts SET last_at = last_at - {seconds * 1_000_000}")


@pytest.mark.parametrize("method", ["$2a", "$2b", "$2y"])
def test_a_bcrypt_hash_of_an_older_site_logs_in_and_is_made_anew(board, method):
    player = Player(board)
    store_hash(board, player, method + BCRYPT)
    assert_problem(log_in(board, player.name, WRONG), 401)
    assert stored_hash(board, player) == method + BCRYPT
    assert log_in(board, player.name, "U*U").status == 200
    assert stored_hash(board, player).startswith("$y$j75$")
    assert log_in(board, player.name, "U*U").status == 200
    assert_problem(log_in(board, player.name, WRONG), 401)


def test_a_hash_of_a_lower_cost_is_made_anew_and_one_of_a_higher_stays(make_board):
    """Those of PASSWORD at costs 1 and 3, on a board that makes them at 2."""
    cheap = "$y$j75$oldsiteoldsite0$7/hppocA5T3TkZhGjTAYk7.IL4P32zo.uoJMiSRfgk9"
    dear = "$y$j7T$oldsiteoldsite0$D7dRHXphGgiaMWZZ1BRu9wMwslprvjjYH3ksL9x/kjB"
    board = make_board({"SCOREBOARD_AUTH_PASSWORD_COST": "2"})
    player = Player(board)
    for old, new in ((cheap, "$y$j85$"), (dear, dear)):
        store_hash(board, player, old)
        assert_problem(log_in(board, player.name, WRONG), 401)
        assert stored_hash(board, player) == old
        assert log_in(board, player.name).status == 200
        assert stored_hash(board, player).startswith(new)
        assert log_in(board, player.name).status == 200


def test_a_hash_that_nobody_here_made_is_500_and_lets_nobody_in(board):
    player = Player(board)
    store_hash(board, player, "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/")
    assert_problem(log_in(board, player.name, "password"), 500, "INTERNAL_ERROR")


@pytest.mark.parametrize("known", [True, False])
def test_after_five_wrong_passwords_there_is_a_wait_whoever_it_is(board, known):
    name = new_name()
    if known:
        request(board, "POST", "/api/auth/register",
                {"username": name, "email": f"{name}@example.org", "password": PASSWORD})
    # At once, on both workers: guesses in parallel are no cheaper.
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: log_in(board, name, WRONG), range(12)))
    assert [answer.status for answer in answers].count(401) == 5
    for answer in answers:
        if answer.status != 401:
            problem = assert_problem(answer, 429, "RATE_LIMITED")
            assert answer.headers["Retry-After"] in ("1", "2")  # it came before the fifth, or after
            assert "password" in problem["details"]["reason"]
    # Also in other letters, also the right one.
    assert_problem(log_in(board, name.upper()), 429)
    for wait in (2, 4, 8, 16, 32, 60, 60):
        move_failures_back(board, wait)
        assert_problem(log_in(board, name, WRONG), 401)
        answer = log_in(board, name)
        assert_problem(answer, 429)
        # Room for a slow machine, which is between two lines of this test for seconds.
        assert wait - 7 <= int(answer.headers["Retry-After"]) <= wait
    move_failures_back(board, 60)
    assert log_in(board, name).status == (200 if known else 401)


@pytest.mark.parametrize("known", [True, False])
def test_an_account_is_one_count_whatever_it_is_called_by(board, known):
    """A name and an address that nobody has are two: nothing is known of whose they are."""
    name = new_name()
    address = f"{name}@example.org"
    if known:
        request(board, "POST", "/api/auth/register",
                {"username": name, "email": address, "password": PASSWORD})
    before = set(board.sql("SELECT key FROM login_attempts").split())
    for called in (name, address, name.upper(), address.upper(), name):
        assert_problem(log_in(board, called, WRONG), 401)
    waits = 429 if known else 401
    assert_problem(log_in(board, name), waits)
    assert_problem(log_in(board, address), waits)
    after = set(board.sql("SELECT key FROM login_attempts").split())
    assert len(after - before) == (1 if known else 2)


def test_the_wait_outlives_a_restart_and_holds_up_nobody_else(make_board):
    board = make_board({"SCOREBOARD_LIMITS_LOGIN_FAILURES": "3",
                        "SCOREBOARD_LIMITS_LOGIN_WAIT_MAX_S": "600"})
    name = new_name()
    for _ in range(3):
        assert_problem(log_in(board, name, WRONG), 401)
    board.sql("UPDATE login_attempts SET failures = 30")
    board.stop()
    board.start()
    answer = log_in(board, name, WRONG)
    assert_problem(answer, 429)
    assert 500 < int(answer.headers["Retry-After"]) <= 600
    Player(board)


def test_guesses_from_elsewhere_do_not_lock_out_who_logged_in_from_here(board):
    """Everybody here comes from one address, so what others guessed is written by hand: to the row
    of the account, which expires soon, and not to the one of the place, which lives 90 days."""
    before = set(board.sql("SELECT key FROM login_attempts").split())
    player = Player(board)
    rows = set(board.sql("SELECT key FROM login_attempts").split()) - before
    assert len(rows) == 2

    def guessed(times, soon):
        tomorrow = int((time.time() + 86400) * 1e6)
        board.sql(f"UPDATE login_attempts SET failures = {times}, last_at = {int(time.time() * 1e6)}"
                  f" WHERE key IN ({', '.join(repr(key) for key in rows)})"
                  f" AND expires_at {'<' if soon else '>'} {tomorrow}")

    guessed(100, soon=True)
    assert log_in(board, player.name).status == 200
    # A known place has its own five.
    for _ in range(5):
        assert_problem(log_in(board, player.name, WRONG), 401)
    assert_problem(log_in(board, player.name), 429)
    guessed(0, soon=False)
    assert log_in(board, player.name).status == 200
    # Without it the account's own wait holds.
    board.sql(f"DELETE FROM login_attempts WHERE key IN ({', '.join(repr(k) for k in rows)})"
              f" AND expires_at > {int((time.time() + 86400) * 1e6)}")
    guessed(100, soon=True)
    assert_problem(log_in(board, player.name), 429)


def test_names_that_were_tried_are_not_written_down(board):
    name = f"my-password-{new_name()}"
    log_in(board, name, WRONG)
    assert name not in board.sql("SELECT * FROM login_attempts")
    assert len(board.sql("SELECT * FROM login_attempts").split()) >= 1


def test_a_flood_of_logins_does_not_slow_scoring(make_board):
    """A hash takes 25 ms of a core. On threads of ordinary priority, one for each core, a flood of
    them would take half of what scoring needs."""
    board = make_board({"SCOREBOARD_AUTH_PASSWORD_COST": "5",
                        "SCOREBOARD_AUTH_PASSWORD_CONCURRENCY": "2",
                        "SCOREBOARD_LIMITS_AWARDS": "1000000"})
    player = Player(board)
    stop = threading.Event()
    statuses = []

    def flood(number):
        serial = 0
        while not stop.is_set():
            serial += 1
            statuses.append(log_in(board, f"nobody-{number}-{serial}").status)

    def median_of_scores():
        times = []
        for _ in range(60):
            began = time.monotonic()
            assert player.increment().status == 200
            times.append(time.monotonic() - began)
        return statistics.median(times)

    quiet = median_of_scores()
    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(flood, number)
        try:
            flooded = median_of_scores()
        finally:
            stop.set()
    assert statuses.count(401) > 3, "there was no flood"
    print(f"median of a score {quiet * 1000:.1f} ms, under {len(statuses)} logins "
          f"{flooded * 1000:.1f} ms")
    # Loose: the flood itself, in this process, takes time of the same cores.
    assert flooded < 10 * quiet + 0.05, (quiet, flooded)


def test_the_right_password_is_no_failure_where_the_session_cannot_be_kept(make_board):
    board = make_board()
    player = Player(board)
    board.sql("ALTER TABLE sessions RENAME TO sessions_away")
    for _ in range(8):
        assert log_in(board, player.name).status in (500, 503)
    board.sql("ALTER TABLE sessions_away RENAME TO sessions")
    assert log_in(board, player.name).status == 200


def test_a_clock_that_is_set_back_locks_nobody_out(make_board):
    board = make_board()
    player = Player(board)
    for _ in range(5):
        assert_problem(log_in(board, player.name, WRONG), 401)
    assert_problem(log_in(board, player.name), 429)
    move_failures_back(board, -3600)
    assert log_in(board, player.name).status == 200
