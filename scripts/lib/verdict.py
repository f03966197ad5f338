# SPDX-License-Identifier: Apache-2.0
"""What becomes of bars, which are (what, measured, bar, met); met is None where it was not noted."""


def missed(bars):
    return [f"{what}: {measured} (bar {bar})" for what, measured, bar, met in bars if met is False]


def ended(faults):
    """Says what was missed; the exit status of the program."""
    for fault in faults:
        print(f"missed: {fault}")
    print(f"bars missed: {len(faults)}" if faults else "no bar missed")
    return 1 if faults else 0
