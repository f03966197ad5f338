# SPDX-License-Identifier: Apache-2.0
"""TLS at the edge: the production site file, what scripts/run --tls makes of it, and certbot."""
import http.client
import re
import signal
import socket
import ssl
import subprocess
import sys

import pytest

from boards import TOP, eventually, free_port
from client import Player, assert_problem, request
from edges import Edge, PlainDoor, make_certificate
from watchers import Watcher

NAME = "scores.example"


@pytest.fixture(scope="module")
def edge():
    one = Edge(server_name=NAME).start()
    yield one
    one.stop()


def s_client(port, *words):
    """What openssl says of a handshake, both streams."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *words],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", timeout=10)
    return done.stdout + done.stderr


@pytest.mark.parametrize("version", ["tls1", "tls1_1"])
def test_old_versions_are_refused_by_the_server(edge, version):
    # Security level 0: or the client would not even ask.
    said = s_client(edge.port, f"-{version}", "-cipher", "ALL:@SECLEVEL=0")
    assert "alert protocol version" in said and "Cipher is (NONE)" in said


@pytest.mark.parametrize("version,cipher", [
    ("tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256"), ("tls1_2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ("tls1_2", "ECDHE-ECDSA-CHACHA20-POLY1305"), ("tls1_3", "TLS_AES_128_GCM_SHA256"),
    ("tls1_3", "TLS_AES_256_GCM_SHA384"), ("tls1_3", "TLS_CHACHA20_POLY1305_SHA256")])
def test_new_versions_with_authenticated_encryption_are_spoken(edge, version, cipher):
    option = "-ciphersuites" if version == "tls1_3" else "-cipher"
    said = s_client(edge.port, f"-{version}", option, cipher, "-alpn", "h2,http/1.1", "-tlsextdebug")
    assert f"Cipher is {cipher}" in said
    assert "ALPN protocol: h2" in said
    assert "X25519" in said
    assert "session ticket:" not in said or version == "tls1_3"  # TLS 1.3 resumes by server memory
    assert 'TLS server extension "session ticket"' not in said


@pytest.mark.parametrize("words", [
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0"],
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"],
    ["-tls1_2", "-cipher", "AES256-GCM-SHA384:@SECLEVEL=0"],
    ["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"],
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"],
    ["-tls1_3", "-groups", "P-521"]])
def test_what_is_weak_fails_the_handshake(edge, words):
    said = s_client(edge.port, *words)
    assert "handshake failure" in said and "Cipher is (NONE)" in said


def test_the_server_chooses_the_cipher(edge):
    said = s_client(edge.port, "-tls1_2", "-cipher",
                    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256")
    assert "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256" in said


def plain(edge, method, path, headers=None):
    return request(PlainDoor(edge), method, path, headers=headers)


def test_plain_http_leads_people_to_tls_and_refuses_programs(edge):
    for path in ("/", "/problems?x=1&y=%20", "/apis"):
        for method in ("GET", "HEAD"):
            answer = plain(edge, method, path, {"Host": "evil.example"})
            assert answer.status == 308
            assert answer.headers["Location"] == f"https://127.0.0.1:{edge.port}{path}"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Strict-Transport-Security" not in answer.headers
        assert_problem(plain(edge, "POST", path), 403)
    for path in ("/api/leaderboard", "/api/auth/login", "/api", "/ws/leaderboard", "/ws/me?token=x",
                 "//api/scores/me"):
        for method in ("GET", "POST", "OPTIONS"):
            assert_problem(plain(edge, method, path), 403)


def test_challenges_of_certbot_are_served_over_plain_http(edge):
    challenge = edge.data / "acme" / ".well-known" / "acme-challenge" / "tOk_en-1"
    challenge.parent.mkdir(parents=True)
    challenge.write_text("tOk_en-1.thumbprint")
    answer = plain(edge, "GET", "/.well-known/acme-challenge/tOk_en-1")
    assert (answer.status, answer.body) == (200, b"tOk_en-1.thumbprint")
    assert answer.headers["Content-Type"] == "text/plain"
    assert_problem(plain(edge, "GET", "/.well-known/acme-challenge/none"), 404)
    assert plain(edge, "GET", "/.well-known/acme-challenge/../../edge-error.log").status == 308
    assert_problem(plain(edge, "GET", "/.well-known/acme-challenge/%2e%2e/%2e%2e/%2e%2e/x"), 400)


def certbot_edit(text, directory):
    """As `certbot --nginx --redirect` leaves a site file that has TLS already."""
    for word, file in (("ssl_certificate", "fullchain.pem"), ("ssl_certificate_key", "privkey.pem")):
        text, count = re.subn(rf"^  {word} .*;$", f"    {word} {directory}/{file}; # managed by Certbot",
                              text, flags=re.MULTILINE)
        assert count == 1
    challenge = ("rewrite ^(/.well-known/acme-challenge/.*) $1 break; # managed by Certbot\n"
                 "location = /.well-known/acme-challenge/mine{default_type text/plain;"
                 "return 200 mine.thumbprint;} # managed by Certbot\n"
                 f"    if ($host = {NAME}) {{\n        return 301 https://$host$request_uri;\n"
                 "    } # managed by Certbot\n")
    before, plain_server, rest = text.partition("server {\n")
    return before + plain_server + challenge + rest


def test_certbot_may_edit_the_site_file():
    edge = Edge(server_name=NAME)
    try:
        directory = edge.data / "letsencrypt"
        directory.mkdir()
        certificate, key = make_certificate(directory)
        certificate.rename(directory / "fullchain.pem")
        key.rename(directory / "privkey.pem")
        file = edge.data / "nginx" / "edge" / "site-tls.conf"
        file.write_text(certbot_edit(file.read_text(), directory))
        edge.start()
        answer = plain(edge, "GET", "/.well-known/acme-challenge/mine")
        assert (answer.status, answer.body) == (200, b"mine.thumbprint")
        shown = s_client(edge.port).partition("-----BEGIN")[2].partition("-----END")[0]
        assert shown.strip("- \n").startswith("CERTIFICATE")
        assert shown.split("\n", 1)[1].strip() in (directory / "fullchain.pem").read_text()
        assert request(edge, "GET", "/").status == 200
    finally:
        edge.stop()


def test_the_written_site_fits_into_debians_own_configuration(tmp_path):
    """Nothing that Debian's nginx.conf sets in its http block is set there again."""
    certificate, key = make_certificate(tmp_path)
    into = tmp_path / "scoreboard"
    subprocess.run([sys.executable, TOP / "scripts" / "nginx-site", "--into", into, "--name", NAME,
                    "--runtime", tmp_path, "--log", tmp_path, "--certificate", certificate,
                    "--certificate-key", key, "--allow-origin", "https://app.example"],
                   check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    site = into / "edge" / "site-tls.conf"
    text = site.read_text()
    for listen in ("  listen 80;", "  listen [::]:80;", "  listen 443 ssl http2;",
                   "  listen [::]:443 ssl http2;"):
        assert listen in text
    assert "return 308 https://$server_name$request_uri;" in text
    # Ports that anybody may open, and files that anybody may write.
    text = re.sub(r"^  listen \[.*\n", "", text, flags=re.MULTILINE)
    site.write_text(text.replace("listen 80", f"listen 127.0.0.1:{free_port()}")
                    .replace("listen 443", f"listen 127.0.0.1:{free_port()}"))
    metrics = into / "edge" / "metrics.conf"
    assert "  listen 127.0.0.1:9464;" in metrics.read_text()
    metrics.write_text(metrics.read_text().replace(":9464", f":{free_port()}"))
    debian = open("/etc/nginx/nginx.conf", encoding="utf-8").read()
    for old, new in (("/run/nginx.pid", f"{tmp_path}/pid"), ("/var/log/nginx", str(tmp_path)),
                     ("/etc/nginx/sites-enabled/*", f"{site}; include {metrics}")):
        assert old in debian
        debian = debian.replace(old, new)
    (tmp_path / "nginx.conf").write_text(debian)
    done = subprocess.run(["/usr/sbin/nginx", "-t", "-e", tmp_path / "error", "-c",
                           tmp_path / "nginx.conf"], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=20)
    assert done.returncode == 0 and "[warn]" not in done.stderr, done.stderr


def presented(board):
    """The certificate, as the edge shows it."""
    with socket.create_connection(("127.0.0.1", board.port), timeout=5) as connection:
        with board.tls.wrap_socket(connection) as stream:
            return stream.getpeercert(binary_form=True)


def test_scripts_run_serves_everything_over_tls(make_board):
    board = make_board(arguments=["--tls"])
    key = board.data / "keys" / "tls.key"
    assert key.stat().st_mode & 0o777 == 0o600
    page = request(board, "GET", "/")
    assert page.status == 200 and b"<!doctype html>" in page.body
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    player = Player(board)
    watchers = [Watcher(board, "/ws/leaderboard"), Watcher(board, "/ws/scores", "eventsource"),
                Watcher(board, f"/ws/me?token={player.get('/api/realtime/token').json['token']}",
                        headers={"Origin": board.url})]
    for watcher in watchers:
        assert watcher.opened.wait(3), watcher.fault
    assert player.update().status == 200
    assert eventually(lambda: all(watcher.messages for watcher in watchers), 3)

    connection = http.client.HTTPConnection("127.0.0.1", board.redirect_port, timeout=5)
    connection.request("GET", "/problems", headers={"Host": f"localhost:{board.redirect_port}"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (
        308, f"https://localhost:{board.port}/problems")
    connection.close()

    # A new certificate, as a renewal brings it: whoever is there stays.
    (board.data / "keys" / "tls.crt").unlink()
    certificate, _ = make_certificate(board.data / "keys")
    renewed = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    assert presented(board) != renewed
    board.kill("edge", signal.SIGHUP)
    assert eventually(lambda: presented(board) == renewed)
    told = [len(watcher.messages) for watcher in watchers]
    assert player.update().status == 200
    assert eventually(lambda: all(len(watcher.messages) > count
                                  for watcher, count in zip(watchers, told)), 3)
    assert not any(watcher.closed.is_set() for watcher in watchers)
    for watcher in watchers:
        watcher.stop()
    # Kept over a restart.
    board.stop()
    board.start()
    assert presented(board) == renewed
