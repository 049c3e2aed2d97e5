"""One room: what signaling says should be, reconciled with its peers. Every change of the desired state, of a
link, of the loudest or of a report ends in `settle`, which compares and gives the packet path only what
differs, so that it may be called at any time. What signaling has to hear is collected and taken by `rooms.py`.
Decisions are in `forwarding.py`, `layers.py` and `speakers.py`; transports in `peer.py`; no sockets here.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sfu.echo import echo_audio, echo_video
from sfu.forwarding import Source, Viewer, map_slots
from sfu.layers import PAUSED, Demand, Feedback, Layer, LayerChooser
from sfu.line import LineReport, LineWatch
from sfu.messages import Answer, DesiredPeer, FromNode, Offer, SetRoom, ViewedTrack
from sfu.packetpath import PeerArrival, SlotState, TrackArrival
from sfu.peer import NodeTransport, OfferPlan, Peer, Slot, Track
from sfu.sdp import OfferError
from sfu.sdp_offer import parse_offer
from sfu.speakers import Speakers
from sfu.told import Tally, Told

PeerKey = tuple[str, int]

# Who sends media or is sent pictures says something every second, and is missed soon. Who is not is heard by
# checks every 4–6 s (RFC 7675 §5.1). What a peer does ends with its line, so only one just heard is taken for quiet.
BUSY_SILENT_MS = 2_500
QUIET_SILENT_MS = 8_000
HEARD_MS = 500
FAILED_MS = 30_000

_NO_FEEDBACK = Feedback(-1, 0.0)


class _LiveTrack(msgspec.Struct, frozen=True):
    source: Source
    track: Track


class Room:
    def __init__(self, room_id: str, node: NodeTransport, tally: Tally) -> None:
        self.id = room_id
        self.confirmed_at = 0.0
        self.peers: dict[PeerKey, Peer] = {}
        self._node = node
        self._told = Told(room_id, tally)
        self._flow = False
        self._echo = False
        self._desired: dict[PeerKey, DesiredPeer] = {}
        self._speakers = Speakers()
        self._choosers: dict[int, LayerChooser] = {}
        self._arrivals: dict[int, PeerArrival] = {}
        self._lines: dict[int, LineWatch] = {}
        self._busy: set[int] = set()
        self._reported = False
        self._chosen_for: dict[int, list[ViewedTrack]] = {}
        self._live_ids: dict[int, int] = {}

    # ── what signaling says ──

    def set_desired(self, message: SetRoom, now: float) -> None:
        self._flow, self._echo = message.flow, message.echo
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

    def has_link(self, participant: str, connection: int) -> bool:
        """Whether anything can flow to and from this connection: an offer of another one changes nothing yet."""
        return self.peers[participant, connection].link != "waiting"

    def close(self) -> None:
        for key in list(self.peers):
            self._drop(key)

    def say_everything_again(self) -> None:
        self._told.say_everything_again()

    def _drop(self, key: PeerKey) -> None:
        peer = self.peers.pop(key)
        peer.close()
        for track in peer.tracks.values():
            self._speakers.remove(track.source)
        self._choosers.pop(peer.id, None)
        self._arrivals.pop(peer.id, None)
        self._lines.pop(peer.id, None)
        self._busy.discard(peer.id)
        self._chosen_for.pop(peer.id, None)
        self._told.forget(peer)

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
        self._reported = True
        for peer in self.peers.values():
            for track in peer.tracks.values():
                _observe_track(track, tracks.get(track.id))
            is_busy = any(track.carries_media for track in peer.tracks.values())
            for slot in peer.video_slots:
                state, arrival = slots.get(slot.id), tracks.get(slot.track)
                is_live = arrival is not None and any(layer.bitrate_bps for layer in arrival.layers)
                waits = state is None or (state.track, state.layer) != (slot.track, slot.layer)
                if waits and is_live:
                    self._node.path.request_keyframe(slot.track, slot.layer)
                is_busy |= is_live and not waits
            if peer.id in peers:
                self._observe_peer(peer, peers[peer.id], is_busy=is_busy)

    def _observe_peer(self, peer: Peer, arrival: PeerArrival, *, is_busy: bool) -> None:
        self._arrivals[peer.id] = arrival
        limit_ms = BUSY_SILENT_MS if peer.id in self._busy else QUIET_SILENT_MS
        if peer.link == "waiting" or peer.failure:
            return
        if arrival.silent_ms >= FAILED_MS:
            peer.link = "failed"
        elif arrival.silent_ms >= limit_ms:
            if peer.link == "connected":
                peer.link = "silent"
        else:
            peer.link = "connected"
            if is_busy:
                self._busy.add(peer.id)
            elif arrival.silent_ms < HEARD_MS:
                self._busy.discard(peer.id)

    def poll(self, now: float) -> bool:
        """Timers of the peers. True when a link changed."""
        before = [peer.link for peer in self.peers.values()]
        for peer in self.peers.values():
            peer.poll(now)
        if self._told.somebody_speaks:
            self._say_speaking(now)
        return before != [peer.link for peer in self.peers.values()]

    # ── reconciliation ──

    def settle(self, now: float) -> None:
        """Bring the packet path to what should be, and collect what signaling has to hear of it."""
        self._open_tracks()
        live = self._live_tracks()
        sources = {number: entry.source for number, entry in live.items()}
        loudest = self._audible(sources.values())
        moved = self._moved(live)
        for key, peer in self.peers.items():
            desired = self._desired[key]
            if self._echo and peer.link in ("connected", "silent"):
                self._choosers.pop(peer.id, None)
                self._give_back(peer, desired)
            elif peer.link in ("connected", "silent"):
                wanted = self._map(peer, desired, live, sources, loudest)
                if wanted or self._reported or not moved.isdisjoint(slot.source for slot in peer.video_slots):
                    self._put_pictures(peer, desired, live, now)
            elif peer.link == "failed" and not peer.failure:
                for slot in peer.slots:
                    slot.source = 0
                    self._put(slot, 0, 0)
        self._told.say_peers(list(self.peers.values()))
        for peer in self.peers.values():
            self._watch_line(peer, now)
        self._reported = False

    def _moved(self, live: Mapping[int, _LiveTrack]) -> set[int]:
        """Sources that come by another track than at the last call."""
        before, self._live_ids = self._live_ids, {number: entry.track.id for number, entry in live.items()}
        return {number for number, track in self._live_ids.items() if before.get(number) != track}

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
    ) -> bool:
        """Sources onto slots. True when other pictures than before, or other sizes of them, are wanted."""
        viewer = Viewer(
            participant=peer.participant,
            hears=desired.hears,
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
        return wanted.video != viewer.video_slots or self._chosen_for.get(peer.id) != desired.view

    def _put_pictures(self, peer: Peer, desired: DesiredPeer, live: Mapping[int, _LiveTrack], now: float) -> None:
        """Which layer of each picture: with every report, and at once when something else is wanted."""
        self._chosen_for[peer.id] = desired.view
        audio_slots = sum(slot.source != 0 for slot in peer.audio_slots)
        by_source = {slot.source: slot for slot in peer.video_slots if slot.source}
        demands = [
            Demand(by_source[v.source].id, v.source, v.width, v.height, live[v.source].track.layers)
            for v in {viewed.source: viewed for viewed in reversed(desired.view)}.values()
            if v.source in by_source
        ][::-1]
        chooser = self._choosers.get(peer.id)
        if chooser is None:
            chooser = self._choosers[peer.id] = LayerChooser()
        said = self._arrivals.get(peer.id)
        feedback = Feedback(said.remb_bps, said.fraction_lost, said.fraction_lost_down) if said else _NO_FEEDBACK
        layers = chooser.choose(demands, audio_slots, feedback, now)
        for slot in peer.video_slots:
            layer = layers.get(slot.id, PAUSED)
            if slot.source and layer != PAUSED:
                self._put(slot, live[slot.source].track.id, layer)
            else:
                self._put(slot, 0, 0)

    def _watch_line(self, peer: Peer, now: float) -> None:
        arrival = self._arrivals.get(peer.id)
        if peer.link != "connected" or arrival is None:
            return
        watch = self._lines.get(peer.id)
        if watch is None:
            watch = self._lines[peer.id] = LineWatch(now)
        if self._reported:
            chooser = self._choosers.get(peer.id)
            report = LineReport(
                lost_down=arrival.fraction_lost_down,
                lost_up=arrival.fraction_lost_up,
                rtt_ms=arrival.rtt_ms,
                held_back=chooser.held_back if chooser else "none",
                is_short=chooser is not None and chooser.is_short,
            )
            watch.observe(report, now)
        self._told.say_line(peer, watch.verdict)

    def _give_back(self, peer: Peer, desired: DesiredPeer) -> None:
        carried = echo_audio(peer.tracks, len(peer.audio_slots), hears=desired.hears)
        carried += echo_video(peer.tracks, len(peer.video_slots), viewed=len(desired.view))
        for slot, (track, layer) in zip(peer.slots, carried, strict=True):
            slot.source = track.source if track else 0
            self._put(slot, track.id if track else 0, layer)

    def _put(self, slot: Slot, track: int, layer: int) -> None:
        if (slot.track, slot.layer) == (track, layer):
            return
        slot.track, slot.layer = track, layer
        self._node.path.map_slot(slot.id, track, layer)

    # ── what signaling hears ──

    def take_messages(self) -> list[FromNode]:
        return self._told.take_messages()

    def _say_speaking(self, now: float) -> None:
        if not self._told.may_say_speaking(now):
            return
        microphones = {
            track.source
            for peer in self.peers.values()
            for track in peer.tracks.values()
            if track.kind == "microphone" and track.is_open
        }
        speaking = tuple(source for source in self._speakers.speaking(now) if source in microphones)
        self._told.say_speaking(speaking, now)


def _observe_track(track: Track, arrival: TrackArrival | None) -> None:
    if arrival is None:
        track.carries_media, track.layers = False, ()
        return
    track.layers = tuple(Layer(layer.bitrate_bps, layer.width, layer.height) for layer in arrival.layers)
    track.carries_media = any(layer.bitrate_bps for layer in track.layers)
