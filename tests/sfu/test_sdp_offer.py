"""What is read from the offers of Chromium, Firefox and aiortc, and what is refused."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfu.sdp import EXTENSION_URIS, ExtensionMapping, OfferError, ParsedOffer
from sfu.sdp_offer import parse_offer
from tests.sfu.offers import FINGERPRINT, recorded, small_offer

M_LINE = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"


def refusal(text: str) -> str:
    with pytest.raises(OfferError) as caught:
        parse_offer(text)
    assert caught.value.code == "bad_offer"
    return caught.value.message


# ── real offers ──


def test_chromiums_camera_has_three_layers_bound_by_rid_alone() -> None:
    offer = parse_offer(recorded("chromium"))
    camera = offer.section("1")
    assert camera.rids == ("q", "h", "f")
    assert camera.ssrcs == ()
    assert (camera.vp8, camera.vp8_rtx) == (96, 97)
    assert camera.feedback == {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"}
    assert {name: mapping.id for name, mapping in camera.extensions.items()} == {
        "mid": 4,
        "rid": 10,
        "repaired_rid": 11,
        "transport_cc": 3,
        "abs_send_time": 2,
        "video_orientation": 13,
    }


def test_chromiums_screen_announces_its_ssrc_with_the_one_of_rtx() -> None:
    assert parse_offer(recorded("chromium")).section("2").ssrcs == ((3399095311, 3634640168),)


def test_firefoxs_camera_announces_an_ssrc_pair_for_each_layer_in_the_order_of_its_rids() -> None:
    camera = parse_offer(recorded("firefox")).section("1")
    assert camera.rids == ("q", "h", "f")
    assert camera.ssrcs == ((4174928190, 1578929774), (3295997575, 2736335716), (590446212, 1761587883))
    assert camera.extensions["rid"] == ExtensionMapping(9, "sendonly")


def test_firefoxs_later_m_lines_are_bundle_only_and_not_rejected() -> None:
    offer = parse_offer(recorded("firefox"))
    assert not any(section.is_rejected for section in offer.sections)
    assert offer.bundled == tuple(str(mid) for mid in range(18))


def test_firefoxs_fingerprint_stands_in_the_session() -> None:
    [fingerprint] = parse_offer(recorded("firefox")).fingerprints
    assert (fingerprint.algorithm, fingerprint.digest[:3].hex()) == ("sha-256", "31b0e9")


def test_aiortcs_offer_has_three_hashes_and_no_layers() -> None:
    offer = parse_offer(recorded("aiortc"))
    assert [fingerprint.algorithm for fingerprint in offer.fingerprints] == ["sha-256", "sha-384", "sha-512"]
    assert (offer.section("0").opus, offer.section("1").vp8, offer.section("1").vp8_rtx) == (96, 97, 98)
    assert offer.section("1").rids == ()
    assert len(offer.section("1").ssrcs) == 1


@pytest.mark.parametrize("name", ["chromium", "chromium-restart", "firefox", "firefox-restart", "aiortc"])
def test_every_recorded_offer_is_read(name: str) -> None:
    offer = parse_offer(recorded(name))
    assert offer.setup == "actpass"
    assert all(section.opus or section.vp8 for section in offer.sections)


# ── small things ──


def test_lines_may_end_with_lf_alone_throughout() -> None:
    assert parse_offer(small_offer().replace("\r\n", "\n")) == parse_offer(small_offer())


def test_transport_attributes_are_those_of_the_bundle_groups_first_m_line() -> None:
    offer = parse_offer(small_offer(video="a=ice-ufrag:other\na=ice-pwd:otherotherotherotherother"))
    assert offer.ufrag == "abcd"


def test_a_stopped_m_line_is_rejected_and_its_transport_does_not_count() -> None:
    text = (
        small_offer()
        .replace("m=audio 9", "m=audio 0")
        .replace(
            "a=recvonly",
            f"a=recvonly\r\na=ice-ufrag:wxyz\r\na=ice-pwd:{'p' * 22}\r\na=setup:active\r\n"
            f"a=fingerprint:sha-256 {FINGERPRINT}",
        )
    )
    offer = parse_offer(text)
    assert (offer.ufrag, offer.setup, offer.bundled) == ("wxyz", "active", ("v",))
    with pytest.raises(OfferError):
        offer.section("a")


def test_stereo_is_taken_as_offered() -> None:
    assert not parse_offer(small_offer()).section("a").opus_stereo
    assert parse_offer(small_offer(audio="a=fmtp:111 minptime=10;stereo=1")).section("a").opus_stereo


def test_weak_hashes_beside_a_good_one_are_skipped() -> None:
    offer = parse_offer(small_offer(audio="a=fingerprint:sha-1 " + ":".join(["00"] * 20)))
    assert [fingerprint.algorithm for fingerprint in offer.fingerprints] == ["sha-256"]


def test_candidates_are_counted_and_otherwise_ignored() -> None:
    hosts = ["10.0.0.1", "127.0.0.1", "::1", "evil.example.org", "abc.local"]
    lines = "\n".join(f"a=candidate:{n} 1 udp 1 {host} 9 typ host" for n, host in enumerate(hosts))
    assert isinstance(parse_offer(small_offer(audio=lines)), ParsedOffer)


def test_a_paused_layer_is_a_layer() -> None:
    section = parse_offer(small_offer(audio="a=rid:q send\na=rid:f send\na=simulcast:send ~q;f")).section("a")
    assert section.rids == ("q", "f")


# ── refusals ──


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begin with v=0"),
        ("hello", "begin with v=0"),
        ("v=0\r\n", "no m-line"),
        (small_offer().replace("a=group:BUNDLE a v\r\n", ""), "no BUNDLE"),
        (small_offer(session="a=tool:a\tb"), "control characters"),
        (small_offer().replace("t=0 0", "t=0 0\r\na=group:BUNDLE v a"), "two BUNDLE"),
        (small_offer().replace("BUNDLE a v", "BUNDLE a v w"), "not there"),
        (small_offer().replace("BUNDLE a v", "BUNDLE a v a"), "twice"),
        (small_offer().replace("a=mid:v", "a=mid:a"), "same MID"),
        (small_offer(audio="a=mid:b"), "two MIDs"),
        (small_offer().replace("a=mid:v\r\n", ""), "no MID"),
        (small_offer().replace("a=mid:v", "a=mid:" + "v" * 17), "MID is empty, too long"),
        (small_offer(fingerprint="md5 " + ":".join(["00"] * 16)), "no fingerprint"),
        (small_offer(fingerprint="sha-1 " + ":".join(["00"] * 20)), "no fingerprint"),
        (small_offer(fingerprint="sha-256 " + ":".join(["00"] * 20)), "wrong length"),
        (small_offer(fingerprint="sha-256 " + ":".join(["zz"] * 32)), "hexadecimal"),
        (small_offer().replace("setup:actpass", "setup:holdconn"), "setup"),
        (small_offer().replace("setup:actpass", "setup:passive"), "nobody would begin"),
        (small_offer().replace("a=setup:actpass\r\n", ""), "setup"),
        (small_offer().replace("a=ice-ufrag:abcd\r\n", ""), "ICE credentials"),
        (small_offer().replace("a=ice-pwd:abcdefghijklmnopqrstuv", "a=ice-pwd:short"), "ICE credential"),
        (small_offer().replace("a=ice-ufrag:abcd", "a=ice-ufrag:ab:cd"), "ICE credential"),
        (small_offer(audio="a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"), "a=crypto"),
        (small_offer().replace("a=sendonly\r\n", "a=sendonly\n"), "mixes ends of lines"),
        (small_offer().replace("a=sendonly\r\n", "a=sendonly\r"), "mixes ends of lines"),
        (small_offer(audio="a=x:\0"), "control characters"),
        (small_offer(audio="a=x:\ud800"), "not Unicode"),
        (small_offer(audio="xyz"), "form x="),
        (small_offer().replace("SAVPF 111", "SAVPF 111 111"), "twice"),
        (small_offer().replace("SAVPF 111", "SAVPF 200"), "payload type"),
        (small_offer(audio="a=rtpmap:128 opus/48000/2"), "payload type"),
        (small_offer(audio="a=rtpmap:١ opus/48000/2"), "payload type"),
        (small_offer(audio="a=rtpmap:111 PCMU/8000"), "two rtpmap"),
        (small_offer(audio="a=ssrc:4294967296 cname:x"), "SSRC"),
        (small_offer(audio="a=ssrc:(a+)+$ cname:x"), "SSRC"),
        (small_offer(audio="a=ssrc:0 cname:x"), "SSRC is 0"),
        (small_offer(audio="a=ssrc-group:FID 1 2 3"), "FID"),
        (small_offer(audio="\n".join(f"a=ssrc:{n} cname:x" for n in range(1, 22))), "20 SSRCs"),
        (small_offer(audio="\n".join("a=candidate:1 1 udp 1 h 9 typ host" for _ in range(33))), "32 candidates"),
        (small_offer(audio="a=extmap:15 " + EXTENSION_URIS["rid"]), "reserved"),
        (small_offer(audio="a=extmap:0 " + EXTENSION_URIS["rid"]), "reserved"),
        (small_offer(audio="a=extmap:4 " + EXTENSION_URIS["rid"]), "two meanings"),
        (small_offer(video="a=extmap:5 " + EXTENSION_URIS["audio_level"]), "two ids"),
        (small_offer(audio="a=extmap:5/upwards " + EXTENSION_URIS["rid"]), "direction"),
        (small_offer(audio="a=rid:q send\na=simulcast:send q;h"), "fit the rid"),
        (small_offer(audio="a=rid:q send\na=rid:h send\na=simulcast:send q,h"), "alternatives"),
        (small_offer(audio="a=rid:a send\na=rid:b send\na=rid:c send\na=rid:d send"), "3 layers"),
        (small_offer(audio="a=rid:" + "q" * 17 + " send"), "RID"),
        (small_offer().replace("a=rtcp-mux\r\n", ""), "rtcp-mux"),
        (small_offer().replace("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio"), "too short"),
        (small_offer().replace("m=audio 9", "m=audio 99999"), "port"),
    ],
)
def test_a_bad_offer_is_refused_with_a_word_on_why(text: str, message: str) -> None:
    assert message in refusal(text)


def test_one_codec_with_two_payload_types_in_the_group_is_refused() -> None:
    other = small_offer()[small_offer().index("m=video") :].replace("mid:v", "mid:w").replace("96", "98")
    assert "two payload types" in refusal(small_offer().replace("BUNDLE a v", "BUNDLE a v w") + other)


BOMBS = {
    "10 MB": "v=0\r\n" + "a=x\r\n" * 2_000_000,
    "1e5 m-lines": "v=0\r\n" + M_LINE * 100_000,
    "short m-lines": "v=0\n" + "m=\n" * 80_000,
    "one long line": "v=0\r\na=" + "x" * 250_000,
    "rtpmap lines": small_offer() + "a=rtpmap:96 x/1\r\n" * 13_000,
    "fmtp lines": small_offer() + "a=fmtp:96 a=1;b=2;c=3;d\r\n" * 9_000,
    "feedback lines": small_offer() + "a=rtcp-fb:96 x\r\n" * 13_000,
    "unknown lines": small_offer() + "a=xyzzy\r\n" * 22_000,
    "ssrc lines": small_offer() + "a=ssrc:1 x\r\n" * 17_000,
    "parameters": small_offer() + "a=fmtp:96 " + "a;" * 120_000,
    "colons": small_offer() + "a=fingerprint:sha-256 " + ":" * 240_000,
    "nested rids": small_offer() + "a=simulcast:send " + ";~" * 120_000,
    "group": "v=0\r\na=group:BUNDLE " + " ".join(map(str, range(40_000))) + "\r\n" + M_LINE,
    "formats": "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF " + "96 " * 80_000,
    "ends of lines": "v=0\n" + "\r\n" * 120_000,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_is_refused_within_ten_milliseconds_of_cpu(name: str) -> None:
    spent = []
    for _ in range(5):
        begin = time.process_time()
        refusal(BOMBS[name])
        spent.append(time.process_time() - begin)
    assert min(spent) <= 0.010


# ── anything ──


# Time has its own test above; a busy machine must not fail these.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(text: str) -> ParsedOffer | OfferError:
    try:
        return parse_offer(text)
    except OfferError as error:
        return error


@UNTIMED
@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    assert isinstance(outcome(text), ParsedOffer | OfferError)


PIECES = ["a=", "m=", "audio", "video", " ", ":", ";", "~", "*", "9", "0", "111", "mid", "rid", "send", "simulcast"]
MORE_PIECES = ["ssrc", "ssrc-group", "FID", "fmtp", "extmap", "fingerprint", "sha-256", "group", "BUNDLE", "\r\n", "\n"]
WORDS = st.sampled_from([*PIECES, *MORE_PIECES])


@settings(UNTIMED, max_examples=300)
@given(st.sampled_from(["chromium-restart", "firefox", "aiortc"]), st.data())
def test_any_damage_to_a_real_offer_is_parsed_or_refused(name: str, data: st.DataObject) -> None:
    text = recorded(name)
    for _ in range(data.draw(st.integers(1, 6))):
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(len(text), begin + 40)))
        middle = data.draw(st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=5))
        text = text[:begin] + "".join(middle) + text[end:]
    assert isinstance(outcome(text), ParsedOffer | OfferError)
