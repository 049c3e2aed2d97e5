"""The answers to recorded offers, read by aiortc's parser and line by line."""

import pytest
from aiortc.sdp import MediaDescription, SessionDescription

from sfu.dtls import DtlsIdentity
from sfu.messages import TrackKind
from sfu.peer import OfferPlan, Peer
from sfu.sdp import OfferError
from sfu.sdp_offer import parse_offer
from tests.sfu.offers import offer_message, recorded, small_offer
from tests.sfu.path_double import PathDouble, node_on

SOURCES: dict[TrackKind, int] = {"microphone": 1, "camera": 2, "screen": 3, "screen_sound": 4}
BROWSERS = ["chromium", "firefox"]


@pytest.fixture
def path() -> PathDouble:
    return PathDouble()


@pytest.fixture
def peer(path: PathDouble, server_identity: DtlsIdentity) -> Peer:
    return Peer(node_on(path, server_identity), "anna", 1, 0.0)


def answer_to(peer: Peer, name: str) -> str:
    message = offer_message(recorded(name))
    plan = OfferPlan(message.publish, message.audio_slots, message.video_slots)
    return peer.answer(parse_offer(message.sdp), plan, SOURCES)


def section(answer: str, mid: str) -> list[str]:
    """The lines of one m-line."""
    found = [part for part in answer.split("\r\nm=")[1:] if f"\r\na=mid:{mid}\r\n" in part]
    assert len(found) == 1
    return ["m=" + found[0].splitlines()[0], *found[0].splitlines()[1:]]


def described(answer: str) -> list[MediaDescription]:
    return SessionDescription.parse(answer).media


@pytest.mark.parametrize("name", BROWSERS)
def test_every_m_line_is_answered_in_the_order_of_the_offer(name: str, peer: Peer) -> None:
    media = described(answer_to(peer, name))
    assert [part.rtp.muxId for part in media] == [str(mid) for mid in range(18)]
    assert [part.direction for part in media] == ["recvonly"] * 4 + ["sendonly"] * 14


@pytest.mark.parametrize("name", BROWSERS)
def test_the_session_is_lite_and_one_bundle(name: str, peer: Peer) -> None:
    answer = answer_to(peer, name)
    assert "\r\na=ice-lite\r\n" in answer
    [group] = SessionDescription.parse(answer).group
    assert (group.semantic, len(group.items)) == ("BUNDLE", 18)


@pytest.mark.parametrize("name", BROWSERS)
def test_the_transport_is_passive_and_the_same_in_every_m_line(
    name: str, peer: Peer, path: PathDouble, server_identity: DtlsIdentity
) -> None:
    answer = answer_to(peer, name)
    [(ufrag, pwd, _)] = path.credentials[peer.id]
    expected = {
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        f"a=fingerprint:sha-256 {server_identity.fingerprint.digest.hex(':').upper()}",
        "a=setup:passive",
        "a=rtcp-mux",
        "a=end-of-candidates",
    }
    for mid in range(18):
        assert expected <= set(section(answer, str(mid)))


def test_every_announced_address_is_a_candidate_with_the_one_port(peer: Peer) -> None:
    candidates = described(answer_to(peer, "chromium"))[0].ice_candidates
    assert [(c.ip, c.port, c.protocol, c.type) for c in candidates] == [
        ("192.0.2.2", 5000, "udp", "host"),
        ("2001:db8::1", 5000, "udp", "host"),
        ("192.0.2.2", 5000, "tcp", "host"),
        ("2001:db8::1", 5000, "tcp", "host"),
    ]
    priorities = [candidate.priority for candidate in candidates]
    assert priorities == sorted(set(priorities), reverse=True)


def test_over_tcp_the_browser_connects(peer: Peer) -> None:
    over_tcp = [line for line in section(answer_to(peer, "firefox"), "0") if " tcp " in line]
    assert over_tcp == [
        "a=candidate:3 1 tcp 1520435199 192.0.2.2 5000 typ host tcptype passive",
        "a=candidate:4 1 tcp 1520434943 2001:db8::1 5000 typ host tcptype passive",
    ]


@pytest.mark.parametrize("name", BROWSERS)
def test_the_camera_is_received_in_three_layers(name: str, peer: Peer) -> None:
    camera = section(answer_to(peer, name), "1")
    assert [line for line in camera if line.startswith(("a=rid", "a=simulcast"))] == [
        "a=rid:q recv",
        "a=rid:h recv",
        "a=rid:f recv",
        "a=simulcast:recv q;h;f",
    ]


@pytest.mark.parametrize(("name", "vp8", "rtx"), [("chromium", 96, 97), ("firefox", 120, 124)])
def test_payload_types_are_the_offerers(name: str, vp8: int, rtx: int, peer: Peer) -> None:
    camera = section(answer_to(peer, name), "1")
    assert camera[0] == f"m=video 9 UDP/TLS/RTP/SAVPF {vp8} {rtx}"
    assert {f"a=rtpmap:{vp8} VP8/90000", f"a=rtpmap:{rtx} rtx/90000", f"a=fmtp:{rtx} apt={vp8}"} <= set(camera)


@pytest.mark.parametrize(("name", "vp8"), [("chromium", 96), ("firefox", 120)])
def test_publishers_get_transport_cc_and_slots_do_not(name: str, vp8: int, peer: Peer) -> None:
    answer = answer_to(peer, name)
    common = {"goog-remb", "ccm fir", "nack", "nack pli"}

    def feedback(mid: str) -> set[str]:
        prefix = f"a=rtcp-fb:{vp8} "
        return {line.removeprefix(prefix) for line in section(answer, mid) if line.startswith(prefix)}

    assert feedback("1") == common | {"transport-cc"}
    assert feedback("8") == common
    assert not any("transport-wide-cc" in line for line in section(answer, "8"))
    assert any("transport-wide-cc" in line for line in section(answer, "1"))
    assert any("abs-send-time" in line for line in section(answer, "8"))


def test_a_restricted_extension_is_answered_the_other_way_round(peer: Peer) -> None:
    camera = section(answer_to(peer, "firefox"), "1")
    assert "a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" in camera


@pytest.mark.parametrize("name", BROWSERS)
def test_every_slot_has_the_ssrcs_that_the_packet_path_was_told(name: str, peer: Peer, path: PathDouble) -> None:
    media = described(answer_to(peer, name))[4:]
    told = list(path.slots.values())
    assert [[info.ssrc for info in part.ssrc] for part in media] == [
        [slot.ssrc, slot.rtx_ssrc] if slot.rtx_ssrc else [slot.ssrc] for slot in told
    ]
    assert all(slot.rtx_ssrc for slot in told if slot.kind == "video")
    everything = [number for slot in told for number in (slot.ssrc, slot.rtx_ssrc) if number]
    assert len(set(everything)) == 4 + 2 * 10
    assert [[(g.semantic, g.items) for g in part.ssrc_group] for part in media[4:]] == [
        [("FID", [slot.ssrc, slot.rtx_ssrc])] for slot in told[4:]
    ]


def test_only_the_stages_audio_and_video_share_a_stream(peer: Peer) -> None:
    streams = [str(part.msid).split()[0] for part in described(answer_to(peer, "chromium"))[4:]]
    assert streams[0] == streams[4] == "stage"
    others = streams[1:4] + streams[5:]
    assert len({"stage", *others}) == 1 + len(others)


def test_opus_is_received_with_fec_and_stereo_as_offered(peer: Peer) -> None:
    assert "a=fmtp:109 minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1" in section(answer_to(peer, "firefox"), "0")


def test_opus_without_stereo_stays_mono(peer: Peer) -> None:
    assert "a=fmtp:111 minptime=10;useinbandfec=1" in section(answer_to(peer, "chromium"), "0")


def test_what_was_not_named_is_rejected_and_left_out_of_the_bundle(peer: Peer) -> None:
    data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:d\r\na=sctp-port:5000\r\n"
    offer = parse_offer(small_offer().replace("BUNDLE a v", "BUNDLE a v d") + data)
    answer = peer.answer(offer, OfferPlan({"microphone": "a"}, [], ["v"]), SOURCES)
    assert "a=group:BUNDLE a v\r\n" in answer
    assert section(answer, "d")[0] == "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"


def test_without_rtx_in_the_offer_a_slot_has_one_ssrc(peer: Peer, path: PathDouble) -> None:
    text = small_offer().replace("SAVPF 96 97", "SAVPF 96")
    answer = peer.answer(parse_offer(text), OfferPlan({}, [], ["v"]), {})
    assert "FID" not in answer
    assert [slot.rtx_ssrc for slot in path.slots.values()] == [0]


@pytest.mark.parametrize(
    ("publish", "audio_slots", "video_slots", "message"),
    [
        ({"microphone": "v"}, [], [], "another kind"),
        ({"camera": "v"}, [], [], "does not send"),
        ({}, ["a"], [], "does not receive"),
        ({}, [], ["x"], "not an m-line"),
        ({"microphone": "a"}, ["a"], [], "two purposes"),
        ({}, [], [], "neither tracks nor slots"),
    ],
)
def test_a_plan_that_does_not_fit_the_offer_is_refused_without_effect(
    publish: dict[TrackKind, str],
    audio_slots: list[str],
    video_slots: list[str],
    message: str,
    peer: Peer,
    path: PathDouble,
) -> None:
    with pytest.raises(OfferError, match=message):
        peer.answer(parse_offer(small_offer()), OfferPlan(publish, audio_slots, video_slots), SOURCES)
    assert path.commands == 0


@pytest.mark.parametrize(("old", "new"), [("opus/48000/2", "PCMU/8000"), ("VP8/90000", "H264/90000")])
def test_an_m_line_without_our_codec_is_refused(old: str, new: str, peer: Peer) -> None:
    offer = parse_offer(small_offer().replace(old, new))
    with pytest.raises(OfferError, match="does not offer"):
        peer.answer(offer, OfferPlan({"microphone": "a"}, [], ["v"]), SOURCES)


def test_a_reoffer_with_more_slots_keeps_the_ssrcs_of_the_others(peer: Peer) -> None:
    offer = parse_offer(recorded("chromium"))
    few = OfferPlan({"microphone": "0"}, ["4"], ["8", "9"])
    more = OfferPlan({"microphone": "0"}, ["4", "5"], ["8", "9", "10"])
    first = peer.answer(offer, few, SOURCES)
    second = peer.answer(offer, more, SOURCES)
    for mid in ("4", "8", "9"):
        assert section(first, mid) == section(second, mid)
    assert section(first, "10")[0].startswith("m=video 0")
    assert section(second, "10")[0].startswith("m=video 9")
    assert (first.split()[3], second.split()[3]) == ("1", "2")
