# SPDX-License-Identifier: Apache-2.0
"""scripts/openapi is fed documents and tables that are broken in one place each, and has to say where."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "openapi.yaml"
DOCUMENT = FILE.read_text()
ROUTES = (ROOT / "fcgi" / "api" / "routes.cpp").read_text()
LIVE = """  /api/health/live:
    get:
      operationId: healthLive
"""


def loaded():
    """The script, as a module: a process for each document would take a second."""
    loader = importlib.machinery.SourceFileLoader("openapi_check", str(ROOT / "scripts" / "openapi"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def findings(tmp_path, document=DOCUMENT, routes=ROUTES):
    (tmp_path / "routes.cpp").write_text(routes)
    script = loaded()
    try:
        return "\n".join(script.check(document, tmp_path / "routes.cpp"))
    except script.openapi.DocumentError as fault:
        return str(fault)


def run(document):
    return subprocess.run([ROOT / "scripts" / "openapi", "--document", document],
                          capture_output=True, text=True, check=False)


def test_this_document_passes():
    done = run(FILE)
    assert (done.returncode, done.stdout) == (0, "0 findings\n")


def test_findings_and_unreadable_documents_fail_the_script(tmp_path):
    (tmp_path / "bad.yaml").write_text(DOCUMENT.replace("operationId: healthLive", "operationId: login"))
    (tmp_path / "none.yaml").write_text("openapi: [")
    for name in ("bad", "none", "absent"):
        done = run(tmp_path / f"{name}.yaml")
        assert done.returncode == 1 and done.stdout.endswith("1 findings\n"), done


# what is wrong: (what stands there, what is put in its place, what is said)
BROKEN = {
    "another version": ("openapi: 3.1.0", "openapi: 3.0.3", "/openapi: '3.0.3' does not match"),
    "no YAML": ("openapi: 3.1.0", "openapi: [", "expected"),
    "a key twice": ("  version: 0.1.0", "  version: 0.1.0\n  version: 0.1.0", "'version' stands here twice"),
    "a misspelled member": ("operationId: healthLive\n", "operationID: healthLive\n", "'operationID' was unexpected"),
    "an operationId twice": ("operationId: healthLive\n", "operationId: login\n", "operationId 'login' names 2 operations"),
    "a response without a description": (
        "        '201':\n          description: The new user\n", "        '201':\n",
        "'description' is a required property"),
    "a reference to nothing": ("schemas/TopEntries'}\n        '304'", "schemas/Top'}\n        '304'", "#/components/schemas/Top points at nothing"),
    "a component that nothing refers to": ("  schemas:\n    User:", "  schemas:\n    Odd: {type: string}\n    User:", "/components/schemas/Odd: nothing refers to it"),
    "a type that is none": ("score: {type: integer, minimum: 0}", "score: {type: number0, minimum: 0}", "'number0' is not valid"),
    "a keyword that is none": ("score: {type: integer, minimum: 0}", "score: {type: integer, minimun: 0}", "no rule of 'minimun'"),
    "a pattern that is none": ("'^v1=[0-9A-Fa-f]{64}$'", "'^v1=[0-9A-Fa-f{64}$'", "signature: its pattern: unterminated character set"),
    "a required member that is not told of": ("required: [userId, score, rank]", "required: [userId, score, place]", "'place' is required and not told of"),
    "an example that its schema refuses": ("examples: [COMPLETE_TASK]", "examples: [complete_task]", "its own example: 'complete_task' does not match"),
    "a default that its schema refuses": ("minimum: 1, default: 50}", "minimum: 60, default: 50}", "its own example: 50 is less than"),
    "a format that nobody checks": ("updated_at: {type: string, format: date-time}", "updated_at: {type: string, format: datetime}", "the format 'datetime' is checked by nobody"),
    "a path's parameter by another name": ("- {name: actionId, in: path", "- {name: action, in: path", "its path has ['actionId'], its parameters ['action']"),
    "a tag that is not declared": ("- {name: health, description: For", "- {name: wealth, description: For", "the tag 'health' is not declared"),
    "a scheme that is none": ("  - bearer: []\n", "  - token: []\n", "security: 'token' is no scheme"),
    "a status of Nginx's own that is left out": (
        "        '414': {$ref: '#/components/responses/Problem'}\n", "", "does not tell of 414"),
    "a header that is not promised": ("          headers: {X-Request-Id: {$ref: '#/components/headers/RequestId'}}\n          content:\n            application/json:\n              schema:\n                type: object\n                required: [status]\n", "          content:\n            application/json:\n              schema:\n                type: object\n                required: [status]\n", "GET /api/health/live: 200 does not promise X-Request-Id"),
    "a route that is not told of": (LIVE, LIVE.replace("/live:", "/alive:"), "GET /api/health/live: is a route and not told of"),
    "an operation that is no route": (LIVE, LIVE.replace("get:", "put:"), "PUT /api/health/live: is told of and no route"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_document_that_is_broken_fails(tmp_path, what):
    good, bad, said = BROKEN[what]
    assert good in DOCUMENT, "the document has changed: this test breaks nothing"
    assert said in findings(tmp_path, DOCUMENT.replace(good, bad, 1))


@pytest.mark.parametrize("routes", [
    "", ROUTES.replace("Entry entries[]", "Entry rows[]"),
    ROUTES.replace('{"GET", "/api/health/live", Vocabulary', '{get, "/api/health/live", Vocabulary')])
def test_a_table_that_cannot_be_read_is_no_success(tmp_path, routes):
    assert "cannot be read" in findings(tmp_path, routes=routes)


def test_a_route_more_or_less_is_seen(tmp_path):
    row = '    {"GET", "/api/health/live", Vocabulary::increment, get_health_live},\n'
    assert row in ROUTES
    assert "is told of and no route" in findings(tmp_path, routes=ROUTES.replace(row, ""))
    more = findings(tmp_path, routes=ROUTES.replace(row, row + row.replace("live", "dead")))
    assert "GET /api/health/dead: is a route and not told of" in more
