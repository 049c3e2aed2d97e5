"""The doctor's real media path: a media node of its own, and two participants who meet in a test room.

One sends a tone and a grey picture, the other has to hear and see them, through DTLS, SRTP and the forwarding
of the node, over this machine's own addresses. The only module of the product that imports aiortc, which
pulls in PyAV: `doctor.py` imports it when it is needed.
"""

import array
import asyncio
import math
import struct
from fractions import Fraction
from itertools import count
from pathlib import Path

import aiohttp
import msgspec
from aioice import stun
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
    VideoStreamTrack,
)
from av import AudioFrame, VideoFrame
from typing_extensions import override

from sfu.messages import (
    Answer,
    ControlMessage,
    DesiredPeer,
    FromNode,
    Hello,
    Offer,
    OfferRefused,
    Ready,
    SetRoom,
    TrackKind,
    ViewedTrack,
    decode_from_node,
    encode,
)
from zvonok.config import Config
from zvonok.doctor_checks import Finding
from zvonok.network import pick_media_port, pick_tcp_port
from zvonok.product import private_directory, programs
from zvonok.supervisor import Keeper

CONTROL_URL = "http://media-node/control"
NODE_UP_WITHIN = 15.0
ANSWER_WITHIN = 5.0
MEDIA_WITHIN = 15.0
TCP_WITHIN = 5.0
RETRY = 0.05

ROOM, SPEAKER, LISTENER = "doctor", "speaker", "listener"
MICROPHONE, CAMERA = 1, 2
WIDTH, HEIGHT = 320, 180
GREY, GREY_TOLERANCE = 180, 25
LOUD = 1000
SAMPLE_RATE = 48_000
TONE_HZ = 440
SAMPLES = SAMPLE_RATE // 50

_DOES_NOT_START = "start it by hand and read what it says: zvonok run-sfu"
_NO_TCP = "let TCP pass between this machine's own addresses (firewall), and from outside to media.port"
_NO_WAY = "let UDP pass between this machine's own addresses (firewall), or name usable ones in media.addresses"


class _Failed(Exception):
    """The path ends here; `mend` says what to do."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


class _Tone(AudioStreamTrack):
    @override
    async def recv(self) -> AudioFrame:
        silent = await super().recv()
        assert isinstance(silent, AudioFrame)  # noqa: S101 - aiortc declares the wider type
        rate = silent.sample_rate
        first = silent.pts or 0
        wave = (
            round(8000 * math.sin(2 * math.pi * TONE_HZ * (first + offset) / rate)) for offset in range(silent.samples)
        )
        silent.planes[0].update(array.array("h", wave).tobytes())
        return silent


class _Grey(VideoStreamTrack):
    @override
    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, value in zip(frame.planes, (GREY, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = pts, Fraction(time_base)
        return frame


class _Node:
    """The control connection, as signaling would hold it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._heard: asyncio.Queue[FromNode] = asyncio.Queue()
        self._requests = count(1)

    async def listen(self) -> None:
        async for frame in self._socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._heard.put_nowait(decode_from_node(frame.data))

    async def _next(self) -> FromNode:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._heard.get()
        except TimeoutError as error:
            raise _Failed("the media node does not answer", _DOES_NOT_START) from error

    async def say(self, message: ControlMessage) -> None:
        await self._socket.send_str(encode(message))

    async def greeted(self) -> None:
        await self.say(Hello(epoch=1))
        while not isinstance(await self._next(), Ready):
            continue

    async def answer(self, participant: str, sdp: str, publish: dict[TrackKind, str], slots: "_Slots") -> str:
        request = next(self._requests)
        await self.say(
            Offer(
                request=request,
                room=ROOM,
                participant=participant,
                connection=1,
                sdp=sdp,
                publish=publish,
                audio_slots=slots.audio,
                video_slots=slots.video,
            )
        )
        while True:
            match await self._next():
                case Answer(request=number, sdp=answer) if number == request:
                    return answer
                case OfferRefused(request=number, message=message) if number == request:
                    raise _Failed(f"the media node refused an offer: {message}", "report this: it is a fault of Zvonok")


class _Slots(msgspec.Struct, frozen=True):
    audio: list[str] = []
    video: list[str] = []


async def media_path(config: Config) -> Finding:
    """Whether sound and pictures get through, and how long the first picture took."""
    with private_directory() as run_dir:
        aside = _aside(config, run_dir)
        keeper = Keeper(next(program for program in programs(aside, demo=False) if program.name == "sfu"))
        async with asyncio.TaskGroup() as group:
            group.create_task(keeper.run())
            finding = await _tested(aside.control.socket, keeper, group)
            await keeper.close()
        return finding


async def _tested(socket_path: str, keeper: Keeper, group: asyncio.TaskGroup) -> Finding:
    try:
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(socket_path)) as session,
            await _connected(session, keeper) as socket,
        ):
            node = _Node(socket)
            group.create_task(node.listen())
            await node.greeted()
            took = await _lesson(node)
            return Finding(
                f"sound and pictures get through, the first after {took:.1f} s; the node answers over TCP too"
            )
    except _Failed as failed:
        return Finding(str(failed), failed.mend)


def _aside(config: Config, run_dir: Path) -> Config:
    """This machine's own addresses, but other ports, so that a running Zvonok is not disturbed. An announced address of
    a router is left out: what the router passes on is the configured port, not this one."""
    replace = msgspec.structs.replace
    return replace(
        config,
        media=replace(config.media, port=pick_media_port(), announce=[]),
        control=replace(config.control, socket=str(run_dir / "sfu.sock")),
        metrics=replace(config.metrics, sfu_port=pick_tcp_port(config.metrics.host)),
        log=replace(config.log, level="error"),
    )


async def _connected(session: aiohttp.ClientSession, keeper: Keeper) -> aiohttp.ClientWebSocketResponse:
    clock = asyncio.get_running_loop().time
    deadline = clock() + NODE_UP_WITHIN
    while keeper.exit_code is None and clock() < deadline:
        try:
            return await session.ws_connect(CONTROL_URL)
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(RETRY)
    raise _Failed("the media node does not start", _DOES_NOT_START)


async def _lesson(node: _Node) -> float:
    """Gives the seconds until sound and a picture are there."""
    clock = asyncio.get_running_loop().time
    began = clock()
    speaker = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    listener = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    received: dict[str, MediaStreamTrack] = {}
    listener.on("track", lambda track: received.setdefault(track.kind, track))
    try:
        await node.say(_room())
        microphone = speaker.addTransceiver(_Tone(), "sendonly")
        camera = speaker.addTransceiver(_Grey(), "sendonly")
        await _negotiate(node, speaker, SPEAKER, {"microphone": microphone, "camera": camera})
        listener.addTransceiver("audio", "recvonly")
        listener.addTransceiver("video", "recvonly")
        answer = await _negotiate(node, listener, LISTENER, {})
        async with asyncio.timeout(MEDIA_WITHIN):
            await _heard(received["audio"])
            await _seen(received["video"])
        took = clock() - began
        await _answered_over_tcp(answer, listener.localDescription.sdp)
        return took
    except TimeoutError as error:
        raise _Failed(_how_far(speaker, listener), _NO_WAY) from error
    finally:
        await speaker.close()
        await listener.close()


def _room() -> SetRoom:
    speaker = DesiredPeer(
        participant=SPEAKER,
        connection=1,
        sources={"microphone": MICROPHONE, "camera": CAMERA},
        publish=["microphone", "camera"],
        view=[],
    )
    listener = DesiredPeer(
        participant=LISTENER,
        connection=1,
        sources={},
        publish=[],
        view=[ViewedTrack(source=CAMERA, width=WIDTH, height=HEIGHT)],
    )
    return SetRoom(room=ROOM, flow=True, peers=[speaker, listener])


async def _negotiate(
    node: _Node, peer: RTCPeerConnection, participant: str, publish: dict[TrackKind, RTCRtpTransceiver]
) -> str:
    """Gives the answer."""
    await peer.setLocalDescription(await peer.createOffer())
    receiving = [one for one in peer.getTransceivers() if one.direction == "recvonly"]
    slots = _Slots(
        audio=[one.mid or "" for one in receiving if one.kind == "audio"],
        video=[one.mid or "" for one in receiving if one.kind == "video"],
    )
    mids = {kind: transceiver.mid or "" for kind, transceiver in publish.items()}
    answer = await node.answer(participant, peer.localDescription.sdp, mids, slots)
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return answer


async def _answered_over_tcp(answer: str, offer: str) -> None:
    """A connectivity check on each address, as a browser without UDP makes it (RFC 6544)."""
    ours, theirs = _attributes(answer), _attributes(offer)
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    request.attributes["USERNAME"] = f"{ours['ice-ufrag']}:{theirs['ice-ufrag']}"
    request.attributes["PRIORITY"] = 1
    request.attributes["ICE-CONTROLLING"] = 1
    request.add_message_integrity(ours["ice-pwd"].encode())
    request.add_fingerprint()
    lines = {line for line in answer.splitlines() if line.startswith("a=candidate:") and line.endswith("passive")}
    for host, port in sorted((line.split()[4], int(line.split()[5])) for line in lines):
        try:
            async with asyncio.timeout(TCP_WITHIN):
                await _asked(host, port, bytes(request))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise _Failed(f"the media node cannot be reached over TCP at {host}", _NO_TCP) from error


async def _asked(host: str, port: int, request: bytes) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(struct.pack("!H", len(request)) + request)
    await reader.readexactly(2)
    writer.close()


def _attributes(sdp: str) -> dict[str, str]:
    """Of the session or, as they are the same in all, of any section."""
    return dict(line[2:].partition(":")[::2] for line in sdp.splitlines() if line.startswith("a="))


async def _heard(track: MediaStreamTrack) -> None:
    """A frame of the tone, not of silence."""
    while True:
        frame = await track.recv()
        if isinstance(frame, AudioFrame) and max(array.array("h", bytes(frame.planes[0])[: frame.samples * 2])) > LOUD:
            return


async def _seen(track: MediaStreamTrack) -> None:
    """A decoded picture of the grey that was sent."""
    while True:
        frame = await track.recv()
        if not isinstance(frame, VideoFrame):
            continue
        brightness = bytes(frame.planes[0])[frame.width // 2]
        if abs(brightness - GREY) <= GREY_TOLERANCE:
            return


def _how_far(speaker: RTCPeerConnection, listener: RTCPeerConnection) -> str:
    for who, peer in (("sender", speaker), ("receiver", listener)):
        if peer.connectionState != "connected":
            return f"the test's {who} did not get through to the media node ({peer.connectionState})"
    return "the media node forwarded no sound or no picture within the time"
