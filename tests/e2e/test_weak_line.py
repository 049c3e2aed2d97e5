"""A lesson behind a weak line: the sound goes on, the teacher is seen, and people are told what the line is like."""

import asyncio

import pytest

from tests.e2e.acts import until_said
from tests.e2e.behind_line import behind_line, watched
from tests.e2e.browsers import until
from tests.e2e.inspection import Inspection
from tests.e2e.line import WEAK
from tests.e2e.network import needs_root

pytestmark = [pytest.mark.timeout(300), needs_root]

OTHERS = 4
# The join and the time in which both ends find out how much the line carries; the benchmark measures that.
SETTLING_S, MEASURED_S = 25, 20


async def test_behind_a_weak_line_the_sound_goes_on_and_the_teacher_is_seen() -> None:
    async with behind_line(WEAK, OTHERS) as lesson:
        pupil = await lesson.pupil_joins()
        await until(lesson.teacher, "document.body.innerText.includes('слабая связь')", "mark of the weak line", 60)
        await until_said(pupil, "Интернет слабый. Звук бережём", 60)
        await asyncio.sleep(SETTLING_S + MEASURED_S)
        down, up = await watched(pupil), await watched(lesson.teacher)
        inspection = Inspection()
        await inspection.visit(pupil, "room-weak", room=True)
        await inspection.visit(lesson.teacher, "room-weak-seen-by-teacher", room=True)
    inspection.expect_nothing_grave()
    for seconds in (down[-MEASURED_S:], up[-MEASURED_S:]):
        share = sum(second.concealed for second in seconds) / sum(second.heard for second in seconds)
        # The goal is 3 % over a minute on a quiet machine; here a busy one has to make it, too.
        assert share < 0.10, share
    frames = sum(second.frames for second in down[-MEASURED_S:]) / MEASURED_S
    assert frames >= 7, frames
