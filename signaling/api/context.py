"""What the HTTP handlers work with: one `Context` a process, put together by the composition root (app.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from school.store import Store
from signaling.buckets import BucketTable
from signaling.connection_checks import ConnectionChecks
from signaling.live.door import Door
from signaling.live.rooms import Rooms
from signaling.media import NodeConnection
from signaling.metrics import Metrics
from signaling.tickets import Tickets


@dataclass(frozen=True, slots=True)
class Limits:
    """A school is one address: what a child may do is limited by session, and an address only as a whole school."""

    by_session: BucketTable
    by_address: BucketTable
    checks_by_session: BucketTable
    checks_by_address: BucketTable


@dataclass(frozen=True, slots=True)
class Context:
    store: Store
    tickets: Tickets
    rooms: Rooms
    door: Door
    media: NodeConnection
    checks: ConnectionChecks
    metrics: Metrics
    limits: Limits
    allowed_origins: frozenset[str]
    allowed_hosts: frozenset[str]
    secure: bool
    demo: bool
    school_zone: str
    wall_clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    new_secret: Callable[[], str]


CONTEXT: Final = web.AppKey("context", Context)
