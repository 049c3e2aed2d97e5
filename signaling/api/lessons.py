"""Lessons over HTTP: the day, the card before the room, its start, and the ticket that leads in."""

from typing import Final

from aiohttp import web

from school.lesson_view import LessonView
from school.people import Member
from school.refusals import Refused
from school.usecases import lessons
from signaling.api import documents
from signaling.api.context import CONTEXT, Context
from signaling.api.guards import signed_in
from signaling.api.refusing import json_answer
from signaling.api.views import lesson_document, refusal_document
from signaling.tickets import LIFE_SECONDS, Grant

_AT_THE_DOOR: Final = frozenset({"pupil", "parent"})


def _present(context: Context, view: LessonView) -> list[str]:
    return [person.name for person in context.rooms.present(view.lesson.id, view.occurrence.starts_at)]


async def get_today(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    now = context.wall_clock()
    views = await lessons.today(context.store, person.member, now)
    shown = [lesson_document(view, len(_present(context, view))) for view in views]
    return json_answer(documents.Today(now=now.timestamp(), zone=context.school_zone, lessons=shown))


async def get_lesson(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    now = context.wall_clock()
    try:
        view = await lessons.card(context.store, person.member, request.match_info["lesson"], now)
    except Refused as refused:
        return json_answer(_closed_card(context, refused, now.timestamp()))
    return json_answer(_open_card(context, person.member, view, now.timestamp()))


async def start_lesson(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    now = context.wall_clock()
    view = await lessons.start(context.store, person.member, request.match_info["lesson"], now)
    return json_answer(_open_card(context, person.member, view, now.timestamp()))


async def issue_ticket(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    try:
        admission = await lessons.admission(
            context.store, person.member, request.match_info["lesson"], context.wall_clock()
        )
    except Refused as refused:
        context.metrics.refusals.labels(code=refused.code).inc()
        return json_answer(refusal_document(refused), 403)
    held = admission.view.occurrence
    grant = Grant(person.login, person.member.id, held.lesson_id, held.starts_at, admission.room_role)
    ticket = context.tickets.issue(grant, context.monotonic())
    return json_answer(documents.Ticket(ticket=ticket, expires_in=LIFE_SECONDS))


def _open_card(context: Context, member: Member, view: LessonView, now: float) -> documents.LessonCard:
    """Whoever would have to wait at the door is not told who is behind it."""
    held = view.occurrence
    waits = view.room_role in _AT_THE_DOOR and context.rooms.is_shut_to(member.id, held.lesson_id, held.starts_at)
    here = [] if waits else _present(context, view)
    return documents.LessonCard(
        now=now,
        zone=context.school_zone,
        lesson=lesson_document(view, len(here)),
        here=here,
        room_role=view.room_role,
        refusal=None,
    )


def _closed_card(context: Context, refused: Refused, now: float) -> documents.LessonCard:
    known = None if refused.lesson is None else lesson_document(refused.lesson, 0)
    return documents.LessonCard(
        now=now,
        zone=context.school_zone,
        lesson=known,
        here=[],
        room_role=None,
        refusal=refusal_document(refused),
    )
