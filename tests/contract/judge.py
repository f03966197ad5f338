# SPDX-License-Identifier: Apache-2.0
"""Whether an answer is one that the document tells of. Finds faults; asks nobody."""
import json
import re
from datetime import date, datetime
from functools import lru_cache

import jsonschema

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("uuid")
def is_uuid(text):
    return not isinstance(text, str) or bool(
        re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.ASCII))


@FORMATS.checks("date", raises=ValueError)
def is_date(text):
    return not isinstance(text, str) or (len(text) == 10 and text.isascii()
                                         and bool(date.fromisoformat(text)))


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(text):
    if not isinstance(text, str):
        return True
    parts = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z", text, re.ASCII)
    return bool(parts) and bool(datetime.fromisoformat(parts[1]))


@FORMATS.checks("uri-reference")
def is_reference(text):
    return not isinstance(text, str) or bool(re.fullmatch(r"[!-~]+", text))


class NotJson(ValueError):
    pass


def lone_keys(pairs):
    """A dict of (key, JSON text); a text that is none becomes None."""
    values = {}
    for name, token in pairs:
        try:
            values.setdefault(name, strict(token.encode("utf-8", "surrogatepass")))
        except NotJson:
            values.setdefault(name, None)
    return values


def unique(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotJson("a key twice")
    return dict(pairs)


def no_constant(name):
    raise NotJson(name)


def strict(body):
    """JSON as RFC 8259 has it, and each key once."""
    try:
        text = body.decode("utf-8")
        return json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise NotJson(str(fault)) from fault


@lru_cache(maxsize=None)
def compiled(schema_text):
    return jsonschema.Draft202012Validator(json.loads(schema_text), format_checker=FORMATS)


def validator(schema):
    return compiled(json.dumps(schema))


def fits(schema, body):
    try:
        return validator(schema).is_valid(strict(body))
    except NotJson:
        return False


def closed(schema):
    """The same, but an object has what is told of and no more: what is not told of is a fault too."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {name: closed(one) for name, one in schema.items()}
    if isinstance(schema.get("properties"), dict):
        inside.setdefault("additionalProperties", False)
    return inside


def media_type(answer):
    return (answer.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def header_faults(told, answer):
    faults = []
    for name, header in told.items():
        values = answer.headers.get_all(name) or []
        if header.get("required") and len(values) != 1:
            faults.append(f"{name} stands there {len(values)} times")
        for value in values:
            schema = header.get("schema", {})
            typed = int(value) if schema.get("type") == "integer" and value.isdigit() else value
            faults += [f"{name}: {one.message}" for one in validator(schema).iter_errors(typed)]
    return faults


def body_faults(content, answer):
    if not content:
        return [f"a body of {len(answer.body)} bytes, where none is told of"] if answer.body else []
    kind = media_type(answer)
    if kind not in content:
        return [f"Content-Type {kind!r} is not told of"]
    try:
        value = strict(answer.body)
    except NotJson as fault:
        return [f"the body is no strict JSON: {fault}"]
    schema = closed(content[kind]["schema"])
    faults = [f"{one.json_path}: {one.message}" for one in validator(schema).iter_errors(value)]
    if isinstance(value, dict) and "request_id" in value:
        if value["request_id"] != answer.headers.get("X-Request-Id"):
            faults.append("the body's request_id is not the header's")
        if value.get("status") != answer.status:
            faults.append("the body's status is not the answer's")
    return faults


def faults_of(operation, method, answer, problem):
    """`problem`: the response object of an error, for methods that the document tells of at its head
    and nowhere else."""
    if answer.status >= 500:
        return [f"{answer.status}"]
    response = operation.responses.get(str(answer.status))
    faults = []
    if method not in (*operation.methods, "HEAD" if "GET" in operation.methods else ""):
        # A method that the path has not. Some that are no word at all Nginx calls malformed, and what
        # stands for a parameter may make another path of it.
        if answer.status not in (405, 400, 413, 414, 431, *([404] if "{" in operation.path else [])):
            faults.append(f"{method} is answered {answer.status}")
        response = problem
        if answer.status == 405:
            allowed = set(re.split(r",\s*", answer.headers.get("Allow") or ""))
            wanted = set(operation.methods) | ({"HEAD"} if "GET" in operation.methods else set())
            if allowed != wanted:
                faults.append(f"Allow tells of {sorted(allowed)}, not {sorted(wanted)}")
    if response is None:
        return [f"the status {answer.status} is not told of"]
    faults += header_faults(response.get("headers", {}), answer)
    content = response.get("content", {})
    if method == "HEAD":
        if answer.body:
            faults.append("HEAD is answered with a body")
        if content and media_type(answer) not in content:
            faults.append(f"Content-Type {media_type(answer)!r} is not told of")
    else:
        faults += body_faults(content, answer)
    return faults
