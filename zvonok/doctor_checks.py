"""What the doctor looks at without sending media: ports, data, database, certificate, clock.

Each examination gives a `Finding`; none of them raises. Called by `doctor.py`.
"""

import asyncio
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from zvonok.checks import SQLITE
from zvonok.config import Config
from zvonok.database import opened
from zvonok.failures import NotStarted
from zvonok.network import media_port_is_free, tcp_port_is_free
from zvonok.product import healthy

LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """`mend`: what to do about it, empty when it is well."""

    what: str
    mend: str = ""

    @property
    def well(self) -> bool:
        return not self.mend


def ports(config: Config) -> list[Finding]:
    """Each port is free, or held by a Zvonok that is up."""
    running = bool(config.http.port) and healthy(config.http)
    metrics = config.metrics
    found = [
        _tcp("http.port", config.http.host, config.http.port, running=running),
        _media("media.port", config.media.port, running=running),
        _tcp("metrics.signaling_port", metrics.host, metrics.signaling_port, running=running),
        _tcp("metrics.sfu_port", metrics.host, metrics.sfu_port, running=running),
    ]
    return [finding for finding in found if finding is not None]


def _tcp(key: str, host: str, port: int, *, running: bool) -> Finding | None:
    return _port(key, port, f"TCP port {port} of {host}", free=tcp_port_is_free(host, port), running=running)


def _media(key: str, port: int, *, running: bool) -> Finding | None:
    return _port(key, port, f"media port {port} (UDP and TCP)", free=media_port_is_free(port), running=running)


def _port(key: str, port: int, words: str, *, free: bool, running: bool) -> Finding | None:
    if not port:
        return None
    if free:
        return Finding(f"{words} is free")
    if running:
        return Finding(f"{words} is held by the Zvonok that is running")
    return Finding(f"{words} is in use by another program", f"end that program, or choose another {key}")


def data_directory(config: Config) -> Finding:
    """That it can be written is a matter of the configuration; here, whether there is room."""
    free = shutil.disk_usage(config.data.dir).free
    words = f"data directory {config.data.dir}, {free // (1024 * 1024)} MiB free"
    if free < LEAST_FREE_BYTES:
        return Finding(words, f"make room: at least {LEAST_FREE_BYTES // (1024 * 1024)} MiB")
    return Finding(words)


async def database(config: Config) -> Finding:
    file = Path(config.database.url.removeprefix(SQLITE))
    if not await asyncio.to_thread(file.exists):
        return Finding(f"database {file} is made at the first start")
    try:
        async with opened(config.database.url) as store:
            if await store.healthy():
                return Finding(f"database {file} can be written")
    except NotStarted as error:
        return Finding(f"database {file}: {error}", "restore it from a backup, or name another one in database.url")
    return Finding(f"database {file} cannot be written", "end whatever holds its write lock, and look at its rights")


def certificate(config: Config, now: datetime) -> Finding:
    file = config.http.tls_certificate
    if not file:
        return Finding(f"plain HTTP, on the loopback address {config.http.host} only")
    leaf = x509.load_pem_x509_certificates(Path(file).read_bytes())[0]
    if now < leaf.not_valid_before_utc:
        return Finding(f"certificate {file} is not valid yet", "set the clock, or get a certificate that is valid")
    if now >= leaf.not_valid_after_utc:
        return Finding(f"certificate {file} ran out on {leaf.not_valid_after_utc:%Y-%m-%d}", "renew the certificate")
    return Finding(f"certificate {file} is valid for {(leaf.not_valid_after_utc - now).days} more days")


def clock(now: datetime) -> Finding:
    """A clock that stands before the program was installed is wrong."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < installed:
        return Finding(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, which is before Zvonok was installed",
            "set the clock (timedatectl set-ntp true)",
        )
    return Finding(f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def all_well(findings: Iterable[Finding]) -> bool:
    return all(finding.well for finding in findings)
