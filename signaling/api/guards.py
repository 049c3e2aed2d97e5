"""What a request has to be before a handler sees it: for this site by its name, within limits, and a POST also from
this site, with a body that ends in time.

Three middlewares, and `signed_in` for the handlers that need a person. The name is looked at because a page of another
site can have its own name resolved to this machine (DNS rebinding), and would then read whatever needs no cookie. The
session is a cookie; another site can make the browser send it, so a POST needs a header that only a page of this
origin can set, and says where it comes from.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from school.people import Member
from school.usecases import sessions
from signaling.api.context import CONTEXT, Context
from signaling.api.cookies import session_token
from signaling.api.refusing import HttpRefused
from signaling.buckets import BucketTable
from signaling.listening import SERVER
from signaling.live.messages import MAX_OFFER_MESSAGE_BYTES
from signaling.tickets import digest

MAX_BODY_BYTES: Final = 64 * 1024
# An offer is large; it comes over HTTP to this path only.
LARGE_BODIES: Final = {"/api/connection-checks": MAX_OFFER_MESSAGE_BYTES}
BODY_SECONDS: Final = 10.0
_READING: Final = ("GET", "HEAD")
_NAMELESS: Final = ("/healthz",)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
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
    take(request, context, context.limits.by_session, context.limits.by_address)


def take(request: web.Request, context: Context, by_session: BucketTable, by_address: BucketTable) -> None:
    """The session first: what one browser asks in vain is not taken from the school that shares its address."""
    now = context.monotonic()
    token = session_token(request, secure=context.secure)
    wait = 0.0 if token is None else by_session.take(digest(token), now)
    if wait == 0.0:
        wait = by_address.take(request.remote or "", now)
    if wait > 0.0:
        raise HttpRefused("too_many", "slow down", retry_after=wait)


def hosts_of(origins: Iterable[str]) -> frozenset[str]:
    """What a browser that asks one of these origins puts into Host; a default port may be named by others."""
    hosts: set[str] = set()
    for origin in origins:
        url = urlsplit(origin)
        host = url.netloc.lower()
        hosts.add(host)
        default = _DEFAULT_PORTS.get(url.scheme)
        if url.port is None:
            hosts.add(f"{host}:{default}")
        elif url.port == default:
            hosts.add(host.removesuffix(f":{default}"))
    return frozenset(hosts)


@web.middleware
async def by_its_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Probes of /healthz come by whatever address they have."""
    named = request.headers.get("Host", "").lower()
    if named not in request.app[CONTEXT].allowed_hosts and request.path not in _NAMELESS:
        raise HttpRefused("bad_request", "not a name of this site", status=421)
    return await handler(request)


@web.middleware
async def within_limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """All that reads or writes the database. The client's files are in memory; /ws and the sign-in look themselves."""
    if request.method not in _READING or request.path.startswith("/api/"):
        check_rate(request, request.app[CONTEXT])
    return await handler(request)


@web.middleware
async def posts_of_this_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in _READING:
        context = request.app[CONTEXT]
        check_origin(request, context, required=False)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise HttpRefused("bad_request", "another site", status=403)
        if request.headers.get("X-Zvonok") != "1":
            raise HttpRefused("bad_request", "header X-Zvonok is missing")
        if request.content_type != "application/json":
            raise HttpRefused("bad_request", "not application/json", status=415)
        if request.path in LARGE_BODIES:
            request = request.clone(client_max_size=LARGE_BODIES[request.path])
        await _read_body(request)
    return await handler(request)


async def _read_body(request: web.Request) -> None:
    """Whole, small and in time; handlers find it read."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            await request.read()
    except TimeoutError:
        raise HttpRefused("bad_request", "the body did not come", status=408) from None


async def safe_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Just before any answer goes out, an upgrade to a WebSocket too."""
    response.headers["Server"] = SERVER
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.app[CONTEXT].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
