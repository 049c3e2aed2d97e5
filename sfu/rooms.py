"""All rooms of a node: messages of signaling and events of the packet path go in, messages to signaling come
out. `node.py` calls it with the time; it finds the room, lets it settle once per batch, and closes rooms that
a new signaling process did not confirm. It knows no socket and no WebSocket.
"""

from collections.abc import Iterable, Sequence

from sfu.messages import CloseRoom, FromNode, Offer, OfferRefused, SetRoom
from sfu.packetpath import Connected, Datagram, Event, Levels, PathReport, Report
from sfu.peer import NodeTransport, Peer
from sfu.room import Room
from sfu.sdp import OfferError
from sfu.told import Tally

# A signaling process that starts brings its rooms within a second or two; what it does not know has no right to flow.
UNCONFIRMED_LIMIT_S = 30.0
# A new process is asked by everybody of its rooms at once. An unfinished handshake may hold 128 KiB and costs CPU;
# browsers that are refused try again.
MAX_WAITING_PEERS = 512


class Rooms:
    def __init__(self, node: NodeTransport) -> None:
        self.tally = Tally()
        self.rooms: dict[str, Room] = {}
        self._node = node
        self._session_since: float | None = None
        self._unsettled: dict[str, Room] = {}
        self._by_peer: dict[int, tuple[Room, Peer]] = {}

    # ── signaling ──

    def begin_session(self, now: float) -> None:
        """Another connection of signaling took over: it is told everything, and has to say everything again."""
        self._session_since = now
        for room in self.rooms.values():
            room.say_everything_again()
            self._touch(room)

    def handle(self, message: SetRoom | CloseRoom | Offer, now: float) -> list[FromNode]:
        match message:
            case SetRoom():
                room = self.rooms.get(message.room)
                if room is None:
                    room = self.rooms[message.room] = Room(message.room, self._node, self.tally)
                room.set_desired(message, now)
                self._touch(room)
                self._index_peers()
                return self._settle(now)
            case CloseRoom():
                self._close(message.room)
                return []
            case Offer():
                return self._answer(message, now)

    def _answer(self, message: Offer, now: float) -> list[FromNode]:
        try:
            room = self._room_for(message)
            answer = room.answer(message, now)
        except OfferError as error:
            self.tally.offers_refused += 1
            return [OfferRefused(request=message.request, code=error.code, message=error.message)]
        self.tally.offers_answered += 1
        if room.has_link(message.participant, message.connection):
            self._touch(room)
        self._index_peers()
        return [answer, *self._settle(now)]

    def _room_for(self, message: Offer) -> Room:
        room = self.rooms.get(message.room)
        if room is None:
            raise OfferError("no such peer in this room", "unknown_peer")
        is_known = (message.participant, message.connection) in room.peers
        if not is_known and self.waiting_peers() >= MAX_WAITING_PEERS:
            raise OfferError("too many connections are being made", "overloaded")
        return room

    def _close(self, room_id: str) -> None:
        room = self.rooms.pop(room_id, None)
        self._unsettled.pop(room_id, None)
        if room is not None:
            room.close()
            self._index_peers()

    def close(self) -> None:
        for room_id in list(self.rooms):
            self._close(room_id)

    # ── packet path ──

    def observe(self, events: Iterable[Event], now: float) -> list[FromNode]:
        for event in events:
            match event:
                case Datagram():
                    self.receive(event.peer, event.data, now)
                case Connected():
                    found = self._by_peer.get(event.peer)
                    if found is not None:
                        found[1].start_handshake(now)
                case Report():
                    self.observe_report(event)
                case Levels():
                    self.observe_levels(event.levels, now)
                case _:
                    pass
        return self._settle(now)

    def observe_levels(self, levels: Sequence[tuple[int, int]], now: float) -> None:
        by_track = dict(levels)
        for room in self.rooms.values():
            if room.observe_levels(by_track, now):
                self._touch(room)

    def observe_report(self, report: PathReport) -> None:
        peers = {arrival.peer: arrival for arrival in report.peers}
        tracks = {arrival.track: arrival for arrival in report.tracks}
        slots = {state.slot: state for state in report.slots}
        for room in self.rooms.values():
            room.observe_report(peers, tracks, slots)
            self._touch(room)

    def receive(self, peer_id: int, datagram: bytes, now: float) -> None:
        found = self._by_peer.get(peer_id)
        if found is None:
            return
        room, peer = found
        link = peer.link
        peer.receive(datagram, now)
        if peer.link != link:
            self._touch(room)

    def poll(self, now: float) -> list[FromNode]:
        """Timers: to be called some tens of times a second."""
        for room in self.rooms.values():
            if room.poll(now):
                self._touch(room)
        self._close_unconfirmed(now)
        return self._settle(now)

    def _close_unconfirmed(self, now: float) -> None:
        since = self._session_since
        if since is None or now - since < UNCONFIRMED_LIMIT_S:
            return
        self._session_since = None
        for room_id in [room.id for room in self.rooms.values() if room.confirmed_at < since]:
            self._close(room_id)

    # ── counts ──

    def peer_count(self) -> int:
        return len(self._by_peer)

    def waiting_peers(self) -> int:
        return sum(peer.link == "waiting" for _, peer in self._by_peer.values())

    def _index_peers(self) -> None:
        self._by_peer = {peer.id: (room, peer) for room in self.rooms.values() for peer in room.peers.values()}

    def _touch(self, room: Room) -> None:
        self._unsettled[room.id] = room

    def _settle(self, now: float) -> list[FromNode]:
        messages: list[FromNode] = []
        unsettled, self._unsettled = self._unsettled, {}
        for room in unsettled.values():
            room.settle(now)
        for room in self.rooms.values():
            messages += room.take_messages()
        return messages
