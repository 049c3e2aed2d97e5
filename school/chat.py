"""A message of a room's chat, as the school keeps it. Written and read by usecases/live_rooms.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Audience = Literal["all", "hosts"]
RemovedBy = Literal["author", "host"]

SHOWN_LINES = 200
"""How much of a chat a room shows, also one that comes back."""


@dataclass(frozen=True)
class ChatLine:
    """`id` is drawn by the room. `removed`: by whom; the text of a removed message is not kept."""

    id: str
    lesson_id: str
    starts_at: datetime
    author_id: str
    text: str
    to: Audience
    at: datetime
    removed: RemovedBy | None
