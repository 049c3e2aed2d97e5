"""The control connection to the media node: desired state out, reports in, and the answer to an offer.

Signaling is the client of a WebSocket over a Unix socket. The whole desired state of every room is kept here and said
again on each connection, so a node that restarts, or a connection that broke, is brought there by the same messages.
Its closing is how a death is noticed; a node of another incarnation has none of the old connections: which one is
connected is told to the rooms on each connection. Rooms call it through live/room.py's `MediaNode`; it must not know
who the participants are.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

import aiohttp
import msgspec
import structlog

from sfu import messages as node
from signaling.live import commands
from signaling.live.messages import ErrorCode
from signaling.live.room import MediaRefused
from signaling.metrics import Metrics

_log = structlog.get_logger("media")

CONTROL_URL: Final = "http://media-node/control"
ANSWER_SECONDS = 5.0
READY_SECONDS = 5.0
HEARTBEAT_SECONDS = 5.0
MAX_FRAME_BYTES = 4 * 1024 * 1024
# A lesson stands still while its node is away, and an attempt on a Unix socket costs 0.1 ms. One that stays away
# for ten seconds and more is asked for gently.
RETRY_SECONDS = 0.05
EAGER_RETRIES = 200
GENTLE_RETRY_SECONDS = 0.5

_REFUSALS: Final[dict[str, tuple[ErrorCode, float | None]]] = {
    "bad_offer": ("bad_offer", None),
    "unknown_peer": ("media_unavailable", 0.5),
    "overloaded": ("overloaded", 5.0),
}


class MediaEvents(Protocol):
    def media_ready(self, incarnation: str, epoch: int) -> None: ...
    def media_report(self, report: commands.NodeReport) -> None: ...


@dataclass(slots=True)
class _Asked:
    message: node.Offer
    answer: asyncio.Future[str]
    sent: bool = False


class NodeConnection:
    def __init__(self, socket_path: str, first_epoch: int, metrics: Metrics) -> None:
        """`first_epoch` is greater than any of an earlier process."""
        self._socket_path = socket_path
        self._epoch = first_epoch
        self._metrics = metrics
        self._incarnation: str | None = None
        self._events: MediaEvents | None = None
        self._desired: dict[str, node.SetRoom] = {}
        self._dirty: dict[str, None] = {}
        self._closed_rooms: deque[str] = deque()
        self._asked: dict[int, _Asked] = {}
        self._last_request = 0
        self._wake = asyncio.Event()
        self.connected = False

    def report_to(self, events: MediaEvents) -> None:
        self._events = events

    # ── for rooms ──

    def set_room(self, desired: node.SetRoom) -> None:
        self._desired[desired.room] = desired
        self._dirty[desired.room] = None
        self._wake.set()

    def close_room(self, room: str) -> None:
        if self._desired.pop(room, None) is not None:
            self._dirty.pop(room, None)
            self._closed_rooms.append(room)
            self._wake.set()

    async def offer(self, room: str, ask: commands.Ask) -> str:
        """The answer's SDP, also from a node that is only just coming back."""
        self._last_request += 1
        request = self._last_request
        message = node.Offer(
            request=request,
            room=room,
            participant=ask.participant,
            connection=ask.connection,
            sdp=ask.offer.sdp,
            publish=dict(ask.offer.publish),
            audio_slots=ask.offer.audio_slots,
            video_slots=ask.offer.video_slots,
        )
        asked = self._asked[request] = _Asked(message, asyncio.get_running_loop().create_future())
        self._wake.set()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asked.answer
        except TimeoutError:
            raise MediaRefused("media_unavailable", "no answer of the media node", 1.0) from None
        finally:
            del self._asked[request]

    # ── the connection ──

    async def run(self) -> None:
        failures = 0
        connector = aiohttp.UnixConnector(self._socket_path, limit=0)
        async with aiohttp.ClientSession(connector=connector) as http:
            while True:
                try:
                    await self._connect(http)
                    failures = 0
                except (aiohttp.ClientError, OSError, TimeoutError, msgspec.DecodeError) as error:
                    if failures == 0:
                        _log.warning("media_node_unreachable", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS if failures < EAGER_RETRIES else GENTLE_RETRY_SECONDS)
                failures += 1

    async def _connect(self, http: aiohttp.ClientSession) -> None:
        """One connection, from hello to its end. Returns when it was ready and is closed."""
        async with http.ws_connect(
            CONTROL_URL, heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_FRAME_BYTES, compress=0
        ) as socket:
            self._epoch += 1
            await socket.send_str(node.encode(node.Hello(epoch=self._epoch)))
            ready = node.decode_from_node(await socket.receive_str(timeout=READY_SECONDS))
            if not isinstance(ready, node.Ready):
                raise aiohttp.ClientPayloadError("the node does not begin with ready")
            self._begin(ready)
            try:
                async with asyncio.TaskGroup() as group:
                    writer = group.create_task(self._write(socket))
                    await self._read(socket)
                    writer.cancel()
            except* (aiohttp.ClientError, OSError):
                _log.warning("media_node_write_failed")
            finally:
                self.connected = False
                self._metrics.media_node_up.set(0)
                _log.warning("media_node_gone", epoch=self._epoch)

    def _begin(self, ready: node.Ready) -> None:
        is_another = self._incarnation is not None and self._incarnation != ready.incarnation
        self._incarnation = ready.incarnation
        self._dirty = dict.fromkeys(self._desired)
        self._closed_rooms.clear()
        for asked in self._asked.values():
            asked.sent = False
        self.connected = True
        self._metrics.media_node_up.set(1)
        _log.info("media_node_ready", node=ready.node, epoch=self._epoch, another=is_another)
        if is_another:
            self._metrics.media_resets.inc()
        if self._events is not None:
            self._events.media_ready(ready.incarnation, self._epoch)
        self._wake.set()

    async def _write(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Rooms before the offers that need them."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._closed_rooms:
                await socket.send_str(node.encode(node.CloseRoom(room=self._closed_rooms.popleft())))
            while self._dirty:
                room = next(iter(self._dirty))
                del self._dirty[room]
                await socket.send_str(node.encode(self._desired[room]))
            for asked in [each for each in self._asked.values() if not each.sent]:
                asked.sent = True
                await socket.send_str(node.encode(asked.message))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                return
            try:
                self._hear(node.decode_from_node(frame.data))
            except msgspec.DecodeError:
                _log.error("media_node_message_unknown")

    def _hear(self, message: node.FromNode) -> None:
        if isinstance(message, node.Answer | node.OfferRefused):
            self._answered(message)
        elif not isinstance(message, node.Ready) and self._events is not None:
            self._events.media_report(message)

    def _answered(self, message: node.Answer | node.OfferRefused) -> None:
        asked = self._asked.get(message.request)
        if asked is None or asked.answer.done():
            return
        if isinstance(message, node.Answer):
            asked.answer.set_result(message.sdp)
        else:
            code, retry_after = _REFUSALS[message.code]
            asked.answer.set_exception(MediaRefused(code, message.message, retry_after))
