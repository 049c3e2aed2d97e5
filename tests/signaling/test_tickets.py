"""Tickets: single use, short-lived, of one session, and nothing of them is kept but a hash."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import pytest

from signaling.tickets import LIFE_SECONDS, MAX_PER_LOGIN, Grant, TicketRefused, Tickets

STARTS_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def a_grant(login: str = "login", member: str = "member", lesson: str = "lesson") -> Grant:
    return Grant(login, member, lesson, STARTS_AT, "pupil")


@pytest.fixture
def tickets() -> Tickets:
    numbers = count()
    return Tickets(lambda: f"secret-{next(numbers)}")


def test_a_ticket_is_good_once(tickets: Tickets) -> None:
    ticket = tickets.issue(a_grant(), 0.0)
    assert tickets.redeem(ticket, "login", 1.0) == a_grant()
    with pytest.raises(TicketRefused):
        tickets.redeem(ticket, "login", 1.0)


def test_of_a_hundred_at_once_one_succeeds(tickets: Tickets) -> None:
    ticket = tickets.issue(a_grant(), 0.0)

    async def redeem() -> bool:
        try:
            tickets.redeem(ticket, "login", 1.0)
        except TicketRefused:
            return False
        return True

    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(redeem() for _ in range(100)))

    assert sum(asyncio.run(all_at_once())) == 1


def test_a_ticket_is_too_old_after_a_minute(tickets: Tickets) -> None:
    ticket = tickets.issue(a_grant(), 100.0)
    with pytest.raises(TicketRefused):
        tickets.redeem(ticket, "login", 100.0 + LIFE_SECONDS)
    ticket = tickets.issue(a_grant(), 100.0)
    assert tickets.redeem(ticket, "login", 100.0 + LIFE_SECONDS - 0.001) == a_grant()


def test_another_session_cannot_use_it_and_uses_it_up(tickets: Tickets) -> None:
    ticket = tickets.issue(a_grant(), 0.0)
    for login in ("thief", "login"):
        with pytest.raises(TicketRefused):
            tickets.redeem(ticket, login, 1.0)


@pytest.mark.parametrize("forged", ["", "secret", "secret-0 ", "secret-00", "SECRET-0", "\ud800", "ѕecret-0"])
def test_a_forged_ticket_is_refused(tickets: Tickets, forged: str) -> None:
    tickets.issue(a_grant(), 0.0)
    with pytest.raises(TicketRefused):
        tickets.redeem(forged, "login", 1.0)


def test_a_session_hoards_no_tickets(tickets: Tickets) -> None:
    first = tickets.issue(a_grant(), 0.0)
    other = tickets.issue(a_grant(login="somebody"), 0.0)
    for _ in range(MAX_PER_LOGIN):
        tickets.issue(a_grant(), 0.0)
    assert len(tickets) == MAX_PER_LOGIN + 1
    with pytest.raises(TicketRefused):
        tickets.redeem(first, "login", 1.0)
    assert tickets.redeem(other, "somebody", 1.0).login == "somebody"


def test_old_tickets_take_no_room(tickets: Tickets) -> None:
    for number in range(200):
        tickets.issue(a_grant(login=f"login-{number}"), float(number))
    assert len(tickets) == LIFE_SECONDS


def test_sign_out_voids_what_the_session_asked_for(tickets: Tickets) -> None:
    ticket = tickets.issue(a_grant(), 0.0)
    other = tickets.issue(a_grant(login="somebody"), 0.0)
    tickets.void_login("login")
    with pytest.raises(TicketRefused):
        tickets.redeem(ticket, "login", 1.0)
    assert tickets.redeem(other, "somebody", 1.0).login == "somebody"
