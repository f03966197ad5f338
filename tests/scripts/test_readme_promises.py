# SPDX-License-Identifier: Apache-2.0
"""The README says what the board promises, and for each promise which tests hold it. They exist."""
import pytest

from named_tests import TEST, TOP, exists, rows

HEADING = "What it promises"
PAGE = (TOP / "README.md").read_text()


def faults(page):
    found = [f"{promise}: no test" for promise, *tests in rows(page, HEADING)
             if not TEST.search(" ".join(tests))]
    return found + [f"{file}::{test} does not exist" for file, test in TEST.findall(page)
                    if not exists(file, test)]


def test_every_promise_has_a_test_and_every_test_exists():
    assert len(rows(PAGE, HEADING)) >= 10
    assert faults(PAGE) == []


@pytest.mark.parametrize("before,after", [
    ("::test_killed_workers_are_not_noticed", "::test_killed_workers_are_noticed"),
    ("`tests/chaos/test_chaos.py", "`tests/chaos/test_order.py"),
    ("`tests/e2e/test_overload.py::", "`tests/e2e/")])
def test_a_promise_without_its_test_is_a_fault(before, after):
    assert before in PAGE
    assert faults(PAGE.replace(before, after))
