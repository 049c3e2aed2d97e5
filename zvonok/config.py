"""Every key of the configuration, with its meaning and its default, and the environment that may override it.

One TOML file and the variables `ZVONOK_<SECTION>_<KEY>`. The descriptions here are the documentation:
`zvonok.example.toml` is made from them. Reading is in `loading.py`, judging the values in `checks.py`.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PREFIX = "ZVONOK_"
SWITCHES_OF_DEVELOPMENT = ("ZVONOK_TEST_", "ZVONOK_SKIP_")
"""Variables of the build and of the tests begin so; the program looks at none of them."""

Port = Annotated[int, Meta(ge=0, le=65535)]
Value = str | int | float | list[str]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. Each field carries its description."""


class School(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=200, description="What the school is called on its pages.")] = (
        "Школа"
    )
    zone: Annotated[str, Meta(description="Time zone of the timetable, an IANA name such as Asia/Yekaterinburg.")] = (
        "Europe/Moscow"
    )


class Http(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: Annotated[
        str,
        Meta(
            description="Address on which pages are served. Anything but a loopback address needs TLS. "
            "0.0.0.0 is every IPv4 address of the machine."
        ),
    ] = "127.0.0.1"
    port: Annotated[Port, Meta(description="Port of the pages; 0 picks a free one at each start.")] = 8080
    public_url: Annotated[
        str,
        Meta(
            description="Under which address people open the pages, https://school.example. "
            "Empty: http://localhost with the port above, for loopback only."
        ),
    ] = ""
    tls_certificate: Annotated[
        str, Meta(description="File with the certificate chain in PEM. Empty: plain HTTP, on loopback only.")
    ] = ""
    tls_key: Annotated[str, Meta(description="File with the private key of the certificate in PEM.")] = ""
    allowed_origins: Annotated[
        list[str],
        Meta(description="Origins from which a page may connect. Empty: that of public_url."),
    ] = []


class Media(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    addresses: Annotated[
        list[str],
        Meta(description="Addresses on which media are received. Empty: 127.0.0.1 and all addresses of the machine."),
    ] = []
    announce: Annotated[
        list[str],
        Meta(description="Further addresses told to browsers: those of a router that passes the port on to here."),
    ] = []
    port: Annotated[
        Port,
        Meta(
            description="Port of all media, on each of the addresses: UDP, and TCP for who has no UDP. "
            "0 picks one that is free for both at each start."
        ),
    ] = 10000


class Control(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    socket: Annotated[
        str,
        Meta(
            description="Unix socket between signaling and the media node. Empty: in a private directory, made at "
            "each start; name one where the two processes are started by hand."
        ),
    ] = ""


class Database(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: Annotated[
        str,
        Meta(description="sqlite+aiosqlite:///relative/path or ////absolute/path. Empty: zvonok.sqlite3 in data.dir."),
    ] = ""


class Data(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    dir: Annotated[
        str,
        Meta(
            min_length=1,
            description="Directory of everything that is kept. A relative path starts at the directory of this file.",
        ),
    ] = "data"


class Metrics(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: Annotated[str, Meta(description="Loopback address on which Prometheus reads the metrics.")] = "127.0.0.1"
    signaling_port: Annotated[Port, Meta(description="Metrics of signaling; 0 picks a free one at each start.")] = 9471
    sfu_port: Annotated[Port, Meta(description="Metrics of the media node; 0 picks a free one.")] = 9472


class Log(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="debug, info, warning or error.")
    ] = "info"
    format: Annotated[
        Literal["json", "console"], Meta(description="json: one object a line. console: for reading.")
    ] = "json"


class Children(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    minutes_without_adult: Annotated[
        float,
        Meta(
            ge=0,
            le=60,
            description="How long media flow in a room of pupils after the last adult of the school has left.",
        ),
    ] = 5
    adults: Annotated[
        Literal["teacher", "staff"],
        Meta(
            description="Who is an adult of the school for this. teacher: the one of the lesson, and co-hosts. "
            "staff: observers, such as the director, too."
        ),
    ] = "staff"
    two_adults: Annotated[
        Literal["off", "log", "stop"],
        Meta(
            description="When one adult and one pupil are alone in a lesson. off: nothing. log: the audit keeps it. "
            "stop: no media flow until somebody else is in."
        ),
    ] = "off"


class Config(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    school: Annotated[School, Meta(description="The school.")] = School()
    http: Annotated[Http, Meta(description="Pages, API and WebSocket.")] = Http()
    media: Annotated[Media, Meta(description="Sound and pictures.")] = Media()
    control: Annotated[Control, Meta(description="Between the processes.")] = Control()
    database: Annotated[Database, Meta(description="Where the school is kept.")] = Database()
    data: Annotated[Data, Meta(description="Files.")] = Data()
    metrics: Annotated[Metrics, Meta(description="Numbers for Prometheus, on loopback only.")] = Metrics()
    log: Annotated[Log, Meta(description="Logs, on standard error. They hold no personal data.")] = Log()
    children: Annotated[Children, Meta(description="Rules that protect children.")] = Children()


class Key(msgspec.Struct, frozen=True):
    """One key of the configuration, as the reader and the example need it."""

    section: str
    name: str
    type: object
    default: Value
    description: str

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        return f"{PREFIX}{self.section}_{self.name}".upper()


def keys() -> Iterator[Key]:
    """All keys, in the order of the file."""
    config = Config()
    for section in msgspec.structs.fields(Config):
        defaults = getattr(config, section.name)
        for field in msgspec.structs.fields(defaults):
            yield Key(section.name, field.name, field.type, getattr(defaults, field.name), description(field.type))


def description(annotated: object) -> str:
    """The text of the outermost Meta of a field."""
    metas = [meta for meta in getattr(annotated, "__metadata__", ()) if isinstance(meta, Meta) and meta.description]
    return metas[-1].description or "" if metas else ""


def environment() -> Mapping[str, str]:
    """The variables of this process."""
    return os.environ  # noqa: TID251 - the one place that reads the environment


def as_environment(config: Config) -> dict[str, str]:
    """The variables under which another process reads this very configuration."""
    variables = {}
    for key in keys():
        value = getattr(getattr(config, key.section), key.name)
        variables[key.variable] = ",".join(value) if isinstance(value, list) else str(value)
    return variables
