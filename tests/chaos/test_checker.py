# SPDX-License-Identifier: Apache-2.0
"""The checker finds each broken promise, by its name and with its evidence, and nothing in a run in
which all were held."""
import copy
from dataclasses import replace

import pytest

import bars
import check
from campaign import Campaign
from evidence import Evidence
from growth import grown
from rounds import Figures

ANA, BEN = "ana", "ben"


def attempt(client, user, action, points, sent, told, outcome="good", **more):
    return {"client": client, "user": user, "action": action, "contract": "B", "points": points,
            "replay": False, "sent": sent, "answered": sent + 0.1, "outcome": outcome,
            "host": 0, "told": told, **more}


def told(before, after, rank, top=()):
    return {"before": before, "after": after, "rank": rank, "top": list(top)}


def look(client, user, sent, score, rank):
    return {"client": client, "what": "me", "user": user, "sent": sent, "answered": sent + 0.1,
            "outcome": "good", "host": 0, "score": score, "rank": rank}


def watched(client, at, version, kind="LEADERBOARD_UPDATE"):
    return {"client": client, "kind": kind, "connection": 1, "at": at, "version": version,
            "board": f"{version}/x"}


def good_run():
    """Two players, four actions; the second one was refused once, in the only round, on the host to which its
    fault was done."""
    standings = {0: {}, 1: {ANA: (10, 1)}, 2: {ANA: (10, 1), BEN: (3, 2)},
                 3: {ANA: (11, 1), BEN: (3, 2)}, 4: {BEN: (13, 1), ANA: (11, 2)}}
    stored = [(ANA, "a1", 1, 10, 0, 10, 1), (BEN, "b1", 2, 3, 0, 3, 2), (ANA, "a2", 3, 1, 10, 11, 1),
              (BEN, "b2", 4, 10, 3, 13, 1)]
    return Evidence(
        attempts=[
            attempt("w1", ANA, "a1", 10, 1.0, told(0, 10, 1)),
            attempt("w2", BEN, "b1", 3, 2.0, None, "refusal", status=503),
            attempt("w2", BEN, "b1", 3, 2.5, told(0, 3, 2, [[ANA, 10, 1], [BEN, 3, 2]])),
            attempt("w1", ANA, "a2", 1, 3.0, told(10, 11, 1)),
            {**attempt("w1", ANA, "a1", 10, 3.5, told(0, 10, 1)), "replay": True},
            attempt("w2", BEN, "b2", 10, 4.0, told(3, 13, 1))],
        reads=[
            look("w1", ANA, 1.5, 10, 1), look("w2", BEN, 4.5, 13, 1),
            {"client": "r", "what": "board", "sent": 1.2, "answered": 1.3, "outcome": "good",
             "host": 1, "version": 1, "board": "1/x"}],
        watched=[watched("s", 1.2, 1), watched("s", 2.7, 2), watched("s", 3.2, 3),
                 watched("s", 4.2, 4),
                 {"client": "m", "kind": "user_score_updated", "at": 4.2, "version": 4, "user": BEN,
                  "score": 13}],
        boards={f"{version}/x": check.top(standings[version]) for version in range(5)},
        rounds=[{"round": 1, "faults": "some-fault", "may": [["refusal"], []], "began": 1.9, "ended": 2.2,
                 "recovered": 2.6, "until": 2.7, "busy": 0.5, "recovery_max": 3.0,
                 "quiet": {"entry": 2, "since": 2.6, "seen": {"s": ["2/x", 2.7]},
                           "news": [["m", BEN, 3]]}}],
        events=stored, scores={ANA: 11, BEN: 13},
        receipts={(user, action): tuple(rest) for user, action, *rest in stored},
        standings=standings)


def old_news(evidence):
    evidence.rounds[0]["quiet"]["news"].append(["m", ANA, 9])


def no_news(evidence):
    evidence.rounds[0]["quiet"]["news"] = [["m", BEN, None]]


def refused_outside_of_a_round(evidence):
    evidence.attempts.append(attempt("w1", ANA, "a3", 1, 5.0, None, "refusal", status=503))


def failed_in_an_invisible_round(evidence):
    evidence.rounds[0]["may"] = [[], []]


def refused_on_another_host(evidence):
    evidence.attempts[1]["host"] = 1


def board_refused_in_a_round(evidence):
    evidence.reads.append({"client": "r", "what": "board", "sent": 2.0, "answered": 2.1,
                           "outcome": "refusal", "host": 0, "status": 503})


def cut_where_only_refusals_may_be(evidence):
    evidence.attempts[1] |= {"outcome": "cut", "fault": "ConnectionResetError"}


def acknowledged_and_lost(evidence):
    evidence.attempts.append(attempt("w2", BEN, "b3", 1, 6.0, told(13, 14, 1)))


def stored_twice(evidence):
    evidence.events.append(evidence.events[0])
    evidence.scores[ANA] += 10  # by itself that agrees


def stored_unasked(evidence):
    evidence.attempts = [one for one in evidence.attempts if one["action"] != "b2"]


def wrong_sum(evidence):
    evidence.scores[BEN] += 1


def history_goes_down(evidence):
    evidence.events[2] = (ANA, "a2", 3, 1, 12, 11, 1)
    evidence.receipts[ANA, "a2"] = (3, 1, 12, 11, 1)
    evidence.attempts[3]["told"]["before"] = 12


def look_goes_down(evidence):
    """Entry 1 may still be shown as long as nothing newer was acknowledged, but not to whoever saw
    entry 3: two looks, each of them possible by itself."""
    evidence.attempts[3] |= {"sent": 1.4, "answered": 3.2}
    evidence.reads = [look("w1", ANA, 2.8, 11, 1), look("w1", ANA, 2.95, 10, 1)]


def board_goes_down(evidence):
    evidence.reads += [
        {"client": "r", "what": "board", "sent": sent, "answered": sent + 0.1, "outcome": "good",
         "host": 0, "version": version, "board": f"{version}/x"} for sent, version in ((5.0, 4), (5.2, 3))]


def wrong_rank_told(evidence):
    evidence.attempts[3]["told"]["rank"] = 2


def wrong_previous_told(evidence):
    evidence.attempts[3]["told"]["before"] = 9


def wrong_top_told(evidence):
    evidence.attempts[2]["told"]["top"][1][1] = 4


def wrong_receipt_stored(evidence):
    evidence.events[3] = (BEN, "b2", 4, 10, 3, 13, 2)


def wrong_points(evidence):
    evidence.attempts[0]["points"] = evidence.attempts[4]["points"] = 9


def journal_contradicts_itself(evidence):
    evidence.faults.append("the journal contradicts itself: entry 3")


def stale_look(evidence):
    evidence.reads[1] |= {"rank": 2}


def board_that_never_was(evidence):
    evidence.boards["4/x"] = [[BEN, 13, 1], [ANA, 12, 2]]


def news_that_never_were(evidence):
    evidence.watched[-1]["score"] = 14


def somebody_elses_news(evidence):
    evidence.watched[-1]["strange"] = ANA


def version_falls(evidence):
    evidence.watched[-1:-1] = [
        {"client": "n", "kind": "user_score_updated", "at": at, "version": version, "user": user,
         "score": score} for at, version, user, score in ((4.1, 4, BEN, 13), (4.2, 3, ANA, 11))]


def ends_on_an_old_board(evidence):
    evidence.rounds[0]["quiet"]["seen"]["s"] = ["1/x", 1.2]


def ends_on_the_board_late(evidence):
    evidence.rounds[0]["quiet"]["seen"]["s"] = ["2/x", 4.7]


def never_connected(evidence):
    evidence.rounds[0]["quiet"]["seen"]["t"] = [None, 0.0]


def does_not_recover(evidence):
    evidence.rounds[0]["recovered"] = None


def recovers_late(evidence):
    evidence.rounds[0] |= {"recovered": 5.3, "until": 5.3}


BREAKS = {
    "an acknowledged action is stored": [acknowledged_and_lost],
    "no action is stored twice": [stored_twice, stored_unasked],
    "a score is the sum of its points": [wrong_sum],
    "scores never go down": [history_goes_down, look_goes_down, board_goes_down],
    "every receipt agrees with history": [
        wrong_rank_told, wrong_previous_told, wrong_top_told, wrong_receipt_stored, wrong_points,
        journal_contradicts_itself],
    "every look agrees with history": [stale_look, board_that_never_was, news_that_never_were,
                                       somebody_elses_news],
    "watchers see versions only rise": [version_falls],
    "watchers end on the newest board": [ends_on_an_old_board, ends_on_the_board_late,
                                         never_connected],
    "watchers are told of each player's last action": [old_news, no_news],
    "requests fail only as faults may": [
        refused_outside_of_a_round, failed_in_an_invisible_round, refused_on_another_host,
        board_refused_in_a_round, cut_where_only_refusals_may_be],
    "the board recovers in time": [does_not_recover, recovers_late],
}


def test_a_run_in_which_everything_was_held_has_no_violation():
    assert check.broken(good_run()) == {}


@pytest.mark.parametrize("promise, breaks", [(promise, one) for promise, many in BREAKS.items()
                                             for one in many])
def test_a_broken_promise_is_found_and_no_other(promise, breaks):
    evidence = copy.deepcopy(good_run())
    breaks(evidence)
    found = check.broken(evidence)
    assert list(found) == [promise], found
    assert all("\n" not in line and len(line) > 20 for line in found[promise])


def test_every_promise_is_broken_by_a_test():
    assert list(BREAKS) == list(check.PROMISES)


HELD = {"worker-1: descriptors": 40, "worker-1: memory": 30 << 20, "live: shared memory": 1 << 20,
        "edge: processes": 3, "temporary files": 0, "postgresql: processes": 14}


def test_what_a_board_holds_may_vary_a_little():
    assert list(grown(HELD, {what: number * 1.1 for what, number in HELD.items()} |
                      {"edge: processes": 3})) == []


@pytest.mark.parametrize("what, number", [
    ("worker-1: descriptors", 200), ("worker-1: memory", 90 << 20), ("live: shared memory", 2 << 20),
    ("edge: processes", 4), ("temporary files", 9), ("postgresql: processes", 60)])
def test_what_grows_is_told(what, number):
    (line,) = grown(HELD, HELD | {what: number})
    assert line.startswith(what)


def test_what_killed_processes_hold_of_nchans_memory_is_no_growth_and_more_is():
    for more, lines in ((5 << 20, 0), (7 << 20, 1)):
        held = HELD | {"live: shared memory": HELD["live: shared memory"] + more}
        assert len(list(grown(HELD, held, left=6 << 20))) == lines


@pytest.fixture
def rounds():
    """The figures of a campaign that reached every bar: 1,000 requests while workers were killed, ten of
    them slow, and 1,000 reads of the board while the database was away, one of them bad."""
    return [Figures("worker-killed", (0.01,) * 990 + (0.9,) * 10, 0, 0.1, 100, 0),
            Figures("workers-away", (0.01,) * 1000, 300, 0.1, 1000, 1),
            Figures("edge-killed", (1.0,) * 100, 50, 0.1, 0, 0),
            Figures("worker-killed + edge-killed", (1.0,) * 100, 50, 0.1, 0, 0)]


def a_request_fails_when_a_worker_is_killed(figures):
    return replace(figures[0], failed=1)


def eleven_of_a_thousand_are_slow(figures):
    return replace(figures[0], seconds=(0.01,) * 989 + (0.25,) * 11)


def two_reads_of_a_thousand_are_bad(figures):
    return replace(figures[1], board_reads_failed=2)


BELOW = {
    "killed workers cost no request": [a_request_fails_when_a_worker_is_killed],
    "killed workers cost no time": [eleven_of_a_thousand_are_slow],
    "999 of 1000 reads of the board are good": [two_reads_of_a_thousand_are_bad],
}


def test_figures_that_reach_every_bar_break_none(rounds):
    assert bars.broken(rounds) == {}


@pytest.mark.parametrize("promise, breaks", [(promise, one) for promise, many in BELOW.items()
                                             for one in many])
def test_a_bar_that_is_not_reached_is_told_and_no_other(rounds, promise, breaks):
    """Beside thousands of others that are good."""
    found = bars.broken(rounds[2:] + [breaks(rounds)] + [
        Figures("postgresql-killed", (0.01,) * 5000, 0, 0.1, 5000, 0)])
    assert list(found) == [promise], found
    assert all(len(line) > 20 for line in found[promise])


def test_every_bar_is_missed_by_a_test():
    assert list(BELOW) == list(bars.BARS)


def test_a_busy_machine_is_given_more_time_and_no_failure(rounds):
    slow, failing = eleven_of_a_thousand_are_slow(rounds), a_request_fails_when_a_worker_is_killed(rounds)
    assert bars.broken([slow], patience=4) == {}
    assert bars.broken([failing], patience=4) != {}


def test_a_campaign_tells_which_bars_it_reached_missed_and_never_looked_at(rounds, tmp_path):
    campaign = Campaign(None, tmp_path, seed=1)
    campaign.figures = rounds[:1]
    assert "held    killed workers cost no time" in campaign.summary()
    assert campaign.broken == {}
    campaign.figures = [eleven_of_a_thousand_are_slow(rounds)]
    assert "BROKEN  killed workers cost no time\n          one of a hundred" in campaign.summary()
    campaign.figures = [replace(rounds[0], seconds=rounds[0].seconds[1:])]
    assert "held    killed workers cost no request" in campaign.summary()
    assert "-       killed workers cost no time" in campaign.summary()
    campaign.figures = rounds[1:]
    assert "-       killed workers cost no request" in campaign.summary()
