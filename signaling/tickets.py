"""Tickets: the way from an authenticated POST to a seat. Opaque, single use, short-lived, of one session.

Only the SHA-256 of a ticket is kept, in memory: after a restart all are void and a client asks for another one.
Called by the ticket route and by the door of the live rooms. It must not know what a lesson is.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from signaling.live.messages import RoomRole

LIFE_SECONDS = 60
# A page asks for one ticket a join; more than these at once is somebody who hoards.
MAX_PER_LOGIN = 8
MAX_OUTSTANDING = 20_000


class TicketRefused(Exception):
    """Forged, used, too old or of another session: the holder is not told which."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a ticket stands for. `login` is the hash of the session that asked."""

    login: str
    member: str
    lesson: str
    starts_at: datetime
    role: RoomRole


def digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Tickets:
    def __init__(self, new_secret: Callable[[], str]) -> None:
        self._new_secret = new_secret
        self._grants: OrderedDict[str, tuple[float, Grant]] = OrderedDict()

    def issue(self, grant: Grant, now: float) -> str:
        self._forget_expired(now)
        mine = [key for key, (_, other) in self._grants.items() if other.login == grant.login]
        for key in mine[: max(0, len(mine) - MAX_PER_LOGIN + 1)]:
            del self._grants[key]
        while len(self._grants) >= MAX_OUTSTANDING:
            self._grants.popitem(last=False)
        ticket = self._new_secret()
        self._grants[digest(ticket)] = (now + LIFE_SECONDS, grant)
        return ticket

    def redeem(self, ticket: str, login: str, now: float) -> Grant:
        """Whoever presents it uses it up, also with the wrong session: a ticket that went astray is void."""
        until, grant = self._grants.pop(digest(ticket), (0.0, None))
        if grant is None or until <= now or grant.login != login:
            raise TicketRefused
        return grant

    def void_login(self, login: str) -> None:
        """After sign-out nothing that the session asked for is good any more."""
        for key in [key for key, (_, grant) in self._grants.items() if grant.login == login]:
            del self._grants[key]

    def _forget_expired(self, now: float) -> None:
        while self._grants:
            key, (until, _) = next(iter(self._grants.items()))
            if until > now:
                return
            del self._grants[key]

    def __len__(self) -> int:
        return len(self._grants)
