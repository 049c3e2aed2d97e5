"""How a use case says no: a closed list of codes, and what this person may be shown instead.

Raised by the use cases, turned into a page or an error by whoever called them.
"""

from typing import Literal

from school.lesson_view import LessonView

RefusalCode = Literal[
    "wrong_class",
    "parents_not_in_lessons",
    "wrong_meeting",
    "pupils_not_in_meetings",
    "not_a_member",
    "not_open_yet",
    "ended",
    "removed",
    "not_allowed",
]


class Refused(Exception):
    """`lesson`: the refused lesson, where the person may know of it (removed, ended, not open yet).
    `own_lesson`: the one of theirs that is going on; a parent's own meeting, of today or the next one.
    `own_class_name`: a pupil's class, or that of a parent's child."""

    def __init__(
        self,
        code: RefusalCode,
        *,
        lesson: LessonView | None = None,
        own_lesson: LessonView | None = None,
        own_class_name: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code: RefusalCode = code
        self.lesson = lesson
        self.own_lesson = own_lesson
        self.own_class_name = own_class_name


class NotFound(Exception):
    """There is no such thing for this person: it does not exist, or it belongs to another school."""
