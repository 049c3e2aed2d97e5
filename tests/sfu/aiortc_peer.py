"""A participant that is an aiortc client: sends a beep and a picture of one colour, and looks at what it gets."""

import array
import asyncio
import math
from collections import defaultdict
from collections.abc import Callable
from statistics import fmean as mean

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack, VideoStreamTrack
from aiortc.rtp import RtpPacket
from typing_extensions import override

from sfu.messages import Offer, TrackKind

AUDIO_SLOTS, VIDEO_SLOTS = 2, 2


class Beep(AudioStreamTrack):
    """440 Hz at a level that counts as voice."""

    def __init__(self) -> None:
        super().__init__()
        self._phase = 0

    @override
    async def recv(self) -> av.AudioFrame:
        frame = await super().recv()
        assert isinstance(frame, av.AudioFrame)
        times = range(self._phase, self._phase + frame.samples)
        self._phase += frame.samples
        wave = array.array("h", (int(12_000 * math.sin(t / frame.sample_rate * 2 * math.pi * 440)) for t in times))
        frame.planes[0].update(wave.tobytes())
        return frame


class Grey(VideoStreamTrack):
    """A picture of 320×180 in one brightness."""

    def __init__(self, brightness: int) -> None:
        super().__init__()
        self._brightness = brightness

    @override
    async def recv(self) -> av.VideoFrame:
        frame = av.VideoFrame(320, 180, "yuv420p")
        for plane, value in zip(frame.planes, (self._brightness, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = await self.next_timestamp()
        return frame


class AiortcPeer:
    """Counts, by MID of its slots, what it decoded and which CSRCs the packets carried."""

    def __init__(self, participant: str, connection: int, brightness: int | None) -> None:
        self.participant, self.connection = participant, connection
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.brightness: dict[str, float] = {}
        self.loudness: dict[str, float] = {}
        self.csrcs: defaultdict[str, set[int]] = defaultdict(set)
        self._changed = asyncio.Event()
        self._readers: list[asyncio.Task[None]] = []
        if brightness is not None:
            self.pc.addTransceiver(Beep(), direction="sendonly")
            self.pc.addTransceiver(Grey(brightness), direction="sendonly")
        self._senders = 2 if brightness is not None else 0
        for kind in ["audio"] * AUDIO_SLOTS + ["video"] * VIDEO_SLOTS:
            self.pc.addTransceiver(kind, direction="recvonly")

    async def offer(self, room: str, request: int) -> Offer:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        first = self._senders
        publish: dict[TrackKind, str] = {"microphone": "0", "camera": "1"} if self._senders else {}
        return Offer(
            request=request,
            room=room,
            participant=self.participant,
            connection=self.connection,
            sdp=self.pc.localDescription.sdp,
            publish=publish,
            audio_slots=[str(first + n) for n in range(AUDIO_SLOTS)],
            video_slots=[str(first + AUDIO_SLOTS + n) for n in range(VIDEO_SLOTS)],
        )

    async def take_answer(self, sdp: str, group: asyncio.TaskGroup) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        for transceiver in self.pc.getTransceivers()[self._senders :]:
            self._watch(str(transceiver.mid), transceiver.receiver)
            reader = self._read(str(transceiver.mid), transceiver.receiver.track)
            self._readers.append(group.create_task(reader))

    def _watch(self, mid: str, receiver: RTCRtpReceiver) -> None:
        handle = receiver._handle_rtp_packet

        async def watch(packet: RtpPacket, arrival_time_ms: int) -> None:
            self.csrcs[mid].update(packet.csrc)
            await handle(packet, arrival_time_ms)

        receiver._handle_rtp_packet = watch  # type: ignore[method-assign]  # aiortc shows CSRCs nowhere else

    async def _read(self, mid: str, track: MediaStreamTrack) -> None:
        while True:
            frame = await track.recv()
            if isinstance(frame, av.VideoFrame):
                self.brightness[mid] = mean(bytes(frame.planes[0]))
            elif isinstance(frame, av.AudioFrame):
                self.loudness[mid] = mean(map(abs, array.array("h", bytes(frame.planes[0]))))
            self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Looked at after each frame; the caller sets the deadline."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def close(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await self.pc.close()
