"""Signed-in sessions: opening, recognising, closing.

A token is a secret that the caller drew at random; the store keeps its SHA-256 only, so that a copy of the
database signs nobody in.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from school.people import Member
from school.refusals import NotFound
from school.store import Store

SESSION_LIFETIME = timedelta(days=30)


async def open_session(store: Store, member_id: str, token: str, now: datetime) -> None:
    """The same token is never opened twice. Raises NotFound for an unknown member."""
    async with store.write() as tx:
        member = await tx.people.find_anywhere(member_id)
        if member is None:
            raise NotFound(member_id)
        await tx.sessions.drop_expired(now)
        await tx.sessions.add(_hash(token), member.school_id, member.id, now, now + SESSION_LIFETIME)


async def member_of(store: Store, token: str, now: datetime) -> Member | None:
    """Who holds this token; None for anything that is not a session at this moment."""
    async with store.read() as tx:
        member_id = await tx.sessions.holder(_hash(token), now)
        return await tx.people.find_anywhere(member_id) if member_id is not None else None


async def close_session(store: Store, token: str) -> None:
    async with store.write() as tx:
        await tx.sessions.drop(_hash(token))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
