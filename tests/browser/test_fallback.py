# SPDX-License-Identifier: Apache-2.0
"""What the page does when the best way to hear of changes is not to be had."""

import pytest
from page import until

NO_WEBSOCKET = "delete window.WebSocket;"
NO_EVENTSOURCE = "delete window.EventSource;"
# A proxy that lets the request through and never answers looks like this to the page.
BLOCKED_WEBSOCKET = """
  window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.(), 50); } close() {} };
"""
# Counts requests for the snapshot and what came back.
COUNT_POLLS = """
  window.polls = [];
  const plainFetch = window.fetch;
  window.fetch = async (path, options) => {
    const answer = await plainFetch(path, options);
    if (path === '/api/leaderboard') window.polls.push([performance.now(), answer.status]);
    return answer;
  };
"""


@pytest.mark.parametrize(
    "before, state, seconds",
    [
        (NO_WEBSOCKET, "fallback", 1),
        (BLOCKED_WEBSOCKET, "fallback", 1),
        (NO_WEBSOCKET + NO_EVENTSOURCE, "polling", 5),
    ],
    ids=["no-websocket", "websocket-blocked", "neither"],
)
def test_the_board_moves_by_the_next_best_way(open_page, new_name, before, state, seconds):
    watcher = open_page(before=before)
    watcher.wait_for_state(state)
    player = open_page()
    name = new_name()
    player.register(name)
    score = player.climb(name)
    until(lambda: watcher.scores().get(name) == score, seconds, "the score by " + state)
    assert watcher.state() == state
    assert watcher.violations() == []


def test_polling_asks_every_three_seconds_and_only_for_what_is_new(open_page):
    page = open_page(before=NO_WEBSOCKET + NO_EVENTSOURCE + COUNT_POLLS)
    page.wait_for_state("polling")
    page.wait_for("window.polls.length >= 4", 20)
    polls = page.run("return window.polls.slice(0, 4)")
    gaps = [later[0] - earlier[0] for earlier, later in zip(polls, polls[1:])]
    assert all(2500 <= gap <= 4500 for gap in gaps), gaps
    assert polls[0][1] == 200 and 304 in [status for _, status in polls[1:]], polls


def test_polling_gives_way_to_a_websocket_when_one_can_be_had_again(open_page):
    page = open_page(
        before="window.kept = window.WebSocket; delete window.WebSocket;" + NO_EVENTSOURCE
    )
    page.wait_for_state("polling")
    page.run("window.WebSocket = window.kept; window.dispatchEvent(new Event('online'))")
    page.wait_for_state("live")


def test_a_cut_connection_comes_back_by_itself(open_page):
    page = open_page(
        before="""
        window.sockets = [];
        window.WebSocket = class extends WebSocket {
          constructor(...a) { super(...a); window.sockets.push(this); }
        };
        """
    )
    page.wait_for_state("live")
    opened = page.run("return window.sockets.length")
    page.run("window.sockets.filter((s) => s.url.includes('leaderboard')).at(-1).close()")
    page.wait_for(f"window.sockets.length > {opened}")
    page.wait_for_state("live")


# Long waits made short, so that a test need not wait for the minute that is between two checks.
SHORT_MINUTES = """
  const plainTimeout = window.setTimeout;
  window.setTimeout = (call, ms, ...rest) => plainTimeout(call, ms > 30000 ? 300 : ms, ...rest);
"""


def test_an_event_stream_gives_way_to_a_websocket(open_page):
    page = open_page(
        before=SHORT_MINUTES
        + """
        window.blocked = true;
        const Socket = window.WebSocket;
        window.WebSocket = function (url) {
          if (!window.blocked) return new Socket(url);
          const dead = { close() {} };
          setTimeout(() => dead.onclose?.(), 20);
          return dead;
        };
        """
    )
    page.wait_for_state("fallback")
    page.run("window.blocked = false")
    page.wait_for_state("live")


def test_a_connection_that_went_deaf_is_found_out(open_page, new_name):
    player = open_page()
    name = new_name()
    player.register(name)
    player.climb(name)
    page = open_page(
        before=SHORT_MINUTES
        + """
        window.opened = 0;
        window.WebSocket = class {
          constructor(url) {
            if (!url.includes('leaderboard')) return;
            window.opened++;
            setTimeout(() => this.onmessage?.({ data: JSON.stringify({ type: 'LEADERBOARD_UPDATE',
              data: { leaderboard: [{ rank: 1, user_id: 'g', username: 'ghost', score: 1 }],
                updated_at: '2001-01-01T00:00:00Z', version: 0 } }) }), 10);
          }
          close() {}
        };
        """
    )
    page.wait_for("window.opened >= 1")
    until(lambda: name in page.scores(), 8, "the board of the snapshot")
    score = player.play("WIN_MATCH")
    until(lambda: page.scores().get(name) == score, 8, "the next board, in spite of the deafness")
    page.wait_for("window.opened >= 2", 8)


def test_a_page_that_nobody_sees_asks_for_nothing(open_page):
    page = open_page(
        before="""
        window.unseen = false;
        Object.defineProperty(document, 'hidden', { get: () => window.unseen });
        """
        + NO_WEBSOCKET
        + NO_EVENTSOURCE
        + COUNT_POLLS
    )
    page.wait_for("window.polls.length >= 2", 10)
    page.run("window.unseen = true")
    before = page.run("return window.polls.length")
    page.driver.execute_async_script("setTimeout(arguments[0], 5000)")
    assert page.run("return window.polls.length") <= before + 1
    before = page.run("return window.polls.length")
    page.run("window.unseen = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for(f"window.polls.length > {before}", 2)


def test_without_a_server_the_page_says_so_and_recovers(open_page):
    page = open_page(before=NO_WEBSOCKET + NO_EVENTSOURCE)
    page.wait_for_state("polling")
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    page.driver.execute_cdp_cmd("Network.enable", {})
    page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    page.wait_for_state("offline")
    assert page.text("#connection-text") == "Offline, trying again"
    page.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions", {**offline, "offline": False}
    )
    page.wait_for_state("polling")


def test_the_highest_version_wins_in_whatever_order_boards_arrive(open_page):
    page = open_page(
        before="""
        window.WebSocket = class {
          constructor() {
            window.feed = (version, updated_at) => this.onmessage({ data: JSON.stringify({
              type: 'LEADERBOARD_UPDATE', data: { leaderboard: [
                { rank: 1, user_id: 'x', username: 'x', score: version }],
              updated_at, version } }) });
          }
          close() {}
        };
        """
    )
    page.wait_for("'feed' in window")
    far = 10**9
    page.run(
        "feed(arguments[0], '2099-01-01T00:00:05Z');"
        "feed(arguments[0] - 1, '2099-01-01T00:00:04Z')",
        far,
    )
    assert page.scores() == {"x": far}
    # A younger board with a lower version: the database was begun anew.
    page.run("feed(3, '2099-01-01T00:01:00Z')")
    assert page.scores() == {"x": 3}
    assert page.state() == "live"


def test_the_page_is_told_when_other_tabs_took_its_place(open_page, new_name):
    page = open_page(
        before="""
        window.sockets = [];
        window.WebSocket = class extends WebSocket {
          constructor(...a) { super(...a); window.sockets.push(this); }
        };
        """
    )
    page.register(new_name())
    page.wait_for("window.sockets.some((s) => s.url.includes('/ws/me') && s.readyState === 1)")
    page.run(
        "const mine = window.sockets.find((s) => s.url.includes('/ws/me'));"
        "mine.onmessage({ data: JSON.stringify({ type: 'SESSION_REPLACED' }) });"
        "mine.close()"
    )
    assert "too many tabs" in page.wait_for("document.querySelector('.toast')?.textContent")
    opened = page.run("return window.sockets.length")
    page.run("window.dispatchEvent(new Event('online'))")
    page.run("document.dispatchEvent(new Event('visibilitychange'))")
    page.driver.execute_async_script("setTimeout(arguments[0], 1500)")
    page.play()
    assert page.run("return window.sockets.length") == opened, "it came back and would fight"


def test_waiting_is_jittered_grows_and_is_bounded(open_page):
    page = open_page()
    waits = page.driver.execute_async_script(
        "const done = arguments[0];"
        "import('/backoff.js').then(({ fullJitter, longest_ms }) => done({ longest_ms,"
        " high: [0, 1, 2, 5, 6, 50, 5000].map((n) => fullJitter(n, () => 1)),"
        " low: [0, 5, 50].map((n) => fullJitter(n, () => 0)) }))"
    )
    assert waits["high"] == [500, 1000, 2000, 16000, 20000, 20000, 20000]
    assert waits["low"] == [0, 0, 0]
    assert waits["longest_ms"] == 20000


