"""The control connection: desired state, offers, and what happens when the node or the connection goes."""

import asyncio

import pytest

from sfu import messages as node
from signaling import media
from signaling.api.context import Context
from signaling.live import messages as wire
from tests.signaling.browser import Browser, Page, an_offer
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


async def a_lesson(browser_of: BrowserOf, town: Town) -> tuple[Browser, Page]:
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    return teacher, await teacher.enter(town.lesson)


async def test_a_node_that_restarts_is_brought_to_the_desired_state_and_everybody_is_told(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, desk = await a_lesson(browser_of, town)
    first_epoch = media_node.hellos[-1].epoch
    await media_node.restart()
    reset = await desk.until(wire.MediaReset)
    assert reset.epoch == media_node.hellos[-1].epoch > first_epoch
    await media_node.until(lambda: bool(media_node.rooms) and not media_node.peers_of(desk.me))
    reply = await desk.ask(lambda number: wire.Reoffer(id=number, offer=an_offer(2)))
    assert reply == wire.Reoffered(re=2, connection=2, answer=f"answer to {desk.me} 2")
    assert isinstance(await desk.ask(lambda number: wire.Settle(id=number, connection=2)), wire.Done)
    assert [peer.connection for peer in media_node.peers_of(desk.me)] == [2]


async def test_a_connection_that_breaks_is_mended_without_anybody_noticing(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, desk = await a_lesson(browser_of, town)
    hellos = len(media_node.hellos)
    media_node.rooms.clear()
    await media_node.break_connection()
    await media_node.until(lambda: len(media_node.hellos) > hellos and bool(media_node.peers_of(desk.me)))
    assert media_node.hellos[-1].epoch > media_node.hellos[-2].epoch
    assert isinstance(await desk.ask(lambda number: wire.SetView(id=number, tracks=[])), wire.Done)
    assert not [each for each in desk.heard if isinstance(each, wire.MediaReset)]


async def test_a_join_during_a_restart_waits_for_the_new_node(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    await a_lesson(browser_of, town)
    pupil = await browser_of(town.artyom)
    page = await pupil.open_page()
    ticket = await pupil.ticket(town.lesson)
    media_node.answering = False
    offers = len(media_node.offers)
    await page.send(wire.Join(id=1, ticket=ticket, offer=an_offer(), media=wire.Media()))
    await media_node.until(lambda: len(media_node.offers) > offers)
    media_node.answering = True
    await media_node.restart()
    assert (await page.until(wire.Joined)).re == 1


async def test_without_an_answer_in_time_media_are_unavailable_and_the_seat_is_free(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, desk = await a_lesson(browser_of, town)
    media_node.answering = False
    pupil = await browser_of(town.artyom)
    page = await pupil.open_page()
    ticket = await pupil.ticket(town.lesson)
    with monkeypatch.context() as impatient:
        impatient.setattr(media, "ANSWER_SECONDS", 0.2)
        reply = await page.ask(lambda number: wire.Join(id=number, ticket=ticket, offer=an_offer(), media=wire.Media()))
    assert isinstance(reply, wire.Failed)
    assert (reply.code, reply.retry_after) == ("media_unavailable", 1.0)
    media_node.answering = True
    await page.join(await pupil.ticket(town.lesson))
    assert [each.participant.name for each in [await desk.until(wire.ParticipantJoined)]] == ["Артём Белов"]


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (node.OfferRefused(request=0, code="bad_offer", message="no"), "bad_offer"),
        (node.OfferRefused(request=0, code="overloaded", message="no"), "overloaded"),
        (node.OfferRefused(request=0, code="unknown_peer", message="no"), "media_unavailable"),
    ],
)
async def test_what_the_node_refuses_is_told_by_its_code(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble, refused: node.OfferRefused, expected: str
) -> None:
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    media_node.refuse_with = refused
    page = await teacher.open_page()
    ticket = await teacher.ticket(town.lesson)
    reply = await page.ask(lambda number: wire.Join(id=number, ticket=ticket, offer=an_offer(), media=wire.Media()))
    assert isinstance(reply, wire.Failed)
    assert reply.code == expected


async def test_reports_of_the_node_reach_the_one_they_concern(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, desk = await a_lesson(browser_of, town)
    bench = await (await browser_of(town.artyom)).enter(town.lesson)
    (room,) = media_node.rooms
    source = next(iter(media_node.peers_of(desk.me)[0].sources.values()))
    slots = [node.SlotMapping(mid="6", source=source)]
    await media_node.say(node.SlotsMapped(room=room, participant=bench.me, connection=1, slots=slots))
    mapped = await bench.until(wire.SlotsMapped)
    assert [(slot.mid, slot.source) for slot in mapped.slots] == [("6", source)]
    await media_node.say(node.Speaking(room=room, sources=[source]))
    assert (await bench.until(wire.Speaking)).participants == [desk.me]
    await media_node.say(node.PeerLink(room=room, participant=bench.me, connection=1, link="silent"))
    assert (await bench.until(wire.PleaseReoffer)).reason == "silent"
    await desk.until(wire.Speaking)
    assert not [each for each in desk.heard if isinstance(each, wire.SlotsMapped | wire.PleaseReoffer)]


async def test_nonsense_of_a_node_is_passed_over(browser_of: BrowserOf, town: Town, media_node: NodeDouble) -> None:
    _, desk = await a_lesson(browser_of, town)
    (room,) = media_node.rooms
    assert media_node._socket is not None
    await media_node._socket.send_str('{"type":"from_the_future"}')
    await media_node.say(node.Answer(request=999, sdp=""))
    await media_node.say(node.Speaking(room="no such room", sources=[1]))
    await media_node.say(node.PeerLink(room=room, participant=desk.me, connection=1, link="silent"))
    assert (await desk.until(wire.PleaseReoffer)).reason == "silent"


async def test_a_crash_of_one_room_ends_no_other(
    browser_of: BrowserOf, server: Context, town: Town, media_node: NodeDouble
) -> None:
    _, desk = await a_lesson(browser_of, town)
    other = await browser_of(town.class_teacher)
    await other.start(town.lesson_of_b)
    podium = await other.enter(town.lesson_of_b)
    broken = next(room for room in server.rooms._by_id.values() if desk.me in room.state.seats)
    broken.submit("not a command")  # type: ignore[arg-type]  # what a fault of ours could look like
    assert await desk.close_code() == 1012
    assert isinstance(await podium.ask(lambda number: wire.SetView(id=number, tracks=[])), wire.Done)
    await media_node.until(lambda: broken.id in media_node.closed_rooms)
    await asyncio.wait_for((await browser_of(town.orlova)).enter(town.lesson), 5)
