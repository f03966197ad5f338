# SPDX-License-Identifier: Apache-2.0
"""The faults, by name. Each is a context manager over a stage: entering begins it, leaving ends its
cause, and the framework measures from there how long the board takes to be itself again.

    @fault("worker-stopped", needs=("root",), may=("refusal",), seconds=1)
    def worker_stopped(stage, dice):
        ...            # begins
        yield
        ...            # ends: whatever was stopped goes on, whatever was taken away is back

`may`: what clients may be told from the beginning until the board has recovered; nothing at all makes
a fault invisible, and one request that fails breaks the promise. It holds for the clients of the host that
the fault has from `stage.pick(dice)`; where what is done to one is felt by others, and where nothing is
picked, for those of all hosts.
    "refusal"   503 with a Retry-After, by whatever asks the database; the board is read all the same
    "cut"       a connection that is refused, broken or silent, and the edge's own 503
    "clock"     400, 401 or 403: the board's clock is not the client's
What was acknowledged stays so whatever happens, and nothing ever counts twice.

`seconds`: how long the fault lasts; `long`: in the last round of the long form, if the promise speaks of
a longer one. `recovery`: the limit for the time from the end of its cause to a board that takes a write
and shows it to a watcher. `alone`: it cannot be mixed with others. `leaves`: bytes of Nchan's shared memory
that each round may take for good. `dice` is a random.Random.
"""
import contextlib
import threading
from dataclasses import dataclass
from typing import Callable

MAY = {"refusal", "cut", "clock"}
RECOVERY_SECONDS_MAX = 3.0

FAULTS = {}


@dataclass(frozen=True)
class Fault:
    name: str
    begin: Callable  # (stage, dice) -> context manager
    needs: frozenset
    may: frozenset
    seconds: float
    long: float
    recovery: float
    alone: bool
    leaves: int

    def possible(self, stage):
        return self.needs <= stage.has


def fault(name, needs=(), may=(), seconds=1.0, long=None,
          recovery=RECOVERY_SECONDS_MAX, alone=False, leaves=0):
    assert set(may) <= MAY, may

    def register(function):
        assert name not in FAULTS, name
        FAULTS[name] = Fault(name, contextlib.contextmanager(function), frozenset(needs),
                             frozenset(may), seconds, long or seconds,
                             recovery, alone, leaves)
        return function
    return register


@contextlib.contextmanager
def repeatedly(interval, action):
    """`action()` on a thread at once and then every `interval` seconds, until the end."""
    over = threading.Event()
    odd = []

    def turn():
        try:
            while not over.is_set():
                action()
                over.wait(interval)
        except Exception as fault_:  # told below: a fault that does not happen tests nothing
            odd.append(fault_)
    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)
    if odd:
        raise odd[0]


def load():
    """Every file of this folder registers its own."""
    import importlib
    import pkgutil
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return FAULTS
