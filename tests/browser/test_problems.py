# SPDX-License-Identifier: Apache-2.0
"""The page of problems has a section for each address that an error can carry."""

import re
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def types_of_the_program():
    """The second column of strings in the one table: {"malformed", ...}."""
    table = (ROOT / "fcgi/http/problem.cpp").read_text()
    rows = re.findall(
        r'return \{(\d+),\s*"([A-Z_]+)",\s*(\d+),\s*"([A-Z_]+)",\s*"([a-z-]+)",\s*"([^"]+)"',
        table,
    )
    assert len(rows) >= 16, "the table in problem.cpp is not read any more"
    return rows


def test_every_kind_of_refusal_is_explained_with_its_codes(board):
    with urllib.request.urlopen(board.url + "/problems") as answer:
        assert answer.headers.get_content_type() == "text/html"
        page = answer.read().decode()
    sections = dict(re.findall(r'<section id="([a-z-]+)">(.*?)</section>', page, re.S))
    rows = types_of_the_program()
    assert set(sections) == {row[4] for row in rows}
    for update_status, update, increment_status, increment, kind, title in rows:
        text = sections[kind]
        for word in (update_status, increment_status, update, increment):
            assert word in text, f"{kind} lacks {word}"
        assert title.rstrip(".") in text, f"{kind} has another title"


def test_the_address_in_a_refusal_leads_to_its_section(open_page):
    page = open_page()
    kind = page.driver.execute_async_script(
        "fetch('/api/scores/me').then((answer) => answer.json())"
        ".then(({ type }) => arguments[0](type))"
    )
    page.driver.get(page.url + kind)
    assert page.run("return document.querySelector(':target h2').textContent")
