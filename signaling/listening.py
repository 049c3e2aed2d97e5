"""The listening socket: how long a header may trickle, and how many connections one address may hold.

aiohttp has no deadline for the first request of a connection; here it has an absolute one, so that ten thousand
sockets that send a byte a minute cost ten seconds each. Used by the composition root.
"""

import asyncio
import ssl
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from typing_extensions import override

# What an answer says of the program: its name, and nothing of its age.
SERVER = "Zvonok"
# A page's header is there within a second; a phone on a bad link has ten.
HEAD_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 75.0
TLS_HANDSHAKE_SECONDS = 10.0
# Five hundred children of one school come from one address, with some connections each.
MAX_PER_ADDRESS = 4000


@dataclass(frozen=True, slots=True)
class Patience:
    head_seconds: float = HEAD_SECONDS
    max_per_address: int = MAX_PER_ADDRESS


class PunctualHandler(web.RequestHandler):
    """One HTTP connection that is closed when its first request does not come in time."""

    def __init__(self, server: web.Server, open_by_address: Counter[str], patience: Patience) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(server, loop=loop, access_log=None, keepalive_timeout=KEEP_ALIVE_SECONDS)  # type: ignore[arg-type]  # None turns it off
        self._patience = patience
        self._open_by_address = open_by_address
        self._address = ""
        self._head_due: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._address = str((transport.get_extra_info("peername") or ("",))[0])
        self._open_by_address[self._address] += 1
        if self._open_by_address[self._address] > self._patience.max_per_address:
            self.force_close()
            return
        self._head_due = asyncio.get_running_loop().call_later(self._patience.head_seconds, self.force_close)

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        self.head_arrived()
        self._open_by_address[self._address] -= 1
        if self._open_by_address[self._address] <= 0:
            del self._open_by_address[self._address]
        super().connection_lost(exc)

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What no handler sees: a request that cannot be read."""
        response = super().handle_error(request, status, exc, message)
        response.headers["Server"] = SERVER
        return response

    def head_arrived(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None


async def listen(
    runner: web.AppRunner, host: str, port: int, tls: ssl.SSLContext | None, patience: Patience
) -> asyncio.Server:
    """The runner is set up already."""
    server = runner.server
    if server is None:
        raise RuntimeError("the runner is not set up")
    make_request = server.request_factory

    def note_head(message: Any, payload: Any, protocol: web.RequestHandler, *rest: Any) -> web.BaseRequest:  # noqa: ANN401 - aiohttp's own private types pass through
        if isinstance(protocol, PunctualHandler):
            protocol.head_arrived()
        return make_request(message, payload, protocol, *rest)

    server.request_factory = note_head
    open_by_address: Counter[str] = Counter()
    return await asyncio.get_running_loop().create_server(
        lambda: PunctualHandler(server, open_by_address, patience),
        host,
        port,
        ssl=tls,
        ssl_handshake_timeout=TLS_HANDSHAKE_SECONDS if tls is not None else None,
        backlog=1024,
        reuse_address=True,
    )
