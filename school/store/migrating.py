"""Brings a database to the newest schema, inside the transaction of whoever calls.

The caller holds SQLite's write lock, so two processes that start at once do it one after the other, and an
interrupted migration leaves nothing behind. Alembic is loaded only when there is something to migrate: a process that
is started again after a crash has people waiting for it.
"""

import importlib
from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database has a schema that this program does not know: made by a newer one."""


def upgrade(connection: Connection) -> None:
    if not _is_newest(connection):
        importlib.import_module("school.store.upgrading").to_newest(connection)


def newest_revision() -> str:
    """The files of the migrations begin with their revision, and the revisions grow."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    revisions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(revisions) == [newest_revision()]
