# SPDX-License-Identifier: Apache-2.0
"""Completing actions when the line is bad, the server is busy or the player is too quick."""

from page import until

# Puts `answers` in the way of score updates, one after the other; then the line is good. "lost":
# the server acts, its answer does not arrive. "cut": nothing gets through. A number: that status
# with a Retry-After of one second, without asking the server.
BAD_LINE = """
  window.sent = [];
  window.answers = [];
  Math.random = () => 0;  // the shortest waits
  const goodFetch = window.fetch;
  window.fetch = async (path, options) => {
    if (path !== '/api/scores/update') return goodFetch(path, options);
    window.sent.push(JSON.parse(options.body));
    const next = window.answers.shift();
    if (next === 'cut') throw new TypeError('cut');
    if (next === 'lost') { await goodFetch(path, options); throw new TypeError('lost'); }
    if (!next) return goodFetch(path, options);
    const headers = { 'content-type': 'application/json', 'retry-after': '1' };
    return new Response(JSON.stringify({ status: next, code: 'X', message: 'No.' }),
      { status: next, headers });
  };
"""


def player_with(open_page, new_name, *answers):
    page = open_page(before=BAD_LINE)
    page.register(new_name())
    page.wait_for("document.getElementById('own').dataset.score === '0'")
    page.run("window.answers = arguments[0]", list(answers))
    return page


def sent_ids(page):
    return page.run("return window.sent.map(({ action_id }) => action_id)")


def rest_on(page, score):
    """The own score becomes this, and stays so when the server is asked once more."""
    until(lambda: page.own()["score"] == str(score), what=f"a score of {score}")
    page.driver.refresh()
    page.wait_for("document.getElementById('own').dataset.score")
    assert page.own()["score"] == str(score)


def test_an_answer_that_got_lost_scores_once(open_page, new_name):
    page = player_with(open_page, new_name, "lost")
    page.press()
    page.wait_for("document.querySelector('.toast.award')")
    assert len(sent_ids(page)) == 2 and len(set(sent_ids(page))) == 1, sent_ids(page)
    rest_on(page, 10)


def test_answers_lost_again_and_again_score_once(open_page, new_name):
    page = player_with(open_page, new_name, "lost", "cut", 503, "lost")
    page.press()
    page.wait_for("document.querySelector('.toast.award')", 10)
    assert len(sent_ids(page)) == 5 and len(set(sent_ids(page))) == 1, sent_ids(page)
    rest_on(page, 10)


def test_a_busy_server_is_asked_again_with_the_same_id(open_page, new_name):
    page = player_with(open_page, new_name, 503, 503)
    page.press()
    page.wait_for("document.querySelector('.toast.award')", 10)
    assert len(sent_ids(page)) == 3 and len(set(sent_ids(page))) == 1, sent_ids(page)
    rest_on(page, 10)


def test_a_dead_line_keeps_the_action_for_the_next_press(open_page, new_name):
    page = player_with(open_page, new_name, "lost", "cut", "cut", "cut", "cut")
    page.press()
    page.wait_for("document.querySelector('.toast.warn')", 15)
    assert "Press again" in page.text(".toast.warn")
    page.press()
    page.wait_for("document.querySelector('.toast.award')")
    assert len(set(sent_ids(page))) == 1, sent_ids(page)
    rest_on(page, 10)


def test_two_presses_are_two_actions(open_page, new_name):
    page = player_with(open_page, new_name)
    page.play()
    page.play()
    assert len(set(sent_ids(page))) == 2
    rest_on(page, 20)


def test_an_expired_token_is_renewed_without_a_word(open_page, new_name):
    page = player_with(open_page, new_name, 401)
    before = page.driver.get_cookie("__Host-scoreboard-refresh")["value"]
    page.press()
    page.wait_for("document.querySelector('.toast.award')")
    assert page.driver.get_cookie("__Host-scoreboard-refresh")["value"] != before
    rest_on(page, 10)


def test_a_session_that_is_over_leads_to_the_log_in(open_page, new_name):
    page = player_with(open_page, new_name)
    page.driver.delete_all_cookies()
    page.driver.refresh()
    page.wait_for("!document.getElementById('welcome').hidden")
    page.wait_for("document.querySelector('.toast.warn')?.textContent.includes('session is over')")
    assert page.run("return sessionStorage.length") == 0


def test_a_clock_that_is_wrong_does_not_matter(open_page, new_name):
    page = open_page(
        before="const right = Date.now; Date.now = () => right() + 11 * 60 * 1000;"
    )
    page.register(new_name())
    assert page.play() == 10


def test_a_pause_is_counted_down_and_ends(open_page, new_name):
    page = player_with(open_page, new_name, 429)
    page.find("#complete").click()
    page.wait_for("document.querySelector('#complete[aria-disabled=true]')")
    assert page.text("#pause").startswith("Well played. You can go on in 1")
    assert page.text("#complete .worth") == "1 s"
    assert page.run("return document.activeElement.id") == "complete", "the keyboard lost its place"
    page.press()  # does nothing
    page.wait_for("!document.querySelector('[aria-disabled]')")
    assert page.text("#pause") == ""
    assert len(sent_ids(page)) == 1
    page.press()
    page.wait_for("document.querySelector('.toast.award')")
    rest_on(page, 10)


def test_the_eleventh_action_in_a_minute_starts_the_pause(open_page, new_name):
    page = open_page()
    page.register(new_name())
    for _ in range(10):
        page.play("DAILY_LOGIN")
    page.press("DAILY_LOGIN")
    page.wait_for("document.querySelector('#complete[aria-disabled=true]')")
    left = int(page.text("#complete .worth").split()[0])
    assert 1 <= left <= 60
    until(
        lambda: int(page.text("#complete .worth").split()[0]) < left, 4, "the seconds to go down"
    )
    rest_on(page, 50)
