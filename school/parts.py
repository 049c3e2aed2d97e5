"""What a person is in a room of the school: the role that everybody sees, and whether they lead it.

Derived from rights alone. Called by the use cases, for the one who asks and for those whom a power concerns.
"""

from dataclasses import dataclass
from typing import Literal

from school.people import Member
from school.permissions import Action, Standing, may
from school.schedule import Lesson

RoomRole = Literal["teacher", "pupil", "parent", "staff", "observer"]


@dataclass(frozen=True)
class Part:
    """`host`: its teacher or a co-host, who has the powers over the room."""

    room_role: RoomRole
    host: bool

    @property
    def within_powers(self) -> bool:
        """Hosts have powers over pupils and parents, never over staff."""
        return self.room_role in ("pupil", "parent")

    @property
    def visits(self) -> bool:
        """Has the right to come, and no part in it."""
        return not self.host and not self.within_powers


_ATTENDS: dict[str, RoomRole] = {"lesson": "pupil", "meeting": "parent"}


def part_in(member: Member, lesson: Lesson, standing: Standing) -> Part | None:
    """The highest of what the rights give; None for whoever has no way in."""
    parts = (
        (Action.LEAD, Part("teacher", host=True)),
        (Action.COHOST, Part("staff", host=True)),
        (Action.SIT_IN, Part("staff", host=False)),
        (Action.OBSERVE, Part("observer", host=False)),
        (Action.ATTEND, Part(_ATTENDS[lesson.kind], host=False)),
    )
    return next((part for action, part in parts if may(member, action, lesson, standing).allowed), None)
