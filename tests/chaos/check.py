# SPDX-License-Identifier: Apache-2.0
"""Was a promise broken? Pure functions from evidence to violations: one line of plain words each, with
what proves it. PROMISES names them in the order in which a summary tells them."""
import bisect
from collections import Counter

from attempts import GOOD
from evidence import top

ON_THE_BOARD_SECONDS = 2.0


def acknowledged(evidence):
    """The attempts whose clients were told that the action counts."""
    return [one for one in evidence.attempts if one["outcome"] == GOOD]


def every_acknowledged_action_is_stored(evidence):
    stored = {(user, action) for user, action, *_ in evidence.events}
    missing = {(one["user"], one["action"]): one for one in acknowledged(evidence)
               if (one["user"], one["action"]) not in stored}
    for (user, action), one in missing.items():
        yield (f"action {action} of {user} was acknowledged to {one['client']} at "
               f"{one['answered']} and is not stored")


def no_action_is_stored_twice(evidence):
    for (user, action), count in Counter((user, action) for user, action, *_
                                         in evidence.events).items():
        if count > 1:
            yield f"action {action} of {user} is stored {count} times"
    asked = {(one["user"], one["action"]) for one in evidence.attempts}
    for user, action, *_ in evidence.events:
        if (user, action) not in asked:
            yield f"action {action} of {user} is stored and nobody asked for it"


def a_score_is_the_sum_of_its_points(evidence):
    sums = Counter()
    for user, _, _, points, *_ in evidence.events:
        sums[user] += points
    for user in sorted(sums.keys() | evidence.scores.keys()):
        if sums[user] != evidence.scores.get(user, 0):
            yield (f"the score of {user} is {evidence.scores.get(user, 0)} and the points of its "
                   f"actions make {sums[user]}")


def scores_never_go_down(evidence):
    yield from _down_in_history(evidence)
    yield from _down_in_exact_answers(evidence)
    yield from _down_on_boards(evidence)


def _down_in_history(evidence):
    for (user, action), (entry, _, before, after, _) in evidence.receipts.items():
        if after < before:
            yield f"entry {entry} takes {user} from {before} down to {after} by action {action}"


def _down_in_exact_answers(evidence):
    """Whoever asks after somebody was answered sees at least as much."""
    seen = {}
    for one in evidence.attempts:
        if one["outcome"] == GOOD and not one["replay"]:
            seen.setdefault(one["user"], []).append((one["sent"], one["answered"],
                                                     one["told"]["after"]))
    for one in evidence.reads:
        if one["outcome"] == GOOD and one["what"] == "me":
            seen.setdefault(one["user"], []).append((one["sent"], one["answered"], one["score"]))
    for user, looks in seen.items():
        answered = sorted((when, score) for _, when, score in looks)
        highest, known = 0, 0
        for sent, _, score in sorted(looks):
            while known < len(answered) and answered[known][0] < sent:
                highest = max(highest, answered[known][1])
                known += 1
            if score < highest:
                yield (f"{user} was told {highest} points before {sent} and {score} when asked "
                       "then")


def _down_on_boards(evidence):
    """By one client, from one board to the next."""
    last = {}
    looks = [(one["sent"], one["client"], one["board"]) for one in evidence.reads
             if one["outcome"] == GOOD and one["what"] == "board"]
    looks += [(one["at"], f"{one['client']} ({one['kind']})", one["board"])
              for one in evidence.watched if "board" in one]
    for when, client, board in sorted(looks):
        for user, score, _ in evidence.boards[board]:
            if score < last.get((client, user), 0):
                yield (f"{client} saw {user} with {last[client, user]} points and at {when} with "
                       f"{score}")
            last[client, user] = score


def every_receipt_agrees_with_history(evidence):
    yield from evidence.faults
    for user, action, *stored in evidence.events:
        if tuple(stored) != evidence.receipts.get((user, action)):
            yield (f"the stored receipt of action {action} of {user} says {stored}, the journal "
                   f"{evidence.receipts.get((user, action))}")
    for one in acknowledged(evidence):
        receipt = evidence.receipts.get((one["user"], one["action"]))
        if receipt is None:
            continue  # told by every_acknowledged_action_is_stored
        entry, points, before, after, rank = receipt
        told = one["told"]
        if (told.get("before", before), told["after"], told["rank"]) != (before, after, rank):
            yield (f"{one['client']} was told {told.get('before')} -> {told['after']}, rank "
                   f"{told['rank']} for action {one['action']}, and history says {before} -> "
                   f"{after}, rank {rank}")
        if points != one["points"]:
            yield f"action {one['action']} counts {points} points, and {one['points']} were right"
        standings = evidence.standings.get(entry, {})
        for user, score, rank_ in told.get("top", ()):
            if standings.get(user) != (score, rank_):
                yield (f"the answer to action {one['action']} shows {user} with {score} points on "
                       f"rank {rank_}, and after entry {entry} it was {standings.get(user)}")


def every_look_agrees_with_history(evidence):
    """One's own score and rank were right at some moment between question and answer; a board is that
    of its version."""
    newest = max(evidence.standings)
    told = sorted((one["answered"], _entry(evidence, one)) for one in acknowledged(evidence))
    latest = _running(max, [entry for _, entry in told], 0)
    first_sent = {}
    for one in evidence.attempts:
        key = one["user"], one["action"]
        first_sent[key] = min(one["sent"], first_sent.get(key, one["sent"]))
    asked = sorted((sent, evidence.receipts[key][0]) for key, sent in first_sent.items()
                   if key in evidence.receipts)
    earliest = _running(min, [entry for _, entry in reversed(asked)], newest + 1)
    for one in evidence.reads:
        if one["outcome"] != GOOD or one["what"] != "me":
            continue
        first = latest[bisect.bisect_left(told, (one["sent"],))]
        last = earliest[len(asked) - bisect.bisect_right(asked, (one["answered"], newest + 1))]
        seen = one["score"], one["rank"]
        if not any(seen == _standing(evidence.standings[entry], one["user"])
                   for entry in range(first, max(first + 1, last)) if entry in evidence.standings):
            yield (f"{one['client']} saw {one['user']} with {seen[0]} points on rank {seen[1]} at "
                   f"{one['sent']}, which it never was between entries {first} and {last - 1}")
    for board, rows in evidence.boards.items():
        version = int(board.split("/")[0])
        if rows != top(evidence.standings.get(version, {}), len(rows)) or not rows and version:
            yield (f"somebody saw version {version} as {rows}, and history has "
                   f"{top(evidence.standings.get(version, {}))}")
    for one in evidence.watched:
        if "score" in one and one["score"] != evidence.standings.get(
                one["version"], {}).get(one["user"], (None,))[0]:
            yield (f"{one['client']} was told {one['score']} points of {one['user']} in version "
                   f"{one['version']}, and history does not know of it")
        if "strange" in one:
            yield f"{one['client']}, who watches {one['strange']}, was told about {one['user']}"


def _entry(evidence, one):
    return evidence.receipts.get((one["user"], one["action"]), (0,))[0]


def _running(choose, values, begin):
    found = [begin]
    for value in values:
        found.append(choose(found[-1], value))
    return found


def _standing(standings, user):
    """Who has no points stands behind all who have."""
    return standings.get(user, (0, len(standings) + 1))


def versions_only_rise(evidence):
    last = {}
    for one in evidence.watched:
        if "version" not in one:
            continue
        key = one["client"], one["kind"]
        if one["version"] < last.get(key, 0):
            yield (f"{one['client']} had version {last[key]} and got {one['version']} at "
                   f"{one['at']} ({one['kind']})")
        last[key] = one["version"]


def watchers_end_on_the_board(evidence):
    """After each round nobody writes for a moment, and everybody's last board is the database's."""
    for round_ in evidence.rounds:
        quiet = round_["quiet"]
        right = top(evidence.standings.get(quiet["entry"], {}))
        for client, (board, at) in quiet["seen"].items():
            late = at - quiet["since"]
            if board is None or evidence.boards[board] != right:
                yield (f"{client} did not end on the board of entry {quiet['entry']} after round "
                       f"{round_['round']} ({round_['faults']}), but on {board}")
            elif late > ON_THE_BOARD_SECONDS * evidence.patience:
                yield (f"{client} was on the board only {late:.1f} s after round "
                       f"{round_['round']} ({round_['faults']})")


def news_arrive(evidence):
    """Whoever was connected when a player's last action was sent was told what it came to."""
    for round_ in evidence.rounds:
        quiet = round_["quiet"]
        for client, user, score in quiet["news"]:
            right, _ = _standing(evidence.standings.get(quiet["entry"], {}), user)
            if score != right:
                yield (f"{client} was told {score} points of {user} last, and after round "
                       f"{round_['round']} ({round_['faults']}) it has {right}")


def requests_fail_only_as_faults_may(evidence):
    """In a round what its faults may do to clients of that host, and otherwise nothing; the board itself is
    read whatever is refused."""
    rounds = evidence.rounds
    begins = [round_["began"] for round_ in rounds]
    for one in evidence.attempts + evidence.reads:
        if one["outcome"] == GOOD:
            continue
        number = bisect.bisect_right(begins, one["answered"]) - 1
        may, during = set(), "before the first round"
        while number >= 0 and one["sent"] <= rounds[number]["until"]:
            during = f"in round {rounds[number]['round']} ({rounds[number]['faults']})"
            may |= set(rounds[number]["may"][one["host"]])
            number -= 1
        if not may and number >= 0 and during == "before the first round":
            during = (f"{one['sent'] - rounds[number]['ended']:.1f} s after round "
                      f"{rounds[number]['round']} ({rounds[number]['faults']})")
        if one.get("what") == "board":
            may -= {"refusal"} if "cut" not in may else set()
        if one["outcome"] not in may:
            yield (f"a request of {one['client']} sent at {one['sent']} failed {during}: "
                   f"{one['outcome']} {one.get('fault') or one.get('status')} "
                   f"{one.get('body', '')}".rstrip())


def boards_recover(evidence):
    for round_ in evidence.rounds:
        if round_["recovered"] is None:
            yield f"round {round_['round']} ({round_['faults']}): the board did not recover"
        elif round_["recovered"] - round_["ended"] > round_["recovery_max"] * evidence.patience:
            yield (f"round {round_['round']} ({round_['faults']}): recovered "
                   f"{round_['recovered'] - round_['ended']:.1f} s after the cause's end, and "
                   f"{round_['recovery_max'] * evidence.patience:g} s are the limit; of that time something "
                   f"waited for a processor {100 * round_['busy']:.0f} %")


PROMISES = {
    "an acknowledged action is stored": every_acknowledged_action_is_stored,
    "no action is stored twice": no_action_is_stored_twice,
    "a score is the sum of its points": a_score_is_the_sum_of_its_points,
    "scores never go down": scores_never_go_down,
    "every receipt agrees with history": every_receipt_agrees_with_history,
    "every look agrees with history": every_look_agrees_with_history,
    "watchers see versions only rise": versions_only_rise,
    "watchers end on the newest board": watchers_end_on_the_board,
    "watchers are told of each player's last action": news_arrive,
    "requests fail only as faults may": requests_fail_only_as_faults_may,
    "the board recovers in time": boards_recover,
}


def broken(evidence):
    """{promise: [violations]} of those that were broken."""
    found = {promise: list(check(evidence)) for promise, check in PROMISES.items()}
    return {promise: violations for promise, violations in found.items() if violations}
