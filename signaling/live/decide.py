"""The three verbs of a live room: `handle` a command, `handle_timeout`, and when that is due (`next_timeout`).

Pure; called by the room's task, which carries out the effects. A new command is a new dataclass and a new row here.
"""

from collections.abc import Callable
from typing import Any, Final

from sfu import messages as node
from signaling.live import (
    adults,
    cards,
    chat,
    commands,
    conduct,
    door_queue,
    entrance,
    hands,
    hosts,
    lines,
    reactions,
    supervision,
    transport,
)
from signaling.live.room_state import RoomState


def handle(state: RoomState, command: commands.Command, now: float) -> list[commands.Effect]:
    state.now = now
    _DECISIONS[type(command)](state, command)
    return state.take_effects()


def handle_timeout(state: RoomState, now: float) -> list[commands.Effect]:
    due = next_timeout(state)
    if due is None or now < due:
        return []
    state.now = now
    if now >= state.settings.closes_at:
        entrance.finish(state)
        return state.take_effects()
    entrance.depart_overdue(state)
    supervision.review(state)
    hands.lower_after_speaking(state)
    transport.say_speaking(state)
    reactions.say_reactions(state)
    door_queue.say_queue(state)
    cards.say_late(state)
    return state.take_effects()


def next_timeout(state: RoomState) -> float | None:
    if state.over:
        return None
    passing = state.passing
    due = [state.settings.closes_at]
    due += [each.gone_at for seat in state.present() for each in seat.devices if each.gone_at is not None]
    due += hands.due(state)
    due += passing.late_cards.values()
    if state.flow.stops_at is not None:
        due.append(state.flow.stops_at)
    if state.flow.on and state.clock.unheard_since is not None:
        due.append(adults.unheard_until(state.clock, state.settings.seconds_without_adult))
    if passing.speaking.waiting is not None:
        due.append(passing.speaking.next_at)
    if passing.reactions.waiting:
        due.append(passing.reactions.next_at)
    if passing.door.changed:
        due.append(passing.door.next_at)
    return min(due)


def _finish(state: RoomState, _command: commands.Finish) -> None:
    entrance.finish(state)


_DECISIONS: Final[dict[type[commands.Command], Callable[[RoomState, Any], None]]] = {
    commands.Enter: entrance.enter,
    commands.Return: entrance.return_to_seat,
    commands.Drop: entrance.drop,
    commands.SignOut: entrance.sign_out,
    commands.Act: conduct.act,
    commands.Recorded: conduct.recorded,
    commands.HostNamed: hosts.host_named,
    commands.ChatKept: chat.chat_kept,
    commands.Restart: entrance.restart,
    commands.Answered: transport.answered,
    commands.NotAnswered: transport.not_answered,
    commands.ResetMedia: transport.reset_media,
    commands.Finish: _finish,
    node.PeerLink: transport.peer_link,
    node.LinkQuality: lines.link_quality,
    node.SlotsMapped: transport.slots_mapped,
    node.Speaking: transport.speaking,
}
