"""The school's database as the commands open it: what is wrong with it becomes a `NotStarted`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from school.store import Store, StoreError
from zvonok.failures import NotStarted


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    try:
        store = await Store.open(url)
    except StoreError as error:
        raise NotStarted(f"database: {error}") from error
    async with store:
        yield store
