"""What the audit keeps: each use of a power over others, who used it, on what and when.

Rows are only ever added. Written by the use cases in the same transaction as the act itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    LESSON_STARTED = "lesson_started"
    LESSON_ENDED = "lesson_ended"
    PARTICIPANT_MUTED = "participant_muted"
    PARTICIPANT_REMOVED = "participant_removed"


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
