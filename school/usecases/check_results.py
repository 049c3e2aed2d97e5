"""Results of checks of line and devices: anybody of the school leaves their own, its administrator reads the last.

Called by signaling's HTTP API. They help with a line of these days, so they are few, and the old ones go with the
next one and at each start.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from school.check_results import CheckOutcome, CheckResult
from school.people import Member, Role
from school.permissions import may_read_check_results
from school.refusals import Refused
from school.store import Store
from school.structure import SchoolClass
from school.usecases.people import class_as

KEPT_FOR: Final = timedelta(days=30)
MOST_OF_SCHOOL: Final = 200
# One person who checks again and again must not push out what the others left.
MOST_OF_MEMBER: Final = 5


@dataclass(frozen=True)
class CheckResultView:
    """`class_name`: of a pupil."""

    result: CheckResult
    member: Member
    class_name: str | None


async def leave_result(store: Store, member: Member, outcome: CheckOutcome, now: datetime) -> None:
    async with store.write() as tx:
        await tx.check_results.add(CheckResult(uuid4().hex, member.school_id, member.id, now, outcome))
        await tx.check_results.drop_before(now - KEPT_FOR)
        await tx.check_results.keep_newest_of_member(member.id, MOST_OF_MEMBER)
        await tx.check_results.keep_newest(member.school_id, MOST_OF_SCHOOL)


async def forget_old_results(store: Store, now: datetime) -> None:
    """At the start of a process: a school in which nobody checks keeps no more than another one."""
    async with store.write() as tx:
        await tx.check_results.drop_before(now - KEPT_FOR)


async def last_results(store: Store, member: Member, now: datetime) -> list[CheckResultView]:
    """Of the administrator's school, the newest first. Raises Refused(not_allowed)."""
    if not may_read_check_results(member):
        raise Refused("not_allowed")
    async with store.read() as tx:
        found = await tx.check_results.since(member.school_id, now - KEPT_FOR)
        people = await tx.people.several(member.school_id, {one.member_id for one in found})
        classes = await tx.structure.classes(member.school_id)
    return [_view(one, people[one.member_id], classes) for one in found]


def _view(result: CheckResult, member: Member, classes: dict[str, SchoolClass]) -> CheckResultView:
    own = class_as(Role.PUPIL, member, classes)
    return CheckResultView(result, member, own.name if own else None)
