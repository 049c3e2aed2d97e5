"""When somebody is missed, has failed or has a weak line, and that it is said once."""

from sfu.dtls import DtlsIdentity
from tests.sfu.dtls_client import DtlsClient
from tests.sfu.room_stage import ANNA, ANNA_CAMERA, BORIS, BORIS_CAMERA, BORIS_MIC, Stage, source, wanted

# ── silence ──


def test_a_sender_is_silent_after_two_and_a_half_seconds_and_heard_again(pair: Stage) -> None:
    boris, sending = pair.peer("boris"), (BORIS_CAMERA,)
    pair.report(sending=sending)
    pair.report(sending=sending, silent_ms={boris: 2400})
    assert pair.links("boris") == ["connected"]
    pair.report(silent_ms={boris: 2500})
    assert pair.links("boris") == ["connected", "silent"]
    pair.report(sending=sending)
    assert pair.links("boris") == ["connected", "silent", "heard"]


def test_a_sender_whose_line_was_cut_is_missed_although_its_media_ended_with_it(pair: Stage) -> None:
    boris = pair.peer("boris")
    pair.report(sending=(BORIS_CAMERA,))
    pair.report(silent_ms={boris: 1200})
    pair.report(silent_ms={boris: 2500})
    assert pair.links("boris") == ["connected", "silent"]


def test_who_is_sent_a_picture_is_missed_as_soon_as_a_sender(pair: Stage) -> None:
    boris = pair.peer("boris")
    pair.report(sending=(ANNA_CAMERA,))
    pair.report(sending=(ANNA_CAMERA,), silent_ms={boris: 2400})
    assert pair.links("boris") == ["connected"]
    pair.report(sending=(ANNA_CAMERA,), silent_ms={boris: 2500})
    assert pair.links("boris") == ["connected", "silent"]


def test_who_turned_everything_off_is_quiet_once_it_was_heard(pair: Stage) -> None:
    boris = pair.peer("boris")
    pair.report(sending=(BORIS_CAMERA,))
    pair.report()
    pair.report(silent_ms={boris: 6500})
    assert pair.links("boris") == ["connected"]


def test_a_listener_is_given_the_time_between_two_consent_checks(pair: Stage) -> None:
    boris = pair.peer("boris")
    pair.report(silent_ms={boris: 6500})
    assert pair.links("boris") == ["connected"]
    pair.report(silent_ms={boris: 8000})
    assert pair.links("boris") == ["connected", "silent"]


def test_long_silence_fails_stops_sending_and_can_end(pair: Stage) -> None:
    boris = pair.peer("boris")
    pair.report(silent_ms={boris: 30_000})
    assert pair.links("boris") == ["connected", "failed"]
    assert set(pair.path.carried(boris)["audio"] + pair.path.carried(boris)["video"]) == {0}
    assert pair.last_mapping("anna") == {}
    pair.report()
    assert pair.links("boris")[-1] == "heard"
    assert pair.last_mapping("anna") == {"4": BORIS_MIC, "8": BORIS_CAMERA}


def test_a_foreign_certificate_fails_and_nothing_is_forwarded(stage: Stage, server_identity: DtlsIdentity) -> None:
    stage.set_room(ANNA, BORIS)
    stage.join("anna")
    stage.offer(stage.browser_offer("boris", fingerprint=server_identity.fingerprint))
    boris = stage.peer("boris")
    stage.handshake(boris, DtlsClient(stage._client_identity, stage.now))
    assert stage.links("boris") == ["failed"]
    assert boris not in stage.path.keys
    assert boris not in stage.path.credentials
    assert stage.last_mapping("anna") == {}


def test_who_never_connects_has_failed_after_thirty_seconds(stage: Stage) -> None:
    stage.set_room(ANNA)
    stage.offer(stage.browser_offer("anna"))
    stage.tick(29)
    assert stage.links("anna") == []
    stage.tick(2)
    assert stage.links("anna") == ["failed"]
    assert stage.path.credentials == {}


# ── lines ──


def test_a_line_that_loses_is_said_to_be_weak_once_and_good_again_after_a_calm(pair: Stage) -> None:
    for lost, reports in ((0.0, 60), (0.12, 60), (0.0, 120)):
        for _ in range(reports):
            pair.report(sending=(ANNA_CAMERA, BORIS_CAMERA), lost=lost)
    assert pair.line("anna") == [("weak", "none"), ("good", "none")]


def test_who_sends_over_a_line_that_loses_has_a_weak_line_and_nobody_else(pair: Stage) -> None:
    boris = pair.peer("boris")
    for lost in [0.0] * 60 + [0.12] * 60:
        pair.report(sending=(ANNA_CAMERA, BORIS_CAMERA), lost_up={boris: lost})
    assert pair.line("boris") == [("weak", "none")]
    assert pair.line("anna") == []


def test_pictures_that_a_line_does_not_hold_are_said(stage: Stage) -> None:
    others = [wanted(name, publish=("camera",)) for name in ("boris", "carol", "dora", "egor")]
    cameras = tuple(source(peer.participant, "camera") for peer in others)
    stage.set_room(wanted("anna", view=cameras), *others)
    for name in ("anna", "boris", "carol", "dora", "egor"):
        stage.join(name)
    for _ in range(60):
        stage.report(sending=cameras)
    for _ in range(60):
        stage.report(sending=cameras, remb_bps=200_000, lost=0.3)
    assert stage.line("anna")[-1] == ("weak", "fewer")
    assert stage.path.carried(stage.peer("anna"))["video"][0] == cameras[0]


def test_a_new_session_is_told_of_weak_lines_again(pair: Stage) -> None:
    for lost in [0.0] * 60 + [0.12] * 60:
        pair.report(sending=(ANNA_CAMERA, BORIS_CAMERA), lost=lost)
    pair.told.clear()
    pair.rooms.begin_session(pair.now)
    pair.tick(0.2)
    assert pair.line("anna") == [("weak", "none")]
