"""Whether all is up: 200, or 503 that names the part that is not."""

from typing import Literal

from aiohttp import web

from signaling.api import documents
from signaling.api.context import CONTEXT
from signaling.api.refusing import json_answer


async def get_health(request: web.Request) -> web.Response:
    context = request.app[CONTEXT]
    failed: list[Literal["sfu", "database"]] = []
    if not context.media.connected:
        failed.append("sfu")
    if not await context.store.healthy():
        failed.append("database")
    document = documents.Health(status="failed" if failed else "ok", failed=failed)
    return json_answer(document, 503 if failed else 200)
