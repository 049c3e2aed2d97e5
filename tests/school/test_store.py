"""The database itself: schema and migration, several processes at once, what it refuses."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from school.audit import AuditEntry, Deed
from school.schedule import RoomKind
from school.store import Store, StoreError, tables
from school.store.migrating import MIGRATIONS, newest_revision
from school.usecases import lessons
from school.usecases.sessions import open_session
from tests.school.audit_rows import audit_of
from tests.school.roster import ARTYOM, MAPLE, NOON, TEACHER

OPEN_AND_WRITE = """
import asyncio, sys
from datetime import UTC, datetime
from school.store import Store
from school.usecases.founding import keep_school

async def main(url, name):
    async with await Store.open(url) as store:
        for number in range(20):
            await keep_school(store, f"{name} {number}", "Europe/Moscow")

asyncio.run(main(*sys.argv[1:]))
"""


MIGRATE_AND_WAIT = """
import sys
from sqlalchemy import create_engine
from school.store.migrating import upgrade

with create_engine("sqlite:///" + sys.argv[1]).connect() as connection:
    connection.connection.driver_connection.isolation_level = None
    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    upgrade(connection)
    print("migrated, not committed", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "school.sqlite3"


def test_migrations_make_exactly_the_tables_that_the_program_uses(empty_store: Store, file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


def test_every_row_has_its_school() -> None:
    for table in tables.metadata.tables.values():
        assert "school_id" in table.columns or table is tables.schools


async def test_opening_again_keeps_everything(store: Store, url: str) -> None:
    async with await Store.open(url) as again:
        assert len(await lessons.today(again, ARTYOM, NOON)) == 1


async def test_processes_that_open_a_new_database_at_once_migrate_it_once(url: str, file: Path) -> None:
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN_AND_WRITE, url, f"Школа {number}")
        for number in range(4)
    ]
    async with asyncio.timeout(60):
        assert [await process.wait() for process in processes] == [0, 0, 0, 0]
    database = sqlite3.connect(file)
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest_revision(),)]
    assert database.execute("SELECT count(*) FROM schools").fetchone() == (1,)
    database.close()


async def test_an_interrupted_migration_leaves_nothing_behind(url: str, file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE audit (stands_in_the_way)")
    database.commit()
    with pytest.raises(StoreError):
        await Store.open(url)
    assert database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("audit",)]
    database.execute("DROP TABLE audit")
    database.commit()
    database.close()
    async with await Store.open(url) as store:
        assert await store.healthy()


async def test_a_process_killed_in_the_middle_of_a_migration_leaves_nothing_behind(url: str, file: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", MIGRATE_AND_WAIT, str(file)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline()
        process.kill()
        await process.communicate()
    database = sqlite3.connect(file)
    assert database.execute("SELECT name FROM sqlite_master").fetchall() == []
    database.close()
    async with await Store.open(url) as store:
        assert await store.healthy()


async def test_a_database_of_a_newer_version_is_not_touched(empty_store: Store, url: str, file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    with pytest.raises(StoreError, match="another version of Zvonok"):
        await Store.open(url)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_refused_in_one_line(url: str, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        asyncio.run(Store.open(url))
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == content


async def test_a_path_that_cannot_be_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/no/such/directory/x.sqlite3")
    with pytest.raises(StoreError, match="URL"):
        await Store.open("nonsense")


async def test_runs_in_wal_with_foreign_keys(store: Store, file: Path) -> None:
    database = sqlite3.connect(file)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
    with pytest.raises(IntegrityError) as caught:
        async with store.write() as tx:
            await tx.sessions.add("hash", MAPLE.id, "nobody", NOON, NOON)
    assert "nobody" not in str(caught.value), "errors are logged: no values of rows in them"


async def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    async def write_half() -> None:
        async with store.write() as tx:
            await tx.sessions.add("hash", MAPLE.id, TEACHER.id, NOON, NOON)
            raise RuntimeError("the process has had enough")

    with pytest.raises(RuntimeError):
        await write_half()
    async with store.read() as tx:
        assert await tx.sessions.holder("hash", NOON.min.replace(tzinfo=NOON.tzinfo)) is None


async def test_readers_go_on_while_somebody_writes(store: Store) -> None:
    async with store.write() as tx:
        await tx.sessions.add("hash", MAPLE.id, TEACHER.id, NOON, NOON)
        async with asyncio.timeout(5):
            found = await asyncio.gather(*(lessons.today(store, ARTYOM, NOON) for _ in range(20)))
        assert all(len(day) == 1 for day in found)


async def test_two_stores_on_one_file_write_in_turn_and_lose_nothing(store: Store, url: str, file: Path) -> None:
    async with await Store.open(url) as other:
        await asyncio.gather(
            *(
                open_session(one, TEACHER.id, f"{id(one)} {number}", NOON)
                for number in range(30)
                for one in (store, other)
            )
        )
    database = sqlite3.connect(file)
    assert database.execute("SELECT count(*) FROM sessions").fetchone() == (60,)
    database.close()


async def test_audit_entries_can_be_added_and_nothing_else(store: Store, file: Path) -> None:
    entry = AuditEntry(MAPLE.id, TEACHER.id, Deed.LESSON_STARTED, "maths", NOON, "", "", NOON)
    async with store.write() as tx:
        await tx.audit.add(entry)
    database = sqlite3.connect(file)
    for change in ("UPDATE audit SET actor_id = 'x'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            database.execute(change)
    database.close()
    assert await audit_of(store, MAPLE.id) == [entry]


async def test_is_not_healthy_while_nothing_can_be_written(store: Store, file: Path) -> None:
    assert await store.healthy()
    database = sqlite3.connect(file)
    database.execute("DROP TABLE removals")
    database.execute("ALTER TABLE schools RENAME TO somewhere_else")
    database.commit()
    database.close()
    assert not await store.healthy()


async def test_a_school_of_the_first_version_keeps_its_lessons_as_lessons(url: str, file: Path) -> None:
    _migrate(file, "0001")
    database = sqlite3.connect(file)
    for row in (
        "schools VALUES ('s', 'Школа', 'Europe/Moscow')",
        "classes VALUES ('c', 's', 5, 'А')",
        "members VALUES ('t', 's', 'Орлова', 'Марина', 'Сергеевна', 1, '')",
        "lessons VALUES ('l', 's', 'c', 't', 1, 'Математика', '', '08:30:00', '09:10:00', 'weekly', 2)",
    ):
        database.execute(f"INSERT INTO {row}")
    database.commit()
    database.close()
    async with await Store.open(url) as store, store.read() as tx:
        lesson = await tx.timetable.find("s", "l")
    assert lesson is not None
    assert lesson.kind is RoomKind.LESSON


async def test_a_school_of_the_second_version_can_keep_checks_of_lines(url: str, file: Path) -> None:
    _migrate(file, "0002")
    database = sqlite3.connect(file)
    database.execute("INSERT INTO schools VALUES ('s', 'Школа', 'Europe/Moscow')")
    database.commit()
    database.close()
    async with await Store.open(url) as store, store.read() as tx:
        assert await tx.check_results.since("s", NOON) == []


def _migrate(file: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
