# SPDX-License-Identifier: Apache-2.0
"""The page shows the boards that begin again, too."""
import pytest

from page import until

ASKED = """return performance.getEntriesByType('resource').map(({ name }) => name)
  .filter((name) => name.includes('/api/leaderboard') || name.includes('/api/scores/me'))
  .map((name) => new URL(name).search)"""


@pytest.mark.parametrize("period,title", [("day", "Top ten today"), ("week", "Top ten this week"),
                                          ("month", "Top ten this month")])
def test_a_board_that_begins_again_is_live_and_knows_the_player(open_page, new_name, period, title):
    page = open_page(f"/?period={period}")
    name = new_name()
    page.register(name)
    page.wait_for_state("live")
    score = page.climb(name)
    until(lambda: page.scores().get(name) == score, what="the score on the period's board")
    assert page.run("return document.getElementById('title').textContent") == title
    assert page.run("return document.querySelector('#boards [aria-current=page]').search") == f"?period={period}"
    page.wait_for("document.getElementById('own').dataset.rank")
    asked = page.run(ASKED)
    assert len(asked) >= 2 and set(asked) == {f"?period={period}"}, asked
    assert page.violations() == []


@pytest.mark.parametrize("path", ["/", "/?period=century", "/?period=toString"])
def test_without_a_period_that_there_is_it_is_the_board_of_all_time(open_page, path):
    page = open_page(path)
    page.wait_for_state("live")
    assert page.run("return document.querySelector('#boards [aria-current=page]').textContent") == "All time"
    assert set(page.run(ASKED)) == {""}
