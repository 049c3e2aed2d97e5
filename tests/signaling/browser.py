"""A browser for the tests of signaling: one signed-in person over real HTTP, and pages with real WebSockets."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec
from yarl import URL

from signaling.api import documents
from signaling.live import messages as wire

DEADLINE = 10.0
POST_HEADERS = {"X-Zvonok": "1", "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
Document = TypeVar("Document")
_server: msgspec.json.Decoder[wire.ServerMessage] = msgspec.json.Decoder(wire.ServerMessage)
Message = TypeVar("Message", bound=wire.Reply | wire.Event)


def an_offer(connection: int = 1, *, observes: bool = False, sdp: str = "v=0") -> wire.MediaOffer:
    publish: dict[wire.TrackKind, str] = {"microphone": "0", "camera": "1", "screen": "2", "screen_sound": "3"}
    return wire.MediaOffer(
        connection=connection,
        sdp=sdp,
        publish={} if observes else publish,
        audio_slots=["4", "5"],
        video_slots=["6", "7"],
    )


class Page:
    """One WebSocket of a browser; reads what it is told in order, and keeps what nobody has asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[wire.ServerMessage] = []
        self._last_id = 0
        self.joined: wire.Joined | None = None

    @property
    def me(self) -> str:
        assert self.joined is not None
        return self.joined.you

    async def send(self, request: wire.Request) -> None:
        await self.socket.send_str(msgspec.json.encode(request).decode())

    async def _read(self) -> wire.ServerMessage:
        async with asyncio.timeout(DEADLINE):
            frame = await self.socket.receive()
        assert frame.type is aiohttp.WSMsgType.TEXT, f"{frame.type} {frame.data} after {self.heard[-3:]}"
        return _server.decode(frame.data)

    async def until(self, kind: type[Message], when: Callable[[Message], bool] = lambda _: True) -> Message:
        """The first one of this kind that nobody has taken yet."""
        for position, message in enumerate(self.heard):
            if isinstance(message, kind) and when(message):
                del self.heard[position]
                return message
        while True:
            message = await self._read()
            if isinstance(message, kind) and when(message):
                return message
            self.heard.append(message)

    async def ask(self, request: Callable[[int], wire.Request]) -> wire.Reply:
        """Makes the request with the number it gets, and waits for its reply."""
        self._last_id += 1
        number = self._last_id
        await self.send(request(number))
        return await self.until(wire.Reply, lambda reply: reply.re == number)

    async def join(
        self, ticket: str, offer: wire.MediaOffer | None = None, *, take_over: bool = False, **media: bool
    ) -> wire.Joined:
        on = wire.Media(**{"microphone": True, "camera": True} | media)
        offer = offer or an_offer()
        reply = await self.ask(
            lambda number: wire.Join(id=number, ticket=ticket, offer=offer, media=on, take_over=take_over)
        )
        assert isinstance(reply, wire.Joined), reply
        self.joined = reply
        return reply

    async def close_code(self) -> int | None:
        """What the server has closed with; whatever it said before is in `heard`."""
        async with asyncio.timeout(DEADLINE):
            while True:
                frame = await self.socket.receive()
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    return self.socket.close_code
                self.heard.append(_server.decode(frame.data))

    @property
    def transport(self) -> asyncio.Transport:
        """For what no well-behaved client does."""
        connection = self.socket._response.connection
        assert connection is not None
        assert isinstance(connection.transport, asyncio.Transport)
        return connection.transport

    def lose_network(self) -> None:
        """No close frame: as when a cable is pulled and the kernel gives up."""
        self.transport.abort()


class Browser:
    def __init__(self, url: str) -> None:
        self.url = url
        self.http = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._pages: list[Page] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for page in self._pages:
            await page.socket.close()
        await self.http.close()

    @property
    def session_cookie(self) -> str:
        return self.http.cookie_jar.filter_cookies(URL(self.url))["zvonok"].value

    async def sign_in(self, person: str) -> None:
        async with self.http.get(f"/demo/sign-in/{person}", allow_redirects=False) as response:
            assert response.status == 302

    async def get(self, path: str, document: type[Document]) -> Document:
        async with self.http.get(path) as response:
            assert response.status == 200, (response.status, await response.text())
            return msgspec.json.decode(await response.read(), type=document)

    async def post(self, path: str, **headers: str) -> tuple[int, bytes]:
        async with self.http.post(path, data=b"{}", headers=POST_HEADERS | headers) as response:
            return response.status, await response.read()

    async def start(self, lesson: str) -> None:
        status, _ = await self.post(f"/api/lessons/{lesson}/start")
        assert status == 200

    async def ticket(self, lesson: str) -> str:
        status, body = await self.post(f"/api/lessons/{lesson}/ticket")
        assert status == 200, body
        return msgspec.json.decode(body, type=documents.Ticket).ticket

    async def refusal(self, lesson: str) -> documents.Refusal:
        status, body = await self.post(f"/api/lessons/{lesson}/ticket")
        assert status in (403, 404), body
        return msgspec.json.decode(body, type=documents.Refusal)

    async def open_page(self, **headers: str) -> Page:
        socket = await self.http.ws_connect(
            "/ws", protocols=(wire.SUBPROTOCOL,), headers={"Origin": self.url} | headers, max_msg_size=0, autoclose=True
        )
        page = Page(socket)
        self._pages.append(page)
        return page

    async def enter(
        self, lesson: str, offer: wire.MediaOffer | None = None, *, take_over: bool = False, **media: bool
    ) -> Page:
        page = await self.open_page()
        await page.join(await self.ticket(lesson), offer, take_over=take_over, **media)
        return page
