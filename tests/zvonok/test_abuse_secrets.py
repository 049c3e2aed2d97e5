"""Old keys and other people's data: tickets and sessions that are over, and everything that a page of a pupil is ever
told, searched for what it must not know. Through the whole running product."""

import asyncio
import json
import re
from collections.abc import Callable

import aiohttp
import msgspec
import pytest

from signaling.live import messages as wire
from tests.signaling.browser import Browser, Page
from tests.zvonok.media_line import offer_text, paces
from tests.zvonok.people_lab import School, Somebody

Asked = Callable[[int], wire.Request]
HIDDEN = "127.0.0.77"
MLINES = 500
SERVED_AGAIN_S = 30


def join(ticket: str, offer: wire.MediaOffer) -> Asked:
    return lambda number: wire.Join(id=number, ticket=ticket, offer=offer, media=wire.Media())


def resume(session: str) -> Asked:
    return lambda number: wire.Resume(id=number, session=session, last_seq=0)


async def refused_with(somebody: Somebody, request: Asked) -> str:
    page = await somebody.open_page()
    reply = await page.ask(request)
    assert isinstance(reply, wire.Failed), reply
    return reply.code


# ── keys that are over ──


async def test_a_ticket_opens_once(school: School) -> None:
    await school.teacher_in()
    pupil = await school.person("pupil", 0, "5А")
    ticket = await pupil.browser.ticket(school.lesson)
    await pupil.join(school.lesson, ticket=ticket)
    assert await refused_with(pupil, join(ticket, pupil.new_line().offer())) == "ticket_refused"


async def test_a_session_of_a_seat_is_resumed_by_its_own_login_only(school: School) -> None:
    await school.teacher_in()
    (pupil, classmate) = await school.pupils_in(2)
    again = await school.person("pupil", 0, "5А")
    for thief in (classmate, again):
        assert await refused_with(thief, resume(pupil.joined.session)) == "session_refused"
    assert pupil.page.code is None


async def test_after_sign_out_neither_the_cookie_nor_the_ticket_nor_the_session_opens_anything(school: School) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    ticket, cookie = await pupil.browser.ticket(school.lesson), pupil.browser.session_cookie
    assert (await pupil.browser.post("/api/sign-out"))[0] == 204
    assert await pupil.page.close_code() == 4401
    await teacher.page.until(wire.ParticipantLeft)
    headers = {"Cookie": f"zvonok={cookie}"}
    async with pupil.browser.http.get("/api/me", headers=headers) as response:
        assert response.status == 401
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await pupil.browser.open_page(**headers)
    assert refused.value.status == 401
    again = await school.person("pupil", 0, "5А")
    assert await refused_with(again, join(ticket, again.new_line().offer())) == "ticket_refused"
    assert await refused_with(again, resume(pupil.joined.session)) == "session_refused"


async def test_a_page_of_an_older_protocol_or_of_another_site_is_refused_before_the_upgrade(school: School) -> None:
    pupil = await school.person("pupil", 0, "5А")
    own = {"Origin": school.demo.url}
    for protocols, headers, status in (
        (("zvonok.v0",), own, 400),
        ((), own, 400),
        ((wire.SUBPROTOCOL,), {"Origin": "http://localhost.example"}, 403),
        ((wire.SUBPROTOCOL,), {"Origin": "null"}, 403),
        ((wire.SUBPROTOCOL,), {}, 403),
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await pupil.browser.http.ws_connect("/ws", protocols=protocols, headers=headers)
        assert refused.value.status == status, (protocols, headers)


# ── seats without people ──


async def test_one_person_who_joins_again_and_again_holds_one_seat_and_no_media_are_left_behind(school: School) -> None:
    teacher = await school.teacher_in()
    pupil = await school.person("pupil", 0, "5А")
    for _ in range(12):
        await pupil.join(school.lesson, take_over=True)
    assert set(teacher.roster()) == {teacher.me, pupil.me}
    await pupil.does(lambda n: wire.Leave(id=n))
    await teacher.until_told(lambda: set(teacher.roster()) == {teacher.me})


async def test_tickets_that_are_hoarded_push_out_the_oldest(school: School) -> None:
    await school.teacher_in()
    pupil = await school.person("pupil", 0, "5А")
    hoard: list[str] = []
    while len(hoard) < 30:
        status, body = await pupil.browser.post(f"/api/lessons/{school.lesson}/ticket")
        if status == 429:
            break
        hoard.append(json.loads(body)["ticket"])
    assert await refused_with(pupil, join(hoard[0], pupil.new_line().offer())) == "ticket_refused"
    await pupil.join(school.lesson, ticket=hoard[-1])


async def test_whoever_opens_connection_after_connection_is_slowed_down_and_then_served_again(school: School) -> None:
    teacher = await school.teacher_in()
    pupil = await school.person("pupil", 0, "5А")
    opened: list[Page] = []

    async def opens_all() -> None:
        while len(opened) < 100:
            opened.append(await pupil.browser.open_page())

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await opens_all()
    assert refused.value.status in (429, 503)
    for page in opened:
        await page.socket.close()
    async with asyncio.timeout(SERVED_AGAIN_S):
        while (answer := await pupil.browser.post(f"/api/lessons/{school.lesson}/ticket"))[0] == 429:
            await paces(0.2)
        await paces(1)
    await pupil.join(school.lesson, ticket=json.loads(answer[1])["ticket"])
    await pupil.hears(teacher, "слышно")


async def test_an_offer_of_five_hundred_lines_is_refused_and_the_next_one_is_served(school: School) -> None:
    teacher = await school.teacher_in()
    pupil = await school.person("pupil", 0, "5А")
    line = pupil.new_line()
    bomb = msgspec.structs.replace(line.offer(), sdp=offer_text(line.ufrag, line.pwd, MLINES)[:250_000])
    asked = asyncio.get_running_loop().time()
    assert await refused_with(pupil, join(await pupil.browser.ticket(school.lesson), bomb)) == "bad_offer"
    assert asyncio.get_running_loop().time() - asked < 1
    await pupil.join(school.lesson)
    await pupil.hears(teacher, "слышно")


# ── what nobody is told ──


async def from_address(browser: Browser, address: str) -> None:
    """What this browser asks from here on comes from the address."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0))
    cookies = browser.http.cookie_jar
    await browser.http.close()
    browser.http = aiohttp.ClientSession(browser.url, cookie_jar=cookies, connector=connector)


async def test_nothing_that_a_page_is_told_holds_the_address_mail_or_phone_of_another(school: School) -> None:
    teacher, (classmate,) = await school.teacher_in(), await school.pupils_in(1)
    hidden = await school.person("pupil", 1, "5А")
    await from_address(hidden.browser, HIDDEN)
    hidden.local_address = HIDDEN
    await hidden.join(school.lesson)
    await teacher.hears(hidden, "слышно")
    await hidden.does(lambda n: wire.SendChat(id=n, key="k", text="привет"))
    await classmate.page.until(wire.ChatSaid)
    documents = []
    for somebody in (teacher, classmate):
        sheet = f"/api/lessons/{school.lesson}"
        for path in (sheet, f"{sheet}/attendance", f"{sheet}/attendance.csv", "/api/today", "/api/me", "/healthz"):
            async with somebody.browser.http.get(path) as response:
                documents.append(await response.text())
    told = "\n".join(teacher.texts + classmate.texts + documents)
    assert str(hidden.line.port) not in re.findall(r"\d+", told)
    assert HIDDEN not in told
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+", told) == []
    assert re.findall(r"(?<![\w.])\+7[ (\d-]{7,}", told) == []
    assert hidden.joined.session not in told
    assert hidden.browser.session_cookie not in told
    assert hidden.line.ufrag not in told


async def test_a_participant_is_told_of_by_these_fields_and_no_others(school: School) -> None:
    _, (pupil, _) = await school.teacher_in(), await school.pupils_in(2)
    fields = set(wire.Participant.__struct_fields__)
    shown = "id name short_name initials about role host verified office sources media mute rights hand answer link"
    assert fields == set(shown.split())
    snapshot = next(json.loads(text)["snapshot"] for text in pupil.texts if '"snapshot"' in text)
    members = {person.id for person in school.demo.people}
    for participant in snapshot["participants"]:
        assert set(participant) <= fields | {"type"}
        assert participant["id"] not in members
    assert snapshot["waiting"] == []
