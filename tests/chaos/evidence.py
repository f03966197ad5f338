# SPDX-License-Identifier: Apache-2.0
"""What the checker looks at: what clients noted, what the database holds, and the history that its
journal tells when it is played again."""
from dataclasses import dataclass, field

from attempts import read_records
from journal_replay import ALL, Replay, objects


@dataclass
class Evidence:
    attempts: list
    reads: list
    watched: list
    boards: dict    # fingerprint -> its rows, [[user, score, rank], ...]
    rounds: list
    events: list    # [(user, action, entry, points, before, after, rank), ...]
    scores: dict    # user -> score
    receipts: dict  # from the journal: (user, action) -> (entry, points, before, after, rank)
    standings: dict  # from the journal: entry -> {user: (score, rank)}, entry 0 being empty
    faults: list = field(default_factory=list)  # what kept the journal from being played
    patience: float = 1.0  # limits of time, times this: of a machine that is busy with something else


def gather(directory, board, patience=1.0):
    """Of a run whose records are closed, from the database of `board`."""
    records = read_records(directory)
    receipts, standings, faults = {}, {0: {}}, []
    try:
        replay = Replay(board, only={ALL})
        receipts = {key: (entry, points, *told[ALL])
                    for key, (entry, points, told) in replay.receipts.items()}
        standings = {entry: known.get(ALL, {}) for entry, known in replay.standings.items()}
    except AssertionError as fault:
        faults.append(f"the journal contradicts itself: {fault}")
    done = board.ctl("verify", check=False)
    if done.returncode != 0:
        faults.append(f"scoreboardctl verify: {' '.join(done.stdout.split())[-300:]}")
    return Evidence(
        attempts=records["attempts"], reads=records["reads"], watched=records["watched"],
        boards={one["board"]: one["rows"] for one in records["boards"]}, rounds=records["rounds"],
        events=[(row["public_id"], row["action_id"], row["reached"] // 256, row["points"],
                 row["previous_score"], row["current_score"], row["rank"])
                for row in objects(board, (
                    "u.public_id", "e.action_id", "e.reached", "e.points", "e.previous_score",
                    "e.current_score", "e.rank"), "FROM events e JOIN users u ON u.id = e.user_id")],
        scores={row["public_id"]: row["score"] for row in objects(
            board, ("u.public_id", "s.score"),
            "FROM scores s JOIN users u ON u.id = s.user_id WHERE s.board_id = 1")},
        receipts=receipts, standings=standings, faults=faults, patience=patience)


def newest_entry(board):
    return int(board.sql("SELECT seq FROM journal_head"))


def top(standings, count=10):
    """The first of a moment's standings as a board shows them."""
    order = sorted(standings.items(), key=lambda one: one[1][1])[:count]
    return [[user, score, rank] for user, (score, rank) in order]
