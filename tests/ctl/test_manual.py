# SPDX-License-Identifier: Apache-2.0
"""scoreboard.toml(5) as readers and their programs see it."""

import re
import subprocess

from test_scoreboardctl import ctl  # noqa: F401


def test_the_page_is_clean_and_readable(ctl, tmp_path):  # noqa: F811
    page = tmp_path / "scoreboard.toml.5"
    page.write_text(ctl("config", "man").stdout)
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page],
                          capture_output=True, text=True, timeout=30)
    # Our own pages are not installed here, so their names cannot be looked up.
    told = [line for line in lint.stdout.splitlines() if "referenced manual not found" not in line]
    assert not told, "\n".join(told)
    read = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=100", page], check=True,
                          capture_output=True, text=True, timeout=30).stdout
    text = " ".join(re.sub(".\b", "", read).split())
    assert "SCOREBOARD.TOML(5)" in text
    assert "Default 64; from 1 to 1024 threads; taken at start." in text
    assert "Default 10; from 1 to 1000000 actions; taken at reload." in text
    assert 'Default "read committed"; from 1 to 1024 bytes long; taken at start.' in text
