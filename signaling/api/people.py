"""The person who is signed in: who they are, and out."""

from aiohttp import web

from school.usecases import people, sessions
from signaling.api.context import CONTEXT, Context
from signaling.api.cookies import clear_session, session_token
from signaling.api.guards import signed_in
from signaling.api.refusing import json_answer
from signaling.api.views import me_document
from signaling.tickets import digest


async def get_me(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    card = await people.describe(context.store, person.member)
    return json_answer(me_document(card, demo=context.demo))


async def end_session(request: web.Request) -> web.Response:
    context = request.app[CONTEXT]
    await end_browser_session(request, context)
    response = web.Response(status=204)
    clear_session(response, secure=context.secure)
    return response


async def end_browser_session(request: web.Request, context: Context) -> None:
    """Everything that this browser's session holds: the session itself, its tickets, its seats."""
    token = session_token(request, secure=context.secure)
    if token is not None:
        await sessions.close_session(context.store, token)
        context.tickets.void_login(digest(token))
        context.rooms.sign_out(digest(token))
