"""`zvonok demo`: a school to try, on this machine only, with no sign-in.

Its data are in a database of their own (`demo.sqlite3`), so that no real school is ever opened without
sign-in. With `--json`, standard output is one line that any tool can read.
"""

import asyncio
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from school.usecases.people import all_people
from zvonok.checks import SQLITE
from zvonok.config import Config, environment
from zvonok.database import opened
from zvonok.demo_school import NAME, lesson_that_is_on, meeting_that_is_on, seed
from zvonok.failures import NotStarted, one_line_failures
from zvonok.loading import load
from zvonok.logs import configure_logs
from zvonok.network import LOOPBACK, media_port_is_free
from zvonok.product import private_directory, run_product, settled

PORT_RANGE = click.IntRange(0, 65535)
DEFAULTS = {"ZVONOK_LOG_FORMAT": "console", "ZVONOK_METRICS_SIGNALING_PORT": "0", "ZVONOK_METRICS_SFU_PORT": "0"}
"""Of the demo, where the environment says nothing: several demo schools run side by side."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    role: str
    name: str
    class_name: str | None = msgspec.field(name="class")
    login_url: str


class DemoSchool(msgspec.Struct, frozen=True, kw_only=True):
    """Who there is, and the addresses of the lesson and the meeting that are always on."""

    people: list[Person]
    lesson_url: str
    meeting_url: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints."""

    url: str
    media_port: int
    pids: Mapping[str, int]
    people: list[Person]
    lesson_url: str
    meeting_url: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line on standard output, and nothing else there.")
@click.option("--port", type=PORT_RANGE, default=8080, show_default=True, help="Port of the pages; 0 picks a free one.")
@click.option(
    "--media-port",
    type=PORT_RANGE,
    help="Port of media, UDP and TCP. Without it, 10000; a free one when that is in use or with --port 0.",
)
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo school here; else nowhere."
)
@click.option("--open", "opens", type=click.Choice(["yes", "no"]), default="no", help="Open the page in a browser.")
def demo(*, as_json: bool, port: int, media_port: int | None, data: Path | None, opens: str) -> None:
    """Start a demo school on this machine. Ctrl-C ends it."""
    with one_line_failures(), _directories(data) as (data_dir, run_dir):
        config = settled(_config(data_dir, port, media_port), run_dir)
        configure_logs(config.log, "supervisor")
        asyncio.run(_demo(config, as_json=as_json, opens=opens == "yes"))


@contextmanager
def _directories(data: Path | None) -> Iterator[tuple[Path, Path]]:
    with private_directory() as run_dir:
        yield (data.absolute() if data is not None else run_dir / "data"), run_dir


def _config(data_dir: Path, port: int, media_port: int | None) -> Config:
    """The defaults and the environment, but always on loopback and on the demo's own database."""
    given = load(None, {**DEFAULTS, **environment(), "ZVONOK_DATA_DIR": str(data_dir)})
    if media_port is None:
        usual = given.media.port
        media_port = usual if port and media_port_is_free(usual) else 0
    replace = msgspec.structs.replace
    return replace(
        given,
        http=replace(given.http, host=LOOPBACK, port=port, public_url="", tls_certificate="", tls_key=""),
        media=replace(given.media, port=media_port),
        database=replace(given.database, url=f"{SQLITE}{data_dir / 'demo.sqlite3'}"),
    )


async def _demo(config: Config, *, as_json: bool, opens: bool) -> None:
    school = await _school(config)

    def announce(pids: Mapping[str, int]) -> None:
        line = Line(
            url=config.http.public_url,
            media_port=config.media.port,
            pids=pids,
            people=school.people,
            lesson_url=school.lesson_url,
            meeting_url=school.meeting_url,
        )
        click.echo(msgspec.json.encode(line) if as_json else _for_reading(line))
        if opens:
            webbrowser.open(line.url)

    await run_product(config, announce, demo=True)


async def _school(config: Config) -> DemoSchool:
    url = config.http.public_url
    async with opened(config.database.url) as store:
        await seed(store, config.school.zone)
        cards = await all_people(store)
        now = datetime.now(UTC)  # noqa: TID251 - the shell reads the clock
        lesson = await lesson_that_is_on(store, cards, now)
        meeting = await meeting_that_is_on(store, cards, now)
    if lesson is None or meeting is None:
        raise NotStarted("the database of the demo holds another school, or one of an earlier version")
    people = [
        Person(
            id=card.member.id,
            role=str(card.member.main_role),
            name=card.member.full_name,
            class_name=card.class_name,
            login_url=f"{url}/demo/sign-in/{card.member.id}",
        )
        for card in cards
    ]
    return DemoSchool(
        people=people,
        lesson_url=f"{url}/lessons/{lesson.lesson.id}",
        meeting_url=f"{url}/lessons/{meeting.lesson.id}",
    )


def _for_reading(line: Line) -> str:
    people = "\n".join(
        f"  {person.name:<28} {person.role.replace('_', ' ')}{', ' + person.class_name if person.class_name else ''}"
        for person in line.people
    )
    return (
        f"\n{NAME} is open. Look here:\n\n  {line.url}\n\n{people}\n\n"
        f"A lesson of 5А is on:  {line.lesson_url}\nA meeting of parents:  {line.meeting_url}\n\n"
        "Choose who to be there; a private window is a second person. Ctrl-C ends everything.\n"
    )
