"""Makes `zvonok.example.toml` from the configuration's own descriptions: `python -m zvonok.example`.

A test compares the file with what this writes.
"""

import sys
import textwrap

import msgspec

from zvonok.config import Config, Value, description, keys

_HEAD = """\
# Configuration of Zvonok: every key, with its default. A line that is left out or commented keeps the default.
# Each key can be set by an environment variable too, ZVONOK_<SECTION>_<KEY>, which wins over this file; lists
# are written with commas there. Check it: zvonok doctor --config FILE
"""
_WIDTH = 110


def example() -> str:
    """The whole file."""
    sections = {field.name: description(field.type) for field in msgspec.structs.fields(Config)}
    lines = [_HEAD]
    shown = ""
    for key in keys():
        if key.section != shown:
            lines += ["", f"[{key.section}]  # {sections[key.section]}"]
            shown = key.section
        lines += textwrap.wrap(f"{key.description} {key.variable}", _WIDTH, initial_indent="# ", subsequent_indent="# ")
        lines.append(f"{key.name} = {_toml(key.default)}")
    return "\n".join(lines) + "\n"


def _toml(value: Value) -> str:
    """Strings, numbers and lists of strings are written in TOML as in JSON."""
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    sys.stdout.write(example())
