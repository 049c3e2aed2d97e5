"""A lesson through the whole process: real HTTP, real WebSockets, a real control connection."""

import asyncio
from collections.abc import Callable

import pytest

from school.people import Member
from signaling.api import documents
from signaling.live import messages as wire
from tests.signaling.browser import Browser, Page, an_offer
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


def joining(ticket: str) -> Callable[[int], wire.Request]:
    return lambda number: wire.Join(id=number, ticket=ticket, offer=an_offer(), media=wire.Media())


def muting(participant: str) -> Callable[[int], wire.Request]:
    return lambda number: wire.Restrict(id=number, participant=participant, kind="microphone", how="off")


async def a_lesson(browser_of: BrowserOf, town: Town) -> tuple[Browser, Page, Browser, Page]:
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await pupil.enter(town.lesson)
    await desk.until(wire.ParticipantJoined)
    return teacher, desk, pupil, bench


async def test_a_teacher_starts_and_a_pupil_joins(browser_of: BrowserOf, town: Town, media_node: NodeDouble) -> None:
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await pupil.enter(town.lesson)
    assert bench.joined is not None
    assert [each.name for each in bench.joined.snapshot.participants] == ["Марина Сергеевна Орлова", "Артём Белов"]
    assert bench.joined.answer == f"answer to {bench.me} 1"
    assert bench.joined.snapshot.room.flow
    joined = await desk.until(wire.ParticipantJoined)
    assert joined.participant.id == bench.me
    assert media_node.peers_of(bench.me)[0].publish == ["microphone", "camera"]


async def test_director_administrator_and_class_teacher_are_visible_observers(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, desk, _, _ = await a_lesson(browser_of, town)
    offices = (
        (town.director, "director"),
        (town.administrator, "administrator"),
        (town.class_teacher, "class_teacher"),
    )
    for member, office in offices:
        page = await (await browser_of(member)).enter(town.lesson, an_offer(observes=True))
        seen = (await desk.until(wire.ParticipantJoined)).participant
        assert (seen.role, seen.office, seen.sources) == ("observer", office, {})
        assert media_node.peers_of(page.me)[0].publish == []


async def test_a_pupil_has_none_of_the_teachers_powers(browser_of: BrowserOf, town: Town) -> None:
    _, desk, _, bench = await a_lesson(browser_of, town)
    requests = [
        muting(desk.me),
        muting(bench.me),
        lambda number: wire.Restrict(id=number, participant=None, kind="camera", how="closed"),
        lambda number: wire.GiveFloor(id=number, participant=bench.me),
        lambda number: wire.TakeFloor(id=number, participant=None),
        lambda number: wire.LowerHand(id=number, participant=None),
        lambda number: wire.ClearAnswers(id=number),
        lambda number: wire.AskToTurnOn(id=number, participants=[desk.me], kind="camera"),
        lambda number: wire.SetRoom(id=number, locked=True),
        lambda number: wire.SetSpotlight(id=number, participants=[bench.me]),
        lambda number: wire.Admit(id=number, waiting=None),
        lambda number: wire.Decline(id=number, waiting="anybody"),
        lambda number: wire.SetHost(id=number, participant=bench.me, host=True),
        lambda number: wire.RemoveParticipant(id=number, participant=desk.me, reason="noise"),
        lambda number: wire.EndLesson(id=number),
    ]
    for request in requests:
        reply = await bench.ask(request)
        assert isinstance(reply, wire.Failed)
        assert reply.code == "not_allowed"
    assert await desk.ask(lambda number: wire.SetView(id=number, tracks=[])) == wire.Done(re=1 + 1)


async def test_a_muted_pupil_is_cut_at_the_node_through_a_reload(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, desk, pupil, bench = await a_lesson(browser_of, town)
    reply = await desk.ask(muting(bench.me))
    assert isinstance(reply, wire.RestrictedReply)
    assert reply.participants == [bench.me]
    await bench.until(wire.ParticipantChanged, lambda event: event.participant.mute == 1)
    await media_node.until(lambda: media_node.peers_of(bench.me)[0].publish == ["camera"])
    await bench.socket.close(code=1001)
    again = await pupil.enter(town.lesson, microphone=True)
    assert again.me == bench.me
    await media_node.until(lambda: [peer.publish for peer in media_node.peers_of(bench.me)] == [["camera"]])
    on = wire.Media(microphone=True, camera=True)
    await again.ask(lambda number: wire.SetMedia(id=number, media=on))
    await again.ask(lambda number: wire.SetMedia(id=number, media=on, mute_seen=1))
    await media_node.until(lambda: media_node.peers_of(bench.me)[0].publish == ["microphone", "camera"])


async def test_a_removed_pupil_is_out_and_stays_out(browser_of: BrowserOf, town: Town, media_node: NodeDouble) -> None:
    _, desk, pupil, bench = await a_lesson(browser_of, town)
    spare = await pupil.ticket(town.lesson)
    assert bench.joined is not None
    session = bench.joined.session
    me = bench.me
    await desk.send(wire.RemoveParticipant(id=50, participant=me, reason="conduct"))
    assert await bench.close_code() == wire.CLOSE_CODES["removed"]
    assert wire.Closed(reason="removed") in bench.heard
    await desk.until(wire.Done, lambda reply: reply.re == 50)
    await media_node.until(lambda: not media_node.peers_of(me))
    assert (await pupil.refusal(town.lesson)).code == "removed"
    page = await pupil.open_page()
    for request in (
        lambda number: wire.Join(id=number, ticket=spare, offer=an_offer(), media=wire.Media()),
        lambda number: wire.Resume(id=number, session=session, last_seq=0),
    ):
        reply = await page.ask(request)
        assert isinstance(reply, wire.Failed)
        assert reply.code in ("ticket_refused", "session_refused")


async def test_the_end_is_for_all_and_the_teacher_may_start_again(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    teacher, desk, pupil, bench = await a_lesson(browser_of, town)
    (room,) = media_node.rooms
    assert isinstance(await desk.ask(lambda number: wire.EndLesson(id=number)), wire.Done)
    assert await bench.close_code() == await desk.close_code() == wire.CLOSE_CODES["ended"]
    await media_node.until(lambda: media_node.closed_rooms == [room])
    assert (await pupil.refusal(town.lesson)).code == "ended"
    await teacher.start(town.lesson)
    again = await teacher.enter(town.lesson)
    assert again.joined is not None
    assert len(again.joined.snapshot.participants) == 1
    await media_node.until(lambda: room not in media_node.rooms and len(media_node.rooms) == 1)


async def test_leaving_closing_and_losing_the_network_look_different(
    browser_of: BrowserOf, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.live.entrance.CLOSING_SECONDS", 0.2)
    _, desk, _, bench = await a_lesson(browser_of, town)
    polina, yegor = await browser_of(town.polina), await browser_of(town.yegor)
    window, door = await polina.enter(town.lesson), await yegor.enter(town.lesson)
    bench.lose_network()
    lost = await desk.until(wire.ParticipantChanged, lambda event: event.participant.id == bench.me)
    assert lost.participant.link == "lost"
    await door.ask(lambda number: wire.Leave(id=number))
    assert await door.close_code() == wire.CLOSE_CODES["left"]
    left = await desk.until(wire.ParticipantLeft)
    assert (left.participant, left.how) == (door.me, "left")
    await window.socket.close(code=1001)
    closed = await desk.until(wire.ParticipantLeft)
    assert (closed.participant, closed.how) == (window.me, "closed")


async def test_a_lost_socket_resumes_with_what_it_missed(browser_of: BrowserOf, town: Town) -> None:
    _, desk, pupil, bench = await a_lesson(browser_of, town)
    assert bench.joined is not None
    session, seq = bench.joined.session, bench.joined.snapshot.seq
    bench.lose_network()
    await desk.until(wire.ParticipantChanged)
    await (await browser_of(town.polina)).enter(town.lesson)
    again = await pupil.open_page()
    reply = await again.ask(lambda number: wire.Resume(id=number, session=session, last_seq=seq))
    assert reply == wire.Resumed(re=1, snapshot=None, media_lost=False)
    assert (await again.until(wire.ParticipantJoined)).participant.name == "Полина Дроздова"
    here = await desk.until(wire.ParticipantChanged)
    assert (here.participant.id, here.participant.link) == (bench.me, "here")


async def test_the_second_tab_asks_and_takes_over_on_the_same_connection(browser_of: BrowserOf, town: Town) -> None:
    _, _, pupil, bench = await a_lesson(browser_of, town)
    second = await pupil.open_page()
    asked = await second.ask(joining(await pupil.ticket(town.lesson)))
    assert isinstance(asked, wire.Failed)
    assert asked.code == "already_here"
    assert await bench.ask(lambda number: wire.SetView(id=number, tracks=[])) == wire.Done(re=2)
    await second.join(await pupil.ticket(town.lesson), take_over=True)
    assert second.me == bench.me
    assert await bench.close_code() == wire.CLOSE_CODES["elsewhere"]
    assert wire.Closed(reason="elsewhere") in bench.heard


async def test_a_resume_needs_the_browser_that_joined(browser_of: BrowserOf, town: Town) -> None:
    _, _, _, bench = await a_lesson(browser_of, town)
    assert bench.joined is not None
    session = bench.joined.session
    thief = await (await browser_of(town.polina)).open_page()
    reply = await thief.ask(lambda number: wire.Resume(id=number, session=session, last_seq=0))
    assert isinstance(reply, wire.Failed)
    assert reply.code == "session_refused"


async def test_tickets_are_refused_when_used_forged_or_of_another_person(browser_of: BrowserOf, town: Town) -> None:
    teacher, _, pupil, _ = await a_lesson(browser_of, town)
    used = await pupil.ticket(town.lesson)
    await (await pupil.open_page()).join(used, take_over=True)
    page = await pupil.open_page()
    for ticket in (used, "forged", await teacher.ticket(town.lesson)):
        reply = await page.ask(joining(ticket))
        assert isinstance(reply, wire.Failed)
        assert reply.code == "ticket_refused"
    await page.join(await pupil.ticket(town.lesson), take_over=True)


async def test_a_ticket_is_void_after_the_person_of_the_browser_changed(browser_of: BrowserOf, town: Town) -> None:
    _, _, pupil, _ = await a_lesson(browser_of, town)
    ticket = await pupil.ticket(town.lesson)
    await pupil.sign_in(town.polina.id)
    page = await pupil.open_page()
    reply = await page.ask(joining(ticket))
    assert isinstance(reply, wire.Failed)
    assert reply.code == "ticket_refused"


async def test_a_room_knows_nothing_of_the_next_one(browser_of: BrowserOf, town: Town, media_node: NodeDouble) -> None:
    _, desk, _, bench = await a_lesson(browser_of, town)
    other = await browser_of(town.class_teacher)
    await other.start(town.lesson_of_b)
    podium = await other.enter(town.lesson_of_b)
    timur = await (await browser_of(town.timur)).enter(town.lesson_of_b)
    await podium.until(wire.ParticipantJoined)
    for target in (desk.me, bench.me):
        reply = await podium.ask(muting(target))
        assert isinstance(reply, wire.Failed)
        assert reply.code == "not_found"
    assert desk.joined is not None
    theirs = desk.joined.snapshot.participants[0].sources["camera"]
    view = [wire.ViewedTrack(source=theirs, width=100, height=100)]
    await timur.ask(lambda number: wire.SetView(id=number, tracks=view))
    assert media_node.peers_of(timur.me)[0].view == []


async def test_presence_is_told_to_the_people_of_the_lesson(browser_of: BrowserOf, town: Town) -> None:
    teacher, _, _, _ = await a_lesson(browser_of, town)
    card = await teacher.get(f"/api/lessons/{town.lesson}", documents.LessonCard)
    assert card.here == ["Марина Сергеевна Орлова", "Артём Белов"]


async def test_everybody_hears_of_a_newcomer_once(browser_of: BrowserOf, town: Town) -> None:
    _, desk, _, bench = await a_lesson(browser_of, town)
    members: list[Member] = [town.polina, town.yegor]
    for member in members:
        await (await browser_of(member)).enter(town.lesson)
    for page in (desk, bench):
        names = [(await page.until(wire.ParticipantJoined)).participant.name for _ in members]
        assert names == ["Полина Дроздова", "Егор Зайцев"]
        assert not [each for each in page.heard if isinstance(each, wire.RoomChanged)]


async def test_a_burst_of_commands_at_once_ends_in_one_state(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, desk, pupil, bench = await a_lesson(browser_of, town)
    on, off = wire.Media(microphone=True), wire.Media()
    for number in range(100, 140):
        await bench.send(wire.SetMedia(id=number, media=on if number % 2 else off))
    await asyncio.gather(*(pupil.ticket(town.lesson) for _ in range(5)))
    await bench.until(wire.Done, lambda reply: reply.re == 139)
    await media_node.until(lambda: media_node.peers_of(bench.me)[0].publish == ["microphone"])
    assert not [each for each in desk.heard if isinstance(each, wire.Failed)]
