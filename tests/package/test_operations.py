# SPDX-License-Identifier: Apache-2.0
"""docs/operations.md, block after block, on a Debian of its own."""
import re

import pytest

from administrator import NAME, bring, make_certificate
from debian import TOP

TEXT = (TOP / "docs" / "operations.md").read_text()
BLOCKS = re.findall(r"^## (.*?)$|^```sh test\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def blocks():
    heading = None
    for title, commands in BLOCKS:
        if title:
            heading = title
        else:
            yield pytest.param(commands.replace("scores.example", NAME), id=heading)


@pytest.fixture(scope="module")
def host(machine, package):
    """With the package's file, and a certificate that its curl believes, as certbot would bring it."""
    bring(machine, package)
    make_certificate(machine)
    machine.shell(f"echo 127.0.0.1 {NAME} >> /etc/hosts"
                  f" && cp /etc/letsencrypt/live/{NAME}/fullchain.pem /usr/local/share/ca-certificates/{NAME}.crt"
                  " && update-ca-certificates")
    return machine


@pytest.mark.parametrize("commands", blocks())
def test_commands_of_the_manual(host, commands):
    done = host.run("bash", text="set -euo pipefail; cd /\n" + commands, check=False)
    assert done.returncode == 0, (commands, done.stdout[-3000:], done.stderr[-3000:])


def test_it_is_the_manual():
    assert len(list(blocks())) > 15
