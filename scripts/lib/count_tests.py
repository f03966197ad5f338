# SPDX-License-Identifier: Apache-2.0
"""count_tests.py STATUS GLOB: "passed failed" of the JUnit files that a test run left.

A run that failed without a failed test, or that ran none, counts as one failure: no silence is a
success.
"""
import glob
import re
import sys
import xml.etree.ElementTree as ElementTree


def read(file):
    """Messages may quote hostile bytes, which no XML may hold."""
    with open(file, encoding="utf-8", errors="replace") as text:
        return ElementTree.fromstring(
            re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", text.read()).encode())


def main():
    status, pattern = int(sys.argv[1]), sys.argv[2]
    passed = failed = 0
    for file in glob.glob(pattern):
        try:
            cases = list(read(file).iter("testcase"))
        except ElementTree.ParseError:  # its program ended in the middle of it
            failed += 1
            continue
        for case in cases:
            if any(case.find(kind) is not None for kind in ("failure", "error", "skipped")):
                failed += 1
            else:
                passed += 1
    if passed + failed == 0 or (status != 0 and failed == 0):
        failed += 1
    print(passed, failed)


if __name__ == "__main__":
    main()
