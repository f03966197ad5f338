# SPDX-License-Identifier: Apache-2.0
"""The page as a person uses it: words for tests to speak in."""

from selenium.webdriver.common.by import By

from boards import eventually

PASSWORD = "correct horse battery"

# Wall-clock milliseconds, comparable between two browsers of one machine.
NOW = "performance.timeOrigin + performance.now()"

# A feed in the place of the WebSocket, filled by the test.
FED = """
  window.best = 1000;
  window.WebSocket = class {
    constructor(url) {
      if (url.includes('leaderboard')) window.feed = (version, names) => this.onmessage({
        data: JSON.stringify({ type: 'LEADERBOARD_UPDATE', data: {
          leaderboard: names.map((username, index) =>
            ({ rank: index + 1, user_id: username, username, score: window.best - index })),
          updated_at: new Date(Date.UTC(2099, 0, 1) + version).toISOString(), version } }) });
    }
    close() {}
  };
"""


def until(condition, seconds=5, what="the condition"):
    """The first true value of condition(), asked for again and again."""
    value = eventually(condition, seconds)
    assert value, f"{what} did not come true within {seconds} s"
    return value


class Page:
    def __init__(self, driver, url):
        self.driver = driver
        self.url = url

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait_for(self, script, seconds=5):
        return until(lambda: self.run(f"return {script}"), seconds, script)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def state(self):
        return self.run("return document.getElementById('connection').dataset.state")

    def wait_for_state(self, *names, seconds=8):
        return until(lambda: self.state() in names and self.state(), seconds, f"state {names}")

    def register(self, name, password=PASSWORD):
        """Fills in the form and waits until the player may play."""
        self.find("#register-username").send_keys(name)
        self.find("#register-email").send_keys(f"{name}@example.org")
        self.find("#register-password").send_keys(password)
        self.find("#register [type=submit]").click()
        self.wait_for("!document.getElementById('player').hidden", 10)

    def press(self, action="COMPLETE_TASK"):
        self.find(f"[data-action={action}]").click()

    def play(self, action="COMPLETE_TASK"):
        """One press, and the score that it led to."""
        before = int(self.own()["score"] or 0)
        self.press(action)
        return until(
            lambda: (score := int(self.own()["score"] or 0)) > before and score, 10, "an award"
        )

    def climb(self, name):
        """Plays until `name` is on the board, which others may have filled; leaves two actions of
        the ten a minute. The score reached."""
        for _ in range(8):
            score = self.play("WIN_MATCH")
            # A player who is on the board is pushed to it; the rank is known from the receipt.
            if int(self.wait_for("document.getElementById('own').dataset.rank")) <= 10:
                until(lambda: self.scores().get(name) == score, what="the own row")
                return score
        raise AssertionError("eight won matches do not lead into the top ten")

    def own(self):
        """The row under the table: {"rank", "score"} as text, empty when not known."""
        return self.run("return {...document.getElementById('own').dataset}")

    def standings(self):
        """What the board shows: [(rank, name, score)]."""
        rows = self.run(
            "return [...document.querySelectorAll('#board tbody tr[data-rank]')].map((row) =>"
            " [Number(row.dataset.rank), row.querySelector('.name').textContent,"
            "  Number(row.dataset.score)])"
        )
        return [tuple(row) for row in rows]

    def scores(self):
        return {name: score for _, name, score in self.standings()}

    def violations(self):
        """Of the page's own policy, as the page and as the browser's console tell them."""
        told = self.run("return window.policyViolations")
        logged = [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if "Content Security Policy" in entry["message"] or entry["source"] == "javascript"
        ]
        return told + logged

    def resize(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def prefer(self, **features):
        """prefer(color_scheme="dark", reduced_motion="reduce")"""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {
                "features": [
                    {"name": f"prefers-{name.replace('_', '-')}", "value": value}
                    for name, value in features.items()
                ]
            },
        )
