"""Checks of a line over HTTP: a room of one at the media node for anybody, its limits and its certain end; and the
results, which the administrator of the school reads.
"""

import asyncio

import msgspec
import pytest

from sfu import messages as node
from signaling import connection_checks
from signaling.api import documents
from signaling.api.context import Context
from signaling.buckets import Allowance
from signaling.connection_checks import (
    LIFE_SECONDS,
    MOST_AT_ONCE,
    MOST_OF_ADDRESS,
    ChecksFull,
    CheckTable,
)
from tests.signaling.browser import POST_HEADERS, Browser
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town

OFFER = documents.CheckOffer(
    sdp="v=0", publish={"microphone": "0", "camera": "1"}, audio_slots=["2"], video_slots=["3", "4", "5", "6"]
)
WELL = documents.CheckOutcome(
    verdict="video",
    steps=documents.CheckSteps(
        camera="good",
        microphone="good",
        speaker="skipped",
        server="good",
        udp="good",
        tcp="bad",
        delay="good",
        loss="fair",
        rate="good",
    ),
    way="udp",
    delay_ms=24,
    loss_up_percent=0.0,
    loss_down_percent=2.5,
    up_kbps=1480,
    down_kbps=5700,
    browser="firefox",
    system="linux",
)


async def post(browser: Browser, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    async with browser.http.post(path, data=body, headers=POST_HEADERS | headers) as response:
        return response.status, await response.read()


async def ask(browser: Browser, offer: documents.CheckOffer = OFFER) -> tuple[int, bytes]:
    return await post(browser, "/api/connection-checks", msgspec.json.encode(offer))


async def begin(browser: Browser, offer: documents.CheckOffer = OFFER) -> documents.ConnectionCheck:
    status, body = await ask(browser, offer)
    assert status == 200, body
    return msgspec.json.decode(body, type=documents.ConnectionCheck)


async def code_of(asked: tuple[int, bytes]) -> tuple[int, documents.RefusalCode]:
    status, body = asked
    return status, msgspec.json.decode(body, type=documents.Refusal).code


@pytest.mark.parametrize("path", ["/check", "/check/"])
async def test_the_page_is_there_for_whoever_is_not_signed_in(browser_of: BrowserOf, path: str) -> None:
    async with (await browser_of(None)).http.get(path) as response:
        assert (response.status, response.content_type) == (200, "text/html")


class TestACheck:
    async def test_needs_no_session_and_is_a_room_of_one_that_hears_itself(
        self, browser_of: BrowserOf, media_node: NodeDouble
    ) -> None:
        check = await begin(await browser_of(None))
        assert check.expires_in == LIFE_SECONDS
        (room,) = media_node.rooms.values()
        (peer,) = room.peers
        assert check.answer == f"answer to {peer.participant} 1"
        assert (room.echo, room.flow, peer.publish) == (True, True, ["microphone", "camera"])
        assert [viewed.source for viewed in peer.view] == [peer.sources["camera"]] * 4
        (offer,) = media_node.offers
        assert (offer.audio_slots, offer.video_slots) == (["2"], ["3", "4", "5", "6"])

    async def test_sends_as_many_pictures_back_as_there_are_slots(
        self, browser_of: BrowserOf, media_node: NodeDouble
    ) -> None:
        sound_only = documents.CheckOffer(sdp="v=0", publish={"microphone": "0"}, audio_slots=["1"], video_slots=[])
        await begin(await browser_of(None), sound_only)
        (room,) = media_node.rooms.values()
        assert (room.peers[0].view, room.peers[0].publish) == ([], ["microphone"])

    async def test_is_ended_by_whoever_knows_it(self, browser_of: BrowserOf, media_node: NodeDouble) -> None:
        browser, other = await browser_of(None), await browser_of(None)
        check, foreign = await begin(browser), await begin(other)
        assert check.check != foreign.check
        assert await browser.post(f"/api/connection-checks/{check.check}/end") == (204, b"")
        await media_node.until(lambda: len(media_node.closed_rooms) == 1)
        assert len(media_node.rooms) == 1, "the other goes on"
        for unknown in (check.check, "nothing", foreign.check[:-1], "%00", "x" * 4000):
            status, _ = await browser.post(f"/api/connection-checks/{unknown}/end")
            assert status == 404
        assert len(media_node.rooms) == 1

    async def test_is_closed_when_its_time_has_gone(
        self, browser_of: BrowserOf, media_node: NodeDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection_checks, "LIFE_SECONDS", 0.1)
        await begin(await browser_of(None))
        await media_node.until(lambda: len(media_node.closed_rooms) == 1 and not media_node.rooms)

    async def test_is_no_lesson(self, browser_of: BrowserOf, town: Town, server: Context) -> None:
        browser = await browser_of(town.orlova)
        check = await begin(browser)
        today = await browser.get("/api/today", documents.Today)
        assert {lesson.present for lesson in today.lessons} == {0}
        assert server.rooms._by_id == {}
        async with browser.http.get(f"/api/lessons/{check.check}") as response:
            assert response.status == 404

    async def test_is_not_disturbed_by_what_the_node_reports_of_it(
        self, browser_of: BrowserOf, media_node: NodeDouble, server: Context
    ) -> None:
        browser = await browser_of(None)
        check = await begin(browser)
        (room,) = media_node.rooms
        await media_node.say(node.PeerLink(room=room, participant="page", connection=1, link="failed"))
        await media_node.say(node.SlotsMapped(room=room, participant="page", connection=1, slots=[]))
        await media_node.say(node.Speaking(room=room, sources=[1]))
        await media_node.say(
            node.LinkQuality(room=room, participant="page", connection=1, quality="weak", held_back="all")
        )
        assert await browser.post(f"/api/connection-checks/{check.check}/end") == (204, b"")
        assert server.media.connected


class TestTheNode:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("bad_offer", (400, "bad_request")),
            ("overloaded", (503, "unavailable")),
            ("unknown_peer", (503, "unavailable")),
        ],
    )
    async def test_that_refuses_an_offer_leaves_no_room_behind(
        self,
        browser_of: BrowserOf,
        media_node: NodeDouble,
        said: str,
        expected: tuple[int, str],
    ) -> None:
        media_node.refuse_with = msgspec.convert(
            {"type": "offer_refused", "request": 0, "code": said, "message": "no"}, node.OfferRefused
        )
        assert await code_of(await ask(await browser_of(None))) == expected
        await media_node.until(lambda: len(media_node.closed_rooms) == 1 and not media_node.rooms)

    async def test_that_is_only_just_coming_back_answers_all_the_same(
        self, browser_of: BrowserOf, media_node: NodeDouble
    ) -> None:
        browser = await browser_of(None)
        await media_node.stop()
        asking = asyncio.ensure_future(ask(browser))  # noqa: TID251 - awaited below
        await media_node.restart()
        assert (await asking)[0] == 200

    async def test_that_is_away_is_said_to_be_unavailable(
        self, browser_of: BrowserOf, media_node: NodeDouble, monkeypatch: pytest.MonkeyPatch, server: Context
    ) -> None:
        monkeypatch.setattr("signaling.media.ANSWER_SECONDS", 0.1)
        await media_node.stop()
        assert await code_of(await ask(await browser_of(None))) == (503, "unavailable")
        assert len(server.checks._table) == 0


class TestAbuse:
    async def test_of_the_form_of_a_request_is_refused(self, browser_of: BrowserOf, media_node: NodeDouble) -> None:
        browser = await browser_of(None)
        body = msgspec.json.encode(OFFER)
        path = "/api/connection-checks"
        assert (await post(browser, path, body, **{"Content-Type": "text/plain"}))[0] == 415
        assert (await post(browser, path, body, **{"X-Zvonok": "2"}))[0] == 400
        assert (await post(browser, path, body, Origin="https://evil.example"))[0] == 403
        assert (await post(browser, path, body, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
        assert media_node.offers == []

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"sdp":1}', b"[" * 60_000, b'{"sdp":"v=0","publish":{}}'],
        ids=lambda body: body[:8].decode("latin-1"),
    )
    async def test_of_what_is_no_offer_is_refused(
        self, browser_of: BrowserOf, media_node: NodeDouble, body: bytes
    ) -> None:
        assert await code_of(await post(await browser_of(None), "/api/connection-checks", body)) == (400, "bad_request")
        assert media_node.rooms == {}

    @pytest.mark.parametrize(
        "change",
        [
            {"publish": {"screen": "0"}},
            {"publish": {"camera": "0" * 17}},
            {"audio_slots": ["2", "7"]},
            {"video_slots": ["3", "4", "5", "6", "7"]},
            {"video_slots": [str(number) for number in range(500)]},
        ],
        ids=str,
    )
    async def test_of_more_than_a_check_needs_is_refused(
        self, browser_of: BrowserOf, media_node: NodeDouble, change: dict[str, object]
    ) -> None:
        body = msgspec.json.encode(msgspec.structs.asdict(OFFER) | change)
        assert await code_of(await post(await browser_of(None), "/api/connection-checks", body)) == (400, "bad_request")
        assert media_node.rooms == {}

    async def test_by_size_is_refused_and_an_offer_of_the_largest_size_is_not(self, browser_of: BrowserOf) -> None:
        browser = await browser_of(None)
        large = documents.CheckOffer(sdp="v" * 250_000, publish={}, audio_slots=[], video_slots=[])
        larger = documents.CheckOffer(sdp="v" * 300_000, publish={}, audio_slots=[], video_slots=[])
        assert (await ask(browser, large))[0] == 200
        assert await code_of(await ask(browser, larger)) == (413, "bad_request")
        assert (await post(browser, "/api/check-results", b"x" * 100_000))[0] == 413, "other bodies stay small"

    async def test_by_number_leaves_room_for_other_addresses(
        self, browser_of: BrowserOf, media_node: NodeDouble
    ) -> None:
        browser = await browser_of(None)
        answers = await asyncio.gather(*(ask(browser) for _ in range(MOST_OF_ADDRESS + 5)))
        assert sorted(status for status, _ in answers) == [200] * MOST_OF_ADDRESS + [429] * 5
        assert len(media_node.rooms) == MOST_OF_ADDRESS < MOST_AT_ONCE

    async def test_by_frequency_is_told_when_to_come_back(self, browser_of: BrowserOf, server: Context) -> None:
        server.limits.checks_by_address._allowance = Allowance(rate=0.01, burst=1)
        browser = await browser_of(None)
        check = await begin(browser)
        await browser.post(f"/api/connection-checks/{check.check}/end")
        async with browser.http.post(
            "/api/connection-checks", data=msgspec.json.encode(OFFER), headers=POST_HEADERS
        ) as response:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) > 10

    async def test_of_one_browser_takes_nothing_from_its_school(
        self, browser_of: BrowserOf, server: Context, town: Town
    ) -> None:
        server.limits.checks_by_session._allowance = Allowance(rate=0.01, burst=2)
        server.limits.checks_by_address._allowance = Allowance(rate=0.01, burst=4)
        browser, other = await browser_of(town.artyom), await browser_of(town.polina)
        assert [(await ask(browser))[0] for _ in range(8)] == [200, 200, *[429] * 6]
        assert (await ask(other))[0] == 200


class TestResults:
    async def test_are_read_by_the_administrator(self, browser_of: BrowserOf, town: Town) -> None:
        pupil, administrator = await browser_of(town.artyom), await browser_of(town.administrator)
        assert await post(pupil, "/api/check-results", msgspec.json.encode(WELL)) == (204, b"")
        (card,) = await administrator.get("/api/check-results", list[documents.CheckResultCard])
        assert (card.name, card.class_name, card.outcome) == ("Артём Белов", "5А", WELL)

    async def test_are_for_nobody_else(self, browser_of: BrowserOf, town: Town) -> None:
        for member, expected in ((None, 401), (town.artyom, 403), (town.orlova, 403), (town.director, 403)):
            async with (await browser_of(member)).http.get("/api/check-results") as response:
                assert response.status == expected

    async def test_of_somebody_unknown_are_not_kept(self, browser_of: BrowserOf, town: Town) -> None:
        assert (await post(await browser_of(None), "/api/check-results", msgspec.json.encode(WELL)))[0] == 401
        administrator = await browser_of(town.administrator)
        assert await administrator.get("/api/check-results", list[documents.CheckResultCard]) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"verdict": "splendid"},
            {"way": "pigeon"},
            {"delay_ms": -1},
            {"delay_ms": 60_001},
            {"loss_up_percent": 100.5},
            {"loss_down_percent": -0.1},
            {"up_kbps": 10_000_001},
            {"browser": "Mozilla/5.0 (X11; Linux x86_64)"},
            {"system": "<script>"},
            {"steps": {"camera": "good"}},
            {"steps": msgspec.structs.asdict(WELL.steps) | {"udp": "maybe"}},
        ],
        ids=str,
    )
    async def test_hold_closed_words_and_bounded_numbers_only(
        self, browser_of: BrowserOf, town: Town, change: dict[str, object]
    ) -> None:
        browser = await browser_of(town.artyom)
        fields = msgspec.to_builtins(WELL) | change
        assert await code_of(await post(browser, "/api/check-results", msgspec.json.encode(fields))) == (
            400,
            "bad_request",
        )

    async def test_of_one_browser_come_seldom(self, browser_of: BrowserOf, server: Context, town: Town) -> None:
        server.limits.checks_by_session._allowance = Allowance(rate=0.01, burst=2)
        browser = await browser_of(town.artyom)
        body = msgspec.json.encode(WELL)
        assert [(await post(browser, "/api/check-results", body))[0] for _ in range(4)] == [204, 204, 429, 429]


class TestTheTable:
    def test_is_full_with_a_word_when_to_come_back(self) -> None:
        table = CheckTable()
        for number in range(MOST_AT_ONCE):
            table.begin(f"check-{number}", f"home-{number}", now=number / 10)
        with pytest.raises(ChecksFull) as full:
            table.begin("one more", "home", now=LIFE_SECONDS - 3.0)
        assert full.value.retry_after == pytest.approx(3.0)
        assert table.over(LIFE_SECONDS + 0.05) == ["check-0"]
        table.begin("one more", "home", now=LIFE_SECONDS + 0.05)

    def test_forgets_what_has_ended(self) -> None:
        table = CheckTable()
        table.begin("check", "home", now=0.0)
        assert (table.end("check"), table.end("check"), len(table)) == (True, False, 0)
        assert table.over(LIFE_SECONDS) == []
