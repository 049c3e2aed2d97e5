"""How the lines of people carry: told to the device whose line it is, and to everybody on the card of its person.

Pure decisions on a RoomState, called by decide.py with what the media node reports, and by the modules that give a
device another connection or take one away. A weak line is told at a pace of its own: less than a lost one, which shows
at once.
"""

from sfu import messages as node
from signaling.live import messages as wire
from signaling.live.cards import announce_in_turn
from signaling.live.devices import GOOD_LINE, Device
from signaling.live.room_state import RoomState
from signaling.live.seats import Seat


def link_quality(state: RoomState, report: node.LinkQuality) -> None:
    """Of a connection that its page is about to leave, or not yet on, nobody is told."""
    seat = state.seats.get(report.participant)
    if seat is None:
        return
    line = wire.YourLink(quality=report.quality, held_back=report.held_back)
    for device, transport in seat.all_transports():
        if transport.connection == report.connection and transport.line != line:
            before = seat.link
            transport.line = line
            state.keep(now=False)
            if isinstance(device, Device):
                follow(state, seat, device, before)


def say_line(state: RoomState, device: Device) -> None:
    """To its page, if that does not know."""
    if device.link is not None and device.line != (device.told_line or GOOD_LINE):
        device.told_line = device.line
        state.send(device.link, device.line)


def say_line_again(state: RoomState, device: Device) -> None:
    """To a page that is back and may have missed what was said."""
    if device.link is not None and (device.line != GOOD_LINE or device.told_line is not None):
        device.told_line = device.line
        state.send(device.link, device.line)


def follow(state: RoomState, seat: Seat, device: Device, before: str) -> None:
    """Another line than `before`, or another connection, whose line is good until the node says how it carries."""
    say_line(state, device)
    if seat.link != before:
        announce_in_turn(state, seat, state.limits.link_cards)
