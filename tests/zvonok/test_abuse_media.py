"""What a pupil's own program may send or ask of the media node, past everything that the page would allow: through the
real WebSocket and real UDP of a running demo school."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import pytest

from signaling.live import messages as wire
from tests.zvonok.media_line import Line
from tests.zvonok.people_lab import School, Somebody

WITHIN_S = 1.0


Asked = Callable[[int], wire.Request]


def restrict(pupil: Somebody, kind: wire.Restricted, how: Literal["off", "closed", "open"]) -> Asked:
    return lambda number: wire.Restrict(id=number, participant=pupil.me, kind=kind, how=how)


def sound_on(mute_seen: int) -> Asked:
    media = wire.Media(microphone=True, camera=True)
    return lambda number: wire.SetMedia(id=number, media=media, mute_seen=mute_seen)


def join(ticket: str, offer: wire.MediaOffer) -> Asked:
    return lambda number: wire.Join(id=number, ticket=ticket, offer=offer, media=wire.Media())


async def sends_to_nobody(speaker: Somebody, kind: wire.TrackKind, *listeners: Somebody) -> None:
    """Within a second nothing of this track comes to any listener, and nothing does from then on."""
    source = speaker.roster()[speaker.me].sources[kind]
    assert speaker.line.is_up

    async def reached() -> int:
        before = sum(len(one.line.heard_of(source)) for one in listeners)
        for _ in range(10):
            speaker.line.show() if kind == "camera" else speaker.line.say("чужое")
        await speaker.line.fence()
        for one in listeners:
            await one.line.fence()
        return sum(len(one.line.heard_of(source)) for one in listeners) - before

    async with asyncio.timeout(WITHIN_S):
        while await reached():
            pass
    for _ in range(10):
        assert not await reached()


@pytest.mark.parametrize("kind", ["microphone", "camera"])
async def test_what_a_closed_device_sends_anyway_is_forwarded_to_nobody(school: School, kind: wire.Restricted) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    for one in (teacher, classmate):
        await one.looks_at(pupil.camera)
        await one.sees(pupil)
        await one.hears(pupil, "слышно")
    await teacher.does(restrict(pupil, kind, "closed"))
    await sends_to_nobody(pupil, kind, teacher, classmate)


async def restarts_ice(pupil: Somebody) -> None:
    await pupil.line.open_socket()


async def says_it_is_on(pupil: Somebody) -> None:
    for mute in (0, 1, 2, 2**53):
        await pupil.ask(sound_on(mute))


async def makes_a_second_connection(pupil: Somebody) -> None:
    line = await pupil.reoffer()
    await pupil.does(lambda n: wire.Settle(id=n, connection=line.connection))


async def makes_a_second_connection_and_keeps_both(pupil: Somebody) -> None:
    await pupil.reoffer()


async def resumes(pupil: Somebody) -> None:
    pupil.page.lose_network()
    assert isinstance(await pupil.resume(), wire.Resumed)


WAYS_BACK = [
    says_it_is_on,
    restarts_ice,
    makes_a_second_connection,
    makes_a_second_connection_and_keeps_both,
    resumes,
]


@pytest.mark.parametrize("way_back", WAYS_BACK)
async def test_a_closed_microphone_stays_closed_whatever_its_page_does(
    school: School, way_back: Callable[[Somebody], Awaitable[None]]
) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.hears(pupil, "слышно")
    await teacher.does(lambda n: wire.Restrict(id=n, participant=None, kind="microphone", how="closed"))
    await way_back(pupil)
    await sends_to_nobody(pupil, "microphone", teacher, classmate)
    await teacher.does(restrict(pupil, "microphone", "open"))
    await pupil.sends(mute_seen=teacher.seat_of(pupil).mute)
    await teacher.hears(pupil, "снова слышно")


async def test_a_closed_microphone_stays_closed_for_a_page_that_comes_anew(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.does(restrict(pupil, "microphone", "closed"))
    await pupil.join(school.lesson, microphone=True, take_over=True)
    await sends_to_nobody(pupil, "microphone", teacher, classmate)


async def test_a_muted_person_is_not_heard_by_a_second_device_either(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.hears(pupil, "слышно")
    await teacher.does(restrict(pupil, "microphone", "off"))
    tablet = await (await school.person("pupil", 0, "5А")).join(school.lesson, microphone=True)
    assert tablet.me == pupil.me
    for _ in range(2):
        await sends_to_nobody(tablet, "microphone", teacher, classmate)
        await tablet.does(lambda n: wire.TakeSound(id=n))
        await tablet.does(sound_on(0))
    await tablet.does(sound_on(teacher.seat_of(pupil).mute))
    await teacher.hears(tablet, "снова слышно")


async def test_what_a_device_sends_on_after_another_one_took_the_microphone_is_forwarded_to_nobody(
    school: School,
) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    tablet = await (await school.person("pupil", 0, "5А")).join(school.lesson)
    await teacher.hears(pupil, "слышно")
    await pupil.hears(teacher, "слышно и ему")
    await tablet.does(lambda n: wire.TakeSound(id=n))
    await sends_to_nobody(pupil, "microphone", teacher, classmate)
    await tablet.does(sound_on(0))
    await sends_to_nobody(pupil, "microphone", teacher, classmate)
    await teacher.hears(tablet, "слышно отсюда")
    await tablet.hears(teacher, "слышно здесь")
    await falls_silent(pupil.line, teacher)


async def test_whoever_comes_into_a_room_of_closed_microphones_is_not_heard(school: School) -> None:
    teacher = await school.teacher_in()
    await teacher.does(lambda n: wire.Restrict(id=n, participant=None, kind="microphone", how="closed"))
    (pupil,) = await school.pupils_in(1)
    await sends_to_nobody(pupil, "microphone", teacher)


async def test_a_device_that_its_person_has_off_is_turned_on_by_nobody_else(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await pupil.sends(microphone=False, camera=False)
    await teacher.does(restrict(pupil, "microphone", "open"))
    await teacher.does(restrict(pupil, "camera", "open"))
    await teacher.does(lambda n: wire.GiveFloor(id=n, participant=pupil.me))
    await teacher.does(lambda n: wire.SetSpotlight(id=n, participants=[pupil.me]))
    await sends_to_nobody(pupil, "microphone", teacher, classmate)
    assert not teacher.seat_of(pupil).media.microphone
    assert not teacher.seat_of(pupil).media.camera


async def test_being_asked_to_turn_on_is_a_question_and_changes_nothing_at_the_node(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await pupil.sends(microphone=False, camera=False)
    await teacher.does(lambda n: wire.AskToTurnOn(id=n, participants=[pupil.me], kind="microphone"))
    asked = await pupil.page.until(wire.PleaseTurnOn)
    assert (asked.kind, asked.by) == ("microphone", teacher.me)
    await sends_to_nobody(pupil, "microphone", teacher, classmate)
    await pupil.sends(microphone=True, camera=False)
    await teacher.hears(pupil, "теперь слышно")


async def falls_silent(line: Line, *speakers: Somebody) -> None:
    """Nothing comes over this line a second from now, though all of them go on."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    while loop.time() < started + WITHIN_S + 0.5:
        for speaker in speakers:
            speaker.line.say("урок идёт")
        await line._next(0.02)
    assert [packet for packet in line.heard if packet.at > started + WITHIN_S] == []


async def test_a_removed_person_hears_and_is_heard_no_longer_than_a_second(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.hears(pupil, "слышно")
    await pupil.hears(teacher, "слышно")
    source = pupil.microphone
    await teacher.does(lambda n: wire.RemoveParticipant(id=n, participant=pupil.me, reason="conduct"))
    removed_at = asyncio.get_running_loop().time()
    await falls_silent(pupil.line, pupil, teacher, classmate)
    late = [p for one in (teacher, classmate) for p in one.line.heard_of(source) if p.at > removed_at + WITHIN_S]
    assert late == []
    assert await pupil.page.close_code() == 4403
    assert [closed.reason for closed in pupil.page.all_of(wire.Closed)] == ["removed"]


async def test_a_removed_person_has_no_way_back_from_any_device(school: School) -> None:
    """Two of them are in; a third one has only a ticket."""
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    beside = await (await school.person("pupil", 0, "5А")).join(school.lesson)
    tablet = await school.person("pupil", 0, "5А")
    in_hand, at_home = await pupil.browser.ticket(school.lesson), await tablet.browser.ticket(school.lesson)
    await teacher.does(lambda n: wire.RemoveParticipant(id=n, participant=pupil.me, reason="conduct"))
    for one in (pupil, beside):
        assert await one.page.close_code() == 4403
        assert isinstance(await one.resume(), wire.Failed)
    for device, ticket in ((pupil, in_hand), (tablet, at_home)):
        page = await device.open_page()
        reply = await page.ask(join(ticket, device.new_line().offer()))
        assert isinstance(reply, wire.Failed), reply
        assert reply.code == "ticket_refused"
        assert (await device.browser.refusal(school.lesson)).code == "removed"
    reply = await pupil.resume()
    assert isinstance(reply, wire.Failed)
    assert reply.code == "session_refused"
    assert pupil.me not in teacher.roster()


# ── what is not there for this person ──


async def test_a_picture_of_another_room_cannot_be_asked_for_by_its_number(school: School) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    leader = await school.leader_in()
    parent = await school.parent_in(leader)
    await leader.looks_at(parent.camera)
    await leader.sees(parent)
    await pupil.looks_at(parent.camera, leader.camera, teacher.camera)
    await leader.sees(parent)
    await pupil.line.fence()
    assert pupil.line.heard_of(parent.camera) == []
    assert pupil.line.heard_of(leader.camera) == []


async def test_pupils_cameras_that_are_for_hosts_are_seen_by_no_pupil_that_names_them(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.looks_at(pupil.camera)
    await classmate.looks_at(pupil.camera)
    await classmate.sees(pupil)
    await teacher.does(lambda n: wire.SetRoom(id=n, pupils_cameras="hosts"))
    await classmate.looks_at(pupil.camera)
    await sends_to_nobody(pupil, "camera", classmate)
    await teacher.sees(pupil)


async def test_whoever_borrows_the_numbers_of_another_is_heard_under_their_own_name_only(school: School) -> None:
    teacher, (pupil, classmate) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.hears(pupil, "это я")
    await pupil.sends(microphone=False)
    await teacher.line.fence()
    before = len(teacher.line.heard_of(pupil.microphone))
    for _ in range(30):
        classmate.line.send(classmate.line.sound(b"forged", ssrc=pupil.line.sound_ssrc))
        classmate.line.send(classmate.line.sound(b"forged", mid=b"77", ssrc=pupil.line.sound_ssrc + 1))
        await teacher.line._next(0.01)
    await classmate.line.fence()
    await teacher.line.fence()
    assert len(teacher.line.heard_of(pupil.microphone)) == before
    assert {p.source for p in teacher.line.heard if p.payload == b"forged"} <= {classmate.microphone}


async def test_packets_that_were_recorded_are_not_played_again(school: School) -> None:
    teacher, (pupil, _) = await school.teacher_in(), await school.pupils_in(2)
    await teacher.hears(pupil, "слышно")
    packet = pupil.line.sound(b"once")
    assert pupil.line._sender is not None
    sealed = bytes(pupil.line._sender.protect(packet))
    for _ in range(20):
        pupil.line.send_raw(sealed)
    await pupil.line.fence()
    await teacher.line.fence()
    assert [p.payload for p in teacher.line.heard].count(b"once") == 1
