# SPDX-License-Identifier: Apache-2.0
"""The paths of a data directory, before anything is started in it."""
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from layout import Layout, SetupError  # noqa: E402

SOCKETS = ("run/publisher-nudge.sock", "run/refusals.sock", "run/live/subscribe.sock", "run/live/publish.sock",
           "run/worker-16.sock")
LONGEST = max(SOCKETS, key=len)


@pytest.fixture
def layout_at(monkeypatch):
    """layout_at(n): of a data directory whose longest socket's path has n bytes."""
    monkeypatch.setenv("SCOREBOARD_BUILD_DIR", "/nowhere")
    above = Path(tempfile.mkdtemp(prefix="sb")).resolve()  # short, unlike tmp_path
    umask = os.umask(0o022)  # make_directories() sets its own

    def make(length):
        spare = length - len(str(above / LONGEST)) - 1
        return Layout(above / ("d" * spare), 8080, 16)

    yield make
    os.umask(umask)
    shutil.rmtree(above)


def test_every_socket_fits_into_the_longest_path_that_is_taken(layout_at):
    layout = layout_at(107)
    layout.make_directories()
    for name in SOCKETS:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(layout.data / name))


def test_a_path_that_is_too_long_for_one_socket_is_refused(layout_at):
    """The nudge socket's, the longest, was not looked at."""
    with pytest.raises(SetupError, match="too long for a socket"):
        layout_at(108).make_directories()
