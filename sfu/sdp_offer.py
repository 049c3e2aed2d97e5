"""Parser of offers, called by `peer.py` with a peer's text: linear in its length, no regular expression on
what a peer wrote, every limit checked before work is done. It raises OfferError and nothing else, and knows
nothing of tracks, slots or rooms. Anything not listed in `sdp.py` is skipped, as RFC 8866 §5.13 asks.
"""

from collections.abc import Sequence

import msgspec

from sfu.sdp import (
    EXTENSION_URIS,
    MAX_CANDIDATES,
    MAX_LINE_CHARS,
    MAX_MEDIA_SECTIONS,
    MAX_MID_CHARS,
    MAX_OFFER_BYTES,
    MAX_RIDS,
    MAX_SECTION_LINES,
    Direction,
    Extension,
    ExtensionMapping,
    Fingerprint,
    HashName,
    MediaSection,
    OfferError,
    ParsedOffer,
    Setup,
)
from sfu.sdp_codecs import CodecLines, SsrcLines, decimal
from sfu.sdp_tokens import ice_chars, rid, token

_HASHES: dict[str, tuple[HashName, int]] = {
    "sha-256": ("sha-256", 32),
    "sha-384": ("sha-384", 48),
    "sha-512": ("sha-512", 64),
}
_DIRECTIONS: dict[str, Direction] = {
    "sendrecv": "sendrecv",
    "sendonly": "sendonly",
    "recvonly": "recvonly",
    "inactive": "inactive",
}
_WEAK_HASHES = ("sha-1", "sha-224", "md5", "md2")
_EXTENSIONS: dict[str, Extension] = {uri: name for name, uri in EXTENSION_URIS.items()}
_MEDIA_PROTOCOLS = ("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF")
_CODEC_LINES = ("a=rtpmap:", "a=fmtp:", "a=rtcp-fb:")
_KnownCodecs = dict[tuple[tuple[str, ...], tuple[str, ...]], CodecLines]


class _Transport(msgspec.Struct):
    """Transport attributes of one level; the session's hold where an m-line has none (RFC 8839 §5.4, RFC 8842)."""

    ufrag: str = ""
    pwd: str = ""
    setup: str = ""
    fingerprints: list[Fingerprint] = []
    has_weak_fingerprint: bool = False

    def over(self, session: "_Transport") -> "_Transport":
        own_hash = bool(self.fingerprints) or self.has_weak_fingerprint
        return _Transport(
            ufrag=self.ufrag or session.ufrag,
            pwd=self.pwd or session.pwd,
            setup=self.setup or session.setup,
            fingerprints=self.fingerprints if own_hash else session.fingerprints,
            has_weak_fingerprint=self.has_weak_fingerprint if own_hash else session.has_weak_fingerprint,
        )

    def read(self, name: str, value: str) -> None:
        match name:
            case "ice-ufrag":
                self.ufrag = ice_chars(value, 4, 256)
            case "ice-pwd":
                self.pwd = ice_chars(value, 22, 256)
            case "setup":
                self.setup = value
            case "fingerprint":
                self._read_fingerprint(value)
            case "crypto":
                raise OfferError("keys in the offer (a=crypto) are not taken: media is DTLS-SRTP only")
            case _:
                pass

    def _read_fingerprint(self, value: str) -> None:
        name, _, text = value.partition(" ")
        name = name.lower()
        if name in _WEAK_HASHES:
            self.has_weak_fingerprint = True
            return
        known = _HASHES.get(name)
        if known is None:
            return
        algorithm, length = known
        pairs = text.strip().split(":", length + 1)
        if len(pairs) != length or any(len(pair) != 2 for pair in pairs):
            raise OfferError("a fingerprint has the wrong length")
        try:
            digest = bytes.fromhex("".join(pairs))
        except ValueError:
            raise OfferError("a fingerprint is not hexadecimal") from None
        if len(digest) != length or len(self.fingerprints) >= 8:
            raise OfferError("a fingerprint is not hexadecimal, or there are too many")
        self.fingerprints.append(Fingerprint(algorithm, digest))


def parse_offer(text: str) -> ParsedOffer:
    """Raises OfferError for everything that is not an offer this node can answer."""
    blocks = _blocks(_lines(text))
    session = _Transport()
    bundled, allows_mixed = _read_session(blocks[0], session)
    sections: list[MediaSection] = []
    known: _KnownCodecs = {}
    transports: dict[str, _Transport] = {}
    for block in blocks[1:]:
        section, transport = _read_section(block, session, known)
        if section.mid in transports:
            raise OfferError("two m-lines have the same MID")
        transports[section.mid] = transport
        sections.append(section)
    if bundled is None:
        raise OfferError("the offer has no BUNDLE group")
    live = {section.mid for section in sections if not section.is_rejected}
    if any(mid not in transports for mid in bundled):
        raise OfferError("the BUNDLE group names a MID that is not there")
    group = tuple(mid for mid in bundled if mid in live)
    if not group:
        raise OfferError("the BUNDLE group has no m-line")
    _check_payload_types(sections, group)
    return _checked(transports[group[0]], tuple(sections), group, allows_mixed=allows_mixed)


def _lines(text: str) -> list[str]:
    if len(text) > MAX_OFFER_BYTES:
        raise OfferError("the offer is larger than 256 KiB")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise OfferError("the offer is not Unicode text") from None
    if size > MAX_OFFER_BYTES:
        raise OfferError("the offer is larger than 256 KiB")
    has_crlf = "\r\n" in text
    lines = text.split("\r\n" if has_crlf else "\n")
    if lines[-1] == "":
        lines.pop()
    if not lines or lines[0] != "v=0":
        raise OfferError("the offer does not begin with v=0")
    rest = text.replace("\r\n", "") if has_crlf else text.replace("\n", "")
    if not rest.isprintable():
        raise OfferError("the offer has control characters, or mixes ends of lines")
    return lines


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """The session's lines, then those of each m-line."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line[1:2] != "=" or len(line) > MAX_LINE_CHARS:
            raise OfferError("a line is not of the form x=…, or longer than 4096 characters")
        if line[0] == "m":
            if len(blocks) > MAX_MEDIA_SECTIONS:
                raise OfferError("the offer has more than 64 m-lines")
            blocks.append([])
        blocks[-1].append(line)
        if len(blocks[-1]) > MAX_SECTION_LINES:
            raise OfferError("an m-line has more than 400 lines")
    if len(blocks) == 1:
        raise OfferError("the offer has no m-line")
    return blocks


def _attribute(line: str) -> tuple[str, str]:
    name, _, value = line[2:].partition(":")
    return name, value


def _read_session(lines: Sequence[str], transport: _Transport) -> tuple[tuple[str, ...] | None, bool]:
    bundled: tuple[str, ...] | None = None
    allows_mixed = False
    for line in lines:
        if line[0] != "a":
            continue
        name, value = _attribute(line)
        if name == "group" and value.partition(" ")[0] == "BUNDLE":
            if bundled is not None:
                raise OfferError("the offer has two BUNDLE groups")
            bundled = tuple(value.split()[1:])
            if len(set(bundled)) != len(bundled):
                raise OfferError("the BUNDLE group names a MID twice")
        elif name == "extmap-allow-mixed":
            allows_mixed = True
        else:
            transport.read(name, value)
    return bundled, allows_mixed


class _Section:
    """One m-line while it is read: an attribute goes to the first reader that knows it."""

    def __init__(self, media_line: str) -> None:
        parts = media_line[2:].split()
        if len(parts) < 4:
            raise OfferError("an m-line is too short")
        self.kind, self.protocol, self.formats = parts[0], parts[2], tuple(parts[3:])
        self.port = decimal(parts[1].partition("/")[0], 65535, "port")
        self.is_rtp = self.kind in ("audio", "video") and self.protocol in _MEDIA_PROTOCOLS
        self.transport = _Transport()
        self.codecs = CodecLines(())
        self.ssrcs = SsrcLines()
        self.flags: set[str] = set()
        self.direction: Direction = "sendrecv"
        self.mid = self.msid = ""
        self.extensions: dict[Extension, ExtensionMapping] = {}
        self.sent_rids: list[str] = []
        self.simulcast: tuple[str, ...] = ()
        self.candidates = 0

    def read_codecs(self, lines: tuple[str, ...], known: _KnownCodecs) -> None:
        """Ten slots of a browser say the same, and it is most of an offer: each text is read once."""
        key = (self.formats if self.is_rtp else (), lines)
        codecs = known.get(key)
        if codecs is None:
            codecs = known[key] = CodecLines(key[0])
            for line in lines:
                codecs.read(*_attribute(line))
        self.codecs = codecs

    def read(self, name: str, value: str) -> None:
        match name:
            case "ssrc" | "ssrc-group":
                self.ssrcs.read(name, value)
            case "extmap":
                self._read_extension(value)
            case "rid":
                self._read_rid(value)
            case _:
                self._read_once(name, value)

    def _read_once(self, name: str, value: str) -> None:
        match name:
            case "mid":
                if self.mid:
                    raise OfferError("an m-line has two MIDs")
                self.mid = token(value, MAX_MID_CHARS, "a MID")
            case "sendrecv" | "sendonly" | "recvonly" | "inactive":
                self.direction = _DIRECTIONS[name]
            case "rtcp-mux" | "rtcp-rsize" | "bundle-only":
                self.flags.add(name)
            case "msid":
                self.msid = value[:200]
            case "candidate":
                self.candidates += 1
                if self.candidates > MAX_CANDIDATES:
                    raise OfferError("an m-line has more than 32 candidates")
            case "simulcast":
                self.simulcast = _sent_rids(value)
            case _:
                self.transport.read(name, value)

    def _read_extension(self, value: str) -> None:
        parts = value.split(None, 2)
        if len(parts) < 2:
            raise OfferError("an extmap line is too short")
        number, _, direction = parts[0].partition("/")
        name = _EXTENSIONS.get(parts[1])
        if name is None:
            return
        if direction and direction not in _DIRECTIONS:
            raise OfferError("an extmap line has an unknown direction")
        identifier = decimal(number, 255, "extension id")
        # 15 is reserved (RFC 8285 §4.2); 4096 and above offer alternatives, which nobody does for these.
        if identifier in (0, 15):
            raise OfferError("an extension id is reserved")
        self.extensions[name] = ExtensionMapping(identifier, _DIRECTIONS.get(direction))

    def _read_rid(self, value: str) -> None:
        parts = value.split(None, 2)
        if len(parts) < 2:
            raise OfferError("a rid line is too short")
        if parts[1] == "send":
            if len(self.sent_rids) >= MAX_RIDS:
                raise OfferError("an m-line sends more than 3 layers")
            self.sent_rids.append(rid(parts[0]))

    def rids(self) -> tuple[str, ...]:
        if not self.simulcast:
            return tuple(self.sent_rids)
        if set(self.simulcast) - set(self.sent_rids) or len(set(self.simulcast)) != len(self.simulcast):
            raise OfferError("the simulcast line does not fit the rid lines")
        return self.simulcast

    def finish(self) -> MediaSection:
        if not self.mid:
            raise OfferError("an m-line has no MID")
        is_rejected = self.port == 0 and "bundle-only" not in self.flags
        if self.is_rtp and not is_rejected and "rtcp-mux" not in self.flags:
            raise OfferError("an m-line does not offer rtcp-mux")
        codecs = self.codecs.chosen(self.kind)
        return MediaSection(
            kind=self.kind,
            protocol=self.protocol,
            formats=self.formats,
            mid=self.mid,
            is_rejected=is_rejected,
            direction=self.direction,
            opus=codecs.opus,
            opus_stereo=codecs.opus_stereo,
            vp8=codecs.vp8,
            vp8_rtx=codecs.vp8_rtx,
            feedback=codecs.feedback,
            extensions=self.extensions,
            rids=self.rids(),
            ssrcs=self.ssrcs.pairs(),
            msid=self.msid,
            has_rtcp_rsize="rtcp-rsize" in self.flags,
        )


def _read_section(lines: Sequence[str], session: _Transport, known: _KnownCodecs) -> tuple[MediaSection, _Transport]:
    section = _Section(lines[0])
    section.read_codecs(tuple(line for line in lines if line.startswith(_CODEC_LINES)), known)
    for line in lines[1:]:
        if line[0] == "a" and not line.startswith(_CODEC_LINES):
            section.read(*_attribute(line))
    return section.finish(), section.transport.over(session)


def _sent_rids(value: str) -> tuple[str, ...]:
    """RIDs after `send` in a simulcast line; alternatives («a,b») are not taken, a paused layer («~a») is."""
    words = value.split()
    for direction, streams in zip(words[::2], words[1::2], strict=False):
        if direction == "send":
            rids = streams.split(";", MAX_RIDS)
            if len(rids) > MAX_RIDS or "," in streams:
                raise OfferError("the simulcast line has alternatives or more than 3 layers")
            return tuple(rid(each.removeprefix("~")) for each in rids)
    return ()


def _check_payload_types(sections: Sequence[MediaSection], group: Sequence[str]) -> None:
    """Inside one BUNDLE group a number means one thing (RFC 9143 §9): payload types and extension ids."""
    bundled = [section for section in sections if section.mid in group]
    for chosen in (
        {section.opus for section in bundled},
        {section.vp8 for section in bundled},
        {section.vp8_rtx for section in bundled},
    ):
        if len(chosen - {0}) > 1:
            raise OfferError("one codec has two payload types")
    meanings: dict[int, Extension] = {}
    numbers: dict[Extension, int] = {}
    for section in bundled:
        for name, mapping in section.extensions.items():
            if meanings.setdefault(mapping.id, name) != name or numbers.setdefault(name, mapping.id) != mapping.id:
                raise OfferError("one extension id has two meanings, or one extension two ids")


def _checked(
    transport: _Transport, sections: tuple[MediaSection, ...], group: tuple[str, ...], *, allows_mixed: bool
) -> ParsedOffer:
    if not transport.ufrag or not transport.pwd:
        raise OfferError("the offer has no ICE credentials")
    if not transport.fingerprints:
        raise OfferError("the offer has no fingerprint of sha-256, sha-384 or sha-512")
    return ParsedOffer(
        ufrag=transport.ufrag,
        pwd=transport.pwd,
        fingerprints=tuple(transport.fingerprints),
        setup=_setup(transport.setup),
        sections=sections,
        bundled=group,
        allows_mixed_extensions=allows_mixed,
    )


def _setup(value: str) -> Setup:
    match value:
        case "actpass":
            return "actpass"
        case "active":
            return "active"
        case "passive":
            raise OfferError("the offer is passive, and so is this node: nobody would begin the handshake")
        case _:
            raise OfferError("the offer's setup attribute is missing or not usable")
