# SPDX-License-Identifier: Apache-2.0
"""Two browsers look at one board."""

from page import NOW, until

# Notes when the board shows this score for this name.
WATCH_SCORE = f"""
  const [name, score] = arguments;
  const seen = () => [...document.querySelectorAll('#board tbody tr[data-rank]')].some((row) =>
    row.querySelector('.name').textContent === name && Number(row.dataset.score) === score);
  window.seenAt = 0;
  new MutationObserver(() => {{ if (!window.seenAt && seen()) window.seenAt = {NOW}; }})
    .observe(document.getElementById('board'),
      {{ subtree: true, childList: true, attributes: true, characterData: true }});
"""
NOTE_PRESS = f"""
  document.getElementById('complete').addEventListener('click',
    () => {{ window.pressedAt = {NOW}; }}, {{ capture: true, once: true }});
"""


def test_a_task_completed_in_one_browser_moves_the_other_within_a_second(open_page, new_name):
    player, watcher = open_page(), open_page()
    name = new_name()
    player.register(name)
    watcher.wait_for_state("live")
    score = player.climb(name)
    until(lambda: watcher.scores().get(name) == score, what="the first score on the other board")

    watcher.run("window.neverReloaded = true")
    watcher.run(WATCH_SCORE, name, score + 10)
    player.run(NOTE_PRESS)
    player.press()
    seen_at = watcher.wait_for("window.seenAt")
    took_ms = seen_at - player.run("return window.pressedAt")
    assert took_ms <= 1000, f"the other browser's board took {took_ms:.0f} ms"
    assert watcher.run("return window.neverReloaded"), "the other page was loaded anew"
    assert player.violations() == [] and watcher.violations() == []


def test_the_board_is_the_same_as_the_interface_tells(open_page, new_name):
    page = open_page()
    page.register(new_name())
    page.play()
    told = page.driver.execute_async_script(
        "const done = arguments[0];"
        "fetch('/api/leaderboard', { cache: 'no-store' }).then((answer) => answer.json())"
        ".then(({ data }) => done(data.leaderboard"
        ".map(({ rank, username, score }) => [rank, username, score])))"
    )
    until(lambda: [list(row) for row in page.standings()] == told, what="the same board")
    ranks = [rank for rank, _, _ in page.standings()]
    assert ranks == list(range(1, len(ranks) + 1))


def test_the_own_row_is_marked_and_the_own_place_is_told_below(open_page, new_name):
    page = open_page()
    name = new_name()
    page.register(name)
    score = page.play("WIN_MATCH")
    until(lambda: page.own()["rank"], what="the own rank")
    own = page.own()
    assert int(own["score"]) == score

    def place_on_board():
        return {row[1]: row[0] for row in page.standings()}.get(name)

    if int(own["rank"]) <= 10:  # the board may trail the award's answer a little
        until(lambda: place_on_board() == int(own["rank"]), what="the own row on the board")
        assert page.text("#board tr.own .name") == name
        assert page.text("#board tr.own .tag") == "You"
    else:
        assert place_on_board() is None
    assert page.text("#own .name") == name


def test_a_reload_keeps_the_player_and_logging_out_forgets_everything(open_page, new_name):
    page = open_page()
    name = new_name()
    page.register(name)
    page.play()
    page.driver.refresh()
    page.wait_for("!document.getElementById('player').hidden")
    assert page.text("#player-title") == name
    page.find("#logout").click()
    page.wait_for("!document.getElementById('welcome').hidden")
    assert page.run("return sessionStorage.length") == 0
    assert page.run("return localStorage.length") == 0
    assert page.run("return document.cookie") == ""


def test_an_award_is_told_with_its_points_and_its_rank(open_page, new_name):
    page = open_page()
    page.register(new_name())
    page.press()
    said = page.wait_for("document.querySelector('.toast.award')?.textContent")
    rank = page.wait_for("document.getElementById('own').dataset.rank")
    assert said.startswith("+10, now ")
    assert said.split()[-1].rstrip("stndrh").replace(",", "") == rank


def test_rows_travel_only_for_those_who_want_motion(open_page, new_name):
    page = open_page()
    for motion, travels in (("reduce", False), ("no-preference", True)):
        page.prefer(reduced_motion=motion)
        moved = page.driver.execute_async_script(
            """
            const done = arguments[0];
            import('/board.js').then(({ Board }) => {
              const table = document.getElementById('board').cloneNode(true);
              table.id = 'copy';
              table.tBodies[0].replaceChildren();
              document.querySelector('.wall').append(table);
              const board = new Board(table);
              const row = (rank, id, score) => ({ rank, user_id: id, username: id, score });
              const updated_at = new Date().toISOString();
              board.render({ leaderboard: [row(1, 'a', 20), row(2, 'b', 10)], updated_at });
              const first = table.tBodies[0].rows[0];
              board.render({ leaderboard: [row(1, 'b', 30), row(2, 'a', 20)], updated_at });
              const rows = [...table.tBodies[0].rows];
              done({
                same: rows[1] === first,
                animated: rows.slice(0, 2).map((r) => r.getAnimations({ subtree: true }).length),
                arrows: rows.slice(0, 2).map((r) => r.querySelector('.move').dataset.way),
              });
              table.remove();
            });
            """
        )
        assert moved["same"], "a row is not its player's any more"
        assert moved["arrows"] == ["up", "down"]
        assert all(count > 0 for count in moved["animated"]) == travels, moved
        assert any(count > 0 for count in moved["animated"]) == travels, moved
