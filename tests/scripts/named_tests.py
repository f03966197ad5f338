# SPDX-License-Identifier: Apache-2.0
"""Pages name the tests that hold what they say, as `tests/folder/test_file.py::test_name`."""
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TEST = re.compile(r"`(tests/[\w/]+\.(?:py|cpp))::(\w+)`")


def rows(page, heading):
    """The table below a heading: its rows, as lists of cells, without the head."""
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def exists(file, test, top=TOP):
    path = top / file
    if not path.is_file():
        return False
    # The second way: a test that is there only where it can be run.
    declared = (rf"^(def {test}\(| +{test} = )" if file.endswith(".py") else
                rf"^BOOST_(AUTO|DATA)_TEST_CASE\({test}[,)]")
    return re.search(declared, path.read_text(), re.MULTILINE) is not None
