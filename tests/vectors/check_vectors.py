#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Recomputes our golden vectors with Python's own hmac and hashlib.

The C++ tests read the same files, so the two implementations are held against each other. Also runs
the examples of docs/signing.md, compares what they print with what the page says, and gives the
golden vectors to the functions of the Python one. Exits with 1
and names whatever differs; --write computes the vectors anew, after one was added.
"""

import base64
import contextlib
import hashlib
import hmac
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
PAGE = FOLDER.parents[1] / "docs" / "signing.md"
# A block of shell or Python and, below it, the block of what it prints.
EXAMPLE = re.compile(r"```(sh|python)\n(.*?)```\s+```text\n(.*?)```", re.DOTALL)
INTERPRETER = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf(key, info, size):
    """RFC 5869 with an empty salt, which is one of 32 zero bytes."""
    pseudorandom_key = mac(bytes(32), key)
    made, block = b"", b""
    for number in range(1, size // 32 + 2):
        block = mac(pseudorandom_key, block + info + bytes([number]))
        made += block
    return made[:size]


def update_signature(case):
    text = case["action_id"] + case["action_type"] + case["timestamp"]
    return {"signed": text, "signature": mac(case["key"].encode(), text.encode()).hex()}


def increment_signature(case):
    lines = ["v1", case["user_id"], case["action_id"], str(case["delta"]), case["nonce"]]
    text = "\n".join(lines + [case["timestamp"]])
    return {"signed": text, "signature": "v1=" + mac(case["key"].encode(), text.encode()).hex()}


def session_secrets(case):
    key = bytes.fromhex(case["master_key"])
    session = case["session_id"]
    return {
        "action_secret_key": hkdf(key, f"scoreboard action key v1 {session}".encode(), 32).hex(),
        "nonce": hkdf(key, f"scoreboard nonce v1 {session}".encode(), 16).hex(),
    }


def refresh_hash(case):
    return {"hash": hashlib.sha256(case["token"].encode()).hexdigest()}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def refresh_successor(case):
    key, info = bytes.fromhex(case["master_key"]), b"scoreboard refresh token v1 "
    return {"successor": base64url(hkdf(key, info + case["token"].encode(), 32))}


def csrf_token(case):
    key, info = bytes.fromhex(case["master_key"]), b"scoreboard csrf token v1 "
    return {"csrf_token": base64url(hkdf(key, info + case["session_id"].encode(), 32))}


FILES = {
    "update_signatures.json": update_signature,
    "increment_signatures.json": increment_signature,
    "session_secrets.json": session_secrets,
    "refresh_hashes.json": refresh_hash,
    "refresh_successors.json": refresh_successor,
    "csrf_tokens.json": csrf_token,
}


def check_files(write):
    """The number of values, and a line for each that differs."""
    checked, faults = 0, []
    for name, compute in FILES.items():
        path = FOLDER / name
        document = json.loads(path.read_text())
        for number, case in enumerate(document["cases"]):
            for field, expected in compute(case).items():
                checked += 1
                if write:
                    case[field] = expected
                elif case.get(field) != expected:
                    given = case.get(field)
                    faults.append(f"{name}: case {number}: {field} is {given!r}, not {expected!r}")
        if write:
            path.write_text(json.dumps(document, indent=2) + "\n")
    return checked, faults


def check_example(code):
    """The page's Python, as a client would copy it, against the golden vectors."""
    example = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, example)  # it is ours
    checked, faults = 0, []
    for name, sign in (("update", "sign_update"), ("increment", "sign_increment")):
        file = f"{name}_signatures.json"
        for number, case in enumerate(json.loads((FOLDER / file).read_text())["cases"]):
            fields = {k: v for k, v in case.items() if k not in ("signed", "signature")}
            checked += 1
            if example[sign](**fields) != case["signature"]:
                faults.append(f"{PAGE.name}: {sign}() differs from {file}, case {number}")
    return checked, faults


def check_page():
    examples = EXAMPLE.findall(PAGE.read_text())
    faults = [] if len(examples) == 6 else [f"{PAGE.name}: {len(examples)} examples, not 6"]
    for language, code, expected in examples:
        with tempfile.TemporaryDirectory() as scratch:
            done = subprocess.run(
                INTERPRETER[language] + [code], cwd=scratch, capture_output=True, text=True,
                timeout=30, check=False
            )
        if done.returncode != 0 or done.stdout != expected:
            printed = done.stdout + done.stderr
            faults.append(f"{PAGE.name}: a {language} example printed {printed!r}")
    checked, differing = check_example([code for word, code, _ in examples if word == "python"][0])
    if checked == 0:
        faults.append("no golden vector was given to the Python example")
    return len(examples), faults + differing


def main():
    values, faults = check_files(write=sys.argv[1:] == ["--write"])
    examples, page_faults = check_page()
    faults += page_faults
    print("\n".join(faults + [f"{values} values, {examples} examples, {len(faults)} differ"]))
    return 1 if faults or not values else 0


if __name__ == "__main__":
    sys.exit(main())
