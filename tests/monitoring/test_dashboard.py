# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus looks at a real board: what it is told to ask has answers, and nothing is amiss."""
import contextlib
import json
import math
import re
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from boards import Board, eventually, free_port
from client import Player
from scrapes import Samples, text_of
from watchers import Watcher

TOP = Path(__file__).resolve().parents[2]
MONITORING = TOP / "docs" / "monitoring"
TOOLS = TOP / "build" / "tools"
PROMETHEUS = TOOLS / "prometheus" / "usr" / "bin" / "prometheus"
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
RULES = [rule for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
         for rule in group["rules"]]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]


# As Debian's own, for a certificate of the board's own.
BLACKBOX = {"modules": {"http_2xx": {"prober": "http",
                                     "http": {"tls_config": {"insecure_skip_verify": True}}}}}


class Exporter:
    """One of Debian's, on a port of its own."""

    def __init__(self, name, directory, *options):
        self.port = free_port()
        self.log = (directory / f"{name}.log").open("wb")
        self.process = subprocess.Popen(
            [TOOLS / name / "usr" / "bin" / name, f"--web.listen-address=127.0.0.1:{self.port}", *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


class Prometheus:
    """With our own configuration and rules; only the ports, the site and the pace are the test's."""

    def __init__(self, directory, board, undo):
        (directory / "blackbox.yml").write_text(yaml.safe_dump(BLACKBOX))
        self.exporters = []
        for name, options in (("prometheus-node-exporter", ()), ("prometheus-blackbox-exporter",
                              (f"--config.file={directory}/blackbox.yml",))):
            self.exporters.append(Exporter(name, directory, *options))
            undo.callback(self.exporters[-1].stop)
        text = (MONITORING / "prometheus.yml").read_text()
        for named, here in (("127.0.0.1:9464", f"127.0.0.1:{board.metrics}"),
                            ("127.0.0.1:9100", f"127.0.0.1:{self.exporters[0].port}"),
                            ("127.0.0.1:9115", f"127.0.0.1:{self.exporters[1].port}"),
                            ("https://scores.example", board.url)):
            assert text.count(named) == 1, named
            text = text.replace(named, here)
        config = yaml.safe_load(text)
        config["global"] = {"scrape_interval": "500ms", "evaluation_interval": "500ms"}
        for job in config["scrape_configs"]:
            if "scrape_interval" in job:  # blackbox_exporter keeps half a second of it for itself
                job["scrape_interval"] = job["scrape_timeout"] = "2s"
        config["rule_files"] = [str(MONITORING / "alerts.yml")]
        (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.port = free_port()
        self.log = (directory / "prometheus.log").open("wb")
        self.process = subprocess.Popen(
            [PROMETHEUS, f"--config.file={directory}/prometheus.yml",
             f"--storage.tsdb.path={directory}/tsdb", f"--web.listen-address=127.0.0.1:{self.port}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        undo.callback(self.stop)

    def ask(self, path, **query):
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as fault:
            return {"error": fault.read().decode()}
        except OSError:
            return None

    def values(self, expr):
        """Those that are numbers; an error is raised."""
        told = self.ask("query", query=expr)
        assert told and "error" not in told, (expr, told)
        return [value for value in (float(one["value"][1]) for one in told["result"])
                if not math.isnan(value)]

    def has(self, expr):
        """Also while it starts or is busy."""
        told = self.ask("query", query=expr)
        return bool(told and told.get("result"))

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


def play(board, going):
    """A little of everything, for as long as it takes."""
    players = [Player(board) for _ in range(3)]
    watcher = Watcher(board, "/ws/leaderboard")
    while going.is_set():
        for player in players:
            body = player.update_body()
            player.update(body)
            player.update(body)
            player.increment()
            player.get("/api/scores/me")
        time.sleep(0.05)
    watcher.stop()


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    port = free_port()
    board = Board({"SCOREBOARD_LIMITS_AWARDS": "100000"}, ["--tls", "--metrics", str(port)])
    board.metrics = port
    going = threading.Event()
    going.set()
    with contextlib.ExitStack() as undo:
        undo.callback(board.remove)
        undo.callback(board.stop)
        board.start()
        prometheus = Prometheus(tmp_path_factory.mktemp("prometheus"), board, undo)
        player = threading.Thread(target=play, args=(board, going))
        undo.callback(player.join, 20)
        undo.callback(going.clear)
        player.start()
        # rate() wants two samples of everything that was done.
        assert eventually(lambda: prometheus.has(
            "min(count_over_time(scoreboard_nchan_subscribers[1m])) >= 8"
            " and sum(increase(scoreboard_commit_to_publish_seconds_count[1m])) > 0"), 60, 0.2)
        yield board, prometheus


def test_both_workers_are_targets_by_their_names(watched):
    _, prometheus = watched
    targets = prometheus.ask("targets")["activeTargets"]
    assert sorted(one["labels"]["instance"] for one in targets
                  if one["labels"]["job"] == "scoreboard") == ["worker-1", "worker-2"]
    assert {one["health"] for one in targets} == {"up"}, targets


def test_the_host_and_the_site_are_looked_at(watched):
    """What the rules for disks and certificates ask for is what Debian's exporters tell."""
    board, prometheus = watched
    site = f'{{job="scoreboard-site",instance="{board.url}/api/health/ready"}}'
    assert eventually(lambda: prometheus.values("probe_success" + site) == [1.0], 10), \
        [prometheus.values(name) for name in ("up", "probe_http_status_code", "probe_duration_seconds")]
    for rule in RULES:
        if "scoreboard-site" in rule["expr"] or "scoreboard-host" in rule["expr"]:
            anything = re.sub(r"(?<= )(==|<|>) [\d.]+(?=$| and|\))", r"\1 bool 0", rule["expr"])
            assert anything != rule["expr"]
            assert prometheus.values(anything), anything
    (left,) = prometheus.values('(probe_ssl_earliest_cert_expiry{job="scoreboard-site"} - time()) / 86400')
    assert left > 14
    assert prometheus.values("node_filesystem_avail_bytes / node_filesystem_size_bytes <= 1")


def test_every_query_of_the_dashboard_has_an_answer(watched):
    _, prometheus = watched
    assert len(QUERIES) > 35
    empty = [(title, expr) for title, expr in QUERIES
             if not prometheus.values(expr.replace("$__rate_interval", "1m"))]
    assert empty == []


def test_a_query_of_nothing_would_be_seen(watched):
    _, prometheus = watched
    assert prometheus.values("rate(scoreboard_no_such_total[1m])") == []
    with pytest.raises(AssertionError):
        prometheus.values("sum by (")


def test_every_rule_is_evaluated_and_none_fires_on_a_board_that_is_well(watched):
    _, prometheus = watched
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    assert len(rules) > 15
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
    assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []


def test_alerts_and_dashboard_ask_for_what_the_workers_tell(watched):
    """A name that was changed on one side only."""
    board, prometheus = watched
    told = {name for name, _ in Samples(text_of(board.metrics, 1), text_of(board.metrics, 2)).values}
    known = set(prometheus.ask("label/__name__/values"))
    assert told <= known
    asked = (MONITORING / "alerts.yml").read_text() + json.dumps(QUERIES)
    unseen = {name for name in told if name not in asked
              and not name.endswith(("_sum", "_count", "_bucket"))}
    assert unseen == {"scoreboard_nchan_published"}


def test_the_dashboard_is_one_that_grafana_takes():
    assert DASHBOARD["schemaVersion"] >= 39
    (variable,) = DASHBOARD["templating"]["list"]
    assert (variable["name"], variable["type"]) == ("datasource", "datasource")
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(identifiers)) == len(identifiers)
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}"
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == "${datasource}" and target["legendFormat"]
    places = [(panel["gridPos"]["x"] + dx, panel["gridPos"]["y"] + dy)
              for panel in DASHBOARD["panels"] for dx in range(panel["gridPos"]["w"])
              for dy in range(panel["gridPos"]["h"])]
    assert len(set(places)) == len(places) and max(x for x, _ in places) < 24
