"""A store on a real SQLite file, empty or with the school of `roster.py`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from school.store import Store
from school.usecases.founding import found_school
from tests.school.roster import hourly, lesson, roster


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'school.sqlite3'}"


@pytest.fixture
async def empty_store(url: str) -> AsyncIterator[Store]:
    async with await Store.open(url) as store:
        yield store


@pytest.fixture
async def store(empty_store: Store) -> Store:
    """With the weekly lesson «maths» of 5А (Mondays 12:00–12:40, Moscow)."""
    await found_school(empty_store, roster(lesson()))
    return empty_store


@pytest.fixture
async def store_that_is_always_on(empty_store: Store) -> Store:
    """With the hourly lesson «always» of 5А."""
    await found_school(empty_store, roster(hourly()))
    return empty_store
