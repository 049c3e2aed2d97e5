"""Composition root of the media node: makes the packet path, the certificate, the rooms, the control server and
the metrics, and runs them until it is told to stop. The supervisor calls `run`; tests use `Node`. The only
place of this package that reads a clock, draws random bytes and configures logging.
"""

import asyncio
import datetime
import ipaddress
import itertools
import logging
import resource
import secrets
import signal
import sys
import time
from typing import Literal

import msgspec
import structlog

from sfu.control import ControlServer
from sfu.dtls import DtlsIdentity
from sfu.messages import CloseRoom, FromNode, Offer, Ready, SetRoom
from sfu.metrics import MetricsServer, NodeCollector
from sfu.packetpath import PacketPath
from sfu.peer import NodeTransport
from sfu.rooms import Rooms

# Resends of handshakes and marks of speakers are due in steps of this; smaller costs idle wake-ups.
TICK_S = 0.05
# More than the packet path takes of connections, and the rest of the process.
OPEN_FILES = 4096

_log = structlog.get_logger("sfu.node")


class NodeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`addresses`: IP literals to bind; `announce`: those that candidates name (empty: the bound ones);
    `port`: 0 picks a free one; `metrics_port`: 0 picks one, too."""

    addresses: list[str]
    announce: list[str]
    port: int
    control_socket: str
    metrics_host: str
    metrics_port: int
    log_level: str = "info"
    log_format: Literal["json", "console"] = "json"


class Node:
    """Raises PacketPathError or OSError when a socket cannot be opened."""

    def __init__(self, settings: NodeSettings, identity: DtlsIdentity | None = None) -> None:
        self._path = PacketPath(settings.addresses, settings.port)
        self.media_port = self._path.port
        self.serving = asyncio.Event()
        self._incarnation = secrets.token_hex(8)
        transport = NodeTransport(
            path=self._path,
            identity=identity or make_identity(),
            addresses=candidate_addresses(settings),
            port=self.media_port,
            ids=itertools.count(1),
            random_bytes=secrets.token_bytes,
        )
        self.rooms = Rooms(transport)
        self._control = ControlServer(settings.control_socket, self)
        collector = NodeCollector(self.rooms, self.counters)
        self._metrics = MetricsServer(settings.metrics_host, settings.metrics_port, collector)

    def counters(self) -> dict[str, int]:
        """Totals of the packet path."""
        return self._path.counters()

    @property
    def metrics_port(self) -> int:
        return self._metrics.port

    async def run(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        try:
            await self._control.start()
            await self._metrics.start()
            loop.add_reader(self._path.fileno(), self._drain)
            _log.info("media_node_serving", media_port=self.media_port, incarnation=self._incarnation)
            self.serving.set()
            await self._tick_until(stop)
        finally:
            loop.remove_reader(self._path.fileno())
            await self._control.close()
            await self._metrics.close()
            self.rooms.close()
            self._path.close()
            _log.info("media_node_stopped")

    async def _tick_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._control.send(self.rooms.poll(_now()))
            try:
                await asyncio.wait_for(stop.wait(), TICK_S)
            except TimeoutError:
                continue

    def _drain(self) -> None:
        self._control.send(self.rooms.observe(self._path.drain(), _now()))

    # ── ControlledNode ──

    def greet(self) -> tuple[Ready, list[FromNode]]:
        self.rooms.begin_session(_now())
        ready = Ready(node=f"sfu-{self.media_port}", incarnation=self._incarnation, media_port=self.media_port)
        return ready, self.rooms.poll(_now())

    def handle(self, message: SetRoom | CloseRoom | Offer) -> list[FromNode]:
        return self.rooms.handle(message, _now())


def make_identity() -> DtlsIdentity:
    """Takes some milliseconds, so a process that stands by makes it beforehand."""
    return DtlsIdentity(datetime.datetime.now(datetime.UTC))  # noqa: TID251 - the shell reads the clock


def candidate_addresses(settings: NodeSettings) -> tuple[str, ...]:
    """What answers name: each address once, and none of the wildcards, which mean nothing to a client."""
    named = [ipaddress.ip_address(text) for text in settings.announce or settings.addresses]
    return tuple(str(address) for address in dict.fromkeys(named) if not address.is_unspecified)


def _now() -> float:
    return time.monotonic()  # noqa: TID251 - the shell reads the clock


def configure_logging(level: str, log_format: Literal["json", "console"]) -> None:
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks if log_format == "json" else structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=level.upper(), stream=sys.stderr)


def allow_connections() -> None:
    """Each TCP connection of a browser is an open file, and the usual limit is for programs that have a few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(settings: NodeSettings, identity: DtlsIdentity | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    allow_connections()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(_serve(settings, identity))


async def _serve(settings: NodeSettings, identity: DtlsIdentity | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Node(settings, identity).run(stop)
