# SPDX-License-Identifier: Apache-2.0
"""What judges the API's answers is shown answers that are wrong in one place each."""
import http.client
import json

import pytest

import openapi
from boards import TOP
from judge import NotJson, faults_of, fits, strict
from wire import Answer

TREE = openapi.read((TOP / "docs" / "openapi.yaml").read_text())
OPERATIONS = {one.operation_id: one for one in openapi.operations(TREE)}
PROBLEM = openapi.followed(TREE, {"$ref": "#/components/responses/Problem"})
ID = "0123456789abcdef" * 2
ME = {"userId": "acb846c5-744d-4fff-8b2d-a67edf5ab484", "score": 5, "rank": 1}
REFUSED = {"type": "/problems#x", "title": "t", "status": 400, "detail": "d", "instance": "/", "success": False,
           "code": "VALIDATION_ERROR", "message": "m", "details": {},
           "error": {"code": "VALIDATION_ERROR", "message": "m"}, "request_id": ID}  # fmt: skip


def answer(status=200, body=ME, kind="application/json", **headers):
    message = http.client.HTTPMessage()
    fields = {"Content_Type": kind, "X_Request_Id": ID, **headers}
    for name, value in fields.items():
        for one in value if isinstance(value, tuple) else (value,) if value else ():
            message[name.replace("_", "-")] = one
    return Answer(status, message, body if isinstance(body, bytes) else json.dumps(body).encode())


def faults(*arguments, method="GET", operation="myScore", **named):
    return "; ".join(faults_of(OPERATIONS[operation], method, answer(*arguments, **named), PROBLEM))


def refusal(status, method="GET", operation="myScore", **headers):
    return faults(status, {**REFUSED, "status": status}, "application/problem+json", method=method,
                  operation=operation, **headers)


def test_what_is_told_of_has_no_fault():
    assert faults() == ""
    assert faults(body=b"", method="HEAD") == ""
    assert refusal(400) == ""
    assert refusal(401, WWW_Authenticate="Bearer") == ""
    assert refusal(405, method="PUT", Allow="GET, HEAD") == ""
    assert faults(204, b"", None, operation="logout", method="POST") == ""


@pytest.mark.parametrize("found,said", [
    (lambda: refusal(500), "500"),
    (lambda: refusal(503), "503"),
    (lambda: refusal(409), "the status 409 is not told of"),
    (lambda: faults(206), "the status 206 is not told of"),
    (lambda: faults(kind="text/html"), "Content-Type 'text/html' is not told of"),
    (lambda: faults(kind=None), "Content-Type '' is not told of"),
    (lambda: faults(X_Request_Id=None), "X-Request-Id stands there 0 times"),
    (lambda: faults(X_Request_Id="x"), "X-Request-Id: 'x' does not match"),
    (lambda: faults(X_Request_Id=(ID, ID)), "X-Request-Id stands there 2 times"),
    (lambda: faults(body={**ME, "more": 1}), "('more' was unexpected)"),
    (lambda: faults(body={"userId": ME["userId"], "score": 5}), "'rank' is a required property"),
    (lambda: faults(body={**ME, "score": "5"}), "$.score: '5' is not of type 'integer'"),
    (lambda: faults(body={**ME, "userId": "x"}), "'x' is not a 'uuid'"),
    (lambda: faults(body={**ME, "periodStart": "2026-02-30T00:00:00Z"}), "is not a 'date-time'"),
    (lambda: faults(body=b'{"userId":1,"userId":2}'), "no strict JSON"),
    (lambda: faults(body=b"{} x"), "no strict JSON"),
    (lambda: faults(body=b"\xff"), "no strict JSON"),
    (lambda: faults(body=ME, method="HEAD"), "HEAD is answered with a body"),
    (lambda: faults(204, ME, operation="logout", method="POST"), "where none is told of"),
    (lambda: faults(method="PUT"), "PUT is answered 200"),
    (lambda: refusal(405, method="PUT"), "Allow tells of ['']"),
    (lambda: refusal(405, method="PUT", Allow="POST"), "Allow tells of ['POST']"),
    (lambda: refusal(405), "the status 405 is not told of"),
    (lambda: refusal(401), "WWW-Authenticate stands there 0 times"),
    (lambda: refusal(429), "Retry-After stands there 0 times"),
    (lambda: refusal(429, Retry_After="0"), "0 is less than the minimum"),
    (lambda: faults(400, REFUSED, "application/problem+json", X_Request_Id="f" * 32),
     "request_id is not the header's"),
    (lambda: faults(404, REFUSED, "application/problem+json"), "status is not the answer's"),
    (lambda: faults(400, {**REFUSED, "code": "OOPS"}, "application/problem+json"), "'OOPS' is not one"),
])
def test_what_is_not_told_of_is_a_fault(found, said):
    assert said in found()


def test_json_is_strict_and_schemas_are_heeded():
    for text in (b"NaN", b'{"a":1,"a":1}', b"01", b"", b"[" * 100000):
        with pytest.raises(NotJson):
            strict(text)
    assert fits({"type": "integer", "maximum": 5}, b"5")
    assert not fits({"type": "integer", "maximum": 5}, b"6")
    assert not fits({"type": "integer"}, b"{")
