"""What hosts set for the room as a whole: door, lock, chat, and who sees the pupils' cameras.

Pure decisions on a RoomState, called by conduct.py. What is set about microphones, cameras and screens is in
restrictions.py.
"""

import msgspec

from school.audit import Deed
from signaling.live import door_queue
from signaling.live import messages as wire
from signaling.live.deeds import record
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker


def set_room(state: RoomState, by: Asker, request: wire.SetRoom) -> None:
    given = {
        "door": request.door,
        "locked": request.locked,
        "chat": request.chat,
        "pupils_cameras": request.pupils_cameras,
    }
    given = {field: value for field, value in given.items() if value is not None}
    rules = msgspec.structs.replace(state.rules, **given)
    if rules != state.rules:
        state.rules = rules
        state.announce_room()
        state.push()
        door_queue.let_in_whoever_may(state)
    detail = " ".join(f"{field}={value}" for field, value in given.items())
    record(state, by, wire.Done(re=request.id), Deed.ROOM_SET, None, detail)
