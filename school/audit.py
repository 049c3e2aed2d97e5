"""What the audit keeps: each use of a power over others, who used it, on what and when.

Rows are only ever added. Written by the use cases: what the books decide, in the transaction of
the decision; what a live room has already done, in the transaction that checks the power it was done by.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    LESSON_STARTED = "lesson_started"
    LESSON_ENDED = "lesson_ended"
    PARTICIPANT_MUTED = "participant_muted"
    PARTICIPANT_REMOVED = "participant_removed"
    MICROPHONE_CLOSED = "microphone_closed"
    MICROPHONE_OPENED = "microphone_opened"
    FLOOR_GIVEN = "floor_given"
    FLOOR_TAKEN = "floor_taken"
    CAMERA_STOPPED = "camera_stopped"
    CAMERA_CLOSED = "camera_closed"
    CAMERA_OPENED = "camera_opened"
    SCREEN_STOPPED = "screen_stopped"
    SHARING_CLOSED = "sharing_closed"
    SHARING_OPENED = "sharing_opened"
    ASKED_TO_TURN_ON = "asked_to_turn_on"
    HAND_LOWERED = "hand_lowered"
    ANSWERS_CLEARED = "answers_cleared"
    ROOM_SET = "room_set"
    SPOTLIGHT_SET = "spotlight_set"
    ADMITTED = "admitted"
    DECLINED = "declined"
    COHOST_NAMED = "cohost_named"
    COHOST_ENDED = "cohost_ended"
    CHAT_REMOVED = "chat_removed"
    OBSERVER_CAME = "observer_came"
    ONE_TO_ONE = "one_to_one"
    REPORTED = "reported"
    ATTENDANCE_DOWNLOADED = "attendance_downloaded"


@dataclass(frozen=True)
class AuditEntry:
    """`target`: the id of the member concerned, empty when the deed is about the lesson as a whole."""

    school_id: str
    actor_id: str
    deed: Deed
    lesson_id: str
    starts_at: datetime
    target_id: str
    detail: str
    at: datetime
