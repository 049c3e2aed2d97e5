"""The audit entry of a deed in one occurrence, as the use cases write it in the transaction of their check."""

from datetime import datetime

from school.audit import AuditEntry, Deed
from school.people import Member
from school.usecases.finding import Found


def entry_of(
    member: Member, deed: Deed, found: Found, now: datetime, target_id: str = "", detail: str = ""
) -> AuditEntry:
    held = found.course.occurrence
    return AuditEntry(found.lesson.school_id, member.id, deed, held.lesson_id, held.starts_at, target_id, detail, now)
