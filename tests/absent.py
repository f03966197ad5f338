# SPDX-License-Identifier: Apache-2.0
"""What cannot be tried on this machine. Such a test does not exist there, so that none is counted that
did nothing, and scripts/test says so with its result."""

TOLD = set()


def absent(what):
    TOLD.add(what)
