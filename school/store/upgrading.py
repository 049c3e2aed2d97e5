"""Runs Alembic on an open connection. Loaded by migrating.py when a database is not of the newest schema."""

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from school.store.migrating import MIGRATIONS, SchemaError


def to_newest(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(f"the database was made by another version of Zvonok ({error})") from error
