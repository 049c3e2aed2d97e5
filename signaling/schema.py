"""Writes the wire contract for others: JSON Schema and the browser's TypeScript types, made from the typed messages.

`python -m signaling.schema` writes web/src/protocol/{messages.ts,documents.ts} and the JSON Schema beside them;
a test makes them again and compares. Called by people who change a message, never at run time.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from signaling.api import documents
from signaling.live import messages

Schema = Mapping[str, Any]

PROTOCOL_DIR = Path(__file__).parent.parent / "web" / "src" / "protocol"
HEADER = "// Made by `python -m signaling.schema` from {source}; do not edit.\n"


def _structs(module: object, base: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, base)]
    return [struct for struct in found if (struct is not base and struct.__struct_fields__) or _tag(struct)]


def _tag(struct: type[msgspec.Struct]) -> str | None:
    tag = struct.__struct_config__.tag
    return tag if isinstance(tag, str) else None


def _typescript(schema: Schema) -> str:
    """The TypeScript type of a JSON Schema node, as msgspec writes them."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_typescript(part) for part in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        return f"readonly ({_typescript(schema['items'])})[]"
    if kind == "object":
        return f"Readonly<Record<string, {_typescript(schema['additionalProperties'])}>>"
    return {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}[
        str(kind)
    ]


def _interface(name: str, schema: Schema) -> str:
    required = set(schema.get("required", ()))
    lines = [
        f"  readonly {key}{'' if key in required else '?'}: {_typescript(part)};"
        for key, part in schema["properties"].items()
    ]
    return "\n".join([f"export interface {name} {{", *lines, "}"])


def _module(source: str, structs: Iterable[type[msgspec.Struct]], unions: Mapping[str, Any]) -> tuple[str, str]:
    (_, components) = msgspec.json.schema_components(list(structs), ref_template="#/$defs/{name}")
    parts = [HEADER.format(source=source)]
    parts += [_interface(name, schema) for name, schema in sorted(components.items())]
    for name, union in unions.items():
        members = " | ".join(member.__name__ for member in union.__args__)
        parts.append(f"export type {name} = {members};")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": source,
        "$defs": dict(sorted(components.items())),
    }
    return "\n\n".join(parts) + "\n", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def generated() -> dict[str, str]:
    """File name → content of everything that is made from the typed messages."""
    wire_structs = [s for s in _structs(messages, msgspec.Struct) if s.__name__ not in _BASES]
    wire, wire_schema = _module(
        "signaling/live/messages.py",
        wire_structs,
        {"ClientMessage": messages.ClientMessage, "ServerMessage": messages.ServerMessage},
    )
    http, http_schema = _module("signaling/api/documents.py", _structs(documents, documents.Document), {})
    return {
        "messages.ts": wire,
        "messages.schema.json": wire_schema,
        "documents.ts": http,
        "documents.schema.json": http_schema,
    }


_BASES = {"Request", "Reply", "Event", "RoomEvent"}


def main() -> None:
    PROTOCOL_DIR.mkdir(parents=True, exist_ok=True)
    for name, content in generated().items():
        (PROTOCOL_DIR / name).write_text(content, encoding="utf-8")
    sys.stdout.write(f"{PROTOCOL_DIR}: {', '.join(generated())}\n")


if __name__ == "__main__":
    main()
