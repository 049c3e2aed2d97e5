"""The node as a process: it starts, serves control and metrics, and ends on SIGTERM."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from sfu.control import CONTROL_PATH
from sfu.messages import Hello, Ready, decode_from_node, encode
from sfu.node import Node, NodeSettings, candidate_addresses
from sfu.packetpath import PacketPathError

DEADLINE_S = 20.0
PROGRAM = """
import sys, msgspec
from sfu.node import NodeSettings, run
run(msgspec.json.decode(sys.argv[1], type=NodeSettings))
"""


def settings_json(folder: Path) -> str:
    return (
        '{"addresses":["127.0.0.1"],"announce":[],"port":0,"metrics_host":"127.0.0.1","metrics_port":0,'
        f'"control_socket":"{folder / "control"}","log_level":"info","log_format":"json"}}'
    )


async def started(folder: Path) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, settings_json(folder), stderr=asyncio.subprocess.PIPE, cwd=os.getcwd()
    )
    assert process.stderr is not None
    async with asyncio.timeout(DEADLINE_S):
        while b"media_node_serving" not in (await process.stderr.readline()):
            assert process.returncode is None
    return process


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_the_process_answers_hello_and_ends_on_sigterm_leaving_no_socket(tmp_path: Path) -> None:
    process = await started(tmp_path)
    connector = aiohttp.UnixConnector(str(tmp_path / "control"))
    async with (
        asyncio.timeout(DEADLINE_S),
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect(f"http://node{CONTROL_PATH}") as socket,
    ):
        await socket.send_str(encode(Hello(epoch=1)))
        ready = decode_from_node(await socket.receive_str())
        assert isinstance(ready, Ready)
        assert ready.media_port > 0
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert files_in(tmp_path) == []


async def test_a_start_after_a_kill_takes_the_socket_over(tmp_path: Path) -> None:
    killed = await started(tmp_path)
    killed.kill()
    await killed.wait()
    again = await started(tmp_path)
    again.terminate()
    async with asyncio.timeout(DEADLINE_S):
        assert await again.wait() == 0


async def test_two_starts_have_two_incarnations_and_metrics_have_no_labels(tmp_path: Path) -> None:
    settings = NodeSettings(
        addresses=["127.0.0.1"],
        announce=[],
        port=0,
        control_socket=str(tmp_path / "control"),
        metrics_host="127.0.0.1",
        metrics_port=0,
    )
    stop = asyncio.Event()
    node = Node(settings)
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as tasks:
        tasks.create_task(node.run(stop))
        await node.serving.wait()
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{node.metrics_port}/metrics") as response,
        ):
            text = await response.text()
        stop.set()
    assert "zvonok_sfu_peers 0.0" in text
    assert "zvonok_packetpath_received_packets_total 0.0" in text
    assert not any("{" in line for line in text.splitlines() if not line.startswith("#"))
    other = Node(settings)
    assert other.greet()[0].incarnation != node.greet()[0].incarnation
    other.rooms.close()


@pytest.mark.parametrize(
    ("addresses", "announce", "expected"),
    [
        (["127.0.0.1", "192.0.2.2"], [], ("127.0.0.1", "192.0.2.2")),
        (["0.0.0.0", "::"], ["198.51.100.7", "2001:DB8::1"], ("198.51.100.7", "2001:db8::1")),  # noqa: S104 - not bound
        (["192.0.2.2"], ["192.0.2.2", "198.51.100.7", "192.0.2.2"], ("192.0.2.2", "198.51.100.7")),
    ],
)
def test_answers_name_each_address_once_and_no_wildcard(
    addresses: list[str], announce: list[str], expected: tuple[str, ...]
) -> None:
    settings = NodeSettings(
        addresses=addresses, announce=announce, port=0, control_socket="", metrics_host="", metrics_port=0
    )
    assert candidate_addresses(settings) == expected


def test_an_address_that_is_not_ours_is_a_typed_error(tmp_path: Path) -> None:
    settings = NodeSettings(
        addresses=["203.0.113.7"],
        announce=[],
        port=0,
        control_socket=str(tmp_path / "control"),
        metrics_host="127.0.0.1",
        metrics_port=0,
    )
    with pytest.raises(PacketPathError, match=r"203\.0\.113\.7"):
        Node(settings)
