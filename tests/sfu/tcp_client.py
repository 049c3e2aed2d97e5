"""A TCP connection to the packet path that gives and takes datagrams (RFC 4571), for `srtp_client.py` and by itself."""

import socket
import struct
from typing import Any, Self

from typing_extensions import override

from sfu.packetpath import PacketPath


def framed(*datagrams: bytes) -> bytes:
    return b"".join(struct.pack("!H", len(datagram)) + datagram for datagram in datagrams)


class TcpSocket(socket.socket):
    """Reads no byte beyond the datagram that it gives, so that `poll` says whether there is another."""

    @classmethod
    def connect_to(cls, path: PacketPath, receive_bytes: int = 1 << 22) -> Self:
        opened = cls(socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.connect(("127.0.0.1", path.port))
        return opened

    @override
    def send(self, data: Any, flags: int = 0, /) -> int:
        self.sendall(framed(data), flags)
        return len(data)

    @override
    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Raises ConnectionError when the other end has closed it."""
        [length] = struct.unpack("!H", self._exactly(2))
        return self._exactly(min(length, bufsize))

    def _exactly(self, size: int) -> bytes:
        data = super().recv(size, socket.MSG_WAITALL)
        if len(data) < size:
            raise ConnectionResetError("closed by the packet path")
        return data

    def is_closed(self, within_s: float) -> bool:
        """Whether the other end closes it within the time; what it sends meanwhile is let go."""
        self.settimeout(within_s)
        try:
            while super().recv(65_536):
                continue
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True
