"""Who may not do what in a running school: powers of hosts in other hands, lessons of others, borrowed names, the door.
Each through the real WebSocket and HTTP; the audit and the room are looked at afterwards."""

import json
from collections.abc import Callable
from typing import Literal

import pytest

from signaling.api import documents
from signaling.live import messages as wire
from tests.zvonok.people_lab import School, Somebody

Asked = Callable[[int], wire.Request]


How = Literal["off", "closed", "open"]
KINDS: tuple[wire.Restricted, ...] = ("microphone", "camera", "screen")
HOWS: tuple[How, ...] = ("off", "closed", "open")


def restrict(participant: str | None, kind: wire.Restricted, how: How) -> Asked:
    return lambda number: wire.Restrict(id=number, participant=participant, kind=kind, how=how)


def powers_over(target: str) -> list[Asked]:
    """Every request of hosts, with each of its faces."""
    return [
        *(restrict(who, kind, how) for who in (target, None) for kind in KINDS for how in HOWS),
        lambda n: wire.GiveFloor(id=n, participant=target),
        lambda n: wire.TakeFloor(id=n, participant=target),
        lambda n: wire.TakeFloor(id=n, participant=None),
        lambda n: wire.LowerHand(id=n, participant=target),
        lambda n: wire.LowerHand(id=n, participant=None),
        lambda n: wire.ClearAnswers(id=n),
        lambda n: wire.AskToTurnOn(id=n, participants=[target], kind="microphone"),
        lambda n: wire.SetRoom(id=n, door="knock"),
        lambda n: wire.SetRoom(id=n, locked=True),
        lambda n: wire.SetRoom(id=n, chat="off"),
        lambda n: wire.SetRoom(id=n, pupils_cameras="hosts"),
        lambda n: wire.SetSpotlight(id=n, participants=[target]),
        lambda n: wire.Admit(id=n, waiting=None),
        lambda n: wire.Decline(id=n, waiting="w-1"),
        lambda n: wire.SetHost(id=n, participant=target, host=True),
        lambda n: wire.RemoveParticipant(id=n, participant=target, reason="noise"),
        lambda n: wire.EndLesson(id=n),
    ]


async def may_do_nothing(school: School, somebody: Somebody, host: Somebody, target: Somebody) -> None:
    before, told, deeds = host.roster(), len(host.page.all_of(wire.RoomChanged)), school.deeds()
    for request in powers_over(target.me) + powers_over(somebody.me):
        reply = await somebody.ask(request)
        assert isinstance(reply, wire.Failed), (request(0), reply)
        assert reply.code == "not_allowed", (request(0), reply)
    await host.looks_at()
    assert host.roster() == before
    assert len(host.page.all_of(wire.RoomChanged)) == told
    assert target.page.all_of(wire.PleaseTurnOn) == []
    assert school.deeds() == deeds
    assert host.page.code is None


async def test_a_pupil_has_no_power_of_a_host(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await may_do_nothing(school, pupil, teacher, classmate)


async def test_a_parent_has_no_power_of_a_host(school: School) -> None:
    leader = await school.leader_in()
    mother, father = await school.parent_in(leader, 0), await school.parent_in(leader, 1)
    await may_do_nothing(school, mother, leader, father)


@pytest.mark.parametrize("role", ["director", "administrator", "deputy", "class_teacher"])
async def test_an_observer_has_no_power_of_a_host(school: School, role: str) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    observer = await (await school.person(role)).join(school.lesson, observes=True)
    await school.until_written("observer_came", school.demo.person(role).id)
    await may_do_nothing(school, observer, teacher, pupil)


async def test_a_pupil_neither_starts_a_lesson_nor_reads_its_attendance_or_reports(school: School) -> None:
    await school.teacher_in()
    pupil = await school.person("pupil", 0, "5А")
    sheet = f"/api/lessons/{school.lesson}/attendance"
    for path in (sheet, f"{sheet}.csv", f"{sheet}.xlsx", "/api/reports"):
        async with pupil.browser.http.get(path) as response:
            assert response.status == 403, path
    status, _ = await pupil.browser.post(f"/api/lessons/{school.lesson}/start")
    assert status == 403


# ── lessons of others ──


@pytest.mark.parametrize(
    ("role", "class_name", "code"),
    [("pupil", "5Б", "wrong_class"), ("parent", "5А", None), ("parent", "5Б", None)],
)
async def test_whoever_is_not_of_a_lesson_gets_no_ticket_and_learns_nobodys_name(
    school: School, role: str, class_name: str, code: str | None
) -> None:
    await school.teacher_in()
    await school.pupils_in(2)
    stranger = await school.person(role, 0, class_name)
    status, body = await stranger.browser.post(f"/api/lessons/{school.lesson}/ticket")
    assert status == 403
    assert code in (None, json.loads(body)["code"])
    card = await stranger.browser.get(f"/api/lessons/{school.lesson}", documents.LessonCard)
    assert (card.lesson, card.here, card.room_role) == (None, [], None)


async def test_a_ticket_of_somebody_else_opens_nothing_and_is_used_up(school: School) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    stranger = await school.person("pupil", 0, "5Б")
    ticket = await pupil.browser.ticket(school.lesson)
    for somebody in (stranger, pupil):
        page = await somebody.open_page()
        offer = somebody.new_line().offer()
        await page.send(wire.Join(id=1, ticket=ticket, offer=offer, media=wire.Media()))
        reply = await page.until(wire.Failed)
        assert reply.code == "ticket_refused"
    assert not any("v=0" in text for text in stranger.texts)
    assert len(teacher.roster()) == 2


@pytest.mark.parametrize(("role", "class_name"), [("pupil", "5А"), ("parent", "5Б")])
async def test_a_meeting_is_for_the_parents_of_its_class(school: School, role: str, class_name: str) -> None:
    await school.leader_in()
    refusal = await (await school.person(role, 0, class_name)).browser.refusal(school.meeting)
    assert refusal.code == {"pupil": "pupils_not_in_meetings", "parent": "wrong_meeting"}[role]


# ── borrowed names ──


async def test_what_is_written_raised_and_answered_is_of_the_session_whatever_a_message_claims(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    names = ("author", "from", "participant", "sender", "you", "actor", "member", "session")
    claims: dict[str, object] = {**dict.fromkeys(names, teacher.me), "name": "Марина Сергеевна", "role": "teacher"}
    claims |= {"host": True, "to": "hosts", "mute": 7}
    media = {"microphone": False, "camera": True}
    requests: list[dict[str, object]] = [
        {"type": "send_chat", "key": "k", "text": "уроков не будет"},
        {"type": "raise_hand", "up": True},
        {"type": "set_answer", "answer": "yes"},
        {"type": "react", "reaction": "clap"},
        {"type": "set_media", "media": media},
    ]
    for number, request in enumerate(requests, 900):
        await pupil.page.socket.send_str(json.dumps(claims | request | {"id": number}))
        assert (await pupil.page.until(wire.Done)).re == number
    said = await classmate.page.until(wire.ChatSaid)
    assert (said.message.author, said.message.name, said.message.to) == (pupil.me, "Артём Белов", "all")
    reacted = await classmate.page.until(wire.Reacted)
    assert [sign.participant for sign in reacted.reactions] == [pupil.me]
    await classmate.until_told(lambda: classmate.seat_of(pupil).answer == "yes")
    await classmate.until_told(lambda: not classmate.seat_of(pupil).media.microphone)
    await classmate.until_told(lambda: classmate.seat_of(pupil).hand is not None)
    forged, real = classmate.seat_of(pupil), classmate.seat_of(teacher)
    assert (forged.role, forged.host, forged.mute) == ("pupil", False, 0)
    assert (real.answer, real.hand, real.media.microphone) == (None, None, True)


async def test_nobody_takes_away_the_message_of_another_but_a_host(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await pupil.does(lambda n: wire.SendChat(id=n, key="k", text="моё"))
    said = (await classmate.page.until(wire.ChatSaid)).message
    reply = await classmate.ask(lambda n: wire.RemoveChat(id=n, message=said.id))
    assert isinstance(reply, wire.Failed)
    assert reply.code in ("not_allowed", "not_found")
    await teacher.does(lambda n: wire.RemoveChat(id=n, message=said.id))
    assert (await classmate.page.until(wire.ChatRemoved)).by == "host"


# ── the door ──


async def test_whoever_waits_at_the_door_gets_no_answer_no_roster_no_chat_and_can_do_nothing(school: School) -> None:
    leader = await school.leader_in()
    mother = await school.person("parent", 0, "5А")
    await mother.knock(school.meeting)
    await mother.page.until(wire.AtTheDoor)
    await leader.does(lambda n: wire.SendChat(id=n, key="k", text="только для своих"))
    acts: list[Asked] = [
        lambda n: wire.SendChat(id=n, key="k", text="пустите"),
        lambda n: wire.RaiseHand(id=n, up=True),
        lambda n: wire.React(id=n, reaction="clap"),
        lambda n: wire.SetView(id=n, tracks=[]),
        lambda n: wire.Report(id=n, participant=None, category="other", text="…"),
        *powers_over(leader.me),
    ]
    for act in acts:
        reply = await mother.ask(act)
        assert isinstance(reply, wire.Failed), (act(0), reply)
    told = "".join(mother.texts)
    assert not any(word in told for word in ("v=0", "только для своих", "participants", "sources", leader.me))
    assert len(leader.roster()) == 1
    assert len((await leader.page.until(wire.DoorChanged)).waiting) == 1


async def test_joining_again_from_another_tab_or_device_does_not_get_past_the_door(school: School) -> None:
    leader = await school.leader_in()
    mother, tablet, phone = [await school.person("parent", 0, "5А") for _ in range(3)]
    for one, take_over in ((mother, False), (tablet, False), (mother, True), (phone, True)):
        await one.knock(school.meeting, take_over=take_over)
        await one.page.until(wire.AtTheDoor)
    for one in (mother, tablet, phone):
        page = await one.knock(school.meeting)
        assert (await page.until(wire.Failed)).code == "already_here"
    assert len(leader.roster()) == 1
    assert [len(event.waiting) for event in leader.page.all_of(wire.DoorChanged)][-1] == 1


# ── those who have powers ──


async def test_an_observer_who_came_is_in_the_audit(school: School) -> None:
    await school.teacher_in()
    card = school.demo.person("director")
    await (await school.person("director")).join(school.lesson, observes=True)
    await school.until_written("observer_came", card.id)


async def test_an_observer_is_seen_by_everybody_and_sends_nothing(school: School) -> None:
    _, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    card = school.demo.person("director")
    director = await (await school.person("director")).join(school.lesson, observes=True)
    seen = (await pupil.page.until(wire.ParticipantJoined)).participant
    assert (seen.id, seen.role, seen.office, seen.name) == (director.me, "observer", "director", card.name)
    for _ in range(20):
        director.line.say("подслушиваю")
        director.line.show()
    await director.line.fence()
    await pupil.line.fence()
    assert pupil.line.heard == []
    later = await (await school.person("pupil", 1, "5А")).join(school.lesson)
    assert later.roster()[director.me].role == "observer"


async def test_an_observer_who_offers_senders_is_not_heard(school: School) -> None:
    _, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    director = await school.person("director")
    page, line = await director.open_page(), director.new_line()
    media = wire.Media(microphone=True, camera=True)
    ticket = await director.browser.ticket(school.lesson)
    reply = await page.ask(lambda n: wire.Join(id=n, ticket=ticket, offer=line.offer(), media=media))
    if isinstance(reply, wire.Joined):
        await line.connect(reply.answer)
        for _ in range(20):
            line.say("подслушиваю")
        await line.fence()
    await pupil.line.fence()
    assert pupil.line.heard == []


async def test_each_power_that_was_used_is_in_the_audit_with_whom_it_met(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    who, whom, gone = (school.demo.person(*one).id for one in (("teacher",), ("pupil", 0, "5А"), ("pupil", 1, "5А")))
    before = len(school.deeds())
    target = pupil.me
    await pupil.sends(camera=False)
    acts: list[tuple[str, str, Asked]] = [
        ("asked_to_turn_on", whom, lambda n: wire.AskToTurnOn(id=n, participants=[target], kind="camera")),
        ("participant_muted", whom, lambda n: wire.Restrict(id=n, participant=target, kind="microphone", how="off")),
        ("microphone_closed", whom, lambda n: wire.Restrict(id=n, participant=target, kind="microphone", how="closed")),
        ("microphone_closed", "", lambda n: wire.Restrict(id=n, participant=None, kind="microphone", how="closed")),
        ("floor_given", whom, lambda n: wire.GiveFloor(id=n, participant=target)),
        ("floor_taken", whom, lambda n: wire.TakeFloor(id=n, participant=target)),
        ("camera_closed", whom, lambda n: wire.Restrict(id=n, participant=target, kind="camera", how="closed")),
        ("room_set", "", lambda n: wire.SetRoom(id=n, locked=True)),
        ("spotlight_set", whom, lambda n: wire.SetSpotlight(id=n, participants=[target])),
        ("participant_removed", gone, lambda n: wire.RemoveParticipant(id=n, participant=classmate.me, reason="noise")),
    ]
    for _, _, act in acts:
        await teacher.does(act)
    written = school.deeds()[before:]
    for deed, target_id, _ in acts:
        assert (deed, who, target_id) in written, (deed, written)
