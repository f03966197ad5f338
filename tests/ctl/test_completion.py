# SPDX-License-Identifier: Apache-2.0
"""The manual page and the completion know every command."""
import re
import subprocess
from pathlib import Path

import pytest

from boards import BUILD, TOP

PROGRAM = BUILD / "bin" / "scoreboardctl"


def commands(*words):
    help_text = subprocess.run([PROGRAM, *words, "--help"], capture_output=True, text=True,
                               check=True).stdout
    _, _, listed = help_text.partition("Subcommands:\n")
    return re.findall(r"^  ([a-z][a-z-]*)", listed, re.MULTILINE)


def completed(*words):
    line = " ".join(f"'{word}'" for word in ("scoreboardctl", *words))
    done = subprocess.run(
        ["bash", "-c", f". {TOP}/scripts/lib/debian/scoreboardctl.bash-completion;"
         f" COMP_WORDS=({line}); COMP_CWORD={len(words)}; _scoreboardctl; printf '%s\\n' \"${{COMPREPLY[@]}}\""],
        env={"PATH": f"{Path(PROGRAM).parent}:/usr/bin:/bin"}, capture_output=True, text=True,
        check=True)
    return done.stdout.split()


def test_the_manual_page_has_every_command():
    page = (TOP / "docs" / "man" / "scoreboardctl.1").read_text()
    described = re.findall(r"^\.It Ic ([a-z]+)(.*)$", page, re.MULTILINE)
    assert [name for name, _ in described] == commands()
    for name, rest in described:
        below = re.search(r" Cm ([a-z |]+)$", rest)
        assert (below[1].split(" | ") if below else []) == commands(name), name


@pytest.mark.parametrize("words,found", [
    (("mig",), ["migrate"]),
    (("config", ""), commands("config")),
    (("retention", "--ke"), ["--keep"]),
    (("nothing-of-this-kind", "x"), []),
])
def test_the_completion_offers_what_the_program_itself_names(words, found):
    assert [word for word in completed(*words) if not word.startswith("-") or words[-1]] == found
