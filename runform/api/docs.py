"""The page about the API, from the same schema that programs read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from runform.api.v1.api import api

METHODS = ("get", "post", "delete")


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    help: str


@dataclass(frozen=True)
class OperationText:
    method: str
    path: str
    help: str
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]


@cache
def parts() -> dict[str, list[OperationText]]:
    """Operations by tag, in the order of the schema."""
    schema: Mapping[str, Any] = api.get_openapi_schema()
    found: dict[str, list[OperationText]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                found.setdefault(told["tags"][0], []).append(_operation(schema, method, path, told))
    return found


def _operation(schema: Mapping[str, Any], method: str, path: str, told: Mapping[str, Any]) -> OperationText:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    good: Mapping[str, Any] = next(
        (one for status, one in told["responses"].items() if str(status).startswith("2")), {}
    )
    answer = good.get("content", {}).get("application/json", {}).get("schema", {})
    return OperationText(
        method=method.upper(),
        path=path,
        help=told.get("description", ""),
        scope=told.get("x-scope", ""),
        parameters=tuple(_parameters(schema, told)),
        body=tuple(_fields(schema, body)),
        answer=tuple(_fields(schema, answer)),
    )


def _parameters(schema: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Field]:
    for one in told.get("parameters", ()):
        help_text = one.get("description") or one["schema"].get("description", "")
        yield Field(one["name"], _kind(schema, one["schema"]), one.get("required", False), help_text)


def _fields(schema: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Field]:
    """Of an object, or of what a list holds."""
    said = _resolved(schema, said)
    if said.get("type") == "array":
        said = _resolved(schema, said["items"])
    for name, one in said.get("properties", {}).items():
        yield Field(name, _kind(schema, one), name in said.get("required", ()), one.get("description", ""))


def _resolved(schema: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in said:
        return said
    found: Mapping[str, Any] = schema["components"]["schemas"][said["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """In a few words: "string", "number or null", "list of Clip", "side, rear or front"."""
    for several in ("anyOf", "allOf"):
        if several in said:
            return " or ".join(_kind(schema, one) for one in said[several])
    meant = _resolved(schema, said)
    if "enum" in meant or "const" in meant:
        words = meant.get("enum") or [meant["const"]]
        return ", ".join(f"“{word}”" for word in words)
    if "$ref" in said:
        return str(said["$ref"].rpartition("/")[2])
    if said.get("type") == "array":
        return f"list of {_kind(schema, said['items'])}"
    return str(said.get("format") or said.get("type", "any"))
