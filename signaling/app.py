"""The composition root of process 1: reads nothing but its settings, builds every part once, runs until SIGTERM.

Called by the product's command line. Only here are clocks and random sources taken hold of and handed on.
"""

import asyncio
import secrets
import signal
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec
import structlog
from aiohttp import web

from school.store import Store
from school.usecases.check_results import forget_old_results
from signaling.api.context import Context, Limits
from signaling.api.guards import hosts_of
from signaling.api.routes import http_app
from signaling.buckets import Allowance, BucketTable
from signaling.connection_checks import ConnectionChecks
from signaling.listening import Patience, listen
from signaling.live.adults import TwoAdults
from signaling.live.books import Library
from signaling.live.door import Desk, Door
from signaling.live.person import AdultRule
from signaling.live.restoring import School, restore_rooms
from signaling.live.rooms import Rooms, Terms
from signaling.live.sources import SourceNumbers
from signaling.media import NodeConnection
from signaling.metrics import Metrics, metrics_app
from signaling.tickets import Tickets

_log = structlog.get_logger("signaling")

STATIC: Final = Path(__file__).parent / "static"
LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
PER_SESSION: Final = Allowance(rate=10.0, burst=60)
PER_ADDRESS: Final = Allowance(rate=500.0, burst=3000)
# A page that checks a line asks three times: by UDP, by TCP, and with the result.
CHECKS_PER_SESSION: Final = Allowance(rate=0.15, burst=9)
CHECKS_PER_ADDRESS: Final = Allowance(rate=1.0, burst=60)
# An orderly end takes two seconds at most; the rooms have theirs before this.
SHUTDOWN_SECONDS: Final = 0.6


class SignalingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Checked by zvonok/config.py. `public_url` is what people type; TLS when it says https. `static_dir`: the
    built client, where it is not the package's own."""

    host: str
    port: int
    public_url: str
    allowed_origins: list[str]
    tls_certificate: str | None
    tls_key: str | None
    database_url: str
    control_socket: str
    metrics_host: str
    metrics_port: int
    school_zone: str
    minutes_without_adult: float
    adults: AdultRule
    two_adults: TwoAdults
    demo: bool
    log_level: str
    log_format: Literal["json", "console"]
    static_dir: str | None = None


def origins_of(settings: SignalingSettings) -> frozenset[str]:
    """The site's own origin and those that the configuration adds; on loopback, its other names."""
    url = urlsplit(settings.public_url)
    origins = {f"{url.scheme}://{url.netloc}", *settings.allowed_origins}
    host, colon, port = url.netloc.rpartition(":") if url.port is not None else (url.netloc, "", "")
    if host in LOOPBACK:
        origins |= {f"{url.scheme}://{name}{colon}{port}" for name in LOOPBACK}
    return frozenset(origins)


def hosts_of_site(settings: SignalingSettings) -> frozenset[str]:
    """The origins' hosts; and where it listens on loopback, what a proxy in front of it may call it."""
    hosts = hosts_of(origins_of(settings))
    if ip_address(settings.host).is_loopback:
        hosts |= {f"{name}:{settings.port}" for name in LOOPBACK}
    return hosts


def run(settings: SignalingSettings) -> None:
    """Until SIGTERM or SIGINT. Logs go where the caller has configured structlog to."""
    asyncio.run(_run(settings))


async def _run(settings: SignalingSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(settings):
        _log.info("serving", port=settings.port)
        await stop.wait()
    _log.info("stopped")


@asynccontextmanager
async def serving(settings: SignalingSettings, patience: Patience | None = None) -> AsyncIterator[Context]:
    """The whole process between its first and its last moment; tests use it as it is. Rooms of an earlier process go
    on before the port listens, and are handed over to the next one after it has closed."""
    metrics = Metrics()
    async with await Store.open(settings.database_url) as store:
        media = NodeConnection(settings.control_socket, int(time.time() * 1000), metrics)  # noqa: TID251 - the composition root reads clocks
        rooms = Rooms(media, _terms(settings, store), metrics)
        media.report_to(rooms)
        context = _context(settings, store, media, rooms, metrics)
        static = STATIC if settings.static_dir is None else Path(settings.static_dir)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(rooms.run())
            await _restore(settings, context)
            control = group.create_task(media.run())
            checks = group.create_task(context.checks.run())
            try:
                async with (
                    _listening(settings, http_app(context, static), patience or Patience()) as server,
                    _metrics_port(settings, metrics),
                ):
                    yield context
                    server.close()
                    await rooms.restart()
                    context.door.close()
            finally:
                rooms.close()
                await asyncio.wait([running])
                control.cancel()
                checks.cancel()


async def _restore(settings: SignalingSettings, context: Context) -> None:
    started = _monotonic()
    await asyncio.sleep(0)  # the registry's task begins
    await forget_old_results(context.store, context.wall_clock())
    school = School(context.store, context.wall_clock(), settings.adults)
    await restore_rooms(context.rooms, school, context.metrics)
    _log.info("rooms_restored", seconds=round(_monotonic() - started, 3))


def _terms(settings: SignalingSettings, store: Store) -> Terms:
    library = Library(store, _wall_clock, settings.adults)
    return Terms(
        numbers=SourceNumbers(secrets.randbits(24)),
        new_room_id=_new_id,
        books_of=lambda lesson: library.books_of(lesson.lesson, lesson.starts_at),
        seconds_without_adult=settings.minutes_without_adult * 60,
        two_adults=settings.two_adults,
        unix_offset=lambda: time.time() - _monotonic(),  # noqa: TID251 - the composition root reads clocks
    )


def _context(
    settings: SignalingSettings, store: Store, media: NodeConnection, rooms: Rooms, metrics: Metrics
) -> Context:
    tickets = Tickets(_new_secret)
    desk = Desk(store, tickets, rooms, settings.adults)
    return Context(
        store=store,
        tickets=tickets,
        rooms=rooms,
        door=Door(desk, new_secret=_new_secret, new_id=_new_id, wall_clock=_wall_clock),
        media=media,
        checks=ConnectionChecks(media, _new_secret, _monotonic, metrics),
        metrics=metrics,
        limits=Limits(
            BucketTable(PER_SESSION),
            BucketTable(PER_ADDRESS),
            BucketTable(CHECKS_PER_SESSION),
            BucketTable(CHECKS_PER_ADDRESS),
        ),
        allowed_origins=origins_of(settings),
        allowed_hosts=hosts_of_site(settings),
        secure=urlsplit(settings.public_url).scheme == "https",
        demo=settings.demo,
        school_zone=settings.school_zone,
        wall_clock=_wall_clock,
        monotonic=_monotonic,
        new_secret=_new_secret,
    )


@asynccontextmanager
async def _listening(
    settings: SignalingSettings, app: web.Application, patience: Patience
) -> AsyncIterator[asyncio.Server]:
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        server = await listen(runner, settings.host, settings.port, _tls(settings), patience)
        try:
            yield server
        finally:
            server.close()
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _metrics_port(settings: SignalingSettings, metrics: Metrics) -> AsyncIterator[None]:
    runner = web.AppRunner(metrics_app(metrics), handle_signals=False, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.metrics_host, settings.metrics_port).start()
        yield
    finally:
        await runner.cleanup()


def _tls(settings: SignalingSettings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context


def _wall_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the composition root reads clocks


def _monotonic() -> float:
    """The loop's clock, which rooms and connections go by too."""
    return asyncio.get_running_loop().time()


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _new_id() -> str:
    """Names somebody or something to others, and opens nothing."""
    return secrets.token_urlsafe(9)
