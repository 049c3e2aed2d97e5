"""What does the media node add to a packet's way, and what does a forwarded packet cost?

Synthetic rooms of 10 and of 30 people (each sends Opus and three simulcast layers of VP8, each views nine others
in small tiles, four of them talk) on a bare media node pinned to one core, the generator on the other. Delay is the
publisher's stamp to the arrival in the viewer's kernel. CPU is the node's own, by thread, over the same seconds. Beside
it stands the floor: bare `sendto` of the same sizes, to nine sockets, at the same rate.
"""

import argparse
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import LOAD_CORE, SERVER_CORE, cpu_seconds, load, measure_load, media_node, wait_seconds
from benchmarks.tables import load_note, machine, number, table

PACKET_PATH_THREAD = "packetpath"
# RTP header with one CSRC, header extensions and the SRTP tag, on top of a payload.
AROUND_PAYLOAD = 44
VISIBLE = 9


@dataclass(frozen=True)
class Room:
    people: int
    report: dict[str, Any]
    native_s: float
    python_s: float
    waited_s: float
    floor_us: float
    full_floor_us: float

    @property
    def received(self) -> int:
        received: int = self.report["received"]
        return received

    @property
    def cpu_us(self) -> float:
        return (self.native_s + self.python_s) * 1e6 / self.received


def measure(people: int, seconds: float) -> Room:
    arguments = ("--peers", str(people), "--visible", str(VISIBLE), "--seconds", str(seconds))
    with media_node() as node, load("node", "--socket", str(node.socket), *arguments) as run:
        run.at("measuring")
        before, waited_before = cpu_seconds(node.pid), wait_seconds(node.pid)
        run.at("measured")
        after, waited_after = cpu_seconds(node.pid), wait_seconds(node.pid)
        report = run.result()
    native = after[PACKET_PATH_THREAD] - before[PACKET_PATH_THREAD]
    total = sum(after.values()) - sum(before.values())
    waited = waited_after[PACKET_PATH_THREAD] - waited_before[PACKET_PATH_THREAD]
    paced, full = floor(report, paced=True), floor(report, paced=False)
    return Room(people, report, native, total - native, waited, paced, full)


def floor(report: dict[str, Any], *, paced: bool) -> float:
    """CPU µs of a bare sendto of what this room received."""
    audio, video = report["audio"], report["video"]
    video_share = round(10 * video["received"] / report["received"])
    sizes = [_datagram(video)] * video_share + [_datagram(audio)] * (10 - video_share)
    bursts = report["received"] / report["seconds"] / VISIBLE if paced else 0
    arguments = ("--destinations", str(VISIBLE), "--sizes", ",".join(map(str, sizes)), "--bursts", str(bursts))
    result = measure_load("floor", *arguments, "--seconds", "4", "--read-core", str(LOAD_CORE), core=SERVER_CORE)
    return float(result["cpu_us_per_packet"])


def _datagram(flow: dict[str, Any]) -> int:
    mean: float = flow["payload_bytes"] / max(1, flow["received"])
    return round(mean) + AROUND_PAYLOAD


def problems(room: Room) -> list[str]:
    """What would make the figures of this room worthless, or a fault of the node."""
    found = []
    report = room.report
    for kind in ("audio", "video"):
        flow = report[kind]
        bad = {name: flow[name] for name in ("lost", "duplicates", "skipped", "wrong_source") if flow[name]}
        if bad:
            found.append(f"{kind}: {bad}")
    if report["generator"]["dropped"]:
        found.append(f"the generator dropped {report['generator']['dropped']} itself")
    if report["connected"] != room.people or report["failed"]:
        found.append("not everybody was connected")
    return found


def rows(room: Room) -> dict[str, str]:
    report = room.report
    rate = 1 / report["seconds"]
    video, audio = report["video"]["delay_us"], report["audio"]["delay_us"]
    return {
        "packets in / out per second": f"{report['sent'] * rate:,.0f} / {room.received * rate:,.0f}",
        "video delay p50 / p99, ms (goal: p99 ≤ 10)": f"{video['p50'] / 1000:.2f} / {video['p99'] / 1000:.2f}",
        "audio delay p50 / p99, ms (goal: p99 ≤ 10)": f"{audio['p50'] / 1000:.2f} / {audio['p99'] / 1000:.2f}",
        "CPU per forwarded packet, µs": number(room.cpu_us),
        "· packet path thread": number(room.native_s * 1e6 / room.received),
        "· Python": number(room.python_s * 1e6 / room.received),
        "CPU per packet in or out, µs": number(room.cpu_us * room.received / (room.received + report["sent"])),
        "floor at the same rate, µs": number(room.floor_us),
        "ratio to that floor": number(room.cpu_us / room.floor_us),
        "floor without pauses, µs": number(room.full_floor_us),
        "node's share of its core": f"{(room.native_s + room.python_s) * rate:.0%}",
        "packet path ready but others had its core": f"{room.waited_s * rate:.1%}",
        "generator's share of its core": f"{report['generator']['cpu_share']:.0%}",
        "faults": "; ".join(problems(room)) or "none",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[10, 30])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    check = measure_load("self-check", "--seconds", "1")
    alone = check["steps"][0]["report"]["video"]["delay_us"]
    rooms = [measure(people, options.seconds) for people in options.people]
    columns = [rows(room) for room in rooms]
    print(
        table(["", *(f"{room.people} people" for room in rooms)], [[n, *(c[n] for c in columns)] for n in columns[0]])
    )
    print(f"\nGenerator alone: loss-free up to {check['clean_pps']:,.0f} packets per second, ", end="")
    print(f"delay without a server p50 {alone['p50'] / 1000:.3f} / p99 {alone['p99'] / 1000:.3f} ms.")
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
