# SPDX-License-Identifier: Apache-2.0
"""The page keeps its shape on every screen and with every board, and its own strict policy."""

import re
import urllib.request

import pytest
from page import FED


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.headers, answer.read().decode()


def right_edges(page):
    return page.run(
        "return [...new Set([...document.querySelectorAll('#board tbody .score .plates')]"
        ".map((plates) => Math.round(plates.getBoundingClientRect().right)))]"
    )


@pytest.mark.parametrize("width", [320, 360, 390, 600, 768, 960, 961, 1280])
def test_nothing_runs_out_of_the_page_at_any_width(open_page, new_name, width):
    page = open_page(before=FED)
    page.resize(width, 700)
    page.wait_for("'feed' in window")
    long_names = ["W" * 50] + [f"player_{number}" for number in range(9)]
    page.run("feed(10 ** 9, arguments[0])", long_names)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.run("return " + fits)
    for best in (30, 1_234_567, 9_007_199_254_740_991):
        page.run("window.best = arguments[0]; feed(10 ** 9 + arguments[1], arguments[2])",
                 best, len(str(best)), long_names)
        cut = page.run(
            "const right = document.getElementById('board').getBoundingClientRect().right;"
            "return [...document.querySelectorAll('#board tbody tr')].filter((row) =>"
            " row.querySelector('.score .plates').getBoundingClientRect().right > right"
            " || row.querySelector('.score .plates').getBoundingClientRect().left"
            "  < row.querySelector('.who').getBoundingClientRect().right).length"
        )
        assert len(right_edges(page)) == 1, "the scores are not in line"
        assert cut == 0, f"{best} does not fit into its place"
    page.register(new_name("n" * 30))
    assert page.run("return " + fits)
    outside = page.run(
        "return [...document.querySelectorAll('button, input, #board .plates, #board .medal')]"
        ".filter((e) => e.checkVisibility())"
        ".map((e) => e.getBoundingClientRect())"
        ".filter((r) => r.width && (r.left < 0 || r.right > innerWidth + 0.5)).length"
    )
    assert outside == 0
    if width < 500:
        small = page.run(
            "return [...document.querySelectorAll('button')].filter((e) => e.checkVisibility())"
            ".filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.id)"
        )
        assert small == [], "too small for a thumb"
    page.driver.get(page.url + "/problems")
    assert page.run("return " + fits)


def test_nothing_shifts_while_the_board_fills(open_page):
    page = open_page(
        before="""
        window.shift = 0;
        window.shifted = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            window.shift += entry.value;
            for (const { node } of entry.sources) window.shifted.push(node?.outerHTML);
          }
        }).observe({ type: 'layout-shift', buffered: true });
        """
        + FED
    )
    page.wait_for("'feed' in window")
    height = "return document.getElementById('board').offsetHeight"
    empty = page.run(height)
    for number in (0, 1, 5, 10):
        page.run(
            "feed(10 ** 9 + arguments[0], [...Array(arguments[0]).keys()].map((n) => `p${n}`))",
            number,
        )
        assert page.run(height) == empty
    page.driver.execute_async_script("setTimeout(arguments[0], 700)")
    assert page.run("return window.shift") <= 0.01, page.run("return window.shifted")


def test_an_empty_board_invites(open_page):
    page = open_page(before=FED)
    page.wait_for("'feed' in window")
    page.run("feed(10 ** 9, [])")
    rows = page.run("return [...document.getElementById('board').tBodies[0].rows].length")
    assert rows == 10
    assert page.text("#board tbody tr .name") == "First place is open"


def test_a_name_is_text_whatever_it_holds(open_page):
    page = open_page(before=FED)
    page.wait_for("'feed' in window")
    name = "<img src=x onerror=alert(1)><b>bold</b>"
    page.run("feed(10 ** 9, [arguments[0]])", name)
    assert page.text("#board tbody .name") == name
    assert page.run("return document.querySelectorAll('img, b').length") == 0


def test_the_kiosk_shows_the_board_and_nothing_else(open_page):
    page = open_page("/?kiosk=1")
    page.wait_for("document.documentElement.classList.contains('kiosk')")
    page.resize(1920, 1080)
    assert not page.find("aside").is_displayed() and not page.find("footer").is_displayed()
    assert page.find("#connection").is_displayed()
    last = page.run(
        "return document.getElementById('board').tBodies[0].rows[9].getBoundingClientRect().bottom"
    )
    assert 900 < last <= 1080, last
    assert len(right_edges(page)) == 1, "the scores are not in line"


@pytest.mark.parametrize("path", ["/", "/problems"])
def test_the_policy_is_strict_and_nothing_is_inline(open_page, board, path):
    headers, source = fetch(board.url + path)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy, policy
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))
    page = open_page(path)
    page.wait_for("document.readyState === 'complete'")
    assert page.violations() == []
    foreign = page.run(
        "return performance.getEntriesByType('resource').map(({ name }) => name)"
        ".filter((name) => !name.startsWith(arguments[0]))",
        board.url,
    )
    assert [name for name in foreign if not name.startswith("ws://127.0.0.1")] == []


def test_the_page_is_light(open_page):
    page = open_page()
    page.wait_for_state("live", "fallback")
    bytes_sent = page.run(
        "return [...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')]"
        ".filter(({ name }) => !name.includes('/ws/'))"
        ".reduce((sum, { transferSize }) => sum + transferSize, 0)"
    )
    assert 1024 < bytes_sent < 42 * 1024, f"{bytes_sent} bytes"
