"""How the HTTP API says no: one middleware turns typed exceptions into `documents.Refusal` with a status.

Handlers raise `HttpRefused` or let the school's `Refused` and `NotFound` pass. The client is told nothing of a fault.
"""

from typing import Final

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from school.refusals import NotFound, Refused
from signaling.api import documents
from signaling.api.context import CONTEXT
from signaling.faults import fault

_log = structlog.get_logger("http")

STATUS: Final[dict[documents.RefusalCode, int]] = {
    "signed_out": 401,
    "not_found": 404,
    "wrong_class": 403,
    "parents_not_in_lessons": 403,
    "wrong_meeting": 403,
    "pupils_not_in_meetings": 403,
    "not_a_member": 403,
    "not_open_yet": 403,
    "ended": 403,
    "removed": 403,
    "not_allowed": 403,
    "bad_request": 400,
    "too_many": 429,
    "unavailable": 503,
}
_BY_STATUS: Final[dict[int, documents.RefusalCode]] = {404: "not_found", 405: "bad_request", 413: "bad_request"}


class HttpRefused(Exception):
    """`status` where it is more exact than that of the code. `retry_after` in seconds."""

    def __init__(
        self, code: documents.RefusalCode, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.document = documents.Refusal(code=code, message=message)
        self.status = STATUS[code] if status is None else status
        self.retry_after = retry_after


def json_answer(document: object, status: int = 200) -> web.Response:
    """A document of documents.py, or a list of them."""
    return web.Response(
        body=msgspec.json.encode(document),
        status=status,
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except HttpRefused as refused:
        response = json_answer(refused.document, refused.status)
        if refused.retry_after is not None:
            response.headers["Retry-After"] = str(max(1, round(refused.retry_after)))
        code = refused.document.code
    except Refused as refused:
        code = refused.code
        response = json_answer(documents.Refusal(code=code, message="refused by the school"), STATUS[code])
    except NotFound:
        code = "not_found"
        response = json_answer(documents.Refusal(code=code, message="no such thing"), 404)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = _BY_STATUS.get(error.status, "bad_request")
        response = json_answer(documents.Refusal(code=code, message=error.reason), error.status)
        response.headers.update({key: value for key, value in error.headers.items() if key == "Allow"})
    except Exception as error:  # noqa: BLE001 - the border of a request: its fault must not tell the client anything
        _log.error("request_failed", route=_route_of(request), **fault(error))
        request.app[CONTEXT].metrics.faults.labels(part="http").inc()
        code = "unavailable"
        response = json_answer(documents.Refusal(code=code, message="try again"), 503)
    request.app[CONTEXT].metrics.refusals.labels(code=code).inc()
    return response


def _route_of(request: web.Request) -> str:
    """The pattern, not the path: ids stay out of the log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"
