"""The whole process of signaling, with a school of the tests and a media node that moves no packet."""

import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from school.people import Member
from school.store import Store
from signaling.api.context import Context
from signaling.app import SignalingSettings, serving
from tests.signaling.browser import Browser
from tests.signaling.node_double import NodeDouble
from tests.signaling.surviving_lesson import Lesson, held_lesson
from tests.signaling.town import Town, found

BrowserOf = Callable[[Member | None], Awaitable[Browser]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path) -> SignalingSettings:
    port = free_port()
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>Звонок</title>", encoding="utf-8")
    (static / "assets" / "index-C0ffee.js").write_text("export const lesson = 1;\n" * 100, encoding="utf-8")
    (static / "assets" / "index-C0ffee.js.br").write_bytes(b"packed by the build")
    return SignalingSettings(
        host="127.0.0.1",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        allowed_origins=[],
        tls_certificate=None,
        tls_key=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'school.db'}",
        control_socket=str(tmp_path / "control.sock"),
        metrics_host="127.0.0.1",
        metrics_port=free_port(),
        school_zone="Europe/Moscow",
        minutes_without_adult=5,
        adults="staff",
        two_adults="off",
        demo=True,
        log_level="warning",
        log_format="json",
        static_dir=str(static),
    )


@pytest.fixture(scope="session")
async def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Town]:
    """A database with the school in it, made once; every test has its own copy."""
    database = tmp_path_factory.mktemp("founded") / "school.db"
    async with await Store.open(f"sqlite+aiosqlite:///{database}") as store:
        return database, await found(store)


@pytest.fixture
def town(settings: SignalingSettings, founded: tuple[Path, Town]) -> Town:
    database, town = founded
    shutil.copyfile(database, settings.database_url.removeprefix("sqlite+aiosqlite:///"))
    return town


@pytest.fixture
async def media_node(settings: SignalingSettings) -> AsyncIterator[NodeDouble]:
    double = NodeDouble(Path(settings.control_socket))
    await double.start()
    yield double
    await double.stop()


@pytest.fixture
async def server(settings: SignalingSettings, town: Town, media_node: NodeDouble) -> AsyncIterator[Context]:
    async with serving(settings) as context:
        await media_node.until(lambda: bool(media_node.hellos))
        yield context


@pytest.fixture
async def browser_of(server: Context, settings: SignalingSettings) -> AsyncIterator[BrowserOf]:
    async with AsyncExitStack() as stack:

        async def make(member: Member | None) -> Browser:
            browser = await stack.enter_async_context(Browser(settings.public_url))
            if member is not None:
                await browser.sign_in(member.id)
            return browser

        yield make


@pytest.fixture
async def lesson(settings: SignalingSettings, town: Town, media_node: NodeDouble) -> AsyncIterator[Lesson]:
    async with held_lesson(settings, town, media_node) as lesson:
        yield lesson
