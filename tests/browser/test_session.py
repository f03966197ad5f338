# SPDX-License-Identifier: Apache-2.0
"""One session for all tabs of a browser, and nothing in it for scripts to steal."""

from page import Page

COOKIES = {"__Host-scoreboard", "__Host-scoreboard-refresh", "__Host-scoreboard-csrf"}
# A browser that takes no secure cookies, as over plain http anywhere but on localhost.
WITHOUT_COOKIES = (
    "Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });"
)


def another_tab(page):
    page.driver.switch_to.new_window("tab")
    page.driver.get(page.url)
    return Page(page.driver, page.url)


def own_name(page):
    page.wait_for("!document.getElementById('player').hidden", 10)
    return page.text("#player-title")


def press_wherever_it_is(page):
    """The tab may have noticed by itself already, and shows no button any more."""
    page.run("document.getElementById('complete').click()")


def stored(page):
    return page.run("return JSON.stringify([sessionStorage, localStorage])")


def test_scripts_see_no_token(open_page, new_name):
    page = open_page()
    page.register(new_name())
    assert page.play() == 10
    cookies = {cookie["name"]: cookie for cookie in page.driver.get_cookies()}
    assert set(cookies) == COOKIES
    for name, cookie in cookies.items():
        readable = cookie["value"] in page.run("return document.cookie") + stored(page)
        assert readable == (name == "__Host-scoreboard-csrf")
        assert cookie["secure"] and cookie["path"] == "/"
    assert "access_token" not in stored(page)


def test_another_tab_goes_on_with_the_session_and_both_can_play(open_page, new_name):
    first = open_page()
    name = new_name()
    first.register(name)
    first_tab = first.driver.current_window_handle
    second = another_tab(first)
    assert own_name(second) == name
    assert second.play() == 10
    first.driver.switch_to.window(first_tab)
    first.press()
    first.wait_for("document.querySelector('.toast.award')")


def test_who_logs_out_is_logged_out_in_every_tab(open_page, new_name):
    page = open_page()
    page.register(new_name())
    first_tab = page.driver.current_window_handle
    second = another_tab(page)
    own_name(second)
    second.find("#logout").click()
    second.wait_for("!document.getElementById('welcome').hidden")
    page.driver.switch_to.window(first_tab)
    press_wherever_it_is(page)
    page.wait_for("!document.getElementById('welcome').hidden")
    page.driver.refresh()
    page.wait_for("document.getElementById('connection').dataset.state === 'live'", 10)
    assert not page.run("return document.getElementById('welcome').hidden")


def test_a_tab_follows_who_logged_in_in_another_one(open_page, new_name):
    page = open_page()
    first, second = new_name("ana"), new_name("bob")
    page.register(first)
    first_tab = page.driver.current_window_handle
    other = another_tab(page)
    own_name(other)
    other.find("#logout").click()
    other.wait_for("!document.getElementById('welcome').hidden")
    other.register(second)
    page.driver.switch_to.window(first_tab)
    press_wherever_it_is(page)
    page.wait_for(f"document.getElementById('player-title').textContent === '{second}'")


def test_where_such_cookies_are_not_taken_the_tab_keeps_the_tokens(open_page, new_name):
    page = open_page(before=WITHOUT_COOKIES)
    page.register(new_name())
    assert page.play() == 10
    assert page.driver.get_cookies() == []
    assert "access_token" in stored(page)
    page.driver.refresh()
    page.wait_for("!document.getElementById('player').hidden")
