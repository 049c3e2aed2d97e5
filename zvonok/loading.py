"""Reads the configuration: TOML file, then environment, then the judgement of `checks.py`.

Every problem becomes one `ConfigError` that names the source and the key. Called by the commands.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from zvonok.checks import Sources, check
from zvonok.config import PREFIX, SWITCHES_OF_DEVELOPMENT, Config, Key, Value, keys
from zvonok.failures import ConfigError


def load(file: Path | None, environment: Mapping[str, str]) -> Config:
    """The checked configuration, with its paths made absolute. Raises ConfigError."""
    known = {key.path: key for key in keys()}
    sources = Sources(str(file) if file is not None else "built-in defaults")
    values: dict[str, Value] = {}
    for path, given in _from_file(file, known).items():
        values[path] = _converted(given, known[path], str(file), strict=True)
    by_variable = {key.variable: key for key in known.values()}
    for variable, text in environment.items():
        if variable.startswith(PREFIX) and not variable.startswith(SWITCHES_OF_DEVELOPMENT):
            key = by_variable.get(variable)
            if key is None:
                raise ConfigError("environment", variable, "there is no such key")
            values[key.path] = _converted(_items(text, key), key, variable, strict=False)
            sources.variables[key.path] = variable
    base = file.resolve().parent if file is not None else Path.cwd()
    config = _absolute(_assembled(values), base)
    check(config, sources)
    return config


def _from_file(file: Path | None, known: Mapping[str, Key]) -> dict[str, object]:
    if file is None:
        return {}
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(file), "", f"is not a TOML file: {error}") from error
    sections = {key.section for key in known.values()}
    values: dict[str, object] = {}
    for section, table in tables.items():
        if section not in sections:
            raise ConfigError(str(file), section, "there is no such section")
        if not isinstance(table, dict):
            raise ConfigError(str(file), section, "is a section, written [" + section + "]")
        for name, value in table.items():
            path = f"{section}.{name}"
            if path not in known:
                raise ConfigError(str(file), path, "there is no such key")
            values[path] = value
    return values


def _items(text: str, key: Key) -> str | list[str]:
    """Variables carry lists with commas."""
    if isinstance(key.default, list):
        return [item.strip() for item in text.split(",") if item.strip()]
    return text


def _converted(given: object, key: Key, source: str, *, strict: bool) -> Value:
    try:
        value: Value = msgspec.convert(given, key.type, strict=strict)
    except msgspec.ValidationError as error:
        raise ConfigError(source, key.path, str(error).replace("`", "")) from error
    return value


def _assembled(values: Mapping[str, Value]) -> Config:
    tables: dict[str, dict[str, Value]] = {}
    for path, value in values.items():
        section, _, name = path.partition(".")
        tables.setdefault(section, {})[name] = value
    return msgspec.convert(tables, Config)


def _absolute(config: Config, base: Path) -> Config:
    def from_base(path: str) -> str:
        return str(base / path) if path else ""

    replace = msgspec.structs.replace
    data_dir = base / config.data.dir
    return replace(
        config,
        http=replace(
            config.http,
            tls_certificate=from_base(config.http.tls_certificate),
            tls_key=from_base(config.http.tls_key),
        ),
        control=replace(config.control, socket=from_base(config.control.socket)),
        data=replace(config.data, dir=str(data_dir)),
        database=replace(
            config.database, url=config.database.url or f"sqlite+aiosqlite:///{data_dir / 'zvonok.sqlite3'}"
        ),
    )
