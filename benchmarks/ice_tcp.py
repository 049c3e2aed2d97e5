"""What does a network without UDP cost: the join, the moment in which a firewall begins, and the CPU of a packet?

A teacher and a pupil in one real browser, in a network of their own with a firewall for UDP (root and nftables). A join
counts from the press on «Войти» to the first decoded picture, by the client's marks; a cut from the firewall's rule to
sound and pictures that come again at the pupil, who has joined over UDP just before. CPU is that of the packet path's
thread for each packet that it sends to nine viewers who are all in over UDP, and then all over TCP.
"""

import argparse
import asyncio
import selectors
import shutil
import socket
import threading
import time
from contextlib import ExitStack
from os import getpid

from benchmarks.processes import cpu_seconds
from benchmarks.tables import load_note, machine, number, spread, table
from sfu.packetpath import PacketPath
from tests.e2e.acts import until_more_comes
from tests.e2e.browsers import Browser, Tab, clock, executable, until
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firefox import Firefox
from tests.e2e.firewall import Firewall
from tests.e2e.network import Network, private_folder
from tests.sfu.small_room import CODECS, SmallRoom, small_room
from tests.sfu.srtp_client import PROFILES, SrtpClient, opened_socket
from tests.sfu.tcp_client import TcpSocket

GOALS_S = {"join": 4, "cut": 5}
BROWSERS = ("chromium", "firefox-esr")
SETTLED_S = 3.0
ON_ITS_WAY_S = 0.2
WITHIN_S = 30.0
VIEWERS = 9
PACKETS_A_SECOND = 400
BYTES = 1000
FIRST_FRAME = "performance.getEntriesByName('zvonok:first_frame').at(-1)"
JOINED_MS = f"{FIRST_FRAME}.startTime - performance.getEntriesByName('zvonok:press').at(-1).startTime"


async def joined(room: Classroom, browser: Browser, number_: int) -> tuple[Tab, float]:
    tab = await room.pupil_joins(browser, number_)
    await until(tab, FIRST_FRAME, "first picture", WITHIN_S)
    return tab, float(await tab.evaluate(JOINED_MS)) / 1000


async def cut(firewall: Firewall, pupil: Tab) -> float:
    await asyncio.sleep(SETTLED_S)
    began = clock()
    await firewall.block_udp()
    await asyncio.sleep(ON_ITS_WAY_S)
    for kind in ("audio", "video"):
        await until_more_comes(pupil, kind, WITHIN_S)
    return clock() - began


async def measure(name: str, joins: int, cuts: int) -> list[list[str]]:
    network, folder = await Network.make(), private_folder()
    await network.ip("route", "add", "default", "via", "192.0.2.1", "dev", "card")
    school = await DemoSchool.start(inside=network.inside)
    firewall = Firewall(network, school.media_port)
    program = network.program(folder, executable(name))
    browser: Browser = (
        await Chromium.start(program) if name == "chromium" else await Firefox.start(program, network.http())
    )
    rows = []
    try:
        async with Classroom(school) as room:
            await room.teacher_starts(browser)
            for verdict in ("drop", "reject"):
                took = []
                await firewall.block_udp(verdict)
                for _ in range(joins):
                    tab, seconds = await joined(room, browser, 0)
                    took.append(seconds)
                    await tab.close()
                await firewall.let_udp()
                rows.append([f"{name}: join without UDP ({verdict})", *spread(took), f"≤ {GOALS_S['join']}"])
            took = []
            for _ in range(cuts):
                tab, _ = await joined(room, browser, 0)
                took.append(await cut(firewall, tab))
                await firewall.let_udp()
                await tab.close()
            rows.append([f"{name}: UDP cut in the lesson", *spread(took), f"≤ {GOALS_S['cut']}"])
            room.tabs.clear()
    finally:
        await browser.close()
        await school.stop()
        await network.close()
        shutil.rmtree(folder)
    return rows


# ── the CPU of a packet ──
class Drain:
    """Reads whatever comes to the viewers and throws it away, on a thread of its own."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self._sockets, self._ends = sockets, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for opened in self._sockets:
                selector.register(opened, selectors.EVENT_READ, opened)
            while not self._ends.is_set():
                for key, _ in selector.select(0.1):
                    socket.socket.recv(key.data, 1 << 18)

    def close(self) -> None:
        self._ends.set()
        self._thread.join()


def cpu_us_per_packet(seconds: float, *, over_tcp: bool) -> float:
    with small_room() as room, ExitStack() as stack:
        viewers = [_viewer(room, number_, over_tcp=over_tcp) for number_ in range(4, 4 + VIEWERS)]
        room.publish(is_keyframe=True)
        drain = Drain([viewer.socket for viewer in viewers])
        stack.callback(drain.close)
        _publish(room, 1.0)
        before, sent = cpu_seconds(getpid())["packetpath"], room.path.counters()["forwarded_packets"]
        _publish(room, seconds)
        sent = room.path.counters()["forwarded_packets"] - sent
        return (cpu_seconds(getpid())["packetpath"] - before) * 1e6 / sent


def _viewer(room: SmallRoom, number_: int, *, over_tcp: bool) -> SrtpClient:
    def connect(path: PacketPath) -> socket.socket:
        return TcpSocket.connect_to(path) if over_tcp else opened_socket(path)

    viewer = SrtpClient(room.path, number_, PROFILES[0], connect)
    viewer.join(CODECS)
    room.path.add_slot(number_, 100 * number_, "video", 70_000 + 2 * number_, 70_001 + 2 * number_)
    room.path.map_slot(100 * number_, 10, 0)
    viewer.settle()
    return viewer


def _publish(room: SmallRoom, seconds: float) -> None:
    """A picture of two packets at a time, as a camera's come."""
    for turn in range(int(seconds * PACKETS_A_SECOND / 2)):
        began = time.perf_counter()
        room.publisher.send(room.layers[0].large_frame(BYTES), room.layers[0].large_frame(BYTES))
        if turn % 100 == 0:
            room.publisher.fence()
        time.sleep(max(0.0, 2 / PACKETS_A_SECOND - (time.perf_counter() - began)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--joins", type=int, default=20)
    parser.add_argument("--cuts", type=int, default=10)
    parser.add_argument("--browsers", nargs="*", default=BROWSERS)
    parser.add_argument("--markdown", action="store_true", help="only the tables")
    options = parser.parse_args()
    note = load_note()
    rows = [row for name in options.browsers for row in asyncio.run(measure(name, options.joins, options.cuts))]
    if rows:
        print(table(["seconds", "p50", "p95", "max", "runs", "goal"], rows))
    udp, tcp = (min(cpu_us_per_packet(5, over_tcp=over_tcp) for _ in range(3)) for over_tcp in (False, True))
    print()
    print(
        table(["CPU of a sent packet, µs", "UDP", "TCP", "ratio"], [["", number(udp), number(tcp), number(tcp / udp)]])
    )
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
