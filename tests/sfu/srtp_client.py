"""A client of the packet path for tests: one socket (UDP, or TCP by `tcp_client.py`), aioice's STUN, pylibsrtp's
SRTP. It shares no code with the product. Nothing sleeps: an answered check shows that everything sent before it was
worked through, a datagram handed down shows the same of the commands before it.
"""

import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from aioice import stun
from pylibsrtp import Policy, Session

from sfu.packetpath import Codecs, PacketPath, Profile

DEADLINE_S = 10.0
CHECK_AGAIN_S = 0.5
PROFILES: tuple[Profile, ...] = ("AEAD_AES_128_GCM", "AES128_CM_SHA1_80")
SRTP_PROFILES = {
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 12),
    "AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 14),
}
MARK = b"\x17mark"


@dataclass
class Taken:
    """What a client received, decrypted; `sealed` is the RTP as it came."""

    rtp: list[bytes] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    dtls: list[bytes] = field(default_factory=list)
    sealed: list[bytes] = field(default_factory=list)


def is_rtcp(datagram: bytes) -> bool:
    return 192 <= datagram[1] <= 223


def binding_request(username: str, key: str, *, nominates: bool = True) -> stun.Message:
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    request.attributes["USERNAME"] = username
    request.attributes["PRIORITY"] = 1
    request.attributes["ICE-CONTROLLING"] = 7
    if nominates:
        request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity(key.encode())
    request.add_fingerprint()
    return request


def opened_socket(path: PacketPath) -> socket.socket:
    """A socket at an address that the path has not heard of, and that hears the path alone."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    opened.bind(("127.0.0.1", 0))
    opened.connect(("127.0.0.1", path.port))
    return opened


class SrtpClient:
    def __init__(
        self,
        path: PacketPath,
        number: int,
        profile: Profile = "AEAD_AES_128_GCM",
        open_socket: Callable[[PacketPath], socket.socket] = opened_socket,
    ) -> None:
        self.path = path
        self.number = number
        self.profile: Profile = profile
        self.socket = open_socket(path)
        self.local_ufrag, self.remote_ufrag = f"srv{number}", f"cli{number}"
        self.key = f"{number:024}"
        self._inbox = Taken()
        self._answered: set[bytes] = set()
        srtp_profile, salt_size = SRTP_PROFILES[profile]
        self._out_key, self._in_key, self._salt = os.urandom(16), os.urandom(16), os.urandom(salt_size)
        out = Policy(key=self._out_key + self._salt, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=srtp_profile)
        in_ = Policy(key=self._in_key + self._salt, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=srtp_profile)
        out.window_size = in_.window_size = 1024
        self._sender, self._receiver = Session(out), Session(in_)

    @property
    def username(self) -> str:
        return f"{self.local_ufrag}:{self.remote_ufrag}"

    def join(self, codecs: Codecs) -> None:
        self.path.add_peer(self.number, self.local_ufrag, self.key, self.remote_ufrag)
        self.fence()
        self.path.set_keys(self.number, self.profile, self._out_key, self._salt, self._in_key, self._salt)
        self.path.set_codecs(self.number, codecs)
        self.settle()

    def move(
        self, *, nominates: bool = True, open_socket: Callable[[PacketPath], socket.socket] = opened_socket
    ) -> socket.socket:
        """Goes on from another address. The socket before is returned, and whoever moves closes it."""
        left, self.socket = self.socket, open_socket(self.path)
        self.fence(nominates=nominates)
        return left

    def restart_ice(self, generation: int) -> None:
        """Checks from here on use new credentials, which the path knows already."""
        local_ufrag, remote_ufrag = f"srv{self.number}g{generation}", f"cli{self.number}g{generation}"
        key = f"{generation:012}{self.number:012}"
        self.path.restart_ice(self.number, local_ufrag, key, remote_ufrag)
        self.settle()
        self.local_ufrag, self.remote_ufrag, self.key = local_ufrag, remote_ufrag, key

    # ── sending ──
    def seal(self, packet: bytes) -> bytes:
        return bytes(self._sender.protect(packet))

    def seal_rtcp(self, packet: bytes) -> bytes:
        return bytes(self._sender.protect_rtcp(packet))

    def send(self, *packets: bytes) -> None:
        for packet in packets:
            self.socket.send(self.seal(packet))

    def send_rtcp(self, *packets: bytes) -> None:
        for packet in packets:
            self.socket.send(self.seal_rtcp(packet))

    # ── waiting ──
    def fence(self, *, nominates: bool = True) -> None:
        """Returns when everything that was sent to the path before, by anybody, has been worked through."""
        deadline = time.perf_counter() + DEADLINE_S
        while time.perf_counter() < deadline:
            request = binding_request(self.username, self.key, nominates=nominates)
            self.socket.send(bytes(request))
            if self._read_until(CHECK_AGAIN_S, lambda: request.transaction_id in self._answered):  # noqa: B023 - used at once
                return
        pytest.fail("a check was not answered")

    def settle(self) -> None:
        """Returns when every command given before has taken effect."""
        self.path.send_datagrams(self.number, [MARK])
        if not self._read_until(DEADLINE_S, lambda: MARK in self._inbox.dtls):
            pytest.fail("a command was not carried out")
        self._inbox.dtls.remove(MARK)

    def counters(self) -> dict[str, int]:
        """Totals of everything before: the worker publishes them between an answered check and the next command."""
        self.fence()
        self.settle()
        return self.path.counters()

    def take(self) -> Taken:
        """Everything that came for what was sent to the path until this call."""
        self.fence()
        taken, self._inbox = self._inbox, Taken()
        return taken

    def hears(self, seconds: float) -> Taken:
        """What comes within a time: for timers of the path, and for those who must hear nothing."""
        self._read_until(seconds, lambda: False)
        taken, self._inbox = self._inbox, Taken()
        return taken

    def _read_until(self, seconds: float, is_done: Callable[[], bool]) -> bool:
        deadline = time.perf_counter() + seconds
        readable = select.poll()
        readable.register(self.socket, select.POLLIN)
        while not is_done():
            left = deadline - time.perf_counter()
            if left <= 0 or not readable.poll(left * 1000):
                return False
            self._sort(self.socket.recv(65_536))
        return True

    def _sort(self, datagram: bytes) -> None:
        if datagram[0] < 4:
            answer = stun.parse_message(datagram)
            assert answer.check_message_integrity(self.key.encode())
            assert answer.message_class == stun.Class.RESPONSE
            assert answer.attributes["XOR-MAPPED-ADDRESS"] == self.socket.getsockname()
            self._answered.add(answer.transaction_id)
        elif datagram[0] < 64:
            self._inbox.dtls.append(datagram)
        elif is_rtcp(datagram):
            self._inbox.rtcp.append(bytes(self._receiver.unprotect_rtcp(datagram)))
        else:
            self._inbox.sealed.append(datagram)
            self._inbox.rtp.append(bytes(self._receiver.unprotect(datagram)))


@contextmanager
def clients(path: PacketPath, codecs: Codecs, *profiles: Profile) -> Iterator[list[SrtpClient]]:
    """Joined clients numbered from 1, one per profile."""
    opened = [SrtpClient(path, number, profile) for number, profile in enumerate(profiles, 1)]
    try:
        for client in opened:
            client.join(codecs)
        yield opened
    finally:
        for client in opened:
            client.socket.close()
