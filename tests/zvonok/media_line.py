"""One PeerConnection of a person without a browser, over real UDP: an offer, connectivity checks, a DTLS handshake,
SRTP both ways. Used by `people_lab.py`; it knows nothing of lessons and shares no code with the media node but the
maker of certificates. `fence` shows that everything sent to the node before it, by anybody, was worked through.
"""

import asyncio
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aioice import stun
from pylibsrtp import Error, Policy, Session
from typing_extensions import override

from sfu.dtls import DtlsIdentity
from signaling.live import messages as wire
from tests.sfu.camera import Encoding, Ids, Shape, extension_block, rtp
from tests.sfu.dtls_client import DtlsClient
from tests.sfu.srtp_client import SRTP_PROFILES, binding_request, is_rtcp

DEADLINE = 10.0
CHECK_EVERY_S = 1.0
CHECK_AGAIN_S = 0.2
OPUS, VP8, VP8_RTX = 111, 96, 97
LOUD = 20  # −20 dBov, marked as voice
KINDS: tuple[tuple[wire.TrackKind, str], ...] = (
    ("microphone", "audio"),
    ("camera", "video"),
    ("screen", "video"),
    ("screen_sound", "audio"),
)
AUDIO_SLOTS, VIDEO_SLOTS = 4, 4
CERTIFICATE = DtlsIdentity(datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Heard:
    """A packet as it came out of SRTP. `source`: its CSRC, 0 when there is none. `at`: the loop's clock."""

    at: float
    ssrc: int
    source: int
    payload: bytes


async def paces(seconds: float) -> None:
    """The time between two packets of a sender; nothing is awaited by it."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, passed.set)
    await passed.wait()


def offer_text(ufrag: str, pwd: str, mlines: int = len(KINDS) + AUDIO_SLOTS + VIDEO_SLOTS) -> str:
    """Four senders, four audio slots, and video slots up to `mlines`."""
    kinds = [kind for _, kind in KINDS] + ["audio"] * AUDIO_SLOTS
    kinds += ["video"] * (mlines - len(kinds))
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines.append(f"a=group:BUNDLE {' '.join(map(str, range(mlines)))}")
    fingerprint = CERTIFICATE.fingerprint.digest.hex(":").upper()
    for mid, kind in enumerate(kinds):
        formats = f"{OPUS}" if kind == "audio" else f"{VP8} {VP8_RTX}"
        lines += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {formats}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            f"a=ice-ufrag:{ufrag}",
            f"a=ice-pwd:{pwd}",
            f"a=fingerprint:sha-256 {fingerprint}",
            "a=setup:actpass",
            "a=rtcp-mux",
            "a=sendonly" if mid < len(KINDS) else "a=recvonly",
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        ]
        if kind == "audio":
            lines += [f"a=rtpmap:{OPUS} opus/48000/2", "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"]
        else:
            lines += [f"a=rtpmap:{VP8} VP8/90000", f"a=rtcp-fb:{VP8} nack pli"]
            lines += [f"a=rtpmap:{VP8_RTX} rtx/90000", f"a=fmtp:{VP8_RTX} apt={VP8}"]
    return "\r\n".join(lines) + "\r\n"


class Socket(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.take = take

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self.take(data)

    @override
    def error_received(self, exc: Exception) -> None:
        """A node that was killed leaves its port closed for a moment."""


class Line:
    """`heard`: all RTP that came, in order. Sending asks nobody: what no page would send is sent."""

    def __init__(self, connection: int, *, observes: bool = False, address: str = "127.0.0.1") -> None:
        self.connection, self._observes, self._address = connection, observes, address
        self.ufrag, self.pwd = secrets.token_hex(4), secrets.token_hex(12)
        self.heard: list[Heard] = []
        self.left_behind: list[bytes] = []
        self.is_up = False
        self._changed = asyncio.Event()
        self._answered: set[bytes] = set()
        self._socket: Socket | None = None
        self._opened: list[asyncio.DatagramTransport] = []
        self._transport: asyncio.DatagramTransport | None = None
        self._remote = ("", 0)
        self._username = self._key = ""
        self._dtls: DtlsClient | None = None
        self._sender: Session | None = None
        self._receiver: Session | None = None
        self._count = secrets.randbelow(1000)
        self.sound_ssrc = secrets.randbits(31)
        dice = secrets.SystemRandom()
        self.picture = Encoding(
            Ids(media=VP8, rtx=VP8_RTX), secrets.randbits(31), secrets.randbits(31), True, Shape(), dice, mid=b"1"
        )

    def offer(self) -> wire.MediaOffer:
        first = len(KINDS)
        return wire.MediaOffer(
            connection=self.connection,
            sdp=offer_text(self.ufrag, self.pwd),
            publish={} if self._observes else {kind: str(mid) for mid, (kind, _) in enumerate(KINDS)},
            audio_slots=[str(mid) for mid in range(first, first + AUDIO_SLOTS)],
            video_slots=[str(mid) for mid in range(first + AUDIO_SLOTS, first + AUDIO_SLOTS + VIDEO_SLOTS)],
        )

    # ── coming up ──
    async def connect(self, answer: str) -> None:
        """To the node of the answer; returns when there are keys."""
        facts = dict(line[2:].partition(":")[::2] for line in answer.splitlines() if line.startswith("a="))
        found = [line.split() for line in answer.splitlines() if line.startswith("a=candidate:")]
        candidate = next((words for words in found if words[4].startswith("127.")), found[0])
        self._remote = (candidate[4], int(candidate[5]))
        self._username, self._key = f"{facts['ice-ufrag']}:{self.ufrag}", facts["ice-pwd"]
        async with asyncio.timeout(DEADLINE):
            await self.open_socket()
            await self._shake_hands()
        self._keep_alive()

    async def open_socket(self) -> None:
        """From an address that the node has not seen. What comes to the one before is in `left_behind`."""
        loop = asyncio.get_running_loop()
        if self._socket is not None:
            self._socket.take = self.left_behind.append
        self._transport, self._socket = await loop.create_datagram_endpoint(
            lambda: Socket(self._take), local_addr=(self._address, 0), remote_addr=self._remote
        )
        self._opened.append(self._transport)
        await self.fence()
        self.left_behind.clear()

    async def _shake_hands(self) -> None:
        loop = asyncio.get_running_loop()
        dtls = self._dtls = DtlsClient(CERTIFICATE, loop.time())
        self._send_all(dtls.start(loop.time()))
        while not dtls.is_done:
            assert not dtls.has_failed, "the handshake failed"
            await self._next(CHECK_AGAIN_S)
            self._send_all(dtls.poll(loop.time()))
        profile = dtls.connection.get_selected_srtp_profile()
        name = "AEAD_AES_128_GCM" if b"GCM" in profile else "AES128_CM_SHA1_80"
        number, salt = SRTP_PROFILES[name]
        mine, theirs, my_salt, their_salt = dtls.keys((16, salt))
        out = Policy(key=mine + my_salt, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=number)
        in_ = Policy(key=theirs + their_salt, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=number)
        out.window_size = in_.window_size = 1024
        self._sender, self._receiver = Session(out), Session(in_)
        self.is_up = True
        await self.fence()

    def _keep_alive(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(bytes(self.check()))
            asyncio.get_running_loop().call_later(CHECK_EVERY_S, self._keep_alive)

    @property
    def port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        for transport in self._opened:
            transport.close()

    # ── sending ──
    def check(self) -> stun.Message:
        return binding_request(self._username, self._key)

    def _send_all(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self.send_raw(datagram)

    def send_raw(self, datagram: bytes) -> None:
        assert self._transport is not None
        self._transport.sendto(datagram)

    def send(self, *packets: bytes) -> None:
        assert self._sender is not None
        for packet in packets:
            self.send_raw(bytes(self._sender.protect(packet)))

    def sound(self, payload: bytes, mid: bytes = b"0", ssrc: int | None = None, level: int = LOUD) -> bytes:
        """The next packet of a loud voice."""
        self._count += 1
        block = extension_block([(4, mid), (1, bytes([0x80 | level]))], two_byte=False)
        header = rtp((OPUS, False), self._count, self._count * 960, ssrc or self.sound_ssrc, block)
        return header + payload

    def say(self, text: str) -> None:
        self.send(self.sound(text.encode()))

    def show(self) -> None:
        """A keyframe of one packet."""
        self.send(*self.picture.frame(1, is_keyframe=True))

    # ── what came ──
    def heard_of(self, source: int) -> list[Heard]:
        return [packet for packet in self.heard if packet.source == source]

    async def fence(self) -> None:
        """Returns when everything that was sent to the node before, by anybody, has been worked through."""
        async with asyncio.timeout(DEADLINE):
            while True:
                request = self.check()
                self.send_raw(bytes(request))
                deadline = asyncio.get_running_loop().time() + CHECK_AGAIN_S
                while (left := deadline - asyncio.get_running_loop().time()) > 0:
                    if request.transaction_id in self._answered:
                        return
                    await self._next(left)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Looked at after each packet that comes."""
        async with asyncio.timeout(DEADLINE):
            while not condition():
                await self._next(DEADLINE)

    async def _next(self, seconds: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _take(self, datagram: bytes) -> None:
        if datagram[0] < 4:
            self._answered.add(stun.parse_message(datagram).transaction_id)
        elif datagram[0] < 64:
            if self._dtls is not None and not self.is_up:
                self._send_all(self._dtls.receive(datagram, asyncio.get_running_loop().time()))
        elif self._receiver is not None and not is_rtcp(datagram):
            self._take_rtp(datagram)
        self._changed.set()

    def _take_rtp(self, datagram: bytes) -> None:
        assert self._receiver is not None
        try:
            packet = bytes(self._receiver.unprotect(datagram))
        except Error:
            return
        count = packet[0] & 15
        source = struct.unpack_from("!I", packet, 12)[0] if count else 0
        at = 12 + 4 * count
        if packet[0] & 0x10:
            at += 4 + 4 * struct.unpack_from("!H", packet, at + 2)[0]
        ssrc = struct.unpack_from("!I", packet, 8)[0]
        self.heard.append(Heard(asyncio.get_running_loop().time(), ssrc, source, packet[at:]))
