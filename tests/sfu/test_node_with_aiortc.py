"""The whole node in this process: control connection, packet path and two aiortc participants on loopback."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec

from sfu.control import CONTROL_PATH
from sfu.dtls import DtlsIdentity
from sfu.messages import (
    Answer,
    ControlMessage,
    DesiredPeer,
    FromNode,
    Hello,
    PeerLink,
    Ready,
    SetRoom,
    SlotsMapped,
    Speaking,
    ViewedTrack,
    decode_from_node,
    encode,
)
from sfu.node import Node, NodeSettings
from tests.sfu.aiortc_peer import AiortcPeer
from tests.sfu.dtls_client import DtlsClient

DEADLINE_S = 20.0


class Signaling:
    """The other end of the control connection; it reads all the time, as the real one does."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._messages: asyncio.Queue[FromNode] = asyncio.Queue()
        self.heard: list[FromNode] = []

    async def read(self) -> None:
        async for frame in self._socket:
            self._messages.put_nowait(decode_from_node(frame.data))

    async def say(self, message: ControlMessage) -> None:
        await self._socket.send_str(encode(message))

    async def until(self, wanted: Callable[[FromNode], bool]) -> FromNode:
        async with asyncio.timeout(DEADLINE_S):
            while True:
                message = await self._messages.get()
                self.heard.append(message)
                if wanted(message):
                    return message


@asynccontextmanager
async def running_node(folder: Path) -> AsyncIterator[tuple[Node, Signaling]]:
    settings = NodeSettings(
        addresses=["127.0.0.1"],
        announce=[],
        port=0,
        control_socket=str(folder / "control"),
        metrics_host="127.0.0.1",
        metrics_port=0,
    )
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        node = Node(settings)
        serving = tasks.create_task(node.run(stop))
        async with asyncio.timeout(DEADLINE_S):
            await node.serving.wait()
        connector = aiohttp.UnixConnector(settings.control_socket)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.ws_connect(f"http://node{CONTROL_PATH}") as socket,
        ):
            signaling = Signaling(socket)
            tasks.create_task(signaling.read())
            await signaling.say(Hello(epoch=1))
            await signaling.until(lambda message: isinstance(message, Ready))
            yield node, signaling
        stop.set()
        await serving


def room_of(*peers: DesiredPeer, flow: bool = True) -> SetRoom:
    return SetRoom(room="5a", flow=flow, peers=list(peers))


TEACHER = DesiredPeer(
    participant="teacher",
    connection=1,
    sources={"microphone": 101, "camera": 102},
    publish=["microphone", "camera"],
    view=[],
)
PUPIL = DesiredPeer(
    participant="pupil",
    connection=1,
    sources={},
    publish=[],
    view=[ViewedTrack(source=102, width=320, height=180)],
)


async def join(signaling: Signaling, peer: AiortcPeer, request: int, tasks: asyncio.TaskGroup) -> None:
    await signaling.say(await peer.offer("5a", request))
    answer = await signaling.until(lambda message: isinstance(message, Answer))
    assert isinstance(answer, Answer)
    await peer.take_answer(answer.sdp, tasks)
    await signaling.until(
        lambda m: isinstance(m, PeerLink) and m.participant == peer.participant and m.link == "connected"
    )


async def test_a_pupil_hears_and_sees_the_teacher_by_csrc_until_the_teacher_is_muted(tmp_path: Path) -> None:
    teacher, pupil = AiortcPeer("teacher", 1, brightness=200), AiortcPeer("pupil", 1, brightness=None)
    async with running_node(tmp_path) as (_, signaling), asyncio.TaskGroup() as tasks:
        await signaling.say(room_of(TEACHER, PUPIL))
        await join(signaling, teacher, 1, tasks)
        await join(signaling, pupil, 2, tasks)
        async with asyncio.timeout(DEADLINE_S):
            await pupil.until(lambda: pupil.brightness.get("2", 0) > 150 and pupil.loudness.get("0", 0) > 500)
        assert pupil.csrcs["2"] == {102}
        assert pupil.csrcs["0"] == {101}
        assert pupil.csrcs["1"] == pupil.csrcs["3"] == set()
        await signaling.until(lambda message: isinstance(message, Speaking) and message.sources == [101])
        mapped = [m for m in signaling.heard if isinstance(m, SlotsMapped) and m.participant == "pupil"][-1]
        assert {slot.mid: slot.source for slot in mapped.slots} == {"0": 101, "1": 0, "2": 102, "3": 0}
        await signaling.say(room_of(TEACHER, PUPIL, flow=False))
        emptied = await signaling.until(lambda m: isinstance(m, SlotsMapped) and m.participant == "pupil")
        assert isinstance(emptied, SlotsMapped)
        assert {slot.source for slot in emptied.slots} == {0}
        await teacher.close()
        await pupil.close()


async def test_a_closed_microphone_that_goes_on_sending_is_heard_by_nobody(tmp_path: Path) -> None:
    teacher, pupil = AiortcPeer("teacher", 1, brightness=200), AiortcPeer("pupil", 1, brightness=None)
    closed = msgspec.structs.replace(TEACHER, publish=["camera"])
    async with running_node(tmp_path) as (node, signaling), asyncio.TaskGroup() as tasks, asyncio.timeout(DEADLINE_S):
        await signaling.say(room_of(TEACHER, PUPIL))
        await join(signaling, teacher, 1, tasks)
        await join(signaling, pupil, 2, tasks)
        await pupil.until(lambda: pupil.brightness.get("2", 0) > 150 and pupil.loudness.get("0", 0) > 500)
        await signaling.say(room_of(closed, PUPIL))
        await signaling.until(
            lambda m: isinstance(m, SlotsMapped) and m.participant == "pupil" and m.slots[0].source == 0
        )
        before = node.counters()["dropped_closed_track"]
        await pupil.until(lambda: node.counters()["dropped_closed_track"] > before + 5)
        pupil.csrcs.clear()
        await pupil.until(lambda: node.counters()["dropped_closed_track"] > before + 25)
        assert (pupil.csrcs["0"], pupil.csrcs["2"]) == (set(), {102})
        await teacher.close()
        await pupil.close()


async def flood(port: int, datagrams: list[bytes], until: asyncio.Event) -> None:
    """From an address that passed no check: as many as the node's own work leaves time for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.setblocking(False)
        stranger.connect(("127.0.0.1", port))
        while not until.is_set():
            for datagram in datagrams:
                with contextlib.suppress(BlockingIOError):
                    stranger.send(datagram)
            await asyncio.sleep(0)


async def test_client_hellos_from_an_unchecked_address_have_no_effect_on_joins(
    tmp_path: Path, client_identity: DtlsIdentity
) -> None:
    hellos = DtlsClient(client_identity, 0.0).start(0.0)
    joined = asyncio.Event()
    async with running_node(tmp_path) as (node, signaling), asyncio.TaskGroup() as tasks:
        flooding = tasks.create_task(flood(node.media_port, hellos * 20, joined))
        peers = [AiortcPeer(f"p{number}", 1, brightness=None) for number in range(4)]
        await signaling.say(
            room_of(*(msgspec.structs.replace(PUPIL, participant=peer.participant, view=[]) for peer in peers))
        )
        for number, peer in enumerate(peers):
            await join(signaling, peer, number, tasks)
        joined.set()
        await flooding
        assert node.counters()["dropped_unvalidated"] > 100
        assert node.rooms.tally.handshakes_completed == 4
        assert node.rooms.tally.transports_failed == 0
        for peer in peers:
            await peer.close()
