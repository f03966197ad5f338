# SPDX-License-Identifier: Apache-2.0
"""What an administrator does who has read README.Debian."""
from debian import call

NAME = "scores.test"
CERTIFICATE = f"/etc/letsencrypt/live/{NAME}"
NAMED = "/etc/scoreboard/nginx/name.conf"


def bring(machine, package):
    """The machine has no network: the package is laid where apt finds it."""
    call("cp", package, machine.root / "opt")
    return f"/opt/{package.name}"


def make_certificate(machine):
    machine.shell(f"mkdir -p {CERTIFICATE} && openssl req -x509 -newkey ec -pkeyopt "
                  f"ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={NAME} "
                  f"-keyout {CERTIFICATE}/privkey.pem -out {CERTIFICATE}/fullchain.pem")


def readme_commands(machine):
    """The first block of commands of README.Debian, for this board's name: at most five."""
    text = machine.shell("zcat -f /usr/share/doc/scoreboard/README.Debian*").stdout
    lines = text.split("\n\n")[2].splitlines()
    assert len(lines) <= 5 and all(line.startswith("  ") for line in lines), lines
    return [line.strip().replace("scores.example", NAME) for line in lines]
