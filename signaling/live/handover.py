"""What goes from one device of a person to the other: each kind of media is sent by one of them, and the lesson is
heard, and spoken to, on one of them.

Pure decisions on a RoomState, called by conduct.py for what is asked, by arrivals.py and entrance.py for whoever comes
and goes. The microphone goes where the sound is: echo cancellation needs both on one device. The sound moves when its
person says so, or when the device that has it is gone for good: a network that is lost for some seconds moves nothing,
since the other device is one press away. A page whose wish has crossed a handover is told again, and not obeyed.
"""

from collections.abc import Collection
from typing import Final

import msgspec

from signaling.live import messages as wire
from signaling.live.devices import ALONE, Device
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker
from signaling.live.seats import Seat
from signaling.live.sources import KINDS

# How long a page may still ask for what it does not know to be gone. A person who takes something back that soon
# has to press once more.
CROSSED_SECONDS = 1.0
_MICROPHONE: Final = frozenset[wire.TrackKind]({"microphone"})
_SCREEN: Final = frozenset[wire.TrackKind]({"screen", "screen_sound"})


def take_sound(state: RoomState, seat: Seat, device: Device) -> None:
    _take(state, seat, device, frozenset(), sound=True)
    say(state, seat, device)


def uncrossed(state: RoomState, by: Asker, wanted: wire.Media) -> wire.Media:
    """Without what has just gone to another device."""
    if state.now >= by.device.crossed_until:
        return wanted
    crossed = [kind for kind in by.device.taken if getattr(wanted, kind)]
    if crossed:
        say(state, by.seat, by.device, crossed)
    return _without(wanted, crossed)


def send_from(state: RoomState, seat: Seat, device: Device, media: wire.Media) -> None:
    """`media` is what may be on of what its person wants on. What goes on here goes off on the other device."""
    on = frozenset(kind for kind in KINDS if getattr(media, kind) and not getattr(device.media, kind))
    device.media = media
    device.taken -= on
    _take(state, seat, device, on | _SCREEN if "screen" in on else on, sound="microphone" in on)
    say(state, seat, device)


def begin(
    state: RoomState, seat: Seat, device: Device, media: wire.Media, withheld: Collection[wire.TrackKind]
) -> None:
    """A device that has just come in takes nothing from another one: what is `withheld` stays where it is, until its
    person says otherwise."""
    device.taken = frozenset(kind for kind in withheld if getattr(media, kind))
    send_from(state, seat, device, _without(media, withheld))


def pass_on_sound(state: RoomState, seat: Seat) -> None:
    """After a device has gone: whoever stays hears the lesson."""
    if seat.devices and not any(device.sound for device in seat.devices):
        seat.devices[0].sound = True
    for device in seat.devices:
        # Nobody has any more what was taken; a page that is away has yet to hear that it was.
        if len(seat.devices) == 1 and device.link is not None:
            device.taken = frozenset()
        say(state, seat, device)


def say(state: RoomState, seat: Seat, device: Device, taken: Collection[wire.TrackKind] = ()) -> None:
    """To its page, if that does not know: where the sound is, how many others there are, and what has gone there."""
    facts = _facts(seat, device)
    if taken or facts != (device.told or ALONE):
        _say(state, device, facts, taken)


def say_again(state: RoomState, seat: Seat, device: Device) -> None:
    """To a page that has just come in, or come back and may have missed what was said. One that has always been alone
    hears nothing of this."""
    facts = _facts(seat, device)
    if facts != ALONE or device.told is not None or device.taken:
        device.crossed_until = state.now + CROSSED_SECONDS
        _say(state, device, facts, device.taken)


def _facts(seat: Seat, device: Device) -> wire.ThisDevice:
    return wire.ThisDevice(others=len(seat.devices) - 1, sound=device.sound, taken=[])


def _say(state: RoomState, device: Device, facts: wire.ThisDevice, taken: Collection[wire.TrackKind]) -> None:
    if device.link is None:
        return
    device.told = facts
    in_order = [kind for kind in KINDS if kind in taken]
    state.send(device.link, msgspec.structs.replace(facts, taken=in_order))


def _take(state: RoomState, seat: Seat, device: Device, kinds: frozenset[wire.TrackKind], *, sound: bool) -> None:
    if sound:
        device.sound = True
        device.taken -= _MICROPHONE
    for other in seat.others(device):
        gone = frozenset(kind for kind in kinds if getattr(other.media, kind))
        if sound:
            other.sound = False
            gone |= _MICROPHONE if other.media.microphone else frozenset()
        other.media = _without(other.media, gone)
        if gone:
            other.taken |= gone
            other.crossed_until = state.now + CROSSED_SECONDS
        say(state, seat, other, gone)


def _without(media: wire.Media, kinds: Collection[wire.TrackKind]) -> wire.Media:
    off = {kind: getattr(media, kind) and kind not in kinds for kind in KINDS}
    return wire.Media(**off, screen_paused=media.screen_paused and off["screen"])
