"""Tokens of signed-in sessions: whose they are, until when, and everything that is none."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from school.refusals import NotFound
from school.store import Store
from school.usecases.sessions import SESSION_LIFETIME, close_session, member_of, open_session
from tests.school.roster import ARTYOM, NOON, POLINA, TEACHER

OPENED = "Y2Fu-dGhpcyBiZSBndWVzc2VkPyBubw_0123456789AB"
SECOND = timedelta(seconds=1)


async def test_a_token_is_its_members_again_and_again(store: Store) -> None:
    await open_session(store, TEACHER.id, OPENED, NOON)
    for _ in range(3):
        assert await member_of(store, OPENED, NOON) == TEACHER


async def test_is_nobodys_from_the_second_on_in_which_it_ends(store: Store) -> None:
    await open_session(store, TEACHER.id, OPENED, NOON)
    assert await member_of(store, OPENED, NOON + SESSION_LIFETIME - SECOND) == TEACHER
    assert await member_of(store, OPENED, NOON + SESSION_LIFETIME) is None
    assert await member_of(store, OPENED, NOON + SESSION_LIFETIME + SECOND) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        OPENED[:-1],
        OPENED + "A",
        OPENED.lower(),
        OPENED.swapcase(),
        " " + OPENED,
        "x" * 100_000,
        "\x00",
        "\ud800",
        "' OR ''='",
    ],
    ids=["empty", "truncated", "longer", "lower", "swapped", "space", "huge", "nul", "surrogate", "sql"],
)
async def test_anything_that_is_not_the_token_is_nobodys(store: Store, token: str) -> None:
    await open_session(store, TEACHER.id, OPENED, NOON)
    assert await member_of(store, token, NOON) is None


async def test_the_stored_hash_is_no_token(store: Store, tmp_path: Path) -> None:
    await open_session(store, TEACHER.id, OPENED, NOON)
    with sqlite3.connect(tmp_path / "school.sqlite3") as database:
        rows = database.execute("SELECT * FROM sessions").fetchall()
    database.close()
    assert len(rows) == 1
    assert OPENED not in str(rows)
    assert await member_of(store, rows[0][0], NOON) is None


async def test_a_closed_one_is_nobodys_and_others_stay(store: Store) -> None:
    await open_session(store, TEACHER.id, OPENED, NOON)
    await open_session(store, ARTYOM.id, OPENED[::-1], NOON)
    await close_session(store, OPENED)
    await close_session(store, OPENED)
    assert await member_of(store, OPENED, NOON) is None
    assert await member_of(store, OPENED[::-1], NOON) == ARTYOM


async def test_an_unknown_member_opens_none(store: Store) -> None:
    with pytest.raises(NotFound):
        await open_session(store, "unknown", OPENED, NOON)
    assert await member_of(store, OPENED, NOON) is None


async def test_a_token_of_another_school_says_so_by_its_member(store: Store) -> None:
    await open_session(store, TEACHER.id, OPENED, NOON)
    member = await member_of(store, OPENED, NOON)
    assert member is not None
    assert member.school_id == TEACHER.school_id


async def test_a_hundred_at_once_are_each_their_own_members(store: Store) -> None:
    people = [TEACHER, ARTYOM, POLINA]
    tokens = [(f"token-{number}", people[number % 3]) for number in range(100)]
    await asyncio.gather(*(open_session(store, member.id, token, NOON) for token, member in tokens))
    found = await asyncio.gather(*(member_of(store, token, NOON) for token, _ in tokens))
    assert found == [member for _, member in tokens]


async def test_expired_ones_do_not_pile_up(store: Store, tmp_path: Path) -> None:
    await open_session(store, TEACHER.id, "first", NOON)
    await open_session(store, TEACHER.id, "second", NOON + SESSION_LIFETIME)
    database = sqlite3.connect(tmp_path / "school.sqlite3")
    assert database.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    database.close()
