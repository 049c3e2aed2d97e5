"""What people report to the administrator from inside a room, or ask at its closed door.

Written and read by usecases/conduct.py. Nobody in the room learns of a report.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReportCategory = Literal["insult", "stranger", "picture", "technical", "other", "wrong_class"]
AT_THE_DOOR: ReportCategory = "wrong_class"
"""«My child is in this class»: asked by a parent who was refused."""


@dataclass(frozen=True)
class Report:
    id: str
    school_id: str
    lesson_id: str
    starts_at: datetime
    author_id: str
    about_id: str | None
    category: ReportCategory
    text: str
    at: datetime
    seen_at: datetime | None = None
