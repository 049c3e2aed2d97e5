"""Desired state, links and reports turned into what the packet path does and what signaling hears."""

import msgspec

from sfu.dtls import DtlsIdentity
from sfu.messages import Answer, CloseRoom, OfferRefused
from sfu.rooms import MAX_WAITING_PEERS, UNCONFIRMED_LIMIT_S
from tests.sfu.dtls_client import DtlsClient
from tests.sfu.offers import offer_message, small_offer
from tests.sfu.path_double import TrackValue
from tests.sfu.room_stage import (
    ANNA,
    ANNA_CAMERA,
    ANNA_MIC,
    BORIS,
    BORIS_CAMERA,
    BORIS_MIC,
    CAMERA_LAYERS,
    ROOM,
    Stage,
    source,
    wanted,
)


def refusal(answer: Answer | OfferRefused) -> str:
    assert isinstance(answer, OfferRefused)
    return answer.code


# ── offers ──


def test_an_offer_of_somebody_who_is_not_in_the_room_is_refused(stage: Stage) -> None:
    stage.set_room(ANNA)
    assert refusal(stage.offer(stage.browser_offer("mallory"))) == "unknown_peer"
    assert refusal(stage.offer(stage.browser_offer("anna", connection=2))) == "unknown_peer"
    assert stage.path.credentials == {}


def test_an_offer_for_a_room_that_is_not_there_is_refused(stage: Stage) -> None:
    assert refusal(stage.offer(stage.browser_offer("anna"))) == "unknown_peer"


def test_a_bad_offer_leaves_nothing_behind(stage: Stage) -> None:
    stage.set_room(ANNA)
    assert refusal(stage.offer(offer_message("v=0"))) == "bad_offer"
    assert stage.path.credentials == {}
    assert stage.rooms.peer_count() == 0


def test_two_handshakes_give_keys_and_say_connected_once_each(pair: Stage) -> None:
    assert set(pair.path.keys) == {pair.peer("anna"), pair.peer("boris")}
    assert pair.links("anna") == ["connected"]
    assert pair.links("boris") == ["connected"]
    assert pair.rooms.tally.handshakes_completed == 2


def test_too_many_unfinished_handshakes_are_refused_as_overload(stage: Stage) -> None:
    peers = [wanted(f"p{number}") for number in range(MAX_WAITING_PEERS + 1)]
    stage.set_room(*peers)
    small = msgspec.structs.replace(
        offer_message(small_offer()), publish={"microphone": "a"}, audio_slots=[], video_slots=["v"]
    )
    answers = [stage.offer(msgspec.structs.replace(small, participant=peer.participant)) for peer in peers]
    assert refusal(answers[-1]) == "overloaded"
    assert all(isinstance(answer, Answer) for answer in answers[:-1])
    assert isinstance(stage.offer(msgspec.structs.replace(small, participant="p0")), Answer)


def test_a_second_offer_of_a_connection_is_an_ice_restart_of_the_same_association(pair: Stage) -> None:
    peer = pair.peer("anna")
    again = pair.browser_offer("anna")
    restarted = again.sdp.replace("a=ice-ufrag:", "a=ice-ufrag:New")
    answer = pair.offer(offer_message(restarted, "anna"))
    assert isinstance(answer, Answer)
    assert pair.peer("anna") == peer
    first, second = pair.path.credentials[peer]
    assert first[0] != second[0]
    assert f"a=ice-ufrag:{second[0]}" in answer.sdp
    assert "a=setup:passive" in answer.sdp
    assert second[2].startswith("New")
    assert pair.links("anna") == ["connected"]


def test_a_reoffer_without_new_credentials_keeps_ours_and_every_slot(pair: Stage) -> None:
    peer, slots = pair.peer("anna"), dict(pair.path.slots)
    answer = pair.offer(pair.browser_offer("anna"))
    assert isinstance(answer, Answer)
    assert len(pair.path.credentials[peer]) == 1
    assert pair.path.slots == slots
    assert " 2 IN IP4" in answer.sdp.splitlines()[1]


def test_a_reoffer_with_another_certificate_is_refused_and_changes_nothing(
    pair: Stage, server_identity: DtlsIdentity
) -> None:
    credentials = dict(pair.path.credentials)
    assert refusal(pair.offer(pair.browser_offer("anna", fingerprint=server_identity.fingerprint))) == "bad_offer"
    assert pair.path.credentials == credentials


# ── what flows ──


def test_each_hears_and_sees_the_other_and_nobody_oneself(pair: Stage) -> None:
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}
    assert pair.last_mapping("boris") == {"4": ANNA_MIC, "8": ANNA_CAMERA}
    assert pair.path.carried(pair.peer("anna"))["video"][:2] == [BORIS_CAMERA, 0]


def test_a_device_that_does_not_hear_sees_is_heard_and_gets_no_sound(pair: Stage) -> None:
    pair.set_room(wanted("anna", view=(BORIS_CAMERA,), hears=False), BORIS)
    pair.speak(1, BORIS_MIC)
    assert pair.last_mapping("anna") == {"8": BORIS_CAMERA}
    assert pair.last_mapping("boris") == {"4": ANNA_MIC, "8": ANNA_CAMERA}
    pair.set_room(ANNA, BORIS)
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}


def test_only_the_published_kinds_are_open(pair: Stage) -> None:
    assert pair.path.open_sources() == {ANNA_MIC, ANNA_CAMERA, BORIS_MIC, BORIS_CAMERA}


def test_a_mute_by_the_teacher_closes_the_track_and_empties_the_slots(pair: Stage) -> None:
    pair.set_room(ANNA, wanted("boris", publish=("camera",), view=(ANNA_CAMERA,)))
    assert BORIS_MIC not in pair.path.open_sources()
    assert pair.last_mapping("anna") == {"8": BORIS_CAMERA}


def test_without_flow_nothing_is_open_and_nothing_mapped_and_it_comes_back(pair: Stage) -> None:
    pair.set_room(ANNA, BORIS, flow=False)
    assert pair.path.open_sources() == set()
    assert pair.last_mapping("anna") == pair.last_mapping("boris") == {}
    pair.set_room(ANNA, BORIS)
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}


def test_a_removed_peer_is_gone_from_the_packet_path_at_once(pair: Stage) -> None:
    gone = pair.peer("boris")
    pair.set_room(ANNA)
    assert gone not in pair.path.credentials
    assert pair.last_mapping("anna") == {}
    assert refusal(pair.offer(pair.browser_offer("boris"))) == "unknown_peer"


def test_a_closed_room_leaves_nothing(pair: Stage) -> None:
    pair.rooms.handle(CloseRoom(room=ROOM), pair.now)
    assert (pair.path.credentials, pair.path.slots, pair.rooms.peer_count()) == ({}, {}, 0)


def test_the_same_desired_state_again_gives_no_command_and_no_message(pair: Stage) -> None:
    pair.report(sending=(ANNA_CAMERA, BORIS_CAMERA))
    before = pair.path.commands, len(pair.told)
    pair.set_room(ANNA, BORIS)
    pair.report(sending=(ANNA_CAMERA, BORIS_CAMERA))
    assert (pair.path.commands, len(pair.told)) == before


def test_peers_of_another_room_are_out_of_reach(pair: Stage) -> None:
    pair.set_room(wanted("carol", view=(ANNA_CAMERA, BORIS_CAMERA)), room="5b")
    message = msgspec.structs.replace(pair.browser_offer("carol"), room="5b")
    assert isinstance(pair.offer(message), Answer)
    peer = pair.rooms.rooms["5b"].peers["carol", 1].id
    pair.handshake(peer, DtlsClient(pair._client_identity, pair.now))
    assert pair.last_mapping("carol") == {}
    assert pair.rooms.rooms["5b"].peers["carol", 1].link == "connected"


def test_a_source_number_that_comes_later_makes_the_track(stage: Stage) -> None:
    first = wanted("anna")
    stage.set_room(msgspec.structs.replace(first, sources={}))
    stage.join("anna")
    assert stage.path.tracks == {}
    stage.set_room(first)
    assert stage.path.open_sources() == {ANNA_MIC, ANNA_CAMERA}


def test_the_layer_follows_the_size_of_the_tile(pair: Stage) -> None:
    everybody = (ANNA_CAMERA, BORIS_CAMERA)
    pair.set_room(wanted("anna", view=(BORIS_CAMERA,), size=(1280, 720)), BORIS)
    for _ in range(20):
        pair.report(sending=everybody)
    slot = next(s for s in pair.path.slots.values() if s.peer == pair.peer("anna") and s.kind == "video")
    assert slot.layer == 2
    pair.set_room(ANNA, BORIS)
    assert slot.layer == 0


def test_a_keyframe_is_asked_for_while_a_picture_arrives_and_the_slot_does_not_carry_it(pair: Stage) -> None:
    slot = next(s for s in pair.path.slots.values() if s.peer == pair.peer("anna") and s.kind == "video")
    room = pair.rooms.rooms[ROOM]
    pair.path.keyframes.clear()
    pair.report(sending=(BORIS_CAMERA,))
    room.observe_report({}, {}, {})
    assert pair.path.keyframes == []
    room.observe_report({}, {slot.track: TrackValue(slot.track, CAMERA_LAYERS)}, {})
    assert pair.path.keyframes == [(slot.track, slot.layer)]


# ── two connections of one participant ──


def test_a_newer_connection_takes_over_once_it_carries_media(pair: Stage) -> None:
    both = (wanted("boris", view=(ANNA_CAMERA,)), wanted("boris", connection=2, view=(ANNA_CAMERA,)))
    pair.set_room(ANNA, *both)
    old, sending = pair.peer("boris"), (BORIS_CAMERA, BORIS_MIC)
    pair.report(sending=sending)
    new = pair.join("boris", connection=2)
    slot = next(s for s in pair.path.slots.values() if s.peer == pair.peer("anna") and s.kind == "video")
    assert pair.path.tracks[slot.track].peer == old
    pair.report(sending=sending)
    assert pair.path.tracks[slot.track].peer == new
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}


def test_the_connections_of_one_participant_do_not_see_each_other(pair: Stage) -> None:
    pair.set_room(ANNA, BORIS, wanted("boris", connection=2, view=(BORIS_CAMERA, ANNA_CAMERA)))
    pair.join("boris", connection=2)
    assert BORIS_CAMERA not in pair.path.carried(pair.peer("boris", 2))["video"]


# ── speaking ──


def test_speaking_is_told_on_change_and_only_of_microphones(pair: Stage) -> None:
    pair.set_room(wanted("anna", publish=("microphone", "screen_sound")), BORIS)
    pair.speak(2, ANNA_MIC, source("anna", "screen_sound"))
    pair.speak(1)
    assert pair.speaking() == [[ANNA_MIC], []]


def test_speaking_is_told_at_most_ten_times_a_second(pair: Stage) -> None:
    """Two who outdo each other: whoever is louder changes every 50 ms."""
    pair.speak(0.5, ANNA_MIC, BORIS_MIC, level=50)
    begin = len(pair.speaking())
    for step in range(40):
        pair.speak(0.05, (BORIS_MIC, ANNA_MIC)[step % 2], level=50 - step)
    assert 10 <= len(pair.speaking()) - begin <= 20


# ── another signaling process ──


def test_a_new_session_is_told_links_slots_and_speakers_again(pair: Stage) -> None:
    pair.speak(1, ANNA_MIC)
    pair.told.clear()
    pair.rooms.begin_session(pair.now)
    pair.speak(0.2, ANNA_MIC)
    assert pair.links("anna") == ["connected"]
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}
    assert pair.speaking() == [[ANNA_MIC]]
    assert pair.rooms.tally.handshakes_completed == 2


def test_rooms_that_a_new_session_does_not_confirm_are_closed(pair: Stage) -> None:
    pair.set_room(wanted("carol"), room="5b")
    pair.tick(1)
    pair.rooms.begin_session(pair.now)
    pair.tick(1)
    pair.set_room(ANNA, BORIS)
    pair.tick(UNCONFIRMED_LIMIT_S)
    assert set(pair.rooms.rooms) == {ROOM}
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}


# ── a whole school year in one room ──


def test_a_repeated_desired_state_of_three_hundred_changes_nothing_and_stays_small(stage: Stage) -> None:
    people = [wanted(f"p{number}", publish=(), view=(ANNA_CAMERA,)) for number in range(300)]
    stage.set_room(ANNA, *people)
    anna = stage.join("anna")
    viewers = [stage.join(person.participant) for person in people[:5]]
    stage.report(sending=(ANNA_MIC, ANNA_CAMERA))
    assert all(ANNA_CAMERA in stage.path.carried(viewer)["video"] for viewer in viewers)
    commands, told = stage.path.commands, len(stage.told)
    for _ in range(3):
        stage.set_room(ANNA, *people)
    assert (stage.path.commands, len(stage.told)) == (commands, told)
    assert stage.path.carried(anna)["video"] == [0] * 10


def test_an_offer_of_five_hundred_tracks_is_refused_and_nobody_notices(pair: Stage) -> None:
    pair.set_room(ANNA, BORIS, wanted("mallory"))
    commands, told = pair.path.commands, len(pair.told)
    section = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:x{0}\r\na=rtpmap:111 opus/48000/2\r\n"
    flood = small_offer() + "".join(section.format(number) for number in range(500))
    assert refusal(pair.offer(msgspec.structs.replace(offer_message(flood), participant="mallory"))) == "bad_offer"
    assert (pair.path.commands, len(pair.told)) == (commands, told)


def test_another_size_of_a_tile_counts_at_once_and_not_with_the_next_report(pair: Stage) -> None:
    pair.report(sending=(ANNA_MIC, ANNA_CAMERA))
    pair.set_room(ANNA, wanted("boris", view=(ANNA_CAMERA,), size=(640, 360)))
    for _ in range(20):
        pair.report(sending=(ANNA_MIC, ANNA_CAMERA))
    layer = max(slot.layer for slot in pair.path.slots.values() if slot.peer == pair.peer("boris"))
    assert layer == 1
    pair.set_room(ANNA, wanted("boris", view=(ANNA_CAMERA,), size=(320, 180)))
    assert max(slot.layer for slot in pair.path.slots.values() if slot.peer == pair.peer("boris")) == 0
