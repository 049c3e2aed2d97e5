"""A lesson through the whole process: real HTTP, real WebSockets, a real control connection."""

from signaling.live import messages as wire
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


async def test_a_teacher_starts_and_a_pupil_joins(browser_of: BrowserOf, town: Town, media_node: NodeDouble) -> None:
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    desk = await teacher.enter(town.lesson)
    pupil = await browser_of(town.artyom)
    bench = await pupil.enter(town.lesson)
    assert bench.joined is not None
    assert [each.name for each in bench.joined.snapshot.participants] == ["Марина Сергеевна Орлова", "Артём Белов"]
    assert bench.joined.answer == f"answer to {bench.me} 1"
    assert bench.joined.snapshot.room.flow
    joined = await desk.until(wire.ParticipantJoined)
    assert joined.participant.id == bench.me
    assert media_node.peers_of(bench.me)[0].publish == ["microphone", "camera"]
