"""One room: what signaling says should be, reconciled with its peers. Every change of the desired state, of a
link, of the loudest or of a report ends in `settle`, which compares and gives the packet path only what
differs, so that it may be called at any time. What signaling has to hear is collected and taken by `rooms.py`.
Decisions are in `forwarding.py`, `layers.py` and `speakers.py`; transports in `peer.py`; no sockets here.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sfu.forwarding import Source, Viewer, map_slots
from sfu.layers import PAUSED, Demand, Feedback, Layer, LayerChooser
from sfu.messages import (
    Answer,
    DesiredPeer,
    FromNode,
    Offer,
    PeerLink,
    SetRoom,
    SlotMapping,
    SlotsMapped,
    Speaking,
)
from sfu.packetpath import PeerArrival, SlotState, TrackArrival
from sfu.peer import Link, NodeTransport, OfferPlan, Peer, Slot, Track
from sfu.sdp import OfferError
from sfu.sdp_offer import parse_offer
from sfu.speakers import Speakers

PeerKey = tuple[str, int]

# Who was sending is missed after three seconds. Who only listens is heard by checks every 4–6 s (RFC 7675 §5.1).
SENDER_SILENT_MS = 3_000
LISTENER_SILENT_MS = 8_000
FAILED_MS = 30_000
SPEAKING_GAP_S = 0.1

_NO_FEEDBACK = Feedback(-1, 0.0)


class Tally(msgspec.Struct):
    """Totals of all rooms, for the metrics."""

    offers_answered: int = 0
    offers_refused: int = 0
    handshakes_completed: int = 0
    transports_failed: int = 0


class _LiveTrack(msgspec.Struct, frozen=True):
    source: Source
    track: Track


class Room:
    def __init__(self, room_id: str, node: NodeTransport, tally: Tally) -> None:
        self.id = room_id
        self.confirmed_at = 0.0
        self.peers: dict[PeerKey, Peer] = {}
        self._node = node
        self._tally = tally
        self._flow = False
        self._desired: dict[PeerKey, DesiredPeer] = {}
        self._speakers = Speakers()
        self._choosers: dict[int, LayerChooser] = {}
        self._feedback: dict[int, Feedback] = {}
        self._senders: set[int] = set()
        self._outgoing: list[FromNode] = []
        self._says_again = False
        self._said_links: dict[int, Link] = {}
        self._said_slots: dict[int, tuple[tuple[str, int], ...]] = {}
        self._said_speaking: tuple[int, ...] = ()
        self._speaking_at = float("-inf")

    # ── what signaling says ──

    def set_desired(self, message: SetRoom, now: float) -> None:
        self._flow = message.flow
        self.confirmed_at = now
        self._desired = {(peer.participant, peer.connection): peer for peer in message.peers}
        for key in [key for key in self.peers if key not in self._desired]:
            self._drop(key)
        for key, peer in self.peers.items():
            peer.add_tracks(self._desired[key].sources)

    def answer(self, message: Offer, now: float) -> Answer:
        """Raises OfferError."""
        key = (message.participant, message.connection)
        desired = self._desired.get(key)
        if desired is None:
            raise OfferError("no such peer in this room", "unknown_peer")
        offer = parse_offer(message.sdp)
        peer = self.peers.get(key) or Peer(self._node, message.participant, message.connection, now)
        plan = OfferPlan(message.publish, message.audio_slots, message.video_slots)
        sdp = peer.answer(offer, plan, desired.sources)
        self.peers[key] = peer
        return Answer(request=message.request, sdp=sdp)

    def close(self) -> None:
        for key in list(self.peers):
            self._drop(key)

    def say_everything_again(self) -> None:
        """Another signaling process took over: it has not heard what was said to the last one."""
        self._says_again = True
        self._said_slots.clear()
        self._said_speaking = ()

    def _drop(self, key: PeerKey) -> None:
        peer = self.peers.pop(key)
        peer.close()
        for track in peer.tracks.values():
            self._speakers.remove(track.source)
        self._choosers.pop(peer.id, None)
        self._feedback.pop(peer.id, None)
        self._senders.discard(peer.id)
        self._said_links.pop(peer.id, None)
        self._said_slots.pop(peer.id, None)

    # ── what the packet path says ──

    def observe_levels(self, levels: Mapping[int, int], now: float) -> bool:
        """`levels`: −dBov by track. True when other sources than before are to be forwarded."""
        before = self._speakers.loudest()
        heard = [
            (track.source, levels[track.id])
            for peer in self.peers.values()
            for track in peer.tracks.values()
            if track.is_open and track.id in levels
        ]
        self._speakers.observe(heard, now)
        self._say_speaking(now)
        return self._speakers.loudest() != before

    def observe_report(
        self,
        peers: Mapping[int, PeerArrival],
        tracks: Mapping[int, TrackArrival],
        slots: Mapping[int, SlotState],
    ) -> None:
        for peer in self.peers.values():
            for track in peer.tracks.values():
                _observe_track(track, tracks.get(track.id))
            if peer.id in peers:
                self._observe_peer(peer, peers[peer.id])
            for slot in peer.video_slots:
                state, arrival = slots.get(slot.id), tracks.get(slot.track)
                waits = state is None or (state.track, state.layer) != (slot.track, slot.layer)
                if waits and arrival is not None and any(layer.bitrate_bps for layer in arrival.layers):
                    self._node.path.request_keyframe(slot.track, slot.layer)

    def _observe_peer(self, peer: Peer, arrival: PeerArrival) -> None:
        self._feedback[peer.id] = Feedback(arrival.remb_bps, arrival.fraction_lost)
        limit_ms = SENDER_SILENT_MS if peer.id in self._senders else LISTENER_SILENT_MS
        if peer.link == "waiting" or peer.failure:
            return
        if arrival.silent_ms >= FAILED_MS:
            peer.link = "failed"
        elif arrival.silent_ms >= limit_ms:
            if peer.link == "connected":
                peer.link = "silent"
        else:
            peer.link = "connected"
            if any(track.carries_media for track in peer.tracks.values()):
                self._senders.add(peer.id)
            elif arrival.silent_ms < SENDER_SILENT_MS:
                self._senders.discard(peer.id)

    def poll(self, now: float) -> bool:
        """Timers of the peers. True when a link changed."""
        before = [peer.link for peer in self.peers.values()]
        for peer in self.peers.values():
            peer.poll(now)
        if self._said_speaking:
            self._say_speaking(now)
        return before != [peer.link for peer in self.peers.values()]

    # ── reconciliation ──

    def settle(self, now: float) -> None:
        """Bring the packet path to what should be, and collect what signaling has to hear of it."""
        self._open_tracks()
        live = self._live_tracks()
        sources = {number: entry.source for number, entry in live.items()}
        loudest = self._audible(sources.values())
        for key, peer in self.peers.items():
            desired = self._desired[key]
            if peer.link in ("connected", "silent"):
                self._map(peer, desired, live, sources, loudest, now)
            elif peer.link == "failed" and not peer.failure:
                for slot in peer.slots:
                    slot.source = 0
                    self._put(slot, 0, 0)
        self._say_links()
        self._say_slots()

    def _open_tracks(self) -> None:
        for key, peer in self.peers.items():
            allowed = self._desired[key].publish if self._flow else ()
            for kind, track in peer.tracks.items():
                is_open = kind in allowed
                if track.is_open != is_open and not peer.failure:
                    track.is_open = is_open
                    self._node.path.open_track(track.id, is_open)
                    if not is_open:
                        self._speakers.remove(track.source)

    def _live_tracks(self) -> dict[int, _LiveTrack]:
        """By source number: the track of the newest connection that really carries media, or of the newest one."""
        best: dict[int, tuple[tuple[bool, int], _LiveTrack]] = {}
        for peer in self.peers.values():
            if peer.link not in ("connected", "silent"):
                continue
            for kind, track in peer.tracks.items():
                rank = (track.carries_media, peer.connection)
                if track.is_open and (track.source not in best or rank > best[track.source][0]):
                    best[track.source] = (rank, _LiveTrack(Source(track.source, peer.participant, kind), track))
        return {number: entry for number, (_, entry) in best.items()}

    def _audible(self, sources: Iterable[Source]) -> list[int]:
        """The loudest, then everybody else with an open microphone: a slot that is free is mapped before the first
        word, so that nothing of it is lost."""
        loudest = list(self._speakers.loudest())
        others = [s for s in sources if s.is_audio and s.number not in loudest]
        return loudest + [s.number for s in sorted(others, key=lambda s: (s.kind != "microphone", s.number))]

    def _map(
        self,
        peer: Peer,
        desired: DesiredPeer,
        live: Mapping[int, _LiveTrack],
        sources: Mapping[int, Source],
        loudest: Sequence[int],
        now: float,
    ) -> None:
        viewer = Viewer(
            participant=peer.participant,
            view=tuple(viewed.source for viewed in desired.view),
            audio_slots=tuple(slot.source for slot in peer.audio_slots),
            video_slots=tuple(slot.source for slot in peer.video_slots),
        )
        wanted = map_slots(viewer, sources, loudest)
        for slot, source in zip(peer.audio_slots, wanted.audio, strict=True):
            slot.source = source
            self._put(slot, live[source].track.id if source else 0, 0)
        for slot, source in zip(peer.video_slots, wanted.video, strict=True):
            slot.source = source
        self._put_pictures(peer, desired, live, sum(map(bool, wanted.audio)), now)

    def _put_pictures(
        self, peer: Peer, desired: DesiredPeer, live: Mapping[int, _LiveTrack], audio_slots: int, now: float
    ) -> None:
        by_source = {slot.source: slot for slot in peer.video_slots if slot.source}
        demands = [
            Demand(by_source[v.source].id, v.source, v.width, v.height, live[v.source].track.layers)
            for v in {viewed.source: viewed for viewed in reversed(desired.view)}.values()
            if v.source in by_source
        ][::-1]
        chooser = self._choosers.setdefault(peer.id, LayerChooser())
        layers = chooser.choose(demands, audio_slots, self._feedback.get(peer.id, _NO_FEEDBACK), now)
        for slot in peer.video_slots:
            layer = layers.get(slot.id, PAUSED)
            if slot.source and layer != PAUSED:
                self._put(slot, live[slot.source].track.id, layer)
            else:
                self._put(slot, 0, 0)

    def _put(self, slot: Slot, track: int, layer: int) -> None:
        if (slot.track, slot.layer) == (track, layer):
            return
        slot.track, slot.layer = track, layer
        self._node.path.map_slot(slot.id, track, layer)
        if track and slot.kind == "video":
            self._node.path.request_keyframe(track, layer)

    # ── what signaling hears ──

    def take_messages(self) -> list[FromNode]:
        messages, self._outgoing = self._outgoing, []
        return messages

    def _say_links(self) -> None:
        for peer in self.peers.values():
            before = self._said_links.get(peer.id, "waiting")
            if peer.link == "waiting" or (peer.link == before and not self._says_again):
                continue
            self._count(before, peer.link)
            self._said_links[peer.id] = peer.link
            is_back = peer.link == "connected" and before in ("silent", "failed")
            self._outgoing.append(
                PeerLink(
                    room=self.id,
                    participant=peer.participant,
                    connection=peer.connection,
                    link="heard" if is_back else peer.link,
                )
            )
        self._says_again = False

    def _count(self, before: Link, link: Link) -> None:
        if before == "waiting" and link == "connected":
            self._tally.handshakes_completed += 1
        if before != "failed" and link == "failed":
            self._tally.transports_failed += 1

    def _say_slots(self) -> None:
        for peer in self.peers.values():
            if peer.link == "waiting":
                continue
            mapped = tuple((slot.mid, slot.source if slot.track else 0) for slot in peer.slots)
            if mapped == self._said_slots.get(peer.id):
                continue
            self._said_slots[peer.id] = mapped
            slots = [SlotMapping(mid=mid, source=source) for mid, source in mapped]
            self._outgoing.append(
                SlotsMapped(room=self.id, participant=peer.participant, connection=peer.connection, slots=slots)
            )

    def _say_speaking(self, now: float) -> None:
        if now - self._speaking_at < SPEAKING_GAP_S:
            return
        microphones = {
            track.source
            for peer in self.peers.values()
            for track in peer.tracks.values()
            if track.kind == "microphone" and track.is_open
        }
        speaking = tuple(source for source in self._speakers.speaking(now) if source in microphones)
        if speaking != self._said_speaking:
            self._said_speaking = speaking
            self._speaking_at = now
            self._outgoing.append(Speaking(room=self.id, sources=list(speaking)))


def _observe_track(track: Track, arrival: TrackArrival | None) -> None:
    if arrival is None:
        track.carries_media, track.layers = False, ()
        return
    track.layers = tuple(Layer(layer.bitrate_bps, layer.width, layer.height) for layer in arrival.layers)
    track.carries_media = any(layer.bitrate_bps for layer in track.layers)
