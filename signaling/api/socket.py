"""The WebSocket of a lesson: who may open one, then it is the client's (live/client.py).

Refused before the upgrade: another Origin (or none), another sub-protocol, a browser that nobody is signed in with.
"""

from typing import Final

from aiohttp import web

from signaling.api.context import CONTEXT
from signaling.api.guards import check_origin, check_rate, signed_in
from signaling.api.refusing import HttpRefused
from signaling.live import messages as wire
from signaling.live.client import HEARTBEAT_SECONDS, LAST_WORD_SECONDS, Client

_CLOSE_SECONDS: Final = LAST_WORD_SECONDS


async def open_socket(request: web.Request) -> web.StreamResponse:
    context = request.app[CONTEXT]
    check_origin(request, context, required=True)
    check_rate(request, context)
    if wire.SUBPROTOCOL not in _asked_protocols(request):
        raise HttpRefused("bad_request", f"sub-protocol {wire.SUBPROTOCOL} is missing")
    person = await signed_in(request)
    socket = web.WebSocketResponse(
        protocols=(wire.SUBPROTOCOL,),
        max_msg_size=wire.MAX_OFFER_MESSAGE_BYTES,
        heartbeat=HEARTBEAT_SECONDS,
        timeout=_CLOSE_SECONDS,
        compress=False,
    )
    await socket.prepare(request)
    if request.transport is not None:
        await Client(socket, request.transport, person.token, context.door, context.metrics).run()
    return socket


def _asked_protocols(request: web.Request) -> list[str]:
    return [each.strip() for each in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
