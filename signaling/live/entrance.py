"""Who comes and who goes: join, resume, another tab or device, leave, a closed page, a lost network, sign-out, the end.

Pure decisions on a RoomState, called by decide.py and by conduct.py. What the others see of it: `leave` is `left` at
once; a closed page is `closed` after a moment in which a reload comes back unseen; a lost network shows at once, and is
`lost` when it does not come back. Offers and seats are arrivals.py's, waiting is door_queue.py's.
"""

from typing import Final, Literal

from signaling.live import door_queue, handover, hands, lines
from signaling.live import messages as wire
from signaling.live.arrivals import arrive, give_up_arrival, send_slots
from signaling.live.commands import Drop, Enter, KeepPresence, Over, Restart, Return, Seated, Shut, SignOut, TurnedAway
from signaling.live.devices import CLOSING_SECONDS, LOST_SECONDS, MAX_DEVICES, Device, Presence
from signaling.live.room_state import RoomState
from signaling.live.seats import HowGone, Seat
from signaling.live.spotlight import leave_the_stage
from signaling.live.supervision import review
from signaling.tickets import digest

# Taken over by the same page over another network: the old socket is dead, or will be.
_TAKEN_OVER: Final = "lost"


def enter(state: RoomState, command: Enter) -> None:
    person, join = command.person, command.join
    if state.over:
        state.effects.append(Shut(command.link, "ended"))
        return
    seat = state.seat_of_member(person.member)
    if seat is not None and seat.removed:
        state.effects.append(Shut(command.link, "removed"))
        return
    if person.role == "observer" and join.offer.publish:
        _turn_away(state, command, "not_allowed", "observers send nothing")
    elif not join.take_over and _would_push_out(state, command, seat):
        _turn_away(state, command, "already_here", "say take_over to come in here instead")
    elif door_queue.must_wait(state, person, seat):
        door_queue.wait(state, command)
    else:
        arrive(state, command)
        door_queue.let_in_with(state, command)


def _would_push_out(state: RoomState, command: Enter, seat: Seat | None) -> bool:
    """Whether somebody would be surprised: another tab of this browser, or one of two other browsers. A page that is
    closing or whose network is gone is not asked about by its own browser."""
    coming, devices = door_queue.logins_of(state, command.person.member), []
    if seat is not None:
        coming |= {arrival.login for arrival in seat.arrivals}
        devices = seat.devices
    connected = coming | {device.login for device in devices if device.link is not None}
    staying = coming | {device.login for device in devices if device.presence is not Presence.CLOSING}
    return command.login in connected or len(staying - {command.login}) >= MAX_DEVICES


def _turn_away(state: RoomState, command: Enter, code: wire.ErrorCode, message: str) -> None:
    state.fail(command.link, command.join.id, code, message)
    state.effects.append(TurnedAway(command.link))


def return_to_seat(state: RoomState, command: Return) -> None:
    resume = command.resume
    found = state.device_of_session(digest(resume.session))
    if found is None or found[1].login != command.login or state.over:
        state.fail(command.link, resume.id, "session_refused", "no such seat")
        state.effects.append(TurnedAway(command.link))
        return
    seat, device = found
    before = seat.card()
    state.shut(device, _TAKEN_OVER)
    device.presence, device.gone_at, seat.gone_since = Presence.HERE, None, None
    if seat.card() != before:
        state.announce_changed(seat)
    review(state)
    missed = state.log.since(resume.last_seq, lambda to: to.includes(seat.participant, host=seat.host))
    media_lost = not any(transport.answered and not transport.failed for transport in device.transports)
    state.bind(seat, device, command.link)
    state.keep(now=False)
    state.effects.append(Seated(command.link, seat.person.role))
    snapshot = state.snapshot(seat) if missed is None else None
    state.send(command.link, wire.Resumed(re=resume.id, snapshot=snapshot, media_lost=media_lost))
    for event in missed or []:
        state.send(command.link, event)
    for transport in device.transports:
        send_slots(state, device, transport)
    handover.say_again(state, seat, device)
    lines.say_line_again(state, device)


def drop(state: RoomState, command: Drop) -> None:
    door_queue.forget(state, command.link)
    for seat in state.seats.values():
        for arrival in [each for each in seat.arrivals if each.link == command.link]:
            give_up_arrival(state, seat, arrival)
    gone = state.asker(command.link)
    if gone is None:
        return
    before = gone.seat.card()
    state.unbind(gone.device)
    state.keep(now=False)
    if command.how == "closed":
        gone.device.presence, gone.device.gone_at = Presence.CLOSING, state.now + CLOSING_SECONDS
    else:
        gone.device.presence, gone.device.gone_at = Presence.LOST, state.now + LOST_SECONDS
    _after_a_device_went(state, gone.seat, before)


def leave(state: RoomState, seat: Seat, device: Device, how: Literal["left", "closed", "lost"]) -> None:
    """One device; with the last one the person leaves."""
    if not seat.others(device):
        depart(state, seat, how)
        return
    before = seat.card()
    state.take_device(seat, device)
    handover.pass_on_sound(state, seat)
    state.push()
    state.keep(now=False)
    _after_a_device_went(state, seat, before)


def _after_a_device_went(state: RoomState, seat: Seat, before: wire.Participant) -> None:
    if seat.presence is not Presence.HERE and seat.gone_since is None:
        seat.gone_since = state.now
    if seat.card() != before:
        state.announce_changed(seat)
    review(state)


def depart(state: RoomState, seat: Seat, how: HowGone) -> None:
    """Out of the room with every device, media in both directions at once; what the seat remembers stays. A device that
    is on its way in comes in."""
    if not seat.present:
        return
    _put_down_stay(state, seat)
    for device in list(seat.devices):
        state.take_device(seat, device)
    seat.gone_since = None
    if how in {"left", "removed"}:
        hands.put_down(state, seat)
        seat.answer = None
    state.passing.speeches.pop(seat.participant, None)
    state.passing.late_cards.pop(seat.participant, None)
    state.push()
    state.keep(now=False)
    state.announce(wire.ParticipantLeft(seq=state.log.next_seq(), participant=seat.participant, how=how))
    leave_the_stage(state, seat)
    review(state)


def sign_out(state: RoomState, command: SignOut) -> None:
    """The browser's session is over: so is everything that it holds here. Another browser of this person stays."""
    door_queue.send_home(state, command.login)
    for seat in list(state.seats.values()):
        for arrival in [each for each in seat.arrivals if each.login == command.login]:
            state.effects.append(Shut(arrival.link, "signed_out"))
            give_up_arrival(state, seat, arrival)
        device = seat.device_of_login(command.login)
        if device is not None:
            state.shut(device, "signed_out")
            leave(state, seat, device, "left")


def depart_overdue(state: RoomState) -> None:
    for seat in state.present():
        for device in list(seat.devices):
            if device.gone_at is not None and state.now >= device.gone_at:
                leave(state, seat, device, "closed" if device.presence is Presence.CLOSING else "lost")


def restart(state: RoomState, _command: Restart) -> None:
    for link, _ in state.connected():
        state.send(link, wire.Restarting())
    state.keep(now=True)


def finish(state: RoomState) -> None:
    """Over for all and for good."""
    if state.over:
        return
    state.over = True
    door_queue.close(state)
    for seat in state.seats.values():
        for arrival in seat.arrivals:
            state.effects.append(Shut(arrival.link, "ended"))
        seat.arrivals = []
        if seat.present:
            _put_down_stay(state, seat)
        for device in seat.devices:
            state.shut(device, "ended")
            device.transports = []
    state.questions.clear()
    state.effects.append(Over())


def _put_down_stay(state: RoomState, seat: Seat) -> None:
    """For the attendance this person left when the last connection went, not when the others were told."""
    gone_at = state.now if seat.gone_since is None else seat.gone_since
    at = round(gone_at + state.settings.unix_offset, 3)
    state.effects.append(KeepPresence(seat.person.member, "left", at))
