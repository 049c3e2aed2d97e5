"""The three verbs of a live room: `handle` a command, `handle_timeout`, and when that is due (`next_timeout`).

Pure; called by the room's task, which carries out the effects. A new command is a new dataclass and a new row here.
"""

from collections.abc import Callable
from typing import Any, Final

from sfu import messages as node
from signaling.live import commands, conduct, entrance, transport
from signaling.live.room_state import RoomState


def handle(state: RoomState, command: commands.Command, now: float) -> list[commands.Effect]:
    state.now = now
    _DECISIONS[type(command)](state, command)
    return _drain(state)


def handle_timeout(state: RoomState, now: float) -> list[commands.Effect]:
    if state.over:
        return []
    state.now = now
    if now >= state.settings.closes_at:
        state.finish()
        return _drain(state)
    entrance.depart_overdue(state)
    state.review_adults()
    transport.say_speaking(state)
    return _drain(state)


def next_timeout(state: RoomState) -> float | None:
    if state.over:
        return None
    due = [state.settings.closes_at]
    due += [seat.gone_at for seat in state.present() if seat.gone_at is not None]
    stops_at = state.flow.stops_at
    if stops_at is not None:
        due.append(stops_at)
    if state.speaking.waiting is not None:
        due.append(state.speaking.next_at)
    return min(due)


def _drain(state: RoomState) -> list[commands.Effect]:
    effects, state.effects = state.effects, []
    return effects


def _finish(state: RoomState, _command: commands.Finish) -> None:
    state.finish()


_DECISIONS: Final[dict[type[commands.Command], Callable[[RoomState, Any], None]]] = {
    commands.Enter: entrance.enter,
    commands.Return: entrance.return_to_seat,
    commands.Drop: entrance.drop,
    commands.SignOut: entrance.sign_out,
    commands.Act: conduct.act,
    commands.Recorded: conduct.recorded,
    commands.Answered: transport.answered,
    commands.NotAnswered: transport.not_answered,
    commands.ResetMedia: transport.reset_media,
    commands.Finish: _finish,
    node.PeerLink: transport.peer_link,
    node.SlotsMapped: transport.slots_mapped,
    node.Speaking: transport.speaking,
}
