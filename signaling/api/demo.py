"""The demo school's list of people, and its sign-in by a link: the one change of state by GET, in demo mode only.

A link can be used again and again; whoever was signed in in this browser is signed out first.
"""

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from school.usecases import people, sessions
from signaling.api.context import CONTEXT, Context
from signaling.api.cookies import set_session
from signaling.api.guards import check_rate
from signaling.api.people import end_browser_session
from signaling.api.refusing import HttpRefused, json_answer
from signaling.api.views import demo_person

_LONGEST_PATH: Final = 512


def _demo(request: web.Request) -> Context:
    context = request.app[CONTEXT]
    if not context.demo:
        raise HttpRefused("not_found", "no demo school here")
    return context


async def get_people(request: web.Request) -> web.Response:
    context = _demo(request)
    cards = await people.all_people(context.store)
    return json_answer([person for card in cards if (person := demo_person(card)) is not None])


async def demo_sign_in(request: web.Request) -> web.Response:
    context = _demo(request)
    check_rate(request, context)
    token = context.new_secret()
    await sessions.open_session(context.store, request.match_info["person"], token, context.wall_clock())
    await end_browser_session(request, context)
    response = web.Response(status=302, headers={"Location": path_of_this_site(request.query.get("next", "/"))})
    response.headers["Cache-Control"] = "no-store"
    set_session(response, token, secure=context.secure)
    return response


def path_of_this_site(wanted: str) -> str:
    """`/` for anything that a browser could read as the address of another site."""
    parts = urlsplit(wanted) if _is_plain(wanted) else None
    if parts is None or parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    return wanted


def _is_plain(wanted: str) -> bool:
    """No backslash (browsers read it as a slash), no control character, nothing outside of ASCII."""
    return len(wanted) <= _LONGEST_PATH and "\\" not in wanted and wanted.isascii() and wanted.isprintable()
