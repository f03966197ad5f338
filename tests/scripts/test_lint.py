# SPDX-License-Identifier: Apache-2.0
"""scripts/lint is fed trees with one mistake each, and has to find it wherever it is."""

import json
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGURATION = """
Checks: '-*,readability-identifier-naming'
WarningsAsErrors: '*'
HeaderFilterRegex: '/(fcgi|tests)/'
CheckOptions: [{key: readability-identifier-naming.FunctionCase, value: lower_case}]
"""
GOOD = {
    ".clang-tidy": CONFIGURATION,
    "fcgi/a/a.hpp": "#pragma once\ninline int in_header() { return 1; }\n",
    "fcgi/a/a.cpp": '#include "a/a.hpp"\nnamespace { int same() { return in_header(); } }\n'
    "int use_a() { return same(); }\n",
    "fcgi/a/b.cpp": '#include "a/a.hpp"\nnamespace { int same() { return 2; } }\n'
    "int use_b() { return same(); }\n",
    "tests/a_test.cpp": "int test_a() { return 3; }\n",
}


@pytest.fixture
def lint(tmp_path):
    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(changes=(), built=True):
        write(dict(changes))
        sources = sorted(str(path) for path in tmp_path.glob("*/**/*.cpp") if "build" not in path.parts)
        commands = [{"file": file, "directory": str(tmp_path),
                     "command": f"c++ -I{tmp_path}/fcgi -g -o x.o -c {file}"} for file in sources]
        write({"build/debug/compile_commands.json": json.dumps(commands if built else commands[1:])})
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        subprocess.run(["git", "add", "fcgi", "tests"], cwd=tmp_path, check=True)
        done = subprocess.run([ROOT / "scripts" / "lint", "--root", tmp_path, "--times"],
                              capture_output=True, text=True, check=False)  # fmt: skip
        return done.returncode, done.stdout.replace(str(tmp_path), "")

    write(GOOD)
    return run


def test_a_good_tree_passes_and_is_not_read_again_until_it_changes(lint):
    status, said = lint()
    assert status == 0
    assert "3 sources, 0 findings\n" in said
    # a.cpp and b.cpp have a name in common.
    assert " 0-1  1 sources" in said and " 0-2  1 sources" in said
    status, said = lint()
    assert (status, said.splitlines()[0]) == (0, "3 sources, 0 findings")
    assert " 0-1 " not in said
    status, said = lint({"fcgi/a/a.hpp": GOOD["fcgi/a/a.hpp"].replace("in_header", "InHeader"),
                         "fcgi/a/a.cpp": GOOD["fcgi/a/a.cpp"].replace("in_header", "InHeader")})
    assert status == 1
    assert said.count("/fcgi/a/a.hpp:2:12: error: invalid case style") == 1


@pytest.mark.parametrize("file", ["fcgi/a/a.cpp", "fcgi/a/b.cpp", "tests/a_test.cpp"])
def test_a_finding_is_told_with_its_place_and_told_again(lint, file):
    bad = GOOD[file] + "int Loud() { return 0; }\n"
    line = bad.count("\n")
    for _ in range(2):
        status, said = lint({file: bad})
        assert status == 1
        assert f"/{file}:{line}:5: error: invalid case style for function 'Loud'" in said
        assert "3 sources, 1 findings\n" in said


def test_what_is_no_cpp_is_an_error(lint):
    status, said = lint({"fcgi/a/b.cpp": "int broken( {\n"})
    assert status == 1
    assert "/fcgi/a/b.cpp:1:" in said


def test_a_source_that_nobody_builds_is_an_error(lint):
    status, said = lint(built=False)
    assert status == 1
    assert "error: /fcgi/a/a.cpp is not built" in said


def test_a_part_of_the_tree_may_have_rules_of_its_own(lint):
    own = "InheritParentConfig: true\nChecks: '-readability-identifier-naming,misc-static-assert'\n"
    loud = "int Loud() { return 0; }\n"
    assert lint({"tests/a_test.cpp": loud})[0] == 1
    assert lint({"tests/.clang-tidy": own})[0] == 0
    assert lint({"fcgi/a/a.cpp": loud})[0] == 1
