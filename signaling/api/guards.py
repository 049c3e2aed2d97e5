"""What a request has to be before a handler sees it: a POST of this site, within limits, with a body that ends in time.

Two middlewares, and `signed_in` for the handlers that need a person. The session is a cookie; another site can make
the browser send it, so a POST needs a header that only a page of this origin can set, and says where it comes from.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from school.people import Member
from school.usecases import sessions
from signaling.api.context import CONTEXT, Context
from signaling.api.cookies import session_token
from signaling.api.refusing import HttpRefused
from signaling.tickets import digest

MAX_BODY_BYTES: Final = 64 * 1024
BODY_SECONDS: Final = 10.0
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: the member, and the session token of the browser."""

    member: Member
    token: str

    @property
    def login(self) -> str:
        return digest(self.token)


async def signed_in(request: web.Request) -> Person:
    context = request.app[CONTEXT]
    token = session_token(request, secure=context.secure)
    member = None if token is None else await sessions.member_of(context.store, token, context.wall_clock())
    if token is None or member is None:
        raise HttpRefused("signed_out", "sign in first")
    return Person(member, token)


def check_origin(request: web.Request, context: Context, *, required: bool) -> None:
    """Exact match with the list; `null`, suffixes and subdomains are other sites."""
    origin = request.headers.get("Origin")
    if origin is None and not required:
        return
    if origin not in context.allowed_origins:
        raise HttpRefused("bad_request", "another site", status=403)


def check_rate(request: web.Request, context: Context) -> None:
    now = context.monotonic()
    wait = context.limits.by_address.take(request.remote or "", now)
    token = session_token(request, secure=context.secure)
    if token is not None:
        wait = max(wait, context.limits.by_session.take(digest(token), now))
    if wait > 0.0:
        raise HttpRefused("too_many", "slow down", retry_after=wait)


@web.middleware
async def posts_of_this_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in ("GET", "HEAD"):
        context = request.app[CONTEXT]
        check_rate(request, context)
        check_origin(request, context, required=False)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise HttpRefused("bad_request", "another site", status=403)
        if request.headers.get("X-Zvonok") != "1":
            raise HttpRefused("bad_request", "header X-Zvonok is missing")
        if request.content_type != "application/json":
            raise HttpRefused("bad_request", "not application/json", status=415)
        await _read_body(request)
    return await handler(request)


async def _read_body(request: web.Request) -> None:
    """Whole, small and in time; handlers find it read."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            await request.read()
    except TimeoutError:
        raise HttpRefused("bad_request", "the body did not come", status=408) from None


@web.middleware
async def safe_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.app[CONTEXT].secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
