# SPDX-License-Identifier: Apache-2.0
"""Traces: from the caller's traceparent over Nginx, worker and database to the board that shows it."""
import json
import os
import statistics
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from boards import BUILD, eventually
from client import Player, request

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


class Collector:
    """Takes OTLP/HTTP as an OpenTelemetry collector does and keeps the spans."""

    def __init__(self, pause=0):
        self.spans = []
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, self.headers["Content-Type"]))
                time.sleep(pause)
                for resource in body["resourceSpans"]:
                    attributes = {a["key"]: a["value"] for a in resource["resource"]["attributes"]}
                    for scope in resource["scopeSpans"]:
                        for span in scope["spans"]:
                            outer.spans.append({**span, "service": attributes["service.name"]["stringValue"]})
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"

    def of(self, trace):
        return [span for span in self.spans if span["traceId"] == trace]

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def collector():
    one = Collector()
    yield one
    one.close()


def traced_board(make_board, endpoint, permille=0, trust=1):
    return make_board({"SCOREBOARD_TRACES_ENDPOINT": endpoint,
                       "SCOREBOARD_TRACES_SAMPLE_PERMILLE": str(permille),
                       "SCOREBOARD_TRACES_TRUST_CALLERS": str(trust)})


def attributes(span):
    return {a["key"]: next(iter(a["value"].values())) for a in span["attributes"]}


def log_lines(board, name):
    text = "".join(file.read_text() for file in (board.data / "log").glob(name))
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_an_award_is_followed_from_the_edge_to_the_board(make_board, collector):
    board = traced_board(make_board, collector.url)
    player = Player(board)
    body, headers = player.increment_request()
    answer = request(board, "POST", "/api/scores/increment", body,
                     {**headers, "traceparent": f"00-{TRACE}-{PARENT}-01"})
    assert answer.status == 200
    assert eventually(lambda: len(collector.of(TRACE)) >= 5, 5), collector.of(TRACE)
    time.sleep(1.2)
    spans = collector.of(TRACE)
    assert len(spans) == 5, spans
    edge = next(span for span in spans if span["service"] == "scoreboard-edge")
    worker = next(span for span in spans if span["service"] == "scoreboard-worker" and span["kind"] == 2)
    below = {span["name"]: span for span in spans if span["parentSpanId"] == worker["spanId"]}
    assert edge["parentSpanId"] == PARENT
    assert worker["parentSpanId"] == edge["spanId"]
    assert set(below) == {"wait for a committer", "commit batch", "publish board"}
    assert len({span["spanId"] for span in spans}) == 5
    began = {name: int(span["startTimeUnixNano"]) for name, span in below.items()}
    assert began["wait for a committer"] <= began["commit batch"] < began["publish board"]
    for span in spans:
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
        assert abs(int(span["startTimeUnixNano"]) / 1e9 - time.time()) < 60
    assert int(edge["startTimeUnixNano"]) <= int(worker["startTimeUnixNano"])
    said = attributes(worker)
    assert said["url.path"] == "/api/scores/increment"
    assert said["http.response.status_code"] == "200"
    assert said["scoreboard.request_id"] == answer.headers["X-Request-Id"]
    assert attributes(below["commit batch"])["db.operation.batch.size"] == "1"
    assert set(collector.requests) == {("/v1/traces", "application/json")}
    # The same id leads from a log line to its trace, at the edge and in the worker.
    for name in ("worker*", "edge-access*"):
        lines = [line for line in log_lines(board, name) if line.get("trace_id") == TRACE]
        assert [line["request_id"] for line in lines] == [answer.headers["X-Request-Id"]], name


def test_a_refusal_is_told_with_its_code(make_board, collector):
    board = traced_board(make_board, collector.url)
    answer = request(board, "GET", "/api/scores/me", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    assert answer.status == 401
    assert eventually(lambda: len(collector.of(TRACE)) == 2, 5)
    for span in collector.of(TRACE):
        assert attributes(span)["error.type"] == "UNAUTHENTICATED"
        assert span["status"] == {}, "a client's mistake is no failure of ours"


def test_who_records_nothing_is_not_recorded_and_a_broken_field_is_none(make_board, collector):
    board = traced_board(make_board, collector.url)
    sent = [f"00-{TRACE}-{PARENT}-00", f"00-{TRACE.upper()}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01x",
            f"ff-{TRACE}-{PARENT}-01", f"00-{'0' * 32}-{PARENT}-01", "x" * 2000]
    ids = [request(board, "GET", "/api/health/live", headers={"traceparent": field}).headers["X-Request-Id"]
           for field in sent]
    last = "4bf92f3577b34da6a3ce929d0e0e4736"
    request(board, "GET", "/api/health/live", headers={"traceparent": f"00-{last}-{PARENT}-01"})
    assert eventually(lambda: len(collector.of(last)) == 2, 5)
    assert {span["traceId"] for span in collector.spans} == {last}
    for name in ("worker*", "edge-access*"):
        traces = {line["request_id"]: line["trace_id"] for line in log_lines(board, name)
                  if line["event"] in ("request", "edge")}
        assert [traces[i] for i in ids] == [TRACE] + ids[1:], name


def test_no_stranger_has_anything_recorded(make_board, collector):
    """Neither by the flag nor by an id that is part of any share."""
    board = traced_board(make_board, collector.url, permille=1, trust=0)
    chosen = TRACE[:-7] + "0000000"
    answers = [request(board, "GET", "/api/health/live", headers={"traceparent": f"00-{trace}-{PARENT}-01"})
               for trace in (TRACE, chosen) * 5]
    time.sleep(1.5)
    assert len(collector.of(TRACE) + collector.of(chosen)) <= 2, "one request of ten at most, by chance"
    # The id is kept all the same.
    ids = {answer.headers["X-Request-Id"] for answer in answers}
    told = [line["trace_id"] for line in log_lines(board, "worker*") if line.get("request_id") in ids]
    assert sorted(told) == sorted([TRACE, chosen] * 5)


def test_what_we_choose_is_recorded_under_the_callers_id(make_board, collector):
    board = traced_board(make_board, collector.url, permille=1000, trust=0)
    request(board, "GET", "/api/health/live", headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    assert eventually(lambda: len(collector.of(TRACE)) == 2, 5)
    edge = next(span for span in collector.of(TRACE) if span["service"] == "scoreboard-edge")
    assert edge["parentSpanId"] == PARENT


def test_the_wanted_share_is_recorded(make_board, collector):
    board = traced_board(make_board, collector.url, permille=1000)
    answer = request(board, "GET", "/api/health/live")
    trace = answer.headers["X-Request-Id"]
    assert eventually(lambda: len(collector.of(trace)) == 2, 5)
    edge = next(span for span in collector.of(trace) if span["service"] == "scoreboard-edge")
    assert "parentSpanId" not in edge


def test_a_collector_that_hangs_or_is_away_is_in_nobodys_way(make_board):
    slow = Collector(pause=3)
    try:
        board = traced_board(make_board, slow.url, permille=1000)
        seconds = []
        for _ in range(100):
            began = time.monotonic()
            assert request(board, "GET", "/api/health/live").status == 200
            seconds.append(time.monotonic() - began)
        assert statistics.median(seconds) < 0.5, "a pause of the collector would be three seconds"
        assert max(seconds) < 2.5
        assert eventually(lambda: any(line["event"] == "spans_lost" for line in log_lines(board, "worker*")), 10)
    finally:
        slow.close()
    assert request(board, "GET", "/api/health/live").status == 200


def test_a_line_in_the_journal_has_its_fields(tmp_path):
    """journald's socket in a mount namespace of the test's own; the line is what a worker says that
    was given no listening socket."""
    receiver = tmp_path / "receive.py"
    receiver.write_text("""
import os, socket, subprocess, sys
os.makedirs("/run/systemd/journal")
journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
journal.bind("/run/systemd/journal/socket")
journal.settimeout(10)
with open(sys.argv[2], "w") as error:
    stream = os.fstat(error.fileno())
    code = subprocess.run(sys.argv[3:], stdin=subprocess.DEVNULL, stderr=error, env={
        **os.environ, "JOURNAL_STREAM": f"{stream.st_dev}:{stream.st_ino}"}).returncode
open(sys.argv[1], "wb").write(journal.recv(65536))
sys.exit(code)
""")
    entry, error = tmp_path / "entry", tmp_path / "error"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh", "/usr/bin/python3",
         receiver, entry, error, BUILD / "bin" / "scoreboard-worker", "--config", ""],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
        env={key: value for key, value in os.environ.items() if not key.startswith("LISTEN_")})
    assert done.returncode == 1, done
    fields = dict(line.split("=", 1) for line in entry.read_text().splitlines())
    assert fields["EVENT"] == "start_failed"
    assert fields["PRIORITY"] == "3"
    assert fields["REASON"]
    assert json.loads(fields["MESSAGE"])["reason"] == fields["REASON"]
    assert error.read_text() == "", "told once"
