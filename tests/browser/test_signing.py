# SPDX-License-Identifier: Apache-2.0
"""signing.js against signatures that were made without it."""

import hashlib
import hmac
import json
import random
import re
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[1] / "vectors"

SIGN = """
  const [cases, done] = arguments;
  import('/signing.js').then(async ({ signUpdate, signIncrement }) => {
    const results = [];
    for (const { key, update, increment } of cases) {
      results.push([await signUpdate(key, update), await signIncrement(key, increment)]);
    }
    done(results);
  }, (error) => done(String(error)));
"""
SEED = 20260202


def mac(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def test_signatures_agree_with_another_implementation(open_page):
    luck = random.Random(SEED)
    hexes = lambda count: "".join(luck.choices("0123456789abcdef", k=count))
    cases = []
    for number in range(50):
        action_id = "-".join(hexes(length) for length in (8, 4, 4, 4, 12))
        moment = f"2026-02-02T10:30:{number:02}.{luck.randrange(1000):03}Z"
        cases.append(
            {
                "key": hexes(64),
                "update": {
                    "actionId": action_id,
                    "actionType": luck.choice(["COMPLETE_TASK", "WIN_MATCH", "A"]),
                    "timestamp": moment,
                },
                "increment": {
                    "userId": "-".join(hexes(length) for length in (8, 4, 4, 4, 12)),
                    "actionId": action_id,
                    "delta": luck.choice([1, 10, 0, -3, 2**53 - 1]),
                    "nonce": hexes(32),
                    "timestamp": moment,
                },
            }
        )
    expected = []
    for case in cases:
        a, b = case["update"], case["increment"]
        lines = ["v1", b["userId"], b["actionId"], str(b["delta"]), b["nonce"], b["timestamp"]]
        expected.append(
            [
                mac(case["key"], a["actionId"] + a["actionType"] + a["timestamp"]),
                "v1=" + mac(case["key"], "\n".join(lines)),
            ]
        )
    signed = open_page().driver.execute_async_script(SIGN, cases)
    assert signed == expected, f"seed {SEED}"


def golden(name):
    return json.loads((VECTORS / f"{name}_signatures.json").read_text())["cases"]


def test_the_golden_vectors_pass(open_page):
    # JavaScript's numbers do not hold every delta; a text is written the same.
    updates, increments = golden("update"), golden("increment")
    cases = [
        {
            "key": update["key"],
            "update": {
                "actionId": update["action_id"],
                "actionType": update["action_type"],
                "timestamp": update["timestamp"],
            },
            "increment": {},
        }
        for update in updates
    ] + [
        {
            "key": increment["key"],
            "update": {},
            "increment": {
                "userId": increment["user_id"],
                "actionId": increment["action_id"],
                "delta": str(increment["delta"]),
                "nonce": increment["nonce"],
                "timestamp": increment["timestamp"],
            },
        }
        for increment in increments
    ]
    signed = open_page().driver.execute_async_script(SIGN, cases)
    assert [a for a, _ in signed[: len(updates)]] == [one["signature"] for one in updates]
    assert [b for _, b in signed[len(updates) :]] == [one["signature"] for one in increments]


def test_the_example_of_the_page_on_signing_prints_what_the_page_says(open_page):
    page = (Path(__file__).resolve().parents[2] / "docs" / "signing.md").read_text()
    ((code, expected),) = re.findall(r"```js\n(.*?)```\s+```text\n(.*?)```", page, re.DOTALL)
    printed = open_page().driver.execute_async_script(f"""
      const done = arguments[0];
      const printed = [];
      const console = {{ log: (line) => printed.push(line) }};
      (async () => {{ {code} }})().then(() => done(printed), (error) => done([String(error)]));
    """)
    assert printed == expected.splitlines()
