# SPDX-License-Identifier: Apache-2.0
"""What scripts/fuzz looks for, and what scripts/test replays, are the same targets."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FUZZ = ROOT / "tests" / "fuzz"
TARGETS = sorted(
    path.stem for path in FUZZ.glob("*.cpp") if "LLVMFuzzerTestOneInput" in path.read_text()
)


def test_every_target_is_built_and_has_a_corpus():
    built = re.findall(r"^scoreboard_fuzz\((\w+)", (ROOT / "CMakeLists.txt").read_text(), re.M)
    assert len(TARGETS) >= 9
    assert sorted(built) == TARGETS
    assert sorted(path.name for path in (FUZZ / "corpus").iterdir()) == TARGETS


def test_inputs_are_small():
    inputs = [path for path in (FUZZ / "corpus").rglob("*") if path.is_file()]
    assert len(inputs) < 1000
    assert [path for path in inputs if path.stat().st_size > 4096] == []


@pytest.mark.parametrize("arguments", [["nothing"], ["json", "0"], ["json", "soon"], ["json", "-1"]])
def test_what_nobody_can_look_for_is_refused_before_anything_is_built(arguments):
    done = subprocess.run(
        [ROOT / "scripts" / "fuzz", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert arguments[-1] in done.stderr
