"""Checks of line and devices over HTTP: the test room, which needs no session, and the results, which do.

Whoever has not signed in is limited as an address: a school is one, so its allowance is that of a class.
"""

from typing import TypeVar

import msgspec
from aiohttp import web

from school.check_results import CheckOutcome
from school.usecases import check_results
from signaling.api import documents
from signaling.api.context import CONTEXT, Context
from signaling.api.guards import signed_in, take
from signaling.api.refusing import HttpRefused, json_answer
from signaling.connection_checks import LIFE_SECONDS, ChecksFull
from signaling.live import messages as wire
from signaling.live.room import MediaRefused

Body = TypeVar("Body", bound=documents.Document)


async def begin_connection_check(request: web.Request) -> web.Response:
    context = request.app[CONTEXT]
    asked = await _body(request, documents.CheckOffer)
    _take(request, context)
    offer = msgspec.convert(msgspec.structs.asdict(asked) | {"connection": 1}, wire.MediaOffer)
    try:
        check, answer = await context.checks.begin(offer, request.remote or "")
    except ChecksFull as full:
        raise HttpRefused("too_many", "too many checks at once", retry_after=full.retry_after) from None
    except MediaRefused as refused:
        if refused.code == "bad_offer":
            raise HttpRefused("bad_request", refused.message) from None
        raise HttpRefused("unavailable", refused.message, retry_after=refused.retry_after) from None
    return json_answer(documents.ConnectionCheck(check=check, answer=answer, expires_in=LIFE_SECONDS))


async def end_connection_check(request: web.Request) -> web.Response:
    if not request.app[CONTEXT].checks.end(request.match_info["check"]):
        raise HttpRefused("not_found", "no such check")
    return web.Response(status=204)


async def post_check_result(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    outcome = await _body(request, documents.CheckOutcome)
    _take(request, context)
    fields = msgspec.structs.asdict(outcome)
    steps = msgspec.structs.asdict(outcome.steps)
    await check_results.leave_result(
        context.store, person.member, CheckOutcome(**fields | {"steps": steps}), context.wall_clock()
    )
    return web.Response(status=204)


async def get_check_results(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    views = await check_results.last_results(context.store, person.member, context.wall_clock())
    return json_answer([_card(view) for view in views])


def _card(view: check_results.CheckResultView) -> documents.CheckResultCard:
    return documents.CheckResultCard(
        id=view.result.id,
        at=view.result.at.timestamp(),
        name=view.member.full_name,
        class_name=view.class_name,
        outcome=msgspec.convert(view.result.outcome, documents.CheckOutcome, from_attributes=True),
    )


async def _body(request: web.Request, document: type[Body]) -> Body:
    try:
        return msgspec.json.decode(await request.read(), type=document)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HttpRefused("bad_request", f"not a {document.__name__}") from None


def _take(request: web.Request, context: Context) -> None:
    take(request, context, context.limits.checks_by_session, context.limits.checks_by_address)
