# SPDX-License-Identifier: Apache-2.0
"""Each alert fires a tenth above its threshold and is silent a tenth below, and has its page. Where the
threshold is a time that is left, it is the other way round."""
import re
import subprocess
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).resolve().parents[2]
MONITORING = TOP / "docs" / "monitoring"
PROMTOOL = TOP / "build" / "tools" / "prometheus" / "usr" / "bin" / "promtool"

RULES = {rule["alert"]: rule
         for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
         for rule in group["rules"]}
BUCKETS = ("0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5")

WORKER = 'job="scoreboard",instance="worker-1"'
ROUTE = 'scoreboard_http_request_duration_seconds_bucket{route="/api/scores/update",'
LAG = "scoreboard_commit_to_publish_seconds_bucket{"
REQUESTS = "scoreboard_http_requests_total"
FAILURES = "scoreboard_auth_failures_total"
DB_ERRORS = "scoreboard_db_errors_total"
BREAKER = "scoreboard_db_breaker_open"


def constant(value):
    return f"{value}x240"


def rising(each_minute):
    """By so many in each minute; samples come every 15 seconds."""
    return f"0+{each_minute / 4:g}x240"


def p99(series, seconds):
    """Buckets of a histogram whose 99th percentile is `seconds`: as Prometheus reckons it, evenly
    within the bucket, into which the slowest tenth falls."""
    above = next(bound for bound in BUCKETS if float(bound) >= seconds)
    below = BUCKETS[BUCKETS.index(above) - 1]
    part = (seconds - float(below)) / (float(above) - float(below))
    # below + part * (all - below) = 99 %
    slow = 0.01 / (1 - part)
    fast = (1 - slow) * 1e6
    return {f'{series}le="{bound}"}}':
            rising(fast if float(bound) <= float(below) else 1e6) for bound in BUCKETS} | {
                f'{series}le="+Inf"}}': rising(1e6)}


def ratio(errors):
    return {f'{REQUESTS}{{route="/a",code="503"}}': rising(1e5 * errors),
            f'{REQUESTS}{{route="/a",code="200"}}': rising(1e5 * (1 - errors))}


def share(used, limit, part, whole=1000):
    return {f"{used}{{{WORKER}}}": constant(part * whole), f"{limit}{{{WORKER}}}": constant(whole)}


def published(messages, awards):
    return {'scoreboard_publishes_total{result="taken"}': rising(messages),
            'scoreboard_score_updates_total{result="awarded"}': rising(awards)}


def each(reason, number, minutes):
    return {f'{FAILURES}{{reason="{reason}"}}': rising(number / minutes)}


def acting(value, up=1):
    return {f"scoreboard_publisher_acting{{{WORKER}}}": constant(value),
            'scoreboard_publisher_acting{job="scoreboard",instance="worker-2"}': constant(0),
            f"scoreboard_nchan_up{{{WORKER}}}": constant(up)}


def suspicious(an_hour):
    return {'scoreboard_suspicious_actions_total{rule="bad_signature"}': rising(an_hour / 120),
            'scoreboard_suspicious_actions_total{rule="foreign_user"}': rising(an_hour / 120)}


def probed(name, value, job="scoreboard-site"):
    return {f'{name}{{job="{job}",instance="https://scores.example/api/health/ready"}}': constant(value)}


def certificate(days):
    """Good for so long when it is looked at, after an hour."""
    return probed("probe_ssl_earliest_cert_expiry", 3600 + days * 86400)


def disk(space, files=0.1, at="/", readonly=0):
    """A file system with these parts of its space and its files in use."""
    of = f'{{job="scoreboard-host",instance="127.0.0.1:9100",mountpoint="{at}",fstype="ext4"}}'
    return {f"node_filesystem_size_bytes{of}": constant(1000),
            f"node_filesystem_avail_bytes{of}": constant(round(1000 * (1 - space))),
            f"node_filesystem_files{of}": constant(1000),
            f"node_filesystem_files_free{of}": constant(round(1000 * (1 - files))),
            f"node_filesystem_readonly{of}": constant(readonly)}


# alert: (series with which it fires, series with which it does not). Where a threshold is none or
# one, the other side is the other of the two.
CASES = {
    "ScoreboardWorkerDown": ({f"up{{{WORKER}}}": constant(0)}, {f"up{{{WORKER}}}": constant(1)}),
    # Four changes in 15 minutes, and three.
    "ScoreboardWorkerRestarts": (
        {f"process_start_time_seconds{{{WORKER}}}": "0+1x240"},
        {f"process_start_time_seconds{{{WORKER}}}": "1x237 2 3 4"}),
    "ScoreboardLatencyHigh": (p99(ROUTE, 1.1), p99(ROUTE, 0.9)),
    "ScoreboardLatencyRaised": (p99(ROUTE, 0.55), p99(ROUTE, 0.45)),
    "ScoreboardErrorRatio": (ratio(0.011), ratio(0.009)),
    "ScoreboardQueueFilling": (
        share("scoreboard_queue_length_actions", "scoreboard_queue_capacity_actions", 0.88),
        share("scoreboard_queue_length_actions", "scoreboard_queue_capacity_actions", 0.72)),
    "ScoreboardQueueRefuses": (
        {'scoreboard_queue_refused_total{reason="full"}': rising(1)},
        {'scoreboard_queue_refused_total{reason="full"}': constant(7)}),
    "ScoreboardSuspiciousActions": (suspicious(11), suspicious(9)),
    "ScoreboardLoginFlood": (each("wrong_password", 55, 5) | each("throttled_login", 55, 5),
                             each("wrong_password", 45, 5) | each("throttled_login", 45, 5)),
    "ScoreboardForgeryFlood": (each("bad_signature", 55, 5) | each("bad_token", 55, 5),
                               each("bad_signature", 45, 5) | each("bad_token", 45, 5)
                               | each("expired_token", 1000, 5)),
    "ScoreboardRefreshTokenReused": (each("refresh_reused", 1, 60),
                                     {f'{FAILURES}{{reason="refresh_reused"}}': constant(3)}),
    "ScoreboardDatabaseAway": ({f'{BREAKER}{{database="primary"}}': constant(1)},
                               {f'{BREAKER}{{database="primary"}}': constant(0),
                                f'{BREAKER}{{database="replica"}}': constant(1)}),
    "ScoreboardReplicaAway": ({f'{BREAKER}{{database="replica"}}': constant(1)},
                              {f'{BREAKER}{{database="replica"}}': constant(0)}),
    "ScoreboardDatabaseErrors": (
        {f'{DB_ERRORS}{{database="primary",sqlstate_class="53"}}': rising(11 / 5)},
        {f'{DB_ERRORS}{{database="primary",sqlstate_class="53"}}': rising(9 / 5),
         f'{DB_ERRORS}{{database="primary",sqlstate_class="40"}}': rising(1000)}),
    "ScoreboardNoPublisher": (acting(0), acting(1)),
    "ScoreboardNothingPublished": (published(0, 4), published(0.4, 4) | published(4, 4)),
    "ScoreboardPublishLag": (p99(LAG, 1.1), p99(LAG, 0.9)),
    "ScoreboardSnapshotStale": ({f"scoreboard_snapshot_age_seconds{{{WORKER}}}": constant(11)},
                                {f"scoreboard_snapshot_age_seconds{{{WORKER}}}": constant(9)}),
    "ScoreboardLiveDown": (acting(1, up=0), acting(0, up=0)),
    "ScoreboardNchanMemory": (
        share("scoreboard_nchan_shared_memory_bytes", "scoreboard_nchan_shared_memory_limit_bytes", 0.88),
        share("scoreboard_nchan_shared_memory_bytes", "scoreboard_nchan_shared_memory_limit_bytes", 0.72)
        | {'scoreboard_nchan_shared_memory_bytes{instance="worker-2"}': constant(0),
           'scoreboard_nchan_shared_memory_limit_bytes{instance="worker-2"}': constant(0)}),
    "ScoreboardOpenFiles": (share("process_open_fds", "process_max_fds", 0.88),
                            share("process_open_fds", "process_max_fds", 0.72)),
    "ScoreboardSiteDown": (probed("probe_success", 0), probed("probe_success", 1)),
    "ScoreboardCertificateExpires": (certificate(12.6), certificate(15.4)),
    # A CD is always full.
    "ScoreboardDiskFilling": (disk(0.88), disk(0.72, 0.72) | disk(1, at="/media/cd", readonly=1)),
    # A tenth above would be more than all of it.
    "ScoreboardDiskFull": (disk(0.96), disk(0.855, 0.855) | disk(1, at="/media/cd", readonly=1)),
    "ScoreboardExporterDown": (probed("up", 0, "scoreboard-host"),
                               probed("up", 1) | probed("up", 0, "another")),
}


def promtool(*arguments):
    return subprocess.run([PROMTOOL, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=300)


def judged(cases, tmp_path, rules=MONITORING / "alerts.yml"):
    """What promtool says against (alert, series, 1 if it is to fire after an hour of these series,
    else 0); nothing if it is all so."""
    name = tmp_path / "test.yml"
    name.write_text(yaml.safe_dump({"rule_files": [str(rules)], "tests": [{
        "interval": "15s",
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [{
            "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)',
            "eval_time": "60m",
            "exp_samples": [{"labels": "{}", "value": firing}]}]}
        for alert, series, firing in cases]}))
    done = promtool("test", "rules", name)
    assert (done.returncode == 0) == ("SUCCESS" in done.stdout + done.stderr)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_rules_and_the_configuration_are_good(tmp_path):
    done = promtool("check", "rules", MONITORING / "alerts.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    done = promtool("check", "config", MONITORING / "prometheus.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_in_the_table():
    assert set(CASES) == set(RULES)


def test_every_alert_fires_above_its_threshold(tmp_path):
    assert judged([(alert, above, 1) for alert, (above, _) in CASES.items()], tmp_path) == ""


def test_no_alert_fires_below_its_threshold(tmp_path):
    assert judged([(alert, below, 0) for alert, (_, below) in CASES.items()], tmp_path) == ""


def test_a_disk_without_room_for_another_file_is_full(tmp_path):
    cases = [("ScoreboardDiskFilling", disk(0.1, 0.88), 1), ("ScoreboardDiskFull", disk(0.1, 0.96), 1),
             ("ScoreboardDiskFilling", disk(0.1) | disk(0.88, at="/var/lib/postgresql"), 1)]
    assert judged(cases, tmp_path) == ""


def test_a_threshold_that_is_moved_is_seen(tmp_path):
    text = (MONITORING / "alerts.yml").read_text()
    assert text.count("> 0.01\n") == 1
    moved = tmp_path / "moved.yml"
    moved.write_text(text.replace("> 0.01\n", "> 0.02\n"))
    case = ("ScoreboardErrorRatio", CASES["ScoreboardErrorRatio"][0], 1)
    assert "ScoreboardErrorRatio" in judged([case], tmp_path, moved)


def sections(page):
    """Heading -> text below it, as links find it."""
    parts = re.split(r"^## +(\S+) *$", page, flags=re.MULTILINE)
    return {heading.lower(): text.strip() for heading, text in zip(parts[1::2], parts[2::2])}


RUNBOOK = sections((MONITORING / "runbook.md").read_text())


@pytest.mark.parametrize("alert", RULES)
def test_every_alert_leads_to_its_section(alert):
    rule = RULES[alert]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook_url"] == f"docs/monitoring/runbook.md#{alert.lower()}"
    text = RUNBOOK[alert.lower()]
    for part in ("**Means.**", "**Look.**", "**Do.**"):
        assert part in text, f"{alert}: no {part}"


def test_no_section_is_of_an_alert_that_is_gone():
    assert {name for name in RUNBOOK if name.startswith("scoreboard")} == {a.lower() for a in RULES}
