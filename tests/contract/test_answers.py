# SPDX-License-Identifier: Apache-2.0
"""The running API is driven from its own document: for each operation good requests and spoiled ones.
Nothing is answered 5xx, with a status, a type or a header that the document does not tell of, or with a
body that its schema refuses; what the document forbids is refused; what is good succeeds.

SCOREBOARD_CONTRACT_REQUESTS (about that many in all) and SCOREBOARD_CONTRACT_SEED: a longer run, another
run. A failure prints the seed and the smallest case that was found."""
import collections
import os

import hypothesis
import pytest

import openapi
from boards import TOP, Board
from cases import cases
from issuer import Issuer
from judge import faults_of
from wire import Wire
from world import World

REQUESTS = int(os.environ.get("SCOREBOARD_CONTRACT_REQUESTS", "2000"))
SEED = int(os.environ.get("SCOREBOARD_CONTRACT_SEED", "20261120"))
FILE = TOP / "docs" / "openapi.yaml"
TREE = openapi.read(FILE.read_text())
OPERATIONS = openapi.operations(TREE)
PROBLEM = openapi.followed(TREE, {"$ref": "#/components/responses/Problem"})
# So many requests of one kind that a leak would be seen, and the first of them warm things up.
ROUND = 2500
ROUNDS = max(1, round(REQUESTS / ROUND))
EACH = max(1, REQUESTS // ROUNDS // len(OPERATIONS))

seen = collections.defaultdict(collections.Counter)
resident = []


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    issuer = Issuer(tmp_path_factory.mktemp("issuer"))
    key = issuer.new_key("ES256", "ES256")
    issuer.publish(key)
    board = Board({"SCOREBOARD_LIMITS_AWARDS": "1000000", **issuer.environment()}).start()
    one = World(board, issuer.token(key, sub="somebody"))
    one.wire = Wire(board.port)
    yield one
    one.wire.close()
    board.stop()
    board.remove()


def resident_kib(board):
    total = 0
    for number in (1, 2):
        status = open(f"/proc/{board.pid(f'worker-{number}')}/status").read()
        total += int(status.partition("VmRSS:")[2].split()[0])
    return total


def shown(data):
    return data[:1500] if len(data) <= 1500 else data[:1500] + b"... %d bytes" % len(data)


def ask(world, operation, case):
    method, data, body = world.cooked(operation, case)
    answer = world.wire.ask(method, data)
    world.learn(operation, answer)
    faults = faults_of(operation, method, answer, PROBLEM)
    if world.must_succeed(operation, case) and answer.status not in operation.success:
        faults.append("a good request is refused")
    if (why := world.wrong(operation, case, body)) and not 400 <= answer.status < 500:
        faults.append(f"is not refused, though {why}")
    if method == operation.method:
        seen[operation.operation_id][answer.status] += 1
    assert not faults, (f"{operation.operation_id}, seed {SEED}: " + "; ".join(faults)
                        + f"\n--- sent\n{shown(data)!r}\n--- answered\n{answer}")


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.operation_id)
def test_answers_are_those_that_the_document_tells_of(world, operation, number):
    quiet = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large,
             hypothesis.HealthCheck.filter_too_much]

    @hypothesis.seed(f"{SEED + number} {operation.operation_id}")
    @hypothesis.settings(max_examples=EACH, deadline=None, database=None, print_blob=False,
                         suppress_health_check=quiet)
    @hypothesis.given(cases(operation))
    def answers(case):
        ask(world, operation, case)

    answers()
    if operation is OPERATIONS[-1]:
        resident.append(resident_kib(world.board))


def test_every_operation_was_seen_to_succeed_and_to_refuse(world):
    for operation in OPERATIONS:
        counted = seen[operation.operation_id]
        print(operation.operation_id, dict(sorted(counted.items())))
        told = f"{operation.operation_id}: {counted}; does world.py know a good request for it?"
        assert any(status < 300 for status in counted), told
        assert any(status >= 400 for status in counted), told


if ROUNDS >= 10:  # a leak shows in a long run only
    def test_memory_does_not_grow_with_requests(world):
        assert resident[-1] < resident[2] * 1.05, resident
