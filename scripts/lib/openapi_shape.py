# SPDX-License-Identifier: Apache-2.0
"""OpenAPI 3.1 as far as docs/openapi.yaml uses it, as a JSON Schema of the document. Closed: a member
that is not told of here is misspelled, or new; then it is added here, as the specification has it."""

TEXT = {"type": "string", "minLength": 1}
NAME = {"type": "string", "pattern": r"^[A-Za-z0-9._-]+$"}
REFERENCE_TO = {"type": "string", "pattern": "^#/components/"}


def an_object(required, /, **members):
    return {"type": "object", "required": required, "properties": members,
            "additionalProperties": False}


def a_map(of, names=None):
    return {"type": "object", "additionalProperties": of, "minProperties": 1,
            **({"propertyNames": names} if names else {})}


def part(name):
    return {"$ref": f"#/$defs/{name}"}


def or_reference(shape):
    """A reference may have a description of its own beside it, and nothing else."""
    reference = an_object(["$ref"], **{"$ref": REFERENCE_TO}, description=TEXT)
    return {"if": {"type": "object", "required": ["$ref"]}, "then": reference, "else": shape}


SHAPE = {
    **an_object(
        ["openapi", "info", "paths"],
        openapi={"type": "string", "pattern": r"^3\.1\.\d+$"},
        info=an_object(["title", "version"], title=TEXT, version=TEXT, summary=TEXT, description=TEXT,
                       license=an_object(["name", "identifier"], name=TEXT, identifier=TEXT)),
        servers={"type": "array", "items": an_object(["url"], url=TEXT, description=TEXT)},
        tags={"type": "array", "items": an_object(["name"], name=TEXT, description=TEXT)},
        paths=a_map(part("path"), {"type": "string", "pattern": "^/"}),
        security={"type": "array", "items": part("requirement")},
        components=an_object(
            [],
            schemas=a_map({"type": "object"}, NAME),
            parameters=a_map(part("parameter"), NAME),
            headers=a_map(part("header"), NAME),
            responses=a_map(part("response"), NAME),
            securitySchemes=a_map(part("scheme"), NAME))),
    "$defs": {
        "requirement": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
        "path": {**an_object([], parameters={"type": "array", "items": part("parameter")},
                             **{name: part("operation") for name in
                                ("get", "put", "post", "delete", "patch")}), "minProperties": 1},
        "operation": an_object(
            ["operationId", "summary", "tags", "responses"],
            operationId={"type": "string", "pattern": "^[a-z][A-Za-z]*$"}, summary=TEXT,
            description=TEXT, tags={"type": "array", "items": TEXT, "minItems": 1},
            security={"type": "array", "items": part("requirement")},
            deprecated={"type": "boolean"},
            parameters={"type": "array", "items": part("parameter")},
            requestBody=an_object(["content"], required={"type": "boolean"},
                                  description=TEXT, content=part("content")),
            responses=a_map(part("response"), {"type": "string", "pattern": "^[1-5][0-9][0-9]$"})),
        "parameter": or_reference({
            **an_object(["name", "in", "schema"], name=TEXT, description=TEXT,
                        required={"type": "boolean"}, schema={"type": "object"},
                        **{"in": {"enum": ["query", "header", "path"]}}),
            "if": {"properties": {"in": {"const": "path"}}},
            "then": {"required": ["required"], "properties": {"required": {"const": True}}}}),
        "response": or_reference(an_object(
            ["description"], description=TEXT, headers=a_map(part("header"), NAME),
            content=part("content"))),
        "content": a_map(an_object(["schema"], schema={"type": "object"}, examples={"type": "object"}),
                         {"type": "string", "pattern": "^[a-z]+/[a-z+.-]+$"}),
        "header": or_reference(an_object(["description", "schema"], description=TEXT,
                                         required={"type": "boolean"}, schema={"type": "object"})),
        "scheme": {"oneOf": [
            an_object(["type", "scheme"], type={"const": "http"}, scheme={"const": "bearer"},
                      bearerFormat=TEXT, description=TEXT),
            an_object(["type", "in", "name"], type={"const": "apiKey"}, name=TEXT, description=TEXT,
                      **{"in": {"enum": ["cookie", "header"]}})]},
    },
}
