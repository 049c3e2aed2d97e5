"""What the media node should do for a room: whose tracks may flow, and what each connection is shown.

Pure: from the seats and what the hosts have set to one message. Called by the state of a room. Whoever waits at the
door has no seat here, so nothing of them is in anybody's view, and nothing is in theirs.
"""

from collections.abc import Collection

from sfu import messages as node
from signaling.live import messages as wire
from signaling.live.devices import Arrival, Device, Transport
from signaling.live.seats import Seat


def desired_room(seats: Collection[Seat], room: str, *, flow: bool, rules: wire.RoomSettings) -> node.SetRoom:
    """The whole of it: what is not listed is closed."""
    seen = {number for seat in seats if seat.present for number in seat.sources.values()}
    fewer = seen - _cameras_of_pupils(seats) if rules.pupils_cameras == "hosts" else seen
    peers = [
        _desired_peer(seat, of, transport, seen if seat.host else fewer)
        for seat in seats
        for of, transport in seat.all_transports()
    ]
    return node.SetRoom(room=room, flow=flow, peers=peers)


def _cameras_of_pupils(seats: Collection[Seat]) -> set[int]:
    return {seat.sources["camera"] for seat in seats if seat.person.role == "pupil" and "camera" in seat.sources}


def _desired_peer(seat: Seat, of: Device | Arrival, transport: Transport, seen: set[int]) -> node.DesiredPeer:
    """Whoever is still coming in is shown nothing yet, hears as it will, and sends nothing that is withheld from it."""
    view = of.view if isinstance(of, Device) else []
    own = seat.sources.values()
    withheld = frozenset[wire.TrackKind]() if isinstance(of, Device) else seat.withheld(of)
    flowing = _flowing(seat, seat.effective(of.media, transport.publish))
    return node.DesiredPeer(
        participant=seat.participant,
        connection=transport.connection,
        sources=seat.sources,
        publish=[kind for kind in flowing if kind not in withheld],
        view=[
            node.ViewedTrack(source=track.source, width=track.width, height=track.height)
            for track in view
            if track.source in seen and track.source not in own
        ],
        hears=seat.hears(of),
    )


def _flowing(seat: Seat, on: wire.Media) -> list[wire.TrackKind]:
    """A paused screen keeps its place at everybody, so that its last picture stands; its page sends nothing of it."""
    paused = {"screen_sound"} if on.screen_paused else set()
    return [kind for kind in seat.sources if getattr(on, kind) and kind not in paused]
