"""What a room shows to all, or keeps for one: spotlight, reactions, layout, settings, reports, attendance."""

import msgspec
import pytest

from school.audit import Deed
from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.classroom import UNIX_OFFSET, Classroom, a_person, a_setting

ORLOVA = a_person("Орлова", "teacher")
PETROVA = a_person("Петрова", "staff")
RYABOV = a_person("Рябов", "observer")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench, window = room.join(ORLOVA), room.join(ARTYOM), room.join(POLINA)
    room.said.clear()
    room.attendance.clear()
    return room, desk, bench, window


def spotlights(room: Classroom, link: commands.Link) -> list[list[str]]:
    return [each.room.spotlight for each in room.events(link, wire.RoomChanged)]


# ── spotlight ──


def test_a_spotlight_is_shown_to_everybody_in_the_order_it_was_set() -> None:
    room, desk, bench, _ = a_lesson()
    chosen = [room.id_of(POLINA), room.id_of(ORLOVA)]
    room.ask(desk, wire.SetSpotlight(id=1, participants=[*chosen, chosen[0]]))
    assert spotlights(room, bench) == [chosen]
    assert [(each.deed, each.detail) for each in room.enter_in_books()] == [(Deed.SPOTLIGHT_SET, "2")]
    room.ask(desk, wire.SetSpotlight(id=2, participants=[]))
    assert spotlights(room, bench) == [[]]


def test_the_spotlight_goes_with_its_person_and_does_not_come_back_by_itself() -> None:
    room, desk, bench, window = a_lesson()
    room.ask(desk, wire.SetSpotlight(id=1, participants=[room.id_of(ARTYOM), room.id_of(POLINA)]))
    room.heard(window)
    room.tell(commands.Drop(bench, "lost"))
    assert spotlights(room, window) == [], "the tile is still there"
    room.pass_time(30)
    assert spotlights(room, window) == [[room.id_of(POLINA)]]
    room.join(ARTYOM)
    assert room.state.info().spotlight == [room.id_of(POLINA)]


def test_only_people_who_are_in_are_shown() -> None:
    room, desk, bench, _ = a_lesson()
    observer = room.join(RYABOV)
    gone = room.id_of(ARTYOM)
    room.ask(bench, wire.Leave(id=1))
    coming = room.knock(a_person("Егор"))
    room.said.clear()
    for number, participant in enumerate([gone, "nobody", room.id_of(a_person("Егор")), room.id_of(RYABOV)]):
        room.ask(desk, wire.SetSpotlight(id=number, participants=[room.id_of(POLINA), participant]))
    assert room.failures(desk) == ["not_found", "not_found", "not_found", "not_allowed"]
    assert room.state.info().spotlight == []
    assert (room.heard(observer), room.heard(coming)) == ([], [])


# ── reactions ──


def test_reactions_of_a_moment_are_told_together_ten_times_a_second() -> None:
    room, desk, bench, window = a_lesson()
    before = room.state.log.seq
    room.ask(bench, wire.React(id=3, reaction="clap"))
    room.ask(window, wire.React(id=3, reaction="wow"))
    room.ask(bench, wire.React(id=4, reaction="like"))
    (first,) = room.events(desk, wire.Reacted)
    assert [each.reaction for each in first.reactions] == ["clap"]
    room.pass_time(0.1)
    (then,) = room.events(desk, wire.Reacted)
    assert [(each.participant, each.reaction) for each in then.reactions] == [
        (room.id_of(POLINA), "wow"),
        (room.id_of(ARTYOM), "like"),
    ]
    assert room.state.log.seq == before, "passing signs are no events of the log"


def test_one_person_reacts_twice_a_second_at_most() -> None:
    room, _, bench, _ = a_lesson()
    for _ in range(3):
        room.ask(bench, wire.React(id=3, reaction="laugh"))
    (refused,) = room.events(bench, wire.Failed)
    assert (refused.code, refused.retry_after) == ("too_many", 0.5)
    room.pass_time(0.5)
    room.ask(bench, wire.React(id=4, reaction="laugh"))
    assert wire.Done(re=4) in room.heard(bench)


# ── layout ──


def test_the_layout_of_a_person_comes_back_with_the_seat_and_is_told_to_nobody() -> None:
    room, desk, bench, _ = a_lesson()
    layout = wire.Layout(mode="speaker", pins=[room.id_of(ORLOVA)], self_view=False)
    room.ask(bench, wire.SetLayout(id=2, layout=layout))
    assert room.heard(bench) == [wire.Done(re=2)]
    assert room.heard(desk) == []
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(300)
    joined = room.events(room.join(ARTYOM), wire.Joined)[0]
    assert joined.layout == layout
    assert room.events(room.join(a_person("Егор")), wire.Joined)[0].layout == wire.Layout()


# ── settings ──


def test_settings_that_are_given_replace_those_in_force_and_the_others_stay() -> None:
    room, desk, bench, _ = a_lesson()
    assert room.state.info().settings == a_setting().rules()
    room.ask(desk, wire.SetRoom(id=1, chat="hosts"))
    room.ask(desk, wire.SetRoom(id=2, pupils_cameras="hosts", door="knock"))
    expected = msgspec.structs.replace(a_setting().rules(), chat="hosts", pupils_cameras="hosts", door="knock")
    assert [each.room.settings for each in room.events(bench, wire.RoomChanged)][-1] == expected
    assert [(each.deed, each.detail) for each in room.enter_in_books()] == [
        (Deed.ROOM_SET, "chat=hosts"),
        (Deed.ROOM_SET, "door=knock pupils_cameras=hosts"),
    ]


def test_pupils_cameras_are_seen_by_hosts_only_where_it_is_set_so() -> None:
    room, desk, bench, window = a_lesson()
    others = {person.name: room.join(person) for person in (PETROVA, RYABOV)}
    cameras = [room.seat(person).sources["camera"] for person in (ORLOVA, ARTYOM, POLINA)]
    screen = room.seat(POLINA).sources["screen"]
    tracks = [wire.ViewedTrack(source=source, width=320, height=180) for source in [*cameras, screen]]
    for link in (desk, bench, window, *others.values()):
        room.ask(link, wire.SetView(id=1, tracks=tracks))
    room.ask(desk, wire.SetRoom(id=2, pupils_cameras="hosts"))

    def seen(person: commands.Person) -> list[int]:
        return [track.source for track in room.peers_of(person)[0].view]

    assert seen(ORLOVA) == [*cameras[1:], screen]
    for person in (ARTYOM, PETROVA, RYABOV):
        assert seen(person) == [cameras[0], screen]
    room.ask(desk, wire.SetRoom(id=3, pupils_cameras="all"))
    assert seen(ARTYOM) == [cameras[0], cameras[2], screen]


# ── reports ──


@pytest.mark.parametrize("reporter", [ARTYOM, RYABOV])
def test_a_report_goes_to_the_books_with_who_and_about_whom_and_nobody_learns_of_it(reporter: commands.Person) -> None:
    room, desk, bench, window = a_lesson()
    link = bench if reporter is ARTYOM else room.join(RYABOV)
    room.said.clear()
    report = wire.Report(id=5, participant=room.id_of(POLINA), category="insult", text=" Обзывается ")
    room.ask(link, report)
    assert room.recorded == [
        commands.RecordReport(link, 5, reporter.member, POLINA.member, "insult", "Обзывается"),
    ]
    room.tell(commands.Recorded(link, wire.Done(re=5), allowed=True))
    assert room.heard(link) == [wire.Done(re=5)]
    assert (room.heard(desk), room.heard(window)) == ([], [])


def test_a_report_may_be_about_somebody_who_has_left_about_the_teacher_or_about_nobody() -> None:
    room, _, bench, window = a_lesson()
    room.ask(window, wire.Leave(id=1))
    for participant in (room.id_of(POLINA), room.id_of(ORLOVA), None):
        room.ask(bench, wire.Report(id=5, participant=participant, category="other", text=""))
    about = [each.about for each in room.records(commands.RecordReport)]
    assert about == [POLINA.member, ORLOVA.member, None]


def test_a_report_about_nobody_of_this_room_is_not_found_and_a_flood_is_refused() -> None:
    room, _, bench, _ = a_lesson()
    room.ask(bench, wire.Report(id=5, participant="nobody", category="other", text=""))
    assert room.failures(bench) == ["not_found"]
    for _ in range(5):
        room.ask(bench, wire.Report(id=6, participant=None, category="other", text=""))
    assert room.failures(bench) == ["too_many"] * 2


# ── attendance, and what outlives the process ──


def test_attendance_is_told_when_somebody_comes_and_when_they_were_last_connected() -> None:
    room, _, bench, window = a_lesson()
    came = room.now + UNIX_OFFSET
    room.join(a_person("Егор"))
    room.tell(commands.Drop(bench, "lost"))
    room.tell(commands.Drop(window, "closed"))
    room.pass_time(60)
    assert room.attendance == [
        ("member-Егор", "came", came),
        (POLINA.member, "left", came),
        (ARTYOM.member, "left", came),
    ]


def test_a_reload_and_a_second_tab_are_one_stay() -> None:
    room, _, bench, _ = a_lesson()
    room.tell(commands.Drop(bench, "closed"))
    room.pass_time(1)
    room.join(ARTYOM)
    room.join(ARTYOM)
    assert room.attendance == []


def test_everybody_who_is_in_at_the_end_was_in_until_the_end() -> None:
    room, _, bench, _ = a_lesson()
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(10)
    room.tell(commands.Finish())
    ended = room.now + UNIX_OFFSET
    assert room.attendance == [
        (ORLOVA.member, "left", ended),
        (ARTYOM.member, "left", ended - 10),
        (POLINA.member, "left", ended),
    ]


def test_a_restart_is_told_to_everybody_and_everything_is_kept() -> None:
    room, desk, bench, _ = a_lesson()
    room.kept.clear()
    room.tell(commands.Restart())
    assert room.heard(desk) == room.heard(bench) == [wire.Restarting()]
    assert room.kept == [True]


@pytest.mark.parametrize(
    "request_",
    [
        wire.SetMedia(id=1, media=wire.Media()),
        wire.SetAnswer(id=1, answer="yes"),
        wire.SetLayout(id=1, layout=wire.Layout(mode="speaker")),
        wire.SetView(id=1, tracks=[wire.ViewedTrack(source=1, width=1, height=1)]),
        wire.Leave(id=1),
    ],
)
def test_what_one_changes_about_oneself_is_kept_soon(request_: wire.Request) -> None:
    room, _, bench, _ = a_lesson()
    room.kept.clear()
    room.ask(bench, request_)
    assert room.kept == [False]


def test_a_raised_hand_is_kept_before_it_is_confirmed() -> None:
    room, _, bench, _ = a_lesson()
    room.kept.clear()
    room.ask(bench, wire.RaiseHand(id=1, up=True))
    assert room.kept == [True]


def test_a_removal_is_kept_before_anybody_hears_of_it() -> None:
    room, desk, _, _ = a_lesson()
    request = wire.RemoveParticipant(id=1, participant=room.id_of(ARTYOM), reason="noise")
    room.kept.clear()
    room.ask(desk, request)
    assert room.kept == [True]
