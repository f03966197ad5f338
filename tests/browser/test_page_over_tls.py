# SPDX-License-Identifier: Apache-2.0
"""The page over TLS."""
from page import until


def test_the_page_lives_over_tls(make_board, open_page, new_name):
    board = make_board(arguments=["--tls"])
    # Which addresses the page watches.
    note = """
      window.watched = [];
      const Real = window.WebSocket;
      window.WebSocket = class extends Real {
        constructor(url) { super(url); window.watched.push(url); }
      };
    """
    page = open_page(before=note, on=board)
    name = new_name()
    page.register(name)
    page.wait_for_state("live")
    score = page.play()
    until(lambda: page.scores().get(name) == score, what="the score on the board")
    assert page.run("return location.protocol") == "https:"
    watched = page.run("return window.watched")
    assert watched and all(url.startswith("wss://") for url in watched)
    assert page.violations() == []
