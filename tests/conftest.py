# SPDX-License-Identifier: Apache-2.0
"""Fixtures for every test that needs a real board."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "e2e"))

from absent import TOLD  # noqa: E402
from boards import Board  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "sanitized: also run against workers built with sanitizers")


def pytest_terminal_summary(terminalreporter):
    for what in sorted(TOLD):
        terminalreporter.write_line(f"not tested here: {what}")


@pytest.fixture(scope="session")
def board():
    """One board for all tests that only talk to it."""
    one = Board().start()
    yield one
    one.stop()
    one.remove()


@pytest.fixture
def make_board():
    """make_board(environment={...}, arguments=[...]) -> a started board of the test's own."""
    made = []

    def make(environment=None, arguments=(), start=True):
        one = Board(environment, arguments)
        made.append(one)
        return one.start() if start else one

    yield make
    for one in made:
        one.stop()
        one.remove()
