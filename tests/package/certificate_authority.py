# SPDX-License-Identifier: Apache-2.0
"""Where a machine without a network has its certificates from: Pebble, Let's Encrypt's own server for tests,
as a service of the machine."""
import json

from boards import eventually

DIRECTORY = "/etc/pebble"
TRUSTED = "/usr/local/share/ca-certificates"
# What certbot would ask an administrator, answered beforehand.
CLI_INI = """server = https://localhost:14000/dir
agree-tos = true
register-unsafely-without-email = true
"""


def start(machine, name):
    """For `name`, which leads to the machine itself; whatever is in it believes what is issued."""
    machine.shell(f"""set -e
echo 127.0.0.1 {name} >> /etc/hosts
mkdir -p {DIRECTORY} /etc/letsencrypt
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost -keyout {DIRECTORY}/key.pem -out {DIRECTORY}/cert.pem
cp {DIRECTORY}/cert.pem {TRUSTED}/pebble.crt
update-ca-certificates""")
    (machine.root / DIRECTORY[1:] / "config.json").write_text(json.dumps({"pebble": {
        "listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
        "certificate": f"{DIRECTORY}/cert.pem", "privateKey": f"{DIRECTORY}/key.pem",
        "httpPort": 80, "tlsPort": 443}}))
    (machine.root / "etc/letsencrypt/cli.ini").write_text(CLI_INI)
    machine.run("systemd-run", "--quiet", "--unit=pebble", "--setenv=PEBBLE_VA_NOSLEEP=1", "pebble",
                "-config", f"{DIRECTORY}/config.json")
    root = f"curl -fsS https://localhost:15000/roots/0 > {TRUSTED}/issued.crt"
    assert eventually(lambda: machine.shell(root, check=False).returncode == 0, 10)
    machine.run("update-ca-certificates")
