"""Addresses of this machine, and ports that are free on it.

Called by the commands before they start anything. Linux only, as the packet path.
"""

import fcntl
import secrets
import socket
import struct
from pathlib import Path

LOOPBACK = "127.0.0.1"
PICKED_PORTS = range(20_000, 32_768)
"""Below the range from which the kernel lends ports, so that a restarted process finds its port free again."""

_SIOCGIFFLAGS = 0x8913
_SIOCGIFADDR = 0x8915
_IFF_UP = 1
_TENTATIVE_OR_DEPRECATED = 0x60


def machine_addresses() -> list[str]:
    """127.0.0.1, then the IPv4 and the global IPv6 addresses of the interfaces that are up."""
    found = [LOOPBACK, *_ipv4_addresses(), *_ipv6_addresses()]
    return list(dict.fromkeys(found))


def _ipv4_addresses() -> list[str]:
    addresses = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                flags = struct.unpack_from("H", fcntl.ioctl(probe, _SIOCGIFFLAGS, request), 16)[0]
                packed = fcntl.ioctl(probe, _SIOCGIFADDR, request)[20:24]
            except OSError:  # an interface without an IPv4 address
                continue
            if flags & _IFF_UP:
                addresses.append(socket.inet_ntop(socket.AF_INET, packed))
    return addresses


def _ipv6_addresses() -> list[str]:
    table = Path("/proc/net/if_inet6")
    if not table.exists():
        return []
    addresses = []
    for line in table.read_text(encoding="ascii").splitlines():
        packed, _, _, scope, flags, _ = line.split()
        if int(scope, 16) == 0 and not int(flags, 16) & _TENTATIVE_OR_DEPRECATED:
            addresses.append(socket.inet_ntop(socket.AF_INET6, bytes.fromhex(packed)))
    return addresses


def tcp_port_is_free(host: str, port: int) -> bool:
    return _can_bind(host, port, socket.SOCK_STREAM)


def media_port_is_free(port: int) -> bool:
    """Over UDP and over TCP, on every address."""
    everywhere = "0.0.0.0"  # noqa: S104 - a probe
    return _can_bind(everywhere, port, socket.SOCK_DGRAM) and _can_bind(everywhere, port, socket.SOCK_STREAM)


def pick_tcp_port(host: str) -> int:
    return next(port for port in iter(_candidate, None) if tcp_port_is_free(host, port))


def pick_media_port() -> int:
    return next(port for port in iter(_candidate, None) if media_port_is_free(port))


def _candidate() -> int:
    return PICKED_PORTS.start + secrets.randbelow(len(PICKED_PORTS))


def _can_bind(host: str, port: int, kind: socket.SocketKind) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
