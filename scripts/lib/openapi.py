# SPDX-License-Identifier: Apache-2.0
"""docs/openapi.yaml as a program reads it: references followed, operations by name."""
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class DocumentError(Exception):
    """The document cannot be read at all."""


# libyaml's where it is there: ten times as fast.
SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class OneKeyOnce(SafeLoader):
    """YAML forbids two equal keys in a mapping; PyYAML takes the last of them."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise DocumentError(f"line {key.start_mark.line + 1}: {name!r} stands here twice")
            seen.add(name)
        return super().construct_mapping(node, deep)


# A date in an example is a text, as it is in JSON.
OneKeyOnce.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


@dataclass
class Operation:
    """One method of one path. Every reference in it has been followed."""
    method: str  # GET
    path: str  # /api/scores/receipts/{actionId}
    operation_id: str
    parameters: list
    body: dict | None  # the schema of its application/json
    responses: dict  # status, as text -> response object
    security: list
    methods: list = field(default_factory=list)  # all that the path has

    @property
    def secured(self):
        """Whether nobody gets in without showing who they are."""
        return bool(self.security) and {} not in self.security

    @property
    def success(self):
        return {int(status) for status in self.responses if status.startswith("2")}

    def of(self, place):
        """Its parameters in "path", "query" or "header", by name."""
        return {one["name"]: one for one in self.parameters if one["in"] == place}


def read(text):
    try:
        tree = yaml.load(text, OneKeyOnce)  # a SafeLoader
    except yaml.YAMLError as fault:
        raise DocumentError(str(fault)) from fault
    if not isinstance(tree, dict):
        raise DocumentError("is no mapping")
    return tree


def target(tree, reference):
    """What "#/a/b" points at."""
    if not reference.startswith("#/"):
        raise DocumentError(f"{reference} points out of the document")
    at = tree
    for part in reference[2:].split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(at, dict) or part not in at:
            raise DocumentError(f"{reference} points at nothing")
        at = at[part]
    return at


def followed(tree, node, through=()):
    """`node` with what it refers to in place of the references; what stands beside one goes first."""
    if isinstance(node, list):
        return [followed(tree, one, through) for one in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        if reference in through:
            raise DocumentError(f"{reference} refers to itself")
        beside = {name: one for name, one in node.items() if name != "$ref"}
        whole = followed(tree, target(tree, reference), (*through, reference))
        return {**whole, **followed(tree, beside, through)}
    return {name: followed(tree, one, through) for name, one in node.items()}


def operations(tree):
    found = []
    for path, item in tree["paths"].items():
        methods = [name.upper() for name in item if name in METHODS]
        for name in methods:
            one = followed(tree, item[name.lower()])
            content = one.get("requestBody", {}).get("content", {})
            found.append(Operation(
                method=name, path=path, operation_id=one.get("operationId", f"{name} {path}"),
                parameters=followed(tree, item.get("parameters", [])) + one.get("parameters", []),
                body=content.get("application/json", {}).get("schema"),
                responses=one["responses"], security=one.get("security", tree.get("security", [])),
                methods=methods))
    return found


def load(file):
    return operations(read(Path(file).read_text(encoding="utf-8")))


def placeholders(path):
    return re.findall(r"\{([^{}]*)\}", path)
