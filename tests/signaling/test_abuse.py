"""What a member may try who is in the room by right: floods, forged fields, sessions that are over, twenty tabs. The
others notice nothing."""

import asyncio
import sqlite3
from collections.abc import Callable

import aiohttp
import msgspec
import pytest

from signaling.api.context import Context
from signaling.app import SignalingSettings
from signaling.live import messages as wire
from signaling.live.commands import Link
from tests.signaling.browser import Browser, Page, an_offer
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town

# On a quiet machine a request is answered within 2 ms; here other tests run beside.
UNNOTICED = 0.25


async def a_class(browser_of: BrowserOf, town: Town) -> tuple[Page, Browser, Page, Page]:
    """The teacher's page; a pupil's browser and page; another pupil's page."""
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await pupil.enter(town.lesson)
    window = await (await browser_of(town.polina)).enter(town.lesson)
    for _ in range(2):
        await desk.until(wire.ParticipantJoined)
    return desk, pupil, bench, window


def seeing(number: int) -> wire.Request:
    return wire.SetView(id=number, tracks=[])


async def slowest_answer(page: Page, rounds: int = 20) -> float:
    clock = asyncio.get_running_loop().time
    slowest = 0.0
    for _ in range(rounds):
        started = clock()
        assert isinstance(await page.ask(seeing), wire.Done)
        slowest = max(slowest, clock() - started)
    return slowest


async def refusal_of(page: Page, request: Callable[[int], wire.Request]) -> wire.Failed:
    reply = await page.ask(request)
    assert isinstance(reply, wire.Failed), reply
    return reply


# ── floods ──


async def test_a_flood_of_hands_is_a_hand_a_second_for_the_others(browser_of: BrowserOf, town: Town) -> None:
    desk, _, bench, window = await a_class(browser_of, town)
    clock = asyncio.get_running_loop().time
    started = clock()
    for number in range(100, 1100):
        if bench.socket.closed:
            break
        await bench.send(wire.RaiseHand(id=number, up=number % 2 == 0))
    assert await slowest_answer(desk) < UNNOTICED
    assert await bench.close_code() == 1008
    assert {each.code for each in bench.heard if isinstance(each, wire.Failed)} == {"too_many"}
    lost = await window.until(wire.ParticipantChanged, lambda event: event.participant.link == "lost")
    assert lost.participant.id == bench.me
    changes = [each for each in window.heard if isinstance(each, wire.ParticipantChanged)]
    assert len(changes) <= 2 + (clock() - started)


async def test_a_flood_of_chat_is_five_messages_and_the_rest_is_refused(browser_of: BrowserOf, town: Town) -> None:
    desk, _, bench, window = await a_class(browser_of, town)
    for number in range(100, 130):
        await bench.send(wire.SendChat(id=number, key=f"k{number}", text=f"{number}"))
    last = await bench.until(wire.Failed, lambda reply: reply.re == 129)
    assert last.code == "too_many"
    assert last.retry_after is not None
    assert await slowest_answer(desk) < UNNOTICED
    said = [(await window.until(wire.ChatSaid)).message.text for _ in range(5)]
    assert said == [f"{number}" for number in range(100, 105)]
    await window.ask(seeing)
    assert not [each for each in window.heard if isinstance(each, wire.ChatSaid)]


async def test_five_hundred_tracks_in_a_view_are_no_request_of_this_protocol(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, _, bench, _ = await a_class(browser_of, town)
    tracks = [wire.ViewedTrack(source=number, width=1, height=1) for number in range(1, 501)]
    failed = await refusal_of(bench, lambda number: wire.SetView(id=number, tracks=tracks))
    assert failed.code == "bad_request"
    assert media_node.peers_of(bench.me)[0].view == []


async def test_a_reader_that_hangs_costs_the_others_no_time(browser_of: BrowserOf, town: Town) -> None:
    desk, _, bench, window = await a_class(browser_of, town)
    bench.transport.pause_reading()
    clock = asyncio.get_running_loop().time
    text = "х" * 2000
    slowest = 0.0
    for number in range(200, 225):
        started = clock()
        await desk.send(wire.SendChat(id=number, key=f"k{number}", text=text))
        assert isinstance(await window.ask(seeing), wire.Done)
        slowest = max(slowest, clock() - started)
    assert slowest < UNNOTICED
    bench.lose_network()


async def test_twenty_tabs_of_one_person_are_one_seat_and_polite_refusals(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, pupil, bench, _ = await a_class(browser_of, town)
    pages = [await pupil.open_page() for _ in range(20)]
    media_node.answering = False
    for number, page in enumerate(pages):
        ticket = await pupil.ticket(town.lesson)
        take_over = number % 4 == 0
        await page.send(wire.Join(id=1, ticket=ticket, offer=an_offer(), media=wire.Media(), take_over=take_over))
    assert await slowest_answer(desk) < UNNOTICED
    media_node.answering = True
    await media_node.restart()
    ends = await asyncio.gather(*(_end_of(page) for page in pages))
    assert ends.count("joined") == 1
    assert set(ends) <= {"joined", "elsewhere", "already_here", "too_many", "ticket_refused"}
    await media_node.until(lambda: len(media_node.peers_of(bench.me)) == 1)


async def _end_of(page: Page) -> str:
    while True:
        async with asyncio.timeout(10):
            frame = await page.socket.receive()
        if frame.type is not aiohttp.WSMsgType.TEXT:
            return "closed"
        message = msgspec.json.decode(frame.data, type=wire.ServerMessage)
        if isinstance(message, wire.Joined):
            return "joined"
        if isinstance(message, wire.Failed):
            return message.code
        if isinstance(message, wire.Closed):
            return message.reason


async def test_no_more_connections_of_one_person_than_a_person_needs(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble, server: Context
) -> None:
    _, pupil, bench, _ = await a_class(browser_of, town)
    (room,) = server.rooms._by_id.values()
    nobodys = [Link(9001), Link(9002), Link(9003), Link(9004)]
    for link in nobodys:
        room.connect(link, next(iter(room._connections.values())), town.artyom.id)
    page = await pupil.open_page()
    ticket = await pupil.ticket(town.lesson)
    failed = await refusal_of(
        page, lambda number: wire.Join(id=number, ticket=ticket, offer=an_offer(), media=wire.Media())
    )
    assert (failed.code, failed.retry_after) == ("too_many", 2.0)
    room.disconnect(nobodys[0])
    await page.join(await pupil.ticket(town.lesson), take_over=True)
    assert page.me == bench.me


# ── who says it is the session, never the message ──


async def test_fields_that_name_somebody_else_are_not_read(browser_of: BrowserOf, town: Town) -> None:
    desk, _, bench, window = await a_class(browser_of, town)
    forged = {"author": desk.me, "participant": desk.me, "name": "Директор", "from": desk.me, "to": "hosts", "at": 1}
    for fields in (
        {"type": "send_chat", "id": 50, "key": "k", "text": "я директор"},
        {"type": "raise_hand", "id": 51, "up": True},
        {"type": "set_answer", "id": 52, "answer": "yes"},
        {"type": "react", "id": 53, "reaction": "clap"},
        {"type": "set_media", "id": 54, "media": {"microphone": False}},
    ):
        await bench.socket.send_str(msgspec.json.encode(forged | fields).decode())
        await bench.until(wire.Done, lambda reply: reply.re >= 50)
    said = (await window.until(wire.ChatSaid)).message
    assert (said.author, said.name, said.to) == (bench.me, "Артём Белов", "all")
    assert said.at > 1
    signs = (await window.until(wire.Reacted)).reactions
    assert [sign.participant for sign in signs] == [bench.me]
    await desk.until(wire.ParticipantChanged, lambda event: event.participant.answer == "yes")
    changed = [each.participant for each in window.heard if isinstance(each, wire.ParticipantChanged)]
    assert {each.id for each in changed} <= {bench.me}


async def test_what_a_removed_person_says_on_the_old_socket_is_heard_by_nobody(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, _, bench, window = await a_class(browser_of, town)
    await desk.send(wire.RemoveParticipant(id=50, participant=bench.me, reason="conduct"))
    await window.until(wire.ParticipantLeft)
    me = bench.me
    for number in range(60, 70):
        try:
            await bench.send(wire.SendChat(id=number, key=f"k{number}", text="ещё здесь"))
            await bench.send(wire.Reoffer(id=number + 100, offer=an_offer(2)))
        except (ConnectionError, aiohttp.ClientConnectionError):
            break
    await window.ask(seeing)
    assert not [each for each in window.heard if isinstance(each, wire.ChatSaid)]
    assert media_node.peers_of(me) == []


# ── sessions that are over ──


async def test_a_resume_after_sign_out_is_refused(browser_of: BrowserOf, town: Town) -> None:
    _, pupil, bench, _ = await a_class(browser_of, town)
    assert bench.joined is not None
    session = bench.joined.session
    cookie = pupil.session_cookie
    spare = await pupil.open_page()
    assert (await pupil.post("/api/sign-out"))[0] == 204
    assert await bench.close_code() == wire.CLOSE_CODES["signed_out"]
    failed = await refusal_of(spare, lambda number: wire.Resume(id=number, session=session, last_seq=0))
    assert failed.code == "session_refused"
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await pupil.open_page(Cookie=f"zvonok={cookie}")


async def test_a_resume_after_the_removal_is_refused_in_whatever_order_they_come(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, pupil, bench, _ = await a_class(browser_of, town)
    assert bench.joined is not None
    session, me = bench.joined.session, bench.me
    pages = [await pupil.open_page() for _ in range(6)]
    await desk.send(wire.RemoveParticipant(id=50, participant=me, reason="conduct"))
    for page in pages:
        await page.send(wire.Resume(id=1, session=session, last_seq=0))
    await desk.until(wire.Done, lambda reply: reply.re == 50)
    await media_node.until(lambda: not media_node.peers_of(me))
    for page in pages:
        assert await _end_of(page) in {"session_refused", "removed", "too_many", "lost", "closed"}
    assert media_node.peers_of(me) == []


async def test_a_resume_from_another_login_of_the_same_person_is_refused(browser_of: BrowserOf, town: Town) -> None:
    _, _, bench, _ = await a_class(browser_of, town)
    assert bench.joined is not None
    session = bench.joined.session
    other_device = await (await browser_of(town.artyom)).open_page()
    failed = await refusal_of(other_device, lambda number: wire.Resume(id=number, session=session, last_seq=0))
    assert failed.code == "session_refused"


async def test_a_ticket_is_good_once_and_of_the_role_that_asked_for_it(
    browser_of: BrowserOf, town: Town, settings: SignalingSettings
) -> None:
    _, pupil, _, _ = await a_class(browser_of, town)
    ticket = await pupil.ticket(town.lesson)
    database = sqlite3.connect(settings.database_url.removeprefix("sqlite+aiosqlite:///"))
    database.execute("UPDATE appointments SET role = 'class_teacher' WHERE member_id = ?", (town.artyom.id,))
    database.commit()
    database.close()
    page = await pupil.open_page()
    for _ in range(2):
        failed = await refusal_of(
            page, lambda number: wire.Join(id=number, ticket=ticket, offer=an_offer(), media=wire.Media())
        )
        assert failed.code == "ticket_refused"


async def test_refused_powers_are_counted_and_of_nobody_in_particular(
    browser_of: BrowserOf, town: Town, server: Context
) -> None:
    desk, _, bench, _ = await a_class(browser_of, town)
    await refusal_of(bench, lambda number: wire.EndLesson(id=number))
    await refusal_of(bench, lambda number: wire.Restrict(id=number, participant=desk.me, kind="camera", how="off"))
    count = server.metrics.registry.get_sample_value
    assert count("zvonok_powers_refused_total") == 2
    assert count("zvonok_rooms") == 1
    assert count("zvonok_participants") == 3
    assert count("zvonok_waiting") == 0
