"""PROTOCOL.md is executed: every example is decoded by the real decoders, and nothing is without one."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from signaling.api import documents
from signaling.live import messages as wire
from signaling.schema import PROTOCOL_DIR, generated

TEXT = (Path(__file__).parent.parent.parent / "PROTOCOL.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)\n```", TEXT, re.DOTALL)
DOCUMENTS = {
    name: value
    for name, value in vars(documents).items()
    if isinstance(value, type) and issubclass(value, documents.Document) and value is not documents.Document
}
# The name of a document stands in the paragraph above its example.
DOCUMENT_EXAMPLES = re.findall(r"^`([A-Z]\w+)`[^\n]*:?[^\n]*\n\n```json\n(.*?)\n```", TEXT, re.DOTALL | re.MULTILINE)
REQUESTS: tuple[type[msgspec.Struct], ...] = get_args(wire.ClientMessage)
ANSWERS: tuple[type[msgspec.Struct], ...] = get_args(wire.ServerMessage)


class _Tagged(msgspec.Struct):
    type: str = ""


def _type_of(example: str) -> str:
    return msgspec.json.decode(example, type=_Tagged).type


WIRE_EXAMPLES = [example for example in EXAMPLES if _type_of(example)]


@pytest.mark.parametrize("example", WIRE_EXAMPLES, ids=_type_of)
def test_every_wire_example_is_a_message_and_has_no_field_of_its_own(example: str) -> None:
    tags = {str(struct.__struct_config__.tag) for struct in REQUESTS}
    message = (
        wire.decode(example) if _type_of(example) in tags else msgspec.json.decode(example, type=wire.ServerMessage)
    )
    again = msgspec.json.decode(msgspec.json.encode(message), type=dict[str, object])
    assert set(msgspec.json.decode(example, type=dict[str, object])) <= set(again)


def test_every_message_has_an_example() -> None:
    shown = {_type_of(example) for example in WIRE_EXAMPLES}
    assert shown == {str(struct.__struct_config__.tag) for struct in (*REQUESTS, *ANSWERS)}


@pytest.mark.parametrize(("name", "example"), DOCUMENT_EXAMPLES, ids=lambda value: value if value.isalpha() else "")
def test_every_document_example_is_that_document(name: str, example: str) -> None:
    document = msgspec.json.decode(example, type=DOCUMENTS[name])
    again = msgspec.json.decode(msgspec.json.encode(document), type=dict[str, object])
    assert msgspec.json.decode(example, type=dict[str, object]) == again


def test_every_document_has_an_example() -> None:
    assert {name for name, _ in DOCUMENT_EXAMPLES} == set(DOCUMENTS)


def test_every_code_of_a_failure_and_of_a_close_is_in_the_text() -> None:
    words = [*get_args(wire.ErrorCode), *(f"{code} `{reason}`" for reason, code in wire.CLOSE_CODES.items())]
    assert [word for word in words if word not in TEXT] == []


@pytest.mark.parametrize("name", sorted(generated()))
def test_the_browsers_types_and_the_schema_are_those_of_the_messages(name: str) -> None:
    assert (PROTOCOL_DIR / name).read_text(encoding="utf-8") == generated()[name]
