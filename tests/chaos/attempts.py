# SPDX-License-Identifier: Apache-2.0
"""What clients asked and were answered, each as a line of JSON that is never changed afterwards.

Times are of the monotonic clock: the faults may step the other one. An answer's `outcome` is one of

    good      what the contract promises, a repeat of a counted action included
    refusal   503 with a Retry-After
    cut       no answer: refused, broken, silent
    clock     400, 401 or 403, as whose clock differs is told
    odd       anything else
"""
import http.client
import json
import threading
import time
import zlib

GOOD, REFUSAL, CUT, CLOCK, ODD = "good", "refusal", "cut", "clock", "odd"

FILES = ("attempts", "reads", "watched", "boards", "rounds")


class Records:
    """The files of one run; lines may come from any thread."""

    def __init__(self, directory):
        self.directory = directory
        self._lock = threading.Lock()
        self._files = {name: open(directory / f"{name}.jsonl", "a", encoding="utf-8")
                       for name in FILES}
        self._boards = set()
        self._requests = []

    def note(self, name, **what):
        line = json.dumps(what, separators=(",", ":"))
        with self._lock:
            self._files[name].write(line + "\n")
            if "outcome" in what:
                self._requests.append((what["sent"], what["answered"], what["outcome"],
                                       what["host"] if what.get("what") == "board" else None))

    def requests(self):
        """Those since this was asked last: [(sent, answered, outcome, of which host's board if of one), ...]."""
        with self._lock:
            taken, self._requests = self._requests, []
            return taken

    def note_board(self, version, rows):
        """A board as somebody saw it, the first time that anybody did; returns its fingerprint."""
        text = "|".join(f"{user}:{score}:{rank}" for user, score, rank in rows)
        print_ = f"{version}/{zlib.crc32(text.encode()):08x}"
        with self._lock:
            if print_ in self._boards:
                return print_
            self._boards.add(print_)
        self.note("boards", board=print_, version=version, rows=rows)
        return print_

    def flush(self):
        with self._lock:
            for file in self._files.values():
                file.flush()

    def close(self):
        with self._lock:
            for file in self._files.values():
                file.close()


def read_records(directory):
    """{name: [what was noted, ...]} of a run that was closed."""
    found = {}
    for name in FILES:
        with open(directory / f"{name}.jsonl", encoding="utf-8") as file:
            found[name] = [json.loads(line) for line in file]
    return found


class Asked:
    """One request: when, what came of it."""

    def __init__(self, send):
        self.sent = time.monotonic()
        self.answer = None
        self.fault = None
        try:
            self.answer = send()
        except (OSError, http.client.HTTPException) as fault:
            self.fault = f"{type(fault).__name__}: {fault}"
        self.answered = time.monotonic()

    @property
    def status(self):
        return self.answer.status if self.answer else None

    def outcome(self, good=(200,)):
        if self.answer is None:
            return CUT
        if self.status in good:
            return GOOD
        if self.status == 503:
            return REFUSAL if self.answer.headers["Retry-After"] else ODD
        return CLOCK if self.status in (400, 401, 403) else ODD

    def times(self):
        return {"sent": round(self.sent, 6), "answered": round(self.answered, 6)}

    def told(self, outcome):
        """What a line says of an answer that is not good: enough to find it in the logs."""
        if outcome == GOOD:
            return {}
        if self.answer is None:
            return {"fault": self.fault}
        return {"status": self.status, "body": self.answer.body[:300].decode(errors="replace")}
