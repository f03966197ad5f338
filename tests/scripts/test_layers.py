# SPDX-License-Identifier: Apache-2.0
"""scripts/layers is fed trees that break one rule each, and has to say which."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"

GOOD = {
    "CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\n"
    "scoreboard_layer(outcome)\n"
    "scoreboard_layer(ops outcome fmt::fmt)\n"
    "scoreboard_layer(board outcome)\n"
    "scoreboard_layer(http ops outcome)\n"
    "scoreboard_layer(store board ops)\n"
    "scoreboard_program(scoreboard-worker worker http store)\n",
    "fcgi/outcome/result.hpp": LICENCE + "#include <string>\n",
    "fcgi/ops/log.hpp": LICENCE + '#include <fmt/core.h>\n#include "outcome/result.hpp"\n',
    "fcgi/board/award.hpp": LICENCE + '#include "outcome/result.hpp"\n',
    "fcgi/http/request.hpp": LICENCE + '#include "ops/log.hpp"\n',
    "fcgi/store/store.hpp": LICENCE + '#include <soci/soci.h>\n#include "board/award.hpp"\n',
    "fcgi/worker/main.cpp": LICENCE + '#include <unistd.h>\n#include "store/store.hpp"\n',
    "tests/unit/ops/log_test.cpp": LICENCE + '#include "ops/log.hpp"\n',
    "scripts/run": "#!/bin/bash\n# SPDX-License-Identifier: Apache-2.0\n",
}


def check(root):
    return subprocess.run(
        [ROOT / "scripts" / "layers", "--root", root], capture_output=True, text=True, check=False
    )


@pytest.fixture
def tree(tmp_path):
    def make(changes):
        for name, text in {**GOOD, **changes}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
        return check(tmp_path)

    return make


def test_a_good_tree_passes(tree):
    done = tree({})
    assert (done.returncode, done.stdout) == (0, f"{len(GOOD)} files, 0 findings\n")


def test_this_tree_passes():
    done = check(ROOT)
    assert done.returncode == 0, done.stdout


def test_inputs_of_fuzz_targets_are_bytes_as_they_are(tree):
    done = tree({"tests/fuzz/corpus/json/0": b"\xff\t \r", "tests/fuzz/corpus/json/1": b""})
    assert (done.returncode, done.stdout) == (0, f"{len(GOOD)} files, 0 findings\n")


def test_an_empty_tree_is_no_success(tmp_path):
    assert check(tmp_path).returncode == 1


CMAKE = GOOD["CMakeLists.txt"]
BAD = {
    "an include that points up": (
        {"fcgi/ops/log.hpp": LICENCE + '#include "http/request.hpp"\n'},
        "fcgi/ops/log.hpp:2: ops (level 0) may not include http/request.hpp (level 2)",
    ),
    "an include between twins": (
        {"fcgi/http/request.hpp": LICENCE + '\n#  include "store/store.hpp"\n'},
        "fcgi/http/request.hpp:3: http (level 2) may not include store/store.hpp (level 2)",
    ),
    "an include that CMake does not link": (
        {"fcgi/http/request.hpp": LICENCE + '#include "board/award.hpp"\n'},
        "fcgi/http/request.hpp:2: http includes board/award.hpp, but CMakeLists.txt does not link",
    ),
    "an include without its folder": (
        {"fcgi/ops/log.cpp": LICENCE + '#include "log.hpp"\n'},
        'fcgi/ops/log.cpp:2: "log.hpp" is not "folder/file.hpp"',
    ),
    "an include of nothing": (
        {"fcgi/ops/log.cpp": LICENCE + '#include "ops/gone.hpp"\n'},
        'fcgi/ops/log.cpp:2: "ops/gone.hpp" does not exist',
    ),
    "a library outside its folder": (
        {"fcgi/http/request.hpp": LICENCE + "#include <soci/soci.h>\n"},
        "fcgi/http/request.hpp:2: <soci/soci.h> belongs to store/, not to http/",
    ),
    "a library without a folder": (
        {"fcgi/http/request.hpp": LICENCE + "#include <boost/asio.hpp>\n"},
        "fcgi/http/request.hpp:2: <boost/asio.hpp> has no home",
    ),
    "a game that knows the operating system": (
        {"fcgi/board/award.hpp": LICENCE + "#include <unistd.h>\n"},
        "fcgi/board/award.hpp:2: board includes <unistd.h>",
    ),
    "a link that points up": (
        {"CMakeLists.txt": CMAKE.replace("(board outcome)", "(board outcome store)")},
        "CMakeLists.txt: links board with store, not an arrow down",
    ),
    "a link between twins": (
        {"CMakeLists.txt": CMAKE.replace("(store board", "(store http board")},
        "CMakeLists.txt: links store with http, not an arrow down",
    ),
    "a layer that nobody builds": (
        {"fcgi/json/value.hpp": LICENCE},
        "CMakeLists.txt: fcgi/json is not built",
    ),
    "a folder that is not on the map": (
        {"fcgi/misc/things.hpp": LICENCE},
        "fcgi/misc: is not on the map",
    ),
    "a stranger at the top level": ({"src/a.txt": "a\n"}, "src: does not belong"),
    "a header that is too long": (
        {"fcgi/ops/log.hpp": LICENCE + "//\n" * 130},
        "fcgi/ops/log.hpp: 131 lines; at most 130",
    ),
    "a source that is too long": (
        {"fcgi/ops/log.cpp": LICENCE + "//\n" * 300},
        "fcgi/ops/log.cpp: 301 lines; at most 300",
    ),
    "a line that is too long": (
        {"tests/unit/ops/log_test.cpp": LICENCE + "//" + "x" * 99 + "\n"},
        "tests/unit/ops/log_test.cpp:2: 101 columns; at most 100",
    ),
    "a file without a licence": (
        {"fcgi/ops/log.cpp": "#include <string>\n"},
        "fcgi/ops/log.cpp:1: does not begin with SPDX",
    ),
    "a script without a licence": (
        {"scripts/run": "#!/bin/bash\necho\n"},
        "scripts/run:1: does not begin with SPDX",
    ),
    "a loose end": (
        {"scripts/run": GOOD["scripts/run"] + "# TO" + "DO: later\n"},
        "scripts/run:3: a loose end",
    ),
    "a vague file": (
        {"fcgi/ops/log_utils.hpp": LICENCE},
        "fcgi/ops/log_utils.hpp: a file is named for its one idea",
    ),
    "a vague type": (
        {"fcgi/ops/log.hpp": LICENCE + "class LogManager {};\n"},
        "fcgi/ops/log.hpp:2: a type named ...Manager says nothing",
    ),
    "a tab": ({"sql/a.sql": f"-- {LICENCE}SELECT\t1;\n"}, "sql/a.sql:2: white space"),
    "a file without an end": (
        {"sql/a.sql": f"-- {LICENCE}SELECT 1;"},
        "sql/a.sql:2: no line feed at the end",
    ),
    "letters that the compiler need not understand": (
        {"fcgi/ops/log.cpp": LICENCE + "// caf\u00e9\n"},
        "fcgi/ops/log.cpp:2: is not ASCII",
    ),
    "bytes that are no text": ({"docs/a.md": b"\xff\xfe"}, "docs/a.md: is not UTF-8"),
}


@pytest.mark.parametrize("changes, expected", BAD.values(), ids=BAD)
def test_it_says_what_is_wrong(tree, changes, expected):
    done = tree(changes)
    assert done.returncode == 1
    assert expected in done.stdout
