# SPDX-License-Identifier: Apache-2.0
"""The certificate that scripts/run --tls makes."""
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from certificate import make_certificate  # noqa: E402


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True).stdout


def test_it_is_for_this_machine_and_its_key_is_private(tmp_path):
    certificate, key = make_certificate(tmp_path)
    assert key.stat().st_mode & 0o777 == 0o600
    text = openssl("x509", "-in", certificate, "-noout", "-text")
    for word in ("DNS:localhost", "IP Address:127.0.0.1", "CA:FALSE", "ASN1 OID: prime256v1",
                 "TLS Web Server Authentication"):
        assert word in text
    assert (openssl("x509", "-in", certificate, "-noout", "-pubkey") ==
            openssl("pkey", "-in", key, "-pubout"))


def test_it_is_kept_until_it_is_about_to_expire(tmp_path):
    certificate, key = make_certificate(tmp_path)
    first = certificate.read_text()
    assert make_certificate(tmp_path) == (certificate, key)
    assert certificate.read_text() == first
    for days, kept in (("8", True), ("6", False)):
        openssl("req", "-x509", "-key", key, "-out", certificate, "-days", days, "-subj", "/CN=x")
        ours = certificate.read_text()
        make_certificate(tmp_path)
        assert (certificate.read_text() == ours) == kept


@pytest.mark.parametrize("lost", ["tls.key", "tls.crt"])
def test_what_is_lost_is_made_again(tmp_path, lost):
    certificate, key = make_certificate(tmp_path)
    (tmp_path / lost).unlink()
    make_certificate(tmp_path)
    assert (openssl("x509", "-in", certificate, "-noout", "-pubkey") ==
            openssl("pkey", "-in", key, "-pubout"))


def test_openssls_words_are_handed_on(tmp_path):
    with pytest.raises(RuntimeError, match="openssl made no certificate"):
        make_certificate(tmp_path / "nowhere")
