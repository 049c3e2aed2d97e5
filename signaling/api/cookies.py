"""The session cookie: opaque, HttpOnly, SameSite=Lax. Over TLS `__Host-zvonok` with Secure; on plain HTTP, which is for
loopback only, `zvonok` without: browsers refuse a `__Host-` cookie there.
"""

from typing import Final

from aiohttp import web

_SECURE_NAME: Final = "__Host-zvonok"
_LOOPBACK_NAME: Final = "zvonok"
# As long as the school keeps a session.
_MAX_AGE_SECONDS: Final = 30 * 24 * 3600
_MAX_TOKEN: Final = 128


def _name(*, secure: bool) -> str:
    return _SECURE_NAME if secure else _LOOPBACK_NAME


def session_token(request: web.Request, *, secure: bool) -> str | None:
    token = request.cookies.get(_name(secure=secure))
    return token if token and len(token) <= _MAX_TOKEN else None


def set_session(response: web.Response, token: str, *, secure: bool) -> None:
    response.set_cookie(
        _name(secure=secure), token, max_age=_MAX_AGE_SECONDS, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def clear_session(response: web.Response, *, secure: bool) -> None:
    response.set_cookie(_name(secure=secure), "", max_age=0, path="/", secure=secure, httponly=True, samesite="Lax")
