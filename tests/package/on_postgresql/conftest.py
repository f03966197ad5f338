# SPDX-License-Identifier: Apache-2.0
"""One machine for all the files here, which follow one another by their names, in the order in which an
administrator meets it. Each test goes on where the last one ended."""
import pytest

from debian import Machine
from visitors import PLAYERS, Site, issue_sessions


@pytest.fixture(scope="session")
def machine(package):
    one = Machine(package)
    try:
        yield one.start()
    finally:
        one.remove()


@pytest.fixture(scope="session")
def site(machine):
    return Site(machine)


@pytest.fixture(scope="session")
def sessions(machine):
    return issue_sessions(machine, PLAYERS)


@pytest.fixture(scope="session")
def acknowledged():
    """Points that each of `sessions` was told of."""
    return [0] * PLAYERS
