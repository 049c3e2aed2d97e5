"""The database of one installation: opening, migrating, and transactions.

`Store.open` brings the schema up to date first. Readers run side by side; writers stand in a queue, in this
process by a lock and between processes by SQLite's own (`BEGIN IMMEDIATE`), so that no write is ever begun
that could not be finished. Called by whoever composes a process; the use cases call `read` and `write`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from school.store.audit import AuditRows
from school.store.check_results import CheckResultRows
from school.store.migrating import SchemaError, upgrade
from school.store.people import PeopleRows
from school.store.reports import ReportRows
from school.store.rooms import ChatRows, RoomRows, StayRows
from school.store.sessions import SessionRows
from school.store.structure import StructureRows
from school.store.timetable import TimetableRows

BUSY_TIMEOUT_MS = 10_000
READERS = 4
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",  # first: the next one already waits for other processes
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)
_WRITES = "zvonok_writes"


class StoreError(Exception):
    """The database cannot be opened or brought up to date; the text says why, in one line."""


class Transaction:
    """The rows of one transaction, by area. Reads see one state; writes are kept together or not at all."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.structure = StructureRows(connection)
        self.people = PeopleRows(connection)
        self.timetable = TimetableRows(connection)
        self.sessions = SessionRows(connection)
        self.audit = AuditRows(connection)
        self.rooms = RoomRows(connection)
        self.chat = ChatRows(connection)
        self.stays = StayRows(connection)
        self.reports = ReportRows(connection)
        self.check_results = CheckResultRows(connection)


class Store:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{_WRITES: True})
        self._one_writer = asyncio.Lock()

    @classmethod
    async def open(cls, url: str) -> Self:
        """Opens the database, makes it where there is none, and migrates it. Raises StoreError."""
        try:
            engine = create_async_engine(
                url,
                pool_size=READERS,
                max_overflow=0,
                pool_timeout=BUSY_TIMEOUT_MS / 1000,
                hide_parameters=True,  # texts of errors reach logs, values of rows may not
            )
        except ArgumentError as error:
            raise StoreError("not a database URL") from error
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", _begin)
        store = cls(engine)
        try:
            async with store._writing.begin() as connection:
                await connection.run_sync(upgrade)
        except (SQLAlchemyError, SchemaError) as error:
            await engine.dispose()
            raise StoreError(str(error).splitlines()[0]) from error
        return store

    async def close(self) -> None:
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        async with self._engine.connect() as connection:
            yield Transaction(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with self._one_writer, self._writing.begin() as connection:
            yield Transaction(connection)

    async def healthy(self) -> bool:
        """Whether a write could be done at this moment."""
        try:
            async with self._one_writer, self._writing.begin() as connection:
                await connection.execute(text("SELECT 1 FROM schools LIMIT 1"))
        except SQLAlchemyError:
            return False
        return True


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Takes BEGIN out of the driver's hands, since `_begin` says which kind."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
