"""The door of a meeting and of a locked lesson, through the whole process: who waits, what they see, how they go in."""

from dataclasses import dataclass
from datetime import time
from uuid import uuid4

import pytest

from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.schedule import Hourly, Lesson, RoomKind
from school.usecases import conduct
from signaling.api import documents
from signaling.api.context import Context
from signaling.live import messages as wire
from tests.signaling.browser import Browser, Page, an_offer
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town

KNOCK = 900


@dataclass(frozen=True)
class Meeting:
    """Of 5А, led by its class teacher."""

    id: str
    parent: Member
    other_parent: Member


@pytest.fixture
async def meeting(server: Context, town: Town) -> Meeting:
    (class_a,) = town.artyom.classes_as(Role.PUPIL)
    held = Lesson(
        id=uuid4().hex,
        school_id=town.artyom.school_id,
        class_id=class_a,
        teacher_id=town.class_teacher.id,
        number=0,
        subject="Родительское собрание",
        topic="Четверть",
        starts=time(0),
        ends=time(23, 59),
        repeats=Hourly(),
        kind=RoomKind.MEETING,
    )
    father = Member(
        id=uuid4().hex,
        school_id=held.school_id,
        family_name="Белов",
        given_name="Николай",
        patronymic="",
        appointments=frozenset({Appointment(Role.PARENT)}),
        verified=True,
        post="",
    )
    async with server.store.write() as tx:
        await tx.timetable.add(held)
        await tx.people.add(father)
        guardianship = Guardianship(father.id, town.artyom.id, Kinship.FATHER, "Артёма")
        await tx.people.add_guardianship(held.school_id, guardianship)
    return Meeting(held.id, town.parent, father)


async def opened(browser_of: BrowserOf, town: Town, meeting: Meeting) -> Page:
    leader = await browser_of(town.class_teacher)
    await leader.start(meeting.id)
    return await leader.enter(meeting.id)


async def knock(browser: Browser, lesson: str) -> Page:
    page = await browser.open_page()
    ticket = await browser.ticket(lesson)
    await page.send(
        wire.Join(id=KNOCK, ticket=ticket, offer=an_offer(), media=wire.Media(microphone=True, camera=True))
    )
    return page


async def waiting(desk: Page, count: int) -> list[wire.Waiting]:
    return (await desk.until(wire.DoorChanged, lambda event: len(event.waiting) == count)).waiting


async def test_whoever_waits_is_shown_nothing_of_the_room_and_is_nowhere_in_it(
    browser_of: BrowserOf, town: Town, meeting: Meeting, media_node: NodeDouble
) -> None:
    desk = await opened(browser_of, town, meeting)
    offers = len(media_node.offers)
    parent = await browser_of(meeting.parent)
    mother = await knock(parent, meeting.id)
    at_the_door = await mother.until(wire.AtTheDoor)
    assert (at_the_door.host, at_the_door.expected, at_the_door.waiting) == ("Ирина Павловна", True, 1)
    (waits,) = await waiting(desk, 1)
    assert (waits.short_name, waits.about, waits.role, waits.expected) == (
        "Ольга, мама Полины",
        "мама Полины, 5А",
        "parent",
        True,
    )
    await desk.ask(lambda number: wire.SendChat(id=number, key="k", text="только для своих"))
    refused = await mother.ask(lambda number: wire.SendChat(id=number, key="k", text="слышно?"))
    assert isinstance(refused, wire.Failed)
    assert refused.code == "bad_request"
    assert all(isinstance(each, wire.AtTheDoor) for each in mother.heard)
    card = await parent.get(f"/api/lessons/{meeting.id}", documents.LessonCard)
    assert card.lesson is not None
    assert (card.here, card.lesson.present) == ([], 0), "nor over HTTP"
    assert len(media_node.offers) == offers
    assert [peer.participant for peer in media_node.rooms.popitem()[1].peers] == [desk.me]


async def test_whoever_is_admitted_joins_as_if_they_had_never_waited(
    browser_of: BrowserOf, town: Town, meeting: Meeting, media_node: NodeDouble
) -> None:
    desk = await opened(browser_of, town, meeting)
    mother = await knock(await browser_of(meeting.parent), meeting.id)
    (waits,) = await waiting(desk, 1)
    assert isinstance(await desk.ask(lambda number: wire.Admit(id=number, waiting=waits.id)), wire.Done)
    joined = await mother.until(wire.Joined)
    assert (joined.re, joined.answer) == (KNOCK, f"answer to {joined.you} 1")
    assert (await desk.until(wire.ParticipantJoined)).participant.short_name == "Ольга, мама Полины"
    assert await waiting(desk, 0) == []
    view = await mother.ask(lambda number: wire.SetView(id=number, tracks=[]))
    assert isinstance(view, wire.Done)
    assert media_node.peers_of(joined.you)[0].publish == ["microphone", "camera"]


async def test_whoever_is_not_let_in_is_told_and_the_connection_ends(
    browser_of: BrowserOf, town: Town, meeting: Meeting
) -> None:
    desk = await opened(browser_of, town, meeting)
    mother = await knock(await browser_of(meeting.parent), meeting.id)
    (waits,) = await waiting(desk, 1)
    await desk.send(wire.Decline(id=50, waiting=waits.id))
    assert await mother.close_code() == wire.CLOSE_CODES["declined"]
    assert wire.Closed(reason="declined") in mother.heard
    await desk.until(wire.Done, lambda reply: reply.re == 50)


async def test_everybody_who_is_expected_is_admitted_at_once(
    browser_of: BrowserOf, town: Town, meeting: Meeting
) -> None:
    desk = await opened(browser_of, town, meeting)
    pages = [await knock(await browser_of(parent), meeting.id) for parent in (meeting.parent, meeting.other_parent)]
    await waiting(desk, 2)
    assert isinstance(await desk.ask(lambda number: wire.Admit(id=number, waiting=None)), wire.Done)
    for page in pages:
        await page.until(wire.Joined)


async def test_whoever_waits_is_kept_alive_and_leaves_by_closing_the_page(
    browser_of: BrowserOf, town: Town, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.live.session.FIRST_MESSAGE_SECONDS", 0.3)
    desk = await opened(browser_of, town, meeting)
    patient = await knock(await browser_of(meeting.parent), meeting.id)
    await patient.until(wire.AtTheDoor)
    idle = await (await browser_of(meeting.other_parent)).open_page()
    assert await idle.close_code() == 1008, "a page that asks for nothing does not stay as long as one that waits"
    await waiting(desk, 1)
    await patient.socket.close(code=1001)
    assert await waiting(desk, 0) == []


async def test_a_locked_lesson_lets_those_back_who_were_in_and_nobody_else(browser_of: BrowserOf, town: Town) -> None:
    teacher, artyom = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk = await teacher.enter(town.lesson)
    bench = await artyom.enter(town.lesson)
    await desk.ask(lambda number: wire.SetRoom(id=number, locked=True))
    late = await knock(await browser_of(town.polina), town.lesson)
    await late.until(wire.AtTheDoor)
    await bench.socket.close(code=1001)
    again = await artyom.enter(town.lesson)
    assert again.me == bench.me
    await desk.ask(lambda number: wire.SetRoom(id=number, locked=False))
    await late.until(wire.Joined)


async def test_the_pupils_of_a_class_and_parents_of_another_do_not_get_to_the_door(
    browser_of: BrowserOf, town: Town, meeting: Meeting
) -> None:
    await opened(browser_of, town, meeting)
    for member, code in ((town.artyom, "pupils_not_in_meetings"), (town.orlova, "not_a_member")):
        assert (await (await browser_of(member)).refusal(meeting.id)).code == code


async def test_a_co_host_has_the_powers_at_once_and_without_them_at_once(
    browser_of: BrowserOf, town: Town, meeting: Meeting, server: Context
) -> None:
    desk = await opened(browser_of, town, meeting)
    director = await (await browser_of(town.director)).enter(meeting.id)
    mother = await knock(await browser_of(meeting.parent), meeting.id)
    (waits,) = await waiting(desk, 1)
    refused = await director.ask(lambda number: wire.Admit(id=number, waiting=waits.id))
    assert isinstance(refused, wire.Failed)
    assert refused.code == "not_allowed"
    named = await desk.ask(lambda number: wire.SetHost(id=number, participant=director.me, host=True))
    assert isinstance(named, wire.Done)
    seen = await director.until(wire.ParticipantChanged, lambda event: event.participant.id == director.me)
    assert seen.participant.host
    assert [each.id for each in await waiting(director, 1)] == [waits.id]
    assert isinstance(await director.ask(lambda number: wire.Admit(id=number, waiting=waits.id)), wire.Done)
    await mother.until(wire.Joined)
    ended = await desk.ask(lambda number: wire.SetHost(id=number, participant=director.me, host=False))
    assert isinstance(ended, wire.Done)
    refused = await director.ask(lambda number: wire.SetRoom(id=number, locked=True))
    assert isinstance(refused, wire.Failed)
    assert refused.code == "not_allowed"


async def test_a_parent_is_made_no_host(browser_of: BrowserOf, town: Town, meeting: Meeting) -> None:
    desk = await opened(browser_of, town, meeting)
    mother = await knock(await browser_of(meeting.parent), meeting.id)
    (waits,) = await waiting(desk, 1)
    await desk.ask(lambda number: wire.Admit(id=number, waiting=waits.id))
    joined = await mother.until(wire.Joined)
    refused = await desk.ask(lambda number: wire.SetHost(id=number, participant=joined.you, host=True))
    assert isinstance(refused, wire.Failed)
    assert refused.code == "not_allowed"


async def test_a_report_reaches_the_administrator_and_nobody_in_the_room(
    browser_of: BrowserOf, town: Town, server: Context
) -> None:
    teacher, artyom = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await artyom.enter(town.lesson)
    await desk.until(wire.ParticipantJoined)
    report = await bench.ask(
        lambda number: wire.Report(id=number, participant=desk.me, category="other", text="Мне грустно")
    )
    assert isinstance(report, wire.Done)
    (view,) = await conduct.reports(server.store, town.administrator)
    assert (view.author.id, view.about, view.report.text) == (town.artyom.id, town.orlova, "Мне грустно")
    assert isinstance(await desk.ask(lambda number: wire.SetView(id=number, tracks=[])), wire.Done)
    assert desk.heard == []
