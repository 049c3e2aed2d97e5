"""A media node as signaling sees it: a real server on a Unix socket that speaks sfu/messages.py, and moves no packet.

It keeps what it was told, answers offers with an SDP that names who asked, and says to signaling whatever a test wants.
`restart` is another incarnation on the same socket.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
from aiohttp import WSMsgType, web

from sfu import messages as node


class NodeDouble:
    def __init__(self, socket_path: Path) -> None:
        self.socket_path = socket_path
        self.incarnation = 1
        self.hellos: list[node.Hello] = []
        self.rooms: dict[str, node.SetRoom] = {}
        self.closed_rooms: list[str] = []
        self.offers: list[node.Offer] = []
        self.refuse_with: node.OfferRefused | None = None
        self.answering = True
        self._runner: web.AppRunner | None = None
        self._socket: web.WebSocketResponse | None = None
        self._changed = asyncio.Condition()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/control", self._serve)
        self._runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self.socket_path)).start()

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def restart(self) -> None:
        """Killed, and started again by its supervisor."""
        await self.stop()
        self.incarnation += 1
        self.rooms.clear()
        await self.start()

    async def break_connection(self) -> None:
        """The connection goes, the process stays."""
        if self._socket is not None:
            await self._socket.close()

    async def say(self, message: node.ControlMessage) -> None:
        assert self._socket is not None
        await self._socket.send_str(node.encode(message))

    async def until(self, reached: Callable[[], bool]) -> None:
        """When what was told makes this true, at the latest within the deadline of a test."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(reached)

    def peers_of(self, participant: str) -> list[node.DesiredPeer]:
        return [peer for room in self.rooms.values() for peer in room.peers if peer.participant == participant]

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=4 * 1024 * 1024)
        await socket.prepare(request)
        self._socket = socket
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            await self._hear(socket, node.decode_to_node(frame.data))
            async with self._changed:
                self._changed.notify_all()
        return socket

    async def _hear(self, socket: web.WebSocketResponse, message: node.ToNode) -> None:
        if isinstance(message, node.Hello):
            self.hellos.append(message)
            ready = node.Ready(node="double", incarnation=f"incarnation-{self.incarnation}", media_port=40000)
            await socket.send_str(node.encode(ready))
        elif isinstance(message, node.SetRoom):
            self.rooms[message.room] = message
        elif isinstance(message, node.CloseRoom):
            self.rooms.pop(message.room, None)
            self.closed_rooms.append(message.room)
        else:
            self.offers.append(message)
            if self.answering:
                await socket.send_str(node.encode(self._answer(message)))

    def _answer(self, offer: node.Offer) -> node.Answer | node.OfferRefused:
        if self.refuse_with is not None:
            return msgspec.structs.replace(self.refuse_with, request=offer.request)
        room = self.rooms.get(offer.room)
        known = {(peer.participant, peer.connection) for peer in room.peers} if room is not None else set()
        if (offer.participant, offer.connection) not in known:
            return node.OfferRefused(request=offer.request, code="unknown_peer", message="not in the desired state")
        return node.Answer(request=offer.request, sdp=f"answer to {offer.participant} {offer.connection}")
