# SPDX-License-Identifier: Apache-2.0
"""A certificate that a board of this machine signs for itself: made once, made again when it is about
to expire."""
import os
import subprocess

DAYS = 90
RENEW_SECONDS = 7 * 24 * 3600


def still_good(certificate, key):
    if not certificate.exists() or not key.exists():
        return False
    return subprocess.run(
        ["openssl", "x509", "-in", certificate, "-noout", "-checkend", str(RENEW_SECONDS)],
        stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def make_certificate(directory):
    """(certificate, key), files in `directory`. RuntimeError with openssl's words."""
    certificate, key = directory / "tls.crt", directory / "tls.key"
    if still_good(certificate, key):
        return certificate, key
    before = os.umask(0o077)
    try:
        done = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-noenc", "-keyout", key, "-out", certificate, "-days", str(DAYS),
             "-subj", "/CN=Scoreboard on this machine",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1",
             "-addext", "basicConstraints=critical,CA:FALSE",
             "-addext", "keyUsage=critical,digitalSignature",
             "-addext", "extendedKeyUsage=serverAuth"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
    finally:
        os.umask(before)
    if done.returncode != 0:
        raise RuntimeError(f"openssl made no certificate:\n{done.stderr.strip()}")
    key.chmod(0o600)
    return certificate, key
