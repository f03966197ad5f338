# SPDX-License-Identifier: Apache-2.0
"""Strategies: for an operation of the document, what to do to a request that it would answer.

A case is a recipe and no request: it says "the action id, this text; the signature made after that",
and world.py cooks it with a player, a key and a fresh id. So a case that fails can be made smaller."""
import json
from dataclasses import dataclass, fields
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

import hostile

GOOD, BAD = ("bearer", "cookie"), ("nobody", "text", "realtime", "tampered", "ended", "no csrf")


@dataclass(frozen=True)
class Case:
    auth: str = "bearer"
    auth_text: str = ""  # with "text"
    edits: tuple = ()  # ("set" | "add" | "drop", key, JSON text)
    signed: bool = True  # after the edits, so that the hostile reaches what lies behind the check
    body: bytes | None = None  # instead
    content_type: bytes | None = None  # instead of application/json
    path: tuple = ()  # (parameter, bytes)
    query: tuple | None = None  # (name, bytes) each, instead of the good one
    headers: tuple = ()  # (name, bytes), beside the good ones or in place of the one of that name
    method: str | None = None
    chunked: bool = False

    def plain(self):
        return self in (Case(), Case(auth="cookie"))

    def __repr__(self):
        changed = [f"{one.name}={getattr(self, one.name)!r}" for one in fields(self)
                   if getattr(self, one.name) != one.default]
        return f"Case({', '.join(changed)})"


def texts(schema=None):
    some = [st.sampled_from(hostile.TEXTS), st.text(max_size=30),
            st.text(st.characters(max_codepoint=0x7F), max_size=80)]
    schema = schema or {}
    if "enum" in schema:
        some.append(st.sampled_from([str(one) for one in schema["enum"]]
                                    + [str(one).upper() for one in schema["enum"]]))
    if "pattern" in schema:
        some += [st.from_regex(schema["pattern"])] * 2  # a "$" lets it add a line end
    for limit in (schema.get("minLength"), schema.get("maxLength")):
        if limit is not None:
            some.append(st.sampled_from([letter * (limit + by) for letter in ("a", "é", "\U0001f600")
                                         for by in (-1, 0, 1) if limit + by >= 0]))
    if schema.get("format") == "uuid":
        some.append(st.uuids().map(str))
    if schema.get("format") == "date":
        some.append(st.dates().map(str))
    return st.one_of(some)


def tokens(schema=None):
    """JSON texts of one value."""
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts(schema),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3),
        max_leaves=6)
    return st.one_of(st.builds(json.dumps, texts(schema), ensure_ascii=st.booleans()),
                     st.builds(json.dumps, values, ensure_ascii=st.booleans()),
                     st.sampled_from(hostile.TOKENS))


def edits(schema):
    known = schema.get("properties", {})
    some = [st.tuples(st.just("add"), texts(), tokens())]
    for name, one in known.items():
        some += [st.tuples(st.just("set"), st.just(name), tokens(one))] * 3
        some.append(st.tuples(st.sampled_from(["drop", "add"]), st.just(name), tokens(one)))
    return st.lists(st.one_of(some), min_size=1, max_size=3).map(tuple)


def as_bytes(text):
    return text.encode("utf-8", "surrogatepass")


def bytes_of(schema):
    """For a path or a query, not escaped yet."""
    some = [texts(schema).map(as_bytes), st.binary(max_size=12)]
    if schema.get("type") == "integer":
        some += [st.sampled_from(hostile.NUMBERS).map(as_bytes)] * 3
    return st.one_of(some)


def segments(schema):
    # Nginx makes one path of "a/../b" before anybody looks at it: that is another operation then.
    return bytes_of(schema).filter(lambda one: one and one != b"." and b".." not in one
                                   and not one.startswith((b"./", b"/")))


def queries(operation):
    known = operation.of("query")
    some = [st.tuples(texts(), texts().map(as_bytes)),
            st.tuples(st.sampled_from(["limit", "LIMIT", "token", "at", "period", "after"]),
                      texts().map(as_bytes) | st.just(b"1" * 9000))]
    for name, one in known.items():
        some += [st.tuples(st.just(name), bytes_of(one["schema"]))] * 4
    return st.lists(st.one_of(some), min_size=1, max_size=4).map(tuple)


def headers(operation):
    some = [st.sampled_from(hostile.HEADERS),
            st.tuples(st.sampled_from(hostile.OPEN_HEADERS), texts().map(as_bytes))]
    for name, one in operation.of("header").items():
        some += [st.tuples(st.just(name.encode()), bytes_of(one["schema"]))] * 6
    return st.lists(st.one_of(some), min_size=1, max_size=3).map(
        lambda found: tuple((name, one_line(value)) for name, value in found))


def one_line(value):
    return value.replace(b"\r", b" ").replace(b"\n", b" ")


def bodies():
    return st.one_of(st.sampled_from(hostile.BODIES), st.binary(max_size=60),
                     tokens().map(as_bytes))


def auths():
    return st.one_of(st.sampled_from(GOOD + BAD).map(lambda kind: {"auth": kind}),
                     texts().map(lambda text: {"auth": "text", "auth_text": text}))


def cases(operation):
    """Mostly one thing is wrong, sometimes several, sometimes none."""
    aspects = {"headers": headers(operation), "query": queries(operation), "chunked": st.just(True),
               "method": st.sampled_from(hostile.METHODS), "body": bodies(), "auth": auths()}
    weights = ["headers", "query", "method"]
    if operation.of("query"):
        weights += ["query"] * 4
    if operation.security:
        weights += ["auth"] * 2
    if operation.body:
        aspects["edits"] = st.fixed_dictionaries({"edits": edits(operation.body),
                                                  "signed": st.booleans()})
        aspects["content_type"] = st.sampled_from(hostile.CONTENT_TYPES)
        weights += ["edits"] * 8 + ["body"] * 3 + ["content_type", "chunked"]
    else:
        weights += ["body"]
    if operation.of("path"):
        aspects["path"] = st.tuples(*(st.tuples(st.just(name), segments(one["schema"]))
                                      for name, one in operation.of("path").items()))
        weights += ["path"] * 5

    @st.composite
    def made(draw):
        chosen = draw(st.lists(st.sampled_from(weights), max_size=3, unique=True))
        recipe = {}
        for aspect in chosen:
            drawn = draw(aspects[aspect])
            recipe.update(drawn if isinstance(drawn, dict) else {aspect: drawn})
        return Case(**recipe)

    return made()


def escaped(value):
    """As a path or a query has it. "+" stays: in a query it is a space."""
    return quote_from_bytes(value, safe="+!$'()*,;:@/")
