# SPDX-License-Identifier: Apache-2.0
"""The journal played again by its page (docs/journal.md) and the plain definitions: a rank is one more
than the number of those who stand before. Nothing of the program is used, not even its arithmetic."""
import hashlib
import json

import boards

ALL = (1, 0)  # the all-time board and its period


def objects(board, columns, rest):
    """Rows as dictionaries, from either engine."""
    names = [column.rsplit(".", 1)[-1] for column in columns]
    if boards.DATABASE == "postgresql":
        statement = f"SELECT to_json(x) FROM (SELECT {', '.join(columns)} {rest}) x"
    else:
        pairs = ", ".join(f"'{name}', {column}" for name, column in zip(names, columns))
        statement = f"SELECT json_object({pairs}) {rest}"
    return [json.loads(line) for line in board.sql(statement).splitlines()]


class Replay:
    """`receipts[user, action]`: (entry, points, {(board, start): (before, after, rank)}).
    `standings[entry][(board, start)][user]`: (score, rank) right after the entry; of the boards
    `only`, if not of all."""

    def __init__(self, board, only=None):
        self.only = only
        self.users = dict(line.split("|") for line in board.sql(
            "SELECT reference, public_id FROM users").split())
        self.receipts = {}
        self.standings = {0: {}}
        self.places = {}  # (board, start) -> {user: (score, reached)}
        self.hash = "0" * 64
        self.seq = 0
        for row in objects(board, ("seq", "committed_at", "changes", "previous_hash", "hash"),
                           "FROM journal ORDER BY seq"):
            self._entry(row)

    def _entry(self, row):
        text = (f"scoreboard-journal-1\n{row['seq']}\n{row['committed_at']}\n{self.hash}\n"
                f"{row['changes']}")
        assert (row["seq"], row["previous_hash"]) == (self.seq + 1, self.hash), row
        assert row["hash"] == hashlib.sha256(text.encode()).hexdigest(), row
        self.seq, self.hash = row["seq"], row["hash"]
        for position, change in enumerate(json.loads(row["changes"])):
            self._change(change, row["seq"] * 256 + position)
        self.standings[self.seq] = {period: ranked(places) for period, places in self.places.items()
                                    if self.only is None or period in self.only}

    def _change(self, change, reached):
        user = self.users[change["u"]]
        boards = {}
        for board, start, before, after, reached_before in change["b"]:
            places = self.places.setdefault((board, start), {})
            assert places.get(user, (0, 0)) == (before, reached_before), (change, reached)
            assert after == before + change["p"], (change, reached)
            places[user] = (after, reached)
            boards[board, start] = (before, after, 1 + sum(
                score > after or (score == after and other < reached)
                for score, other in places.values()))
        assert (user, change["a"]) not in self.receipts, f"counted twice: {change}"
        self.receipts[user, change["a"]] = (reached // 256, change["p"], boards)

    def final(self, period, user):
        return standing(self.standings[self.seq], period, user)


def ranked(places):
    order = sorted(places, key=lambda user: (-places[user][0], places[user][1]))
    return {user: (places[user][0], rank) for rank, user in enumerate(order, 1)}


def standing(standings, period, user):
    """Who has no points stands behind all who have."""
    there = standings.get(period, {})
    return there.get(user, (0, len(there) + 1))


def stored_receipts(board):
    """From the table of events: the same shape as Replay.receipts."""
    found = {}
    for row in objects(board, ("u.public_id", "e.action_id", "e.reached", "e.points",
                               "e.previous_score", "e.current_score", "e.rank", "e.periods"),
                       "FROM events e JOIN users u ON u.id = e.user_id"):
        boards = {ALL: (row["previous_score"], row["current_score"], row["rank"])}
        for number, start, before, after, rank in json.loads(row["periods"]):
            boards[number, start] = (before, after, rank)
        found[row["public_id"], row["action_id"]] = (row["reached"] // 256, row["points"], boards)
    return found
