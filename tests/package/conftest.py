# SPDX-License-Identifier: Apache-2.0
"""The package, built once; SCOREBOARD_PACKAGE names one that is built already."""
import os
import subprocess
from pathlib import Path

import pytest

from debian import TOP, Machine


@pytest.fixture(scope="session")
def package():
    if "SCOREBOARD_PACKAGE" in os.environ:
        return Path(os.environ["SCOREBOARD_PACKAGE"])
    done = subprocess.run([TOP / "scripts" / "package"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Path(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def machine(package):
    one = Machine(package)
    try:
        yield one.start()
    finally:
        one.remove()
