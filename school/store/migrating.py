"""Brings a database to the newest schema by Alembic, inside the transaction of whoever calls.

The caller holds SQLite's write lock, so two processes that start at once do it one after the other, and an
interrupted migration leaves nothing behind.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database has a schema that this program does not know: made by a newer one."""


def upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(f"the database was made by another version of Zvonok ({error})") from error
