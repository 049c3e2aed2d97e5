"""Offers for tests: those that browsers and aiortc really made (tests/vectors), and a small one that can be bent."""

from pathlib import Path

from sfu.messages import Offer

VECTORS = Path(__file__).parent.parent / "vectors"
FINGERPRINT = ":".join(["AB"] * 32)


def recorded(name: str) -> str:
    return (VECTORS / f"offer-{name}.sdp").read_bytes().decode()


def small_offer(
    *, session: str = "", audio: str = "", video: str = "", fingerprint: str = f"sha-256 {FINGERPRINT}"
) -> str:
    """One audio m-line that sends («a»), one video m-line that receives («v»); lines given are added at the end."""
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE a v",
        *session.splitlines(),
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:a",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuv",
        f"a=fingerprint:{fingerprint}",
        "a=setup:actpass",
        "a=rtcp-mux",
        "a=sendonly",
        "a=rtpmap:111 opus/48000/2",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        *audio.splitlines(),
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        "c=IN IP4 0.0.0.0",
        "a=mid:v",
        "a=rtcp-mux",
        "a=recvonly",
        "a=rtpmap:96 VP8/90000",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        *video.splitlines(),
    ]
    return "\r\n".join(lines) + "\r\n"


def offer_message(sdp: str, participant: str = "anna", connection: int = 1, request: int = 1) -> Offer:
    """For the recorded browsers' offers: microphone, camera, screen, its sound, four audio and ten video slots."""
    return Offer(
        request=request,
        room="5a",
        participant=participant,
        connection=connection,
        sdp=sdp,
        publish={"microphone": "0", "camera": "1", "screen": "2", "screen_sound": "3"},
        audio_slots=[str(mid) for mid in range(4, 8)],
        video_slots=[str(mid) for mid in range(8, 18)],
    )
