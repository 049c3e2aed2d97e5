"""A database of the newest schema is opened without Alembic; the newest revision is read off the names of the files."""

import subprocess
import sys
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from school.store import Store
from school.store.migrating import MIGRATIONS, newest_revision

OPEN_AND_LOOK = """
import asyncio, sys
from school.store import Store

async def main(url):
    async with await Store.open(url):
        print("alembic" in sys.modules)

asyncio.run(main(sys.argv[1]))
"""


def opened_with_alembic(url: str) -> bool:
    done = subprocess.run([sys.executable, "-c", OPEN_AND_LOOK, url], capture_output=True, check=True, text=True)
    return done.stdout.strip() == "True"


def test_the_newest_revision_is_the_one_that_alembic_goes_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()


async def test_alembic_is_loaded_for_a_migration_only(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'school.sqlite3'}"
    assert opened_with_alembic(url)
    assert not opened_with_alembic(url)
    async with await Store.open(url) as store:
        assert await store.healthy() is True
