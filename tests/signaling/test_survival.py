"""Signaling is killed: media go on as they were, and the next process knows everything that matters."""

import asyncio
from collections.abc import Callable

from school.people import Member
from signaling.live import messages as wire
from tests.signaling.browser import Browser, an_offer
from tests.signaling.surviving_lesson import Lesson, ask, card, setting_the_door
from tests.signaling.town import Town


def ids(lesson: Lesson, *members: Member) -> list[str]:
    return [lesson.pages[member.id].me for member in members]


def saying(text: str, key: str) -> Callable[[int], wire.Request]:
    return lambda number: wire.SendChat(id=number, key=key, text=text)


async def test_after_a_kill_everything_that_a_teacher_and_a_class_did_is_there(lesson: Lesson, town: Town) -> None:
    desk, artyoms, polinas = (lesson.pages[each.id] for each in (town.orlova, town.artyom, town.polina))
    artyom, polina, yegor = ids(lesson, town.artyom, town.polina, town.yegor)
    await ask(polinas, lambda number: wire.RaiseHand(id=number, up=True))
    await ask(polinas, lambda number: wire.SetLayout(id=number, layout=wire.Layout(mode="speaker", pins=[artyom])))
    await ask(artyoms, saying("Здравствуйте", "k1"))
    await ask(artyoms, saying("лишнее", "k2"))
    said = [(await desk.until(wire.ChatSaid)).message for _ in range(2)]
    await ask(desk, lambda number: wire.RemoveChat(id=number, message=said[1].id))
    await ask(desk, lambda number: wire.Restrict(id=number, participant=artyom, kind="microphone", how="off"))
    await ask(desk, lambda number: wire.Restrict(id=number, participant=polina, kind="camera", how="closed"))
    await ask(desk, lambda number: wire.SetSpotlight(id=number, participants=[polina]))
    await ask(desk, lambda number: wire.SetRoom(id=number, chat="hosts"))
    await ask(desk, lambda number: wire.RemoveParticipant(id=number, participant=yegor, reason="conduct"))
    await ask(desk, lambda number: wire.SetRoom(id=number, locked=True))
    await lesson.media.until(lambda: not lesson.media.peers_of(yegor))
    before = lesson.desired()
    await lesson.kill()
    lesson.media.rooms.clear()
    await lesson.start_again()
    await lesson.media.until(lambda: bool(lesson.media.rooms))
    assert lesson.desired() == before, "the node is told the very same, so nothing of the media changes"
    again, snapshot = await lesson.back(town.orlova)
    assert [each.name for each in snapshot.participants] == [
        "Марина Сергеевна Орлова",
        "Артём Белов",
        "Полина Дроздова",
    ]
    assert card(snapshot, artyom).mute == 1
    assert not card(snapshot, artyom).media.microphone
    assert card(snapshot, polina).hand is not None
    assert card(snapshot, polina).rights.camera == "closed"
    assert (snapshot.room.settings.locked, snapshot.room.settings.chat) == (True, "hosts")
    assert snapshot.room.spotlight == [polina]
    assert snapshot.room.flow
    assert [(each.id, each.text, each.removed, each.author) for each in snapshot.chat] == [
        (said[0].id, "Здравствуйте", None, artyom),
        (said[1].id, "", "host", artyom),
    ]
    assert [each.name for each in snapshot.chat] == [each.name for each in said]
    assert [each.at for each in snapshot.chat] == [each.at for each in said]
    _, theirs = await lesson.back(town.artyom)
    assert card(theirs, artyom).link == "here"
    here = await again.until(wire.ParticipantChanged, lambda event: event.participant.id == artyom)
    assert here.participant.link == "here"
    assert not [each for each in again.heard if isinstance(each, wire.MediaReset)]
    assert lesson.media.closed_rooms == []


async def test_both_devices_of_a_person_come_back_each_with_what_it_sends_and_the_sound_where_it_was(
    lesson: Lesson, town: Town
) -> None:
    laptop = lesson.pages[town.artyom.id]
    browser = await lesson.stack.enter_async_context(Browser(lesson.url))
    await browser.sign_in(town.artyom.id)
    tablet = await browser.enter(lesson.town.lesson, microphone=False)
    await ask(tablet, lambda number: wire.TakeSound(id=number))
    await ask(lesson.pages[town.orlova.id], setting_the_door("list"))
    before = lesson.desired()
    mine = [(peer.hears, peer.publish) for peer in lesson.media.peers_of(laptop.me)]
    assert mine == [(False, ["camera"]), (True, [])]
    await lesson.kill()
    lesson.media.rooms.clear()
    await lesson.start_again()
    await lesson.media.until(lambda: bool(lesson.media.rooms))
    assert lesson.desired() == before, "the node is told the very same, so nothing of the media changes"
    again, snapshot = await lesson.back(town.artyom)
    told = await again.until(wire.ThisDevice)
    assert (told.others, told.sound, told.taken) == (1, False, ["microphone"])
    assert tablet.joined is not None
    session = tablet.joined.session
    page = await browser.open_page()
    reply = await page.ask(lambda number: wire.Resume(id=number, session=session, last_seq=0))
    assert isinstance(reply, wire.Resumed)
    told = await page.until(wire.ThisDevice)
    assert (told.others, told.sound, told.taken) == (1, True, ["camera"])
    assert card(snapshot, laptop.me).media == wire.Media(camera=True)
    await ask(page, lambda number: wire.Leave(id=number))
    assert (await again.until(wire.ThisDevice)).sound
    stays = lesson.rows("SELECT left_at FROM stays WHERE member_id = ?", town.artyom.id)
    assert stays == [(None,)]


async def test_a_removed_person_stays_removed_through_a_kill(lesson: Lesson, town: Town) -> None:
    desk = lesson.pages[town.orlova.id]
    (yegor,) = ids(lesson, town.yegor)
    await ask(desk, lambda number: wire.RemoveParticipant(id=number, participant=yegor, reason="stranger"))
    await lesson.kill()
    await lesson.start_again()
    _, reply = await lesson.resume(town.yegor)
    assert isinstance(reply, wire.Failed)
    assert reply.code == "session_refused"
    assert (await lesson.browsers[town.yegor.id].refusal(town.lesson)).code == "removed"


async def test_a_power_is_kept_when_its_reply_is_here_however_soon_the_kill(lesson: Lesson, town: Town) -> None:
    desk = lesson.pages[town.orlova.id]
    (polina,) = ids(lesson, town.polina)
    await ask(desk, lambda number: wire.Restrict(id=number, participant=polina, kind="microphone", how="closed"))
    await lesson.kill()
    await lesson.start_again()
    page, snapshot = await lesson.back(town.polina)
    assert card(snapshot, polina).rights.microphone == "closed"
    on = wire.Media(microphone=True, camera=True)
    await ask(page, lambda number: wire.SetMedia(id=number, media=on, mute_seen=9))
    await lesson.media.until(lambda: lesson.media.peers_of(polina)[0].publish == ["camera"])


async def test_a_chat_message_that_was_answered_is_there_once_and_a_repeated_one_too(
    lesson: Lesson, town: Town
) -> None:
    artyoms = lesson.pages[town.artyom.id]
    await ask(artyoms, saying("один раз", "key"))
    await lesson.kill()
    await lesson.start_again()
    page, snapshot = await lesson.back(town.artyom)
    assert [each.text for each in snapshot.chat] == ["один раз"]
    await ask(page, saying("один раз", "key"))
    _, snapshot = await lesson.back(town.polina)
    assert [each.text for each in snapshot.chat] == ["один раз"]


async def test_source_numbers_of_newcomers_are_nobodys_after_a_kill(lesson: Lesson, town: Town) -> None:
    used = {number for peer in lesson.desired().peers for number in peer.sources.values()}
    await lesson.kill()
    await lesson.start_again()
    other = await lesson.stack.enter_async_context(Browser(lesson.url))
    await other.sign_in(town.class_teacher.id)
    await other.start(town.lesson_of_b)
    podium = await other.enter(town.lesson_of_b)
    (peer,) = lesson.media.peers_of(podium.me)
    assert used.isdisjoint(peer.sources.values())


async def test_whoever_lost_the_right_meanwhile_is_not_in_and_their_media_end(lesson: Lesson, town: Town) -> None:
    (polina,) = ids(lesson, town.polina)
    await lesson.kill()
    lesson.change("DELETE FROM appointments WHERE member_id = ?", town.polina.id)
    await lesson.start_again()
    await lesson.media.until(lambda: bool(lesson.media.rooms) and not lesson.media.peers_of(polina))
    _, snapshot = await lesson.back(town.orlova)
    assert polina not in [each.id for each in snapshot.participants]
    _, reply = await lesson.resume(town.polina)
    assert isinstance(reply, wire.Failed)
    assert reply.code == "session_refused"


async def test_a_session_is_resumed_by_its_own_browser_only_after_a_kill_too(lesson: Lesson, town: Town) -> None:
    joined = lesson.pages[town.artyom.id].joined
    assert joined is not None
    session = joined.session
    await lesson.kill()
    await lesson.start_again()
    thief = await lesson.browsers[town.polina.id].open_page()
    reply = await thief.ask(lambda number: wire.Resume(id=number, session=session, last_seq=0))
    assert isinstance(reply, wire.Failed)
    assert reply.code == "session_refused"
    await lesson.back(town.artyom)


async def test_when_both_are_killed_everybody_is_told_to_connect_their_media_anew(lesson: Lesson, town: Town) -> None:
    await lesson.kill()
    await lesson.media.restart()
    await lesson.start_again()
    await lesson.media.until(lambda: bool(lesson.media.rooms) and not lesson.desired().peers)
    page, reply = await lesson.resume(town.artyom)
    assert isinstance(reply, wire.Resumed)
    assert reply.media_lost
    answer = await page.ask(lambda number: wire.Reoffer(id=number, offer=an_offer(2)))
    assert isinstance(answer, wire.Reoffered)
    assert [peer.connection for peer in lesson.media.peers_of(lesson.pages[town.artyom.id].me)] == [2]


async def test_a_node_that_restarts_after_the_kill_resets_the_restored_room(lesson: Lesson, town: Town) -> None:
    await lesson.kill()
    await lesson.start_again()
    page, _ = await lesson.back(town.orlova)
    await lesson.media.restart()
    await page.until(wire.MediaReset)


async def test_killed_again_and_again_it_still_knows(lesson: Lesson, town: Town) -> None:
    desk = lesson.pages[town.orlova.id]
    (artyom,) = ids(lesson, town.artyom)
    await ask(desk, lambda number: wire.Restrict(id=number, participant=artyom, kind="microphone", how="off"))
    for _ in range(3):
        await lesson.kill()
        await lesson.start_again()
    _, snapshot = await lesson.back(town.artyom)
    assert card(snapshot, artyom).mute == 1
    assert not card(snapshot, artyom).media.microphone


async def test_a_lesson_that_was_started_again_does_not_get_the_chat_of_the_one_before(
    lesson: Lesson, town: Town
) -> None:
    await ask(lesson.pages[town.artyom.id], saying("прошлое", "k1"))
    await lesson.pages[town.orlova.id].send(wire.EndLesson(id=90))
    assert await lesson.pages[town.artyom.id].close_code() == wire.CLOSE_CODES["ended"]
    await lesson.enter(town.orlova)
    await lesson.enter(town.artyom)
    await ask(lesson.pages[town.artyom.id], saying("нынешнее", "k2"))
    await ask(lesson.pages[town.orlova.id], setting_the_door("knock"))
    await lesson.kill()
    await lesson.start_again()
    _, snapshot = await lesson.back(town.artyom)
    assert [each.text for each in snapshot.chat] == ["нынешнее"]


async def test_a_room_that_cannot_be_read_does_not_keep_the_process_from_serving(lesson: Lesson, town: Town) -> None:
    await lesson.kill()
    lesson.change("UPDATE live_rooms SET state = ?", '{"from": "the future"}')
    await lesson.start_again()
    _, reply = await lesson.resume(town.artyom)
    assert isinstance(reply, wire.Failed)
    assert reply.code == "session_refused"
    page = await lesson.browsers[town.artyom.id].enter(town.lesson)
    assert page.joined is not None


async def test_the_state_holds_no_name_and_no_secret(lesson: Lesson, town: Town) -> None:
    await ask(lesson.pages[town.artyom.id], lambda number: wire.RaiseHand(id=number, up=True))
    await lesson.process.terminate()
    ((state,),) = lesson.rows("SELECT state FROM live_rooms")
    assert isinstance(state, str)
    for member in (town.orlova, town.artyom, town.polina):
        joined = lesson.pages[member.id].joined
        assert joined is not None
        cookie = lesson.browsers[member.id].session_cookie
        for secret in (member.family_name, member.given_name, joined.session, cookie):
            assert secret not in state
    assert town.artyom.id in state


async def test_attendance_goes_on_through_a_kill_as_one_stay(lesson: Lesson, town: Town) -> None:
    await lesson.kill()
    await lesson.start_again()
    page, _ = await lesson.back(town.artyom)
    await ask(page, lambda number: wire.SetView(id=number, tracks=[]))
    stays = lesson.rows("SELECT left_at FROM stays WHERE member_id = ?", town.artyom.id)
    assert stays == [(None,)]
    await asyncio.gather(*(lesson.back(member) for member in (town.orlova, town.polina)))
