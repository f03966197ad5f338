# SPDX-License-Identifier: Apache-2.0
"""Real browsers for the page: Debian's chromium, each with an empty profile of its own."""

import itertools
import random
import shutil
import tempfile

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from page import Page

CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1280,900",
]

# What the page broke of its own policy, kept where a test can ask for it.
WATCH_POLICY = """
  window.policyViolations = [];
  document.addEventListener('securitypolicyviolation',
    (event) => window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def open_page(board):
    """open_page(path="/", before="", on=board) -> Page. `before` is script that runs ahead of the
    page's."""
    opened = []

    def open_one(path="/", before="", on=board):
        profile = tempfile.mkdtemp(prefix="scoreboard-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        # A board's own certificate, which nobody else vouches for.
        trusting = ["--ignore-certificate-errors"] if on.tls else []
        for flag in [*CHROMIUM_FLAGS, *trusting, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        opened.append((driver, profile))
        driver.set_script_timeout(20)
        driver.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_POLICY + before}
        )
        driver.get(on.url + path)
        return Page(driver, on.url)

    yield open_one
    for driver, profile in opened:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


_serial = itertools.count()
_run = random.SystemRandom().randrange(36**5)


@pytest.fixture
def new_name():
    """A player's name that no earlier run on the same data used."""
    return lambda stem="ana": f"{stem}_{_run}_{next(_serial)}"
