# SPDX-License-Identifier: Apache-2.0
"""docs/operations.md, block after block, on a Debian of its own."""
import re

import pytest

import certificate_authority
from administrator import NAME, bring
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
    """With the package's file, and a certificate authority that its curl believes."""
    bring(machine, package)
    certificate_authority.start(machine, NAME)
    return machine


@pytest.mark.parametrize("commands", blocks())
def test_commands_of_the_manual(host, commands):
    done = host.run("bash", text="set -euo pipefail; cd /\n" + commands, check=False)
    assert done.returncode == 0, (commands, done.stdout[-3000:], done.stderr[-3000:])


def test_it_is_the_manual():
    assert len(list(blocks())) > 15
