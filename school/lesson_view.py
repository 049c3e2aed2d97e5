"""One lesson as one person sees it at one moment: what the use cases answer with and a refusal points to.

Made in usecases/finding.py; it says what may be shown, not how.
"""

from dataclasses import dataclass
from typing import Literal

from school.parts import RoomRole
from school.people import Member
from school.schedule import Lesson, Occurrence, RoomState, When

LessonAction = Literal["start", "join", "observe", "wait"]


@dataclass(frozen=True)
class LessonView:
    """`number`: which lesson of the day, 0 for a meeting. `action`: what this person can do about it. `room_role`: as
    what they would be in its room; None where nobody in particular looks."""

    lesson: Lesson
    occurrence: Occurrence
    number: int
    class_name: str
    teacher: Member
    room: RoomState
    when: When
    action: LessonAction | None
    room_role: RoomRole | None
