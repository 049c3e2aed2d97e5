"""The chat of a room: who may write to whom, what is kept, and what is taken away again.

Pure decisions on a RoomState, called by conduct.py and, when a message is in the school's books, by decide.py. Nobody
reads a message before that, so that a chat that is read once is there after every restart.
"""

import re
from hashlib import sha256
from typing import Final, Literal

import msgspec

from school.audit import Deed
from school.chat import SHOWN_LINES
from signaling.live import messages as wire
from signaling.live.commands import ChatKept, KeepChat, KeepChatRemoval
from signaling.live.deeds import record
from signaling.live.event_log import readers_of
from signaling.live.room_state import PendingChat, RoomState
from signaling.live.seating import Asker
from signaling.live.seats import Seat

# Of one person, so that what a page repeats after a long silence is known as its own.
KNOWN_KEYS = 50
# Line breaks are text; other control characters are not.
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def send_chat(state: RoomState, by: Asker, request: wire.SendChat) -> None:
    seat = by.seat
    text = _CONTROL.sub(" ", request.text).strip()
    if not text:
        state.fail(by.link, request.id, "bad_request", "nothing to say")
        return
    message_id = _id_of(seat, request.key)
    if _repeated(state, by, request, message_id):
        return
    if state.rules.chat == "off" and not seat.host:
        state.fail(by.link, request.id, "not_allowed", "the chat is closed")
        return
    wait = state.limits.chat.take(seat.participant, state.now)
    if wait > 0.0:
        state.fail(by.link, request.id, "too_many", "slow down", wait)
        return
    message = wire.ChatMessage(
        id=message_id,
        author=seat.participant,
        name=seat.person.short_name,
        text=text,
        at=state.unix_now,
        to="all" if seat.host else _audience(state),
        removed=None,
    )
    state.pending_chat[message_id] = PendingChat(message, [(by.link, request.id)])
    state.effects.append(KeepChat(by.link, request.id, seat.person.member, message))


def chat_kept(state: RoomState, command: ChatKept) -> None:
    pending = state.pending_chat.pop(command.message.id, None)
    if pending is None:
        return
    message = pending.message
    state.chat.append(message)
    del state.chat[:-SHOWN_LINES]
    author = state.seats[message.author]
    author.said = [*author.said, message.id][-KNOWN_KEYS:]
    state.keep(now=False)
    for link, asked in pending.asked_by:
        if state.seat_of_link(link) is author:
            state.send(link, wire.Done(re=asked))
    state.announce(wire.ChatSaid(seq=state.log.next_seq(), message=message), to=readers_of(message))


def take_message_away(state: RoomState, by: Asker, request: wire.RemoveChat) -> None:
    seat = by.seat
    place = next((place for place, line in enumerate(state.chat) if line.id == request.message), None)
    line = None if place is None else state.chat[place]
    if place is None or line is None or not readers_of(line).includes(seat.participant, host=seat.host):
        state.fail(by.link, request.id, "not_found", "no such message")
        return
    mine = line.author == seat.participant
    if not mine and not seat.host:
        state.fail(by.link, request.id, "not_allowed", "somebody else's message")
        return
    if line.removed is not None:
        state.send(by.link, wire.Done(re=request.id))
        return
    remover: Literal["author", "host"] = "author" if mine else "host"
    state.chat[place] = msgspec.structs.replace(line, text="", removed=remover)
    state.keep(now=True)
    state.effects.append(KeepChatRemoval(line.id, seat.person.member))
    state.announce(wire.ChatRemoved(seq=state.log.next_seq(), message=line.id, by=remover), to=readers_of(line))
    if mine:
        state.send(by.link, wire.Done(re=request.id))
    else:
        author = state.seats[line.author].person.member if line.author in state.seats else None
        record(state, by, wire.Done(re=request.id), Deed.CHAT_REMOVED, author, line.id)


def _audience(state: RoomState) -> Literal["all", "hosts"]:
    return "hosts" if state.rules.chat == "hosts" else "all"


def _id_of(seat: Seat, key: str) -> str:
    """The same for the same key of the same person, in every process, and of no use to anybody else."""
    return sha256(f"{seat.participant}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _repeated(state: RoomState, by: Asker, request: wire.SendChat, message_id: str) -> bool:
    if message_id in by.seat.said or any(line.id == message_id for line in state.chat):
        state.send(by.link, wire.Done(re=request.id))
        return True
    pending = state.pending_chat.get(message_id)
    if pending is not None:
        pending.asked_by.append((by.link, request.id))
    return pending is not None
