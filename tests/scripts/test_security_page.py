# SPDX-License-Identifier: Apache-2.0
"""SECURITY.md names, for each threat, the tests that show its answer. They exist."""
import re

import pytest

from named_tests import TEST, TOP, exists, rows


def faults(page, top=TOP):
    found = []
    for heading, least in (("Threats and answers", 12), ("OWASP API Security Top 10 (2023)", 10)):
        table = rows(page, heading)
        if len(table) < least:
            found.append(f"{heading}: {len(table)} rows, at least {least}")
        for threat, *_, tests in table:
            if not TEST.search(tests):
                found.append(f"{threat}: no test")
    found += [f"{file}::{test} does not exist" for file, test in TEST.findall(page)
              if not exists(file, test, top)]
    return found


PAGE = (TOP / "SECURITY.md").read_text()


def test_every_threat_has_a_test_and_every_test_exists():
    assert faults(PAGE) == []


def test_the_ten_of_owasp_are_there_by_their_names():
    cells = [tests for *_, tests in rows(PAGE, "OWASP API Security Top 10 (2023)")]
    named = [test for cell in cells for _, test in TEST.findall(cell)]
    written = re.findall(r"^def (test_api\w+)\(",
                         (TOP / "tests/e2e/test_owasp_api_top10.py").read_text(), re.MULTILINE)
    assert len(written) == 10
    assert named == written
    assert [int(re.match(r"test_api(\d+)_", name)[1]) for name in written] == list(range(1, 11))


@pytest.mark.parametrize("before,after", [
    ("::test_api1_broken", "::test_api1_brokken"), ("tests/e2e/test_live.py", "tests/e2e/test_alive.py"),
    ("`tests/e2e/test_keys.py::test_a_retired_key_is_refused_within_two_seconds`", "a test"),
    ("| API7 Server", "API7 Server")])
def test_a_test_that_is_not_there_is_a_fault(before, after):
    assert before in PAGE
    assert len(faults(PAGE.replace(before, after))) >= 1
