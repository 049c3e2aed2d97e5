"""What is said of one room: to signaling on change only, to the metrics as totals of all rooms. `room.py` calls it with
what holds at the moment and takes the messages; it decides nothing about media.
"""

from collections.abc import Sequence

import msgspec

from sfu.line import LineVerdict
from sfu.messages import FromNode, LinkQuality, PeerLink, SlotMapping, SlotsMapped, Speaking
from sfu.peer import Link, Peer

SPEAKING_GAP_S = 0.1


class Tally(msgspec.Struct):
    """Totals of all rooms, for the metrics."""

    offers_answered: int = 0
    offers_refused: int = 0
    handshakes_completed: int = 0
    transports_failed: int = 0


class Told:
    def __init__(self, room_id: str, tally: Tally) -> None:
        self._room = room_id
        self._tally = tally
        self._outgoing: list[FromNode] = []
        self._says_again = False
        self._links: dict[int, Link] = {}
        self._slots: dict[int, tuple[tuple[str, int], ...]] = {}
        self._lines: dict[int, LineVerdict] = {}
        self._speaking: tuple[int, ...] = ()
        self._speaking_at = float("-inf")

    def take_messages(self) -> list[FromNode]:
        messages, self._outgoing = self._outgoing, []
        return messages

    def say_everything_again(self) -> None:
        """Another signaling process took over: it has not heard what was said to the last one."""
        self._says_again = True
        self._slots.clear()
        self._lines.clear()
        self._speaking = ()

    def forget(self, peer: Peer) -> None:
        self._links.pop(peer.id, None)
        self._slots.pop(peer.id, None)
        self._lines.pop(peer.id, None)

    def say_peers(self, peers: Sequence[Peer]) -> None:
        """Links before slots: signaling hears that a connection is there before what is on it."""
        for peer in peers:
            self._say_link(peer)
        for peer in peers:
            self._say_slots(peer)
        self._says_again = False

    def _say_link(self, peer: Peer) -> None:
        before = self._links.get(peer.id, "waiting")
        if peer.link == "waiting" or (peer.link == before and not self._says_again):
            return
        self._count(before, peer.link)
        self._links[peer.id] = peer.link
        is_back = peer.link == "connected" and before in ("silent", "failed")
        self._outgoing.append(
            PeerLink(
                room=self._room,
                participant=peer.participant,
                connection=peer.connection,
                link="heard" if is_back else peer.link,
            )
        )

    def _count(self, before: Link, link: Link) -> None:
        if before == "waiting" and link == "connected":
            self._tally.handshakes_completed += 1
        if before != "failed" and link == "failed":
            self._tally.transports_failed += 1

    def _say_slots(self, peer: Peer) -> None:
        mapped = tuple((slot.mid, slot.source if slot.track else 0) for slot in peer.slots)
        if peer.link == "waiting" or mapped == self._slots.get(peer.id):
            return
        self._slots[peer.id] = mapped
        slots = [SlotMapping(mid=mid, source=source) for mid, source in mapped]
        self._outgoing.append(
            SlotsMapped(room=self._room, participant=peer.participant, connection=peer.connection, slots=slots)
        )

    def say_line(self, peer: Peer, verdict: LineVerdict) -> None:
        """Of who was never spoken of, signaling believes that the line is good."""
        if verdict == self._lines.get(peer.id, LineVerdict()):
            return
        self._lines[peer.id] = verdict
        self._outgoing.append(
            LinkQuality(
                room=self._room,
                participant=peer.participant,
                connection=peer.connection,
                quality=verdict.quality,
                held_back=verdict.held_back,
            )
        )

    @property
    def somebody_speaks(self) -> bool:
        return bool(self._speaking)

    def may_say_speaking(self, now: float) -> bool:
        return now - self._speaking_at >= SPEAKING_GAP_S

    def say_speaking(self, speaking: tuple[int, ...], now: float) -> None:
        """Where it may be said."""
        if speaking == self._speaking:
            return
        self._speaking = speaking
        self._speaking_at = now
        self._outgoing.append(Speaking(room=self._room, sources=list(speaking)))
