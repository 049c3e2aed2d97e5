"""Judges the values of a configuration before anything starts: better no start than an unsafe one.

Called by `loading.py`. Each check names the key whose value is to be changed.
"""

import os
import socket
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zvonok.config import Config
from zvonok.failures import ConfigError

SQLITE = "sqlite+aiosqlite:///"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass
class Sources:
    """Where each value came from. `variables`: key → environment variable that set it."""

    file: str
    variables: dict[str, str] = field(default_factory=dict)

    def error(self, key: str, problem: str) -> ConfigError:
        return ConfigError(self.variables.get(key, self.file), key, problem)


def check(config: Config, sources: Sources) -> None:
    """Raises ConfigError for the first value that cannot be."""
    for one in _CHECKS:
        one(config, sources)


def _zone(config: Config, sources: Sources) -> None:
    try:
        ZoneInfo(config.school.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise sources.error("school.zone", f"no time zone is called «{config.school.zone}»") from error


def _address(text: str, key: str, sources: Sources) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError as error:
        hint = " (one address, not a network)" if "/" in text else ""
        raise sources.error(key, f"«{text}» is not an IP address{hint}") from error


def _http(config: Config, sources: Sources) -> None:
    http = config.http
    address = _address(http.host, "http.host", sources)
    if not address.is_loopback and not http.tls_certificate:
        raise sources.error(
            "http.host", f"plain HTTP is for loopback only: give http.tls_certificate and http.tls_key for {http.host}"
        )
    if not address.is_loopback and not http.public_url:
        raise sources.error("http.public_url", f"is needed when http.host is {http.host}")
    if http.public_url:
        _origin(http.public_url, "http.public_url", sources)
    for origin in http.allowed_origins:
        _origin(origin, "http.allowed_origins", sources)


def _origin(text: str, key: str, sources: Sources) -> None:
    try:
        parts = urlsplit(text)
        host, bad_port = parts.hostname, parts.port == 0
    except ValueError as error:
        raise sources.error(key, f"«{text}» is not an address of a site") from error
    if parts.scheme not in {"http", "https"} or not host or bad_port:
        raise sources.error(key, f"«{text}» is not an address of a site, as https://school.example")
    if text != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise sources.error(key, f"«{text}» has more than scheme, host and port")
    if parts.scheme == "http" and host not in LOOPBACK_NAMES:
        raise sources.error(key, f"«{text}»: browsers give no camera to plain HTTP except on localhost")


def _tls(config: Config, sources: Sources) -> None:
    http = config.http
    if bool(http.tls_certificate) != bool(http.tls_key):
        missing = "http.tls_key" if http.tls_certificate else "http.tls_certificate"
        raise sources.error(missing, "certificate and key are given together")
    if not http.tls_certificate:
        return
    for key, file in (("http.tls_certificate", http.tls_certificate), ("http.tls_key", http.tls_key)):
        try:
            Path(file).read_bytes()
        except OSError as error:
            raise sources.error(key, f"{file} cannot be read: {error.strerror}") from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(http.tls_certificate, http.tls_key, password="")
    except ssl.SSLError as error:
        raise sources.error(
            "http.tls_certificate", f"is no certificate that fits http.tls_key ({error.reason})"
        ) from error


def _media(config: Config, sources: Sources) -> None:
    for text in config.media.addresses:
        address = _address(text, "media.addresses", sources)
        if address.is_unspecified:
            raise sources.error("media.addresses", f"{text}: name the addresses themselves, or none for all of them")
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((text, 0))
            except OSError as error:
                raise sources.error("media.addresses", f"{text} is not an address of this machine") from error
    for text in config.media.announce:
        if _address(text, "media.announce", sources).is_unspecified:
            raise sources.error("media.announce", f"{text} is nobody's address")


def _metrics(config: Config, sources: Sources) -> None:
    if not _address(config.metrics.host, "metrics.host", sources).is_loopback:
        raise sources.error("metrics.host", f"metrics are for loopback only, not for {config.metrics.host}")


def _ports(config: Config, sources: Sources) -> None:
    taken: dict[int, str] = {}
    for key, port in (
        ("http.port", config.http.port),
        ("media.port", config.media.port),
        ("metrics.signaling_port", config.metrics.signaling_port),
        ("metrics.sfu_port", config.metrics.sfu_port),
    ):
        if port and port in taken:
            raise sources.error(key, f"port {port} is that of {taken[port]} already")
        taken[port] = key


def _data(config: Config, sources: Sources) -> None:
    try:
        Path(config.data.dir).mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=config.data.dir):
            pass
    except OSError as error:
        raise sources.error("data.dir", f"{config.data.dir} cannot be written: {error.strerror}") from error


def _database(config: Config, sources: Sources) -> None:
    url = config.database.url
    if not url.startswith(SQLITE) or len(url) == len(SQLITE):
        raise sources.error("database.url", f"is written {SQLITE}path/to/file")
    folder = Path(url.removeprefix(SQLITE)).parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise sources.error("database.url", f"the directory {folder} cannot be written")


_CHECKS: tuple[Callable[[Config, Sources], None], ...] = (
    _zone,
    _tls,
    _http,
    _media,
    _metrics,
    _ports,
    _data,
    _database,
)
