"""One installation on one machine: its ports and sockets, its two processes under the supervisor, its readiness.

The commands `serve` and `demo` call `run_product`; the children that it starts read the very same
configuration from their environment, with the ports that were picked, so that a restart keeps them.
"""

import asyncio
import http.client
import os
import signal
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import msgspec

from zvonok.config import PREFIX, Config, Http, as_environment, environment
from zvonok.failures import WRONG_CONFIG, NotStarted
from zvonok.network import media_port_is_free, pick_media_port, pick_tcp_port, tcp_port_is_free
from zvonok.supervisor import Program, Supervisor

READY_WITHIN = 60.0
POLL = 0.05
CHECK_TIMEOUT = 2.0


@contextmanager
def private_directory() -> Iterator[Path]:
    """For sockets; nobody else may look into it."""
    with tempfile.TemporaryDirectory(prefix="zvonok-") as directory:
        yield Path(directory)


def settled(config: Config, run_dir: Path) -> Config:
    """With ports, socket and public address picked where they were left open. Raises NotStarted for taken ports."""
    http_host, metrics = config.http.host, config.metrics
    http_port = config.http.port or pick_tcp_port(http_host)
    media_port = config.media.port or pick_media_port()
    signaling_port = metrics.signaling_port or pick_tcp_port(metrics.host)
    sfu_port = metrics.sfu_port or pick_tcp_port(metrics.host)
    for key, host, port in (
        ("http.port (--port)", http_host, http_port),
        ("metrics.signaling_port", metrics.host, signaling_port),
        ("metrics.sfu_port", metrics.host, sfu_port),
    ):
        if not tcp_port_is_free(host, port):
            raise NotStarted(f"port {port} of {host} is in use: end what uses it, or choose another {key}")
    if not media_port_is_free(media_port):
        raise NotStarted(
            f"port {media_port} is in use (UDP or TCP): end what uses it, or choose another media.port (--media-port)"
        )
    scheme = "https" if config.http.tls_certificate else "http"
    public_url = config.http.public_url or f"{scheme}://localhost:{http_port}"
    replace = msgspec.structs.replace
    return replace(
        config,
        http=replace(config.http, port=http_port, public_url=public_url),
        media=replace(config.media, port=media_port),
        control=replace(config.control, socket=config.control.socket or str(run_dir / "sfu.sock")),
        metrics=replace(metrics, signaling_port=signaling_port, sfu_port=sfu_port),
    )


def programs(config: Config, *, demo: bool) -> list[Program]:
    """The media node first: signaling connects to it."""
    own = {name: value for name, value in environment().items() if not name.startswith(PREFIX)}
    variables: Mapping[str, str] = {**own, **as_environment(config)}
    tied = ("--parent", str(os.getpid()))
    run = (sys.executable, "-m", "zvonok")
    return [
        Program("sfu", (*run, "run-sfu", "--wait", *tied), variables, waits_for_word=True),
        Program("signaling", (*run, "run-signaling", *tied, *(("--demo",) if demo else ())), variables),
    ]


async def run_product(config: Config, announce: Callable[[Mapping[str, int]], None], *, demo: bool) -> None:
    """Runs until SIGINT, SIGTERM or SIGHUP; calls `announce` with the pids once it serves. Raises NotStarted."""
    supervisor = Supervisor(programs(config, demo=demo))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    failure: NotStarted | None = None
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run())
        try:
            await _ready_or_stopped(supervisor, config.http, stop)
        except NotStarted as error:
            failure = error
        else:
            if not stop.is_set():
                announce({"supervisor": os.getpid(), **supervisor.pids})
            await stop.wait()
        supervisor.close()
    if failure is not None:
        raise failure


async def _ready_or_stopped(supervisor: Supervisor, http_config: Http, stop: asyncio.Event) -> None:
    clock = asyncio.get_running_loop().time
    deadline = clock() + READY_WITHIN
    while not stop.is_set() and not await asyncio.to_thread(healthy, http_config):
        for name, keeper in supervisor.keepers.items():
            if keeper.exit_code == WRONG_CONFIG:
                raise NotStarted(f"{name} refused to start; it said why above")
        if clock() > deadline:
            raise NotStarted(f"not up within {READY_WITHIN:.0f} s; the log above says which part")
        try:
            async with asyncio.timeout(POLL):
                await stop.wait()
        except TimeoutError:
            continue


def healthy(http_config: Http) -> bool:
    """Whether an installation serves there and all its parts are up."""
    connection = _connection(http_config)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _connection(http_config: Http) -> http.client.HTTPConnection:
    """To this machine, so the certificate need not name the address."""
    address = ip_address(http_config.host)
    host = http_config.host
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    if not http_config.tls_certificate:
        return http.client.HTTPConnection(host, http_config.port, timeout=CHECK_TIMEOUT)
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, http_config.port, timeout=CHECK_TIMEOUT, context=trusting)
