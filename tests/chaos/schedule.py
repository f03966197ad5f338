# SPDX-License-Identifier: Apache-2.0
"""Which faults, in which order, with which dice: all from one seed."""
import random
from dataclasses import dataclass

from faults import FAULTS


@dataclass(frozen=True)
class Turn:
    """One round: one fault, or two of which the second begins in the middle of the first and outlives
    it. `dice` is the seed of what the faults themselves choose."""
    faults: tuple
    dice: int
    long: bool = False


def schedule(seed, names, rounds, mixed, long=False):
    """`rounds` of each fault alone, one fault after the other, and `mixed` of two at once. `long`: the
    last round of each fault alone is its longest."""
    dice = random.Random(seed)
    names = sorted(names)
    alone = dice.sample(names, len(names))
    turns = [Turn((name,), dice.getrandbits(32), long and number == rounds)
             for name in alone for number in range(1, rounds + 1)]
    together = [name for name in names if not FAULTS[name].alone]
    if len(together) > 1:
        turns += [Turn(tuple(dice.sample(together, 2)), dice.getrandbits(32)) for _ in range(mixed)]
    return turns
