# SPDX-License-Identifier: Apache-2.0
"""What an operator sees of a PostgreSQL that is gone and comes back. Run with boards on PostgreSQL."""
import json
import os
import signal

from boards import eventually, free_port
from client import Player, assert_problem
from scrapes import scraped

ERRORS = "scoreboard_db_errors_total"


def test_metrics_and_status_tell_that_the_database_is_away(make_board):
    board = make_board(arguments=["--metrics", str(port := free_port())])
    player = Player(board)
    assert player.update().status == 200
    assert scraped(port).sum("scoreboard_db_breaker_open") == 0
    told = json.loads(board.ctl("status", "--json").stdout)
    assert (told["good"], told["database"]["engine"]) == (True, "postgresql")
    supervisor = board.pid("supervisor")
    os.kill(supervisor, signal.SIGSTOP)  # or it would start another one
    try:
        os.kill(board.pid("postgresql"), signal.SIGQUIT)
        assert eventually(lambda: scraped(port).sum(
            "scoreboard_db_breaker_open", database="primary") == 2)
        assert_problem(player.update(), 503)
        now = scraped(port)
        assert now.sum(ERRORS, sqlstate_class="08") + now.sum(ERRORS, sqlstate_class="57") >= 2
        assert now.sum("scoreboard_score_updates_total", result="unavailable") == 1
        assert eventually(lambda: scraped(port).sum("scoreboard_snapshot_age_seconds") > 1)
        done = board.ctl("status", check=False)
        assert done.returncode == 1
        assert "\ndatabase    DOWN   cannot connect to the database: " in done.stdout
        assert "\n1           up" in done.stdout and "\n2           up" in done.stdout
    finally:
        os.kill(supervisor, signal.SIGCONT)
    assert eventually(lambda: scraped(port).sum("scoreboard_db_breaker_open") == 0, 15)
    assert eventually(lambda: scraped(port).sum("scoreboard_snapshot_age_seconds") < 1, 15)
    assert board.ctl("status").returncode == 0


def test_a_standby_that_is_away_is_told_apart(make_board):
    board = make_board({"SCOREBOARD_DATABASE_REPLICA_URI": "postgresql:///scoreboard?host=/nowhere"},
                       ["--metrics", str(port := free_port())])
    told = scraped(port)
    assert told.sum("scoreboard_db_breaker_open", database="replica") == 2
    assert told.sum("scoreboard_db_breaker_open", database="primary") == 0
    assert told.sum(ERRORS, database="replica") >= 2
    assert told.sum(ERRORS, database="primary") == 0
    assert Player(board).update().status == 200
    done = board.ctl("status", check=False)
    assert done.returncode == 1
    assert "\ndatabase    up " in done.stdout and "\nreplica     DOWN   cannot connect" in done.stdout
    # A server that is reached is up, whoever it is.
    board.environment["SCOREBOARD_DATABASE_REPLICA_URI"] = json.loads(board.ctl(
        "config", "show").stdout.split("\nuri = ", 1)[1].split("\n", 1)[0])
    assert "\nreplica     up     postgresql, journal at 1" in board.ctl("status").stdout
