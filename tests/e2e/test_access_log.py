# SPDX-License-Identifier: Apache-2.0
"""What the edge writes down of a request."""
import http.client
import json
import os
import socket
import subprocess

import pytest

from boards import eventually
from client import raw, request


def test_an_address_loses_its_last_part(make_board):
    board = make_board()
    request(board, "GET", "/nowhere")
    log = board.data / "log" / "edge-access.log"
    lines = eventually(lambda: [line for line in log.read_text().splitlines() if "nowhere" in line])
    assert json.loads(lines[0])["address"] == "127.0.0.0"
    assert "127.0.0.1" not in log.read_text()


@pytest.fixture(scope="module")
def masked(board, tmp_path_factory):
    """masked(address) -> what the edge's own maps make of it, for the log and for the limits: an Nginx
    that believes X-Real-IP."""
    home = tmp_path_factory.mktemp("n")
    user = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(f"""
{user} daemon off; pid {home}/pid; error_log {home}/log; events {{ }}
http {{
  access_log off;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi; uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
  geo $scoreboard_limited {{ default 0; }}
  include {board.data}/run/nginx/snippets/maps.conf;
  server {{
    listen unix:{board.data}/run/mask.sock;
    set_real_ip_from unix:;
    real_ip_header X-Real-IP;
    return 200 "$scoreboard_masked_address $scoreboard_client";
  }}
}}
""")
    path = board.data / "run" / "mask.sock"
    process = subprocess.Popen(["/usr/sbin/nginx", "-e", home / "log", "-c", home / "nginx.conf"],
                               stdin=subprocess.DEVNULL)
    assert eventually((home / "pid").exists)  # written once it listens

    def ask(address):
        connection = http.client.HTTPConnection("mask")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(path))
        connection.request("GET", "/", headers={"X-Real-IP": address})
        answer = connection.getresponse().read().decode().split(" ")
        connection.close()
        return answer

    yield ask
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize("address,expected", [
    ("203.0.113.77", "203.0.113.0"), ("2001:db8:1234:5678:9abc:def0:1:2", "2001:db8:1234::"),
    ("2001:db8:1234::1", "2001:db8:1234::"), ("2001:db8::1", "2001:db8::"),
    ("2001:db8:0:1:2:3:4:5", "2001:db8::"), ("2001::5", "2001::"), ("2001:0:0:1:2:3:4:5", "2001::"),
    ("2001:0:1:2:3:4:5:6", "2001:0:1::"), ("::1", "::"),
    ("::ffff:203.0.113.77", "::ffff:203.0.113.0"),
    ("no address", "unknown")])
def test_the_edge_masks_addresses_as_the_workers_do(masked, address, expected):
    assert masked(address)[0] == expected


@pytest.mark.parametrize("address,expected", [
    ("203.0.113.77", "203.0.113.77"), ("::ffff:203.0.113.77", "::ffff:203.0.113.77"), ("::1", "::1"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("2001:db8:1:2::6", "2001:db8:1:2::"),
    ("2001:db8:1:2:3::", "2001:db8:1:2::"), ("2001:db8:1::4", "2001:db8:1::"),
    ("2001:db8::3:4:5:6", "2001:db8::"), ("2001:db8::6", "2001:db8::"),
    ("2001:0:0:9:3:4:5:6", "2001:0:0:9::"), ("2001::4:5:6", "2001::"),
    ("2001:0:0:0:3:4:5:6", "2001::")])
def test_the_limits_count_networks_of_ipv6(masked, address, expected):
    assert masked(address)[1] == expected


def test_hostile_bytes_leave_a_log_of_json_lines(make_board):
    board = make_board()
    for line in (b"GET /\xff\xfe?x=\xff HTTP/1.1", b"GET /caf\xc3\xa9/x HTTP/1.1",
                 b"GET /api/a\"\\\x80 HTTP/1.1", b"GET /ws/me?token=\xff HTTP/1.1",
                 b"GET /plain?\xff HTTP/1.1", b"\xff\xff / HTTP/1.1"):
        raw(board, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    log = board.data / "log" / "edge-access.log"
    assert eventually(lambda: b"/plain" in log.read_bytes())
    lines = [json.loads(line) for line in log.read_bytes().decode("utf-8").splitlines()]
    paths = {line["path"] for line in lines}
    assert {"/(cut)", "/caf(cut)", "/api/a\"\\(cut)", "/ws/me", "/plain"} <= paths
    for name in ("worker-1", "worker-2"):
        for line in (board.data / "log" / f"{name}.log").read_bytes().splitlines():
            json.loads(line.decode("utf-8"))
