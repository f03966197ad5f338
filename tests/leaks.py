# SPDX-License-Identifier: Apache-2.0
"""What no log may hold: what looks like a token, a signature, a key or a whole mail address, and
every secret that a test was handed. Each board's logs are searched when it stops (boards.py)."""
import json
import re
import subprocess
from http.cookies import SimpleCookie

# One expression for grep and one name for the report each; the report never quotes.
PATTERNS = {
    "a token (JWT)": r"eyJ[A-Za-z0-9_-]+\.eyJ",
    "a signature (v1=)": r"v1=[0-9A-Fa-f]{16}",
    # A signature or an action key; also a hash of the journal, which no log needs.
    "64 hex digits": r"(^|[^0-9A-Fa-f])[0-9A-Fa-f]{64}([^0-9A-Fa-f]|$)",
    "a mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
}
SECRET_MEMBERS = {"access_token", "refresh_token", "action_secret_key", "nonce", "csrf_token",
                  "token", "password"}
# Shorter ones are examples of what is refused ("x", "short") and would be found everywhere.
SECRET_LENGTH_MIN = 12

handed_out = {}  # secret -> what it is


def remember(what, secret):
    if isinstance(secret, str) and len(secret) >= SECRET_LENGTH_MIN:
        handed_out[secret] = what


def remember_body(body):
    """The secrets among the members of a request or an answer in JSON; of anything else, none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):  # or as deep as a test could make it
        return
    for name in SECRET_MEMBERS & set(document if isinstance(document, dict) else ()):
        remember(name, document[name])


def remember_cookies(fields):
    for field in fields:
        for name, morsel in SimpleCookie(field).items():
            for part in morsel.value.split("."):  # a session id and its token; the parts of a JWT
                remember(f"cookie {name}", part)


def _lines_with(files, expression, options, patterns):
    """(file, line number, what was found), each only once."""
    # The patterns come by a pipe, not on a command line that others can read.
    done = subprocess.run(["grep", "-anoH", *options, "-f", "-", *map(str, files)],
                          input=patterns, capture_output=True, text=True, errors="replace")
    if done.returncode > 1:
        raise RuntimeError(f"grep: {done.stderr}")
    for hit in dict.fromkeys(done.stdout.splitlines()):
        file, number, found = hit.split(":", 2)
        yield file.rsplit("/", 1)[1], number, expression or handed_out.get(found, "a secret")


def in_logs(directory):
    """A line for each find: "edge-access.log:12: refresh_token"."""
    files = [file for file in sorted(directory.iterdir()) if file.is_file()]
    if not files:
        return []
    found = []
    for name, pattern in PATTERNS.items():
        found += _lines_with(files, name, ["-E"], pattern)
    if handed_out:
        found += _lines_with(files, "", ["-F"], "\n".join(handed_out))
    return [f"{file}:{number}: {what}" for file, number, what in dict.fromkeys(found)]


def check_logs(directory):
    found = in_logs(directory)
    if found:
        shown = "\n".join(found[:20])
        raise AssertionError(f"{len(found)} secrets in the logs of {directory.parent}:\n{shown}")
