"""The HTTP API: who is told what, who is refused how, and what another site can do (nothing)."""

import asyncio

import aiohttp
import msgspec
import pytest

from school.people import Member
from signaling.api import documents
from signaling.api.context import Context
from signaling.api.demo import path_of_this_site
from signaling.app import SignalingSettings
from signaling.live import messages as wire
from tests.signaling.browser import POST_HEADERS, Browser
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


async def card(browser: Browser, lesson: str) -> documents.LessonCard:
    return await browser.get(f"/api/lessons/{lesson}", documents.LessonCard)


async def status_of(browser: Browser, path: str) -> int:
    async with browser.http.get(path, allow_redirects=False) as response:
        return response.status


# ── health ──


async def test_health_is_good_when_all_is_up(browser_of: BrowserOf) -> None:
    browser = await browser_of(None)
    assert await browser.get("/healthz", documents.Health) == documents.Health(status="ok", failed=[])


async def test_health_names_the_media_node_that_is_down(browser_of: BrowserOf, media_node: NodeDouble) -> None:
    browser = await browser_of(None)
    await media_node.stop()
    async with asyncio.timeout(5):
        while await status_of(browser, "/healthz") != 503:
            pass
    async with browser.http.get("/healthz") as response:
        health = msgspec.json.decode(await response.read(), type=documents.Health)
    assert health == documents.Health(status="failed", failed=["sfu"])


# ── who is signed in ──


async def test_nobody_is_signed_in_at_first(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(None)
    for path in ("/api/me", "/api/today", f"/api/lessons/{town.lesson}"):
        async with browser.http.get(path) as response:
            assert response.status == 401
            refusal = msgspec.json.decode(await response.read(), type=documents.Refusal)
            assert refusal.code == "signed_out"


async def test_a_person_is_told_who_they_are(browser_of: BrowserOf, town: Town) -> None:
    me = await (await browser_of(town.orlova)).get("/api/me", documents.Me)
    assert (me.name, me.short_name, me.greeting) == (
        "Марина Сергеевна Орлова",
        "Марина Сергеевна",
        "Марина Сергеевна",
    )
    assert (me.roles, me.school, me.demo) == (["teacher"], "Школа «Кленовая роща»", True)
    pupil = await (await browser_of(town.artyom)).get("/api/me", documents.Me)
    assert (pupil.greeting, pupil.class_name, pupil.young, pupil.roles) == ("Артём", "5А", False, ["pupil"])


async def test_one_browser_holds_one_person(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.orlova)
    cookie = browser.session_cookie
    await browser.sign_in(town.artyom.id)
    assert (await browser.get("/api/me", documents.Me)).id == town.artyom.id
    async with (
        aiohttp.ClientSession() as thief,
        thief.get(f"{browser.url}/api/me", headers={"Cookie": f"zvonok={cookie}"}) as response,
    ):
        assert response.status == 401, "the session before is ended, not only replaced"


async def test_a_sign_in_link_can_be_used_again_and_leads_where_it_says(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(None)
    for _ in range(2):
        async with browser.http.get(
            f"/demo/sign-in/{town.artyom.id}?next=/lessons/{town.lesson}", allow_redirects=False
        ) as response:
            assert response.status == 302
            assert response.headers["Location"] == f"/lessons/{town.lesson}"
            cookie = response.cookies["zvonok"]
            assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "lessons/1", "",
     "/\t/evil.example", "///evil.example", "/ѕ", "/" + "x" * 600],
)  # fmt: skip
def test_sign_in_leads_to_paths_of_this_site_only(elsewhere: str) -> None:
    assert path_of_this_site(elsewhere) == "/"


async def test_signing_out_ends_the_session_and_its_seat(browser_of: BrowserOf, town: Town) -> None:
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await pupil.enter(town.lesson)
    status, _ = await pupil.post("/api/sign-out")
    assert status == 204
    assert await bench.close_code() == wire.CLOSE_CODES["signed_out"]
    assert (await desk.until(wire.ParticipantLeft)).how == "left"
    assert await status_of(pupil, "/api/me") == 401


async def test_the_demo_lists_its_people_with_their_links(browser_of: BrowserOf, town: Town) -> None:
    people = await (await browser_of(None)).get("/api/demo/people", list[documents.DemoPerson])
    by_id = {person.id: person for person in people}
    assert by_id[town.parent.id].role == "parent"
    assert by_id[town.parent.id].class_name == "5А"
    assert by_id[town.class_teacher.id].role == "class_teacher"
    assert by_id[town.artyom.id].login_path == f"/demo/sign-in/{town.artyom.id}"


# ── lessons ──


async def test_a_pupil_waits_and_is_let_in(browser_of: BrowserOf, town: Town) -> None:
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    before = await card(pupil, town.lesson)
    assert before.lesson is not None
    assert (before.lesson.action, before.lesson.room, before.room_role, before.here) == ("wait", "closed", "pupil", [])
    assert (await pupil.refusal(town.lesson)).code == "not_open_yet"
    await teacher.start(town.lesson)
    await teacher.enter(town.lesson)
    after = await card(pupil, town.lesson)
    assert after.lesson is not None
    assert (after.lesson.action, after.lesson.room, after.lesson.present) == ("join", "open", 1)
    assert after.here == ["Марина Сергеевна Орлова"]


async def test_the_day_of_a_teacher_holds_the_button_to_start(browser_of: BrowserOf, town: Town) -> None:
    today = await (await browser_of(town.orlova)).get("/api/today", documents.Today)
    assert [(lesson.id, lesson.action, lesson.when) for lesson in today.lessons] == [(town.lesson, "start", "now")]
    assert today.zone == "Europe/Moscow"


@pytest.mark.parametrize(
    ("who", "code"),
    [("timur", "wrong_class"), ("parent", "parents_not_in_lessons"), ("stranger", "not_found")],
)
async def test_those_who_are_not_of_the_lesson_are_refused_and_told_nothing_of_it(
    browser_of: BrowserOf, town: Town, who: str, code: str
) -> None:
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    await teacher.enter(town.lesson)
    member: Member = getattr(town, who)
    browser = await browser_of(member)
    refusal = await browser.refusal(town.lesson)
    assert refusal.code == code
    async with browser.http.get(f"/api/lessons/{town.lesson}") as response:
        text = await response.text()
    assert "Орлова" not in text
    if who == "timur":
        shown = msgspec.json.decode(text, type=documents.LessonCard)
        assert shown.refusal is not None
        assert (shown.lesson, shown.here, shown.refusal.own_class_name) == (None, [], "5Б")
        assert shown.refusal.own_lesson is not None
        assert shown.refusal.own_lesson.id == town.lesson_of_b


async def test_only_its_teacher_starts_a_lesson(browser_of: BrowserOf, town: Town) -> None:
    for member in (town.artyom, town.timur, town.parent, town.director, town.class_teacher, town.stranger):
        status, body = await (await browser_of(member)).post(f"/api/lessons/{town.lesson}/start")
        expected = (404, "not_found") if member is town.stranger else (403, "not_allowed")
        assert (status, msgspec.json.decode(body, type=documents.Refusal).code) == expected


@pytest.mark.parametrize(
    "lesson", ["nothing", "0" * 32, "1'%20OR%20'1'='1", "..%2f..%2fetc%2fpasswd", "%00", "x" * 3000]
)
async def test_an_unknown_id_is_not_found_whatever_it_looks_like(
    browser_of: BrowserOf, town: Town, lesson: str
) -> None:
    browser = await browser_of(town.artyom)
    assert await status_of(browser, f"/api/lessons/{lesson}") == 404
    status, _ = await browser.post(f"/api/lessons/{lesson}/ticket")
    assert status == 404


# ── posts of other sites, and bad ones ──


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Zvonok": ""}, 400),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_a_post_that_is_not_of_a_page_of_this_site_changes_nothing(
    browser_of: BrowserOf, town: Town, headers: dict[str, str], expected: int
) -> None:
    teacher = await browser_of(town.orlova)
    status, body = await teacher.post(f"/api/lessons/{town.lesson}/start", **headers)
    assert status == expected
    assert msgspec.json.decode(body, type=documents.Refusal).code == "bad_request"
    shown = await card(teacher, town.lesson)
    assert shown.lesson is not None
    assert shown.lesson.room == "closed"


async def test_a_wrong_method_says_so(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.orlova)
    assert await status_of(browser, f"/api/lessons/{town.lesson}/start") == 404
    for path in ("/api/me", "/healthz", f"/demo/sign-in/{town.artyom.id}"):
        status, _ = await browser.post(path)
        assert status == 405


async def test_a_large_body_and_many_headers_are_refused(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.orlova)
    path = f"/api/lessons/{town.lesson}/start"
    async with browser.http.post(path, data=b"x" * 70_000, headers=POST_HEADERS) as response:
        assert response.status == 413
    async with browser.http.get("/api/me", headers={"X-Long": "x" * 70_000}) as response:
        assert response.status == 400
    async with browser.http.get("/api/me", params={f"p{number}": "1" for number in range(300)}) as response:
        assert response.status == 200


async def test_smuggled_lengths_are_refused(browser_of: BrowserOf, settings: SignalingSettings) -> None:
    await browser_of(None)
    reader, writer = await asyncio.open_connection(settings.host, settings.port)
    writer.write(
        b"POST /api/sign-out HTTP/1.1\r\nHost: x\r\nX-Zvonok: 1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.0 400") or answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.") == 1


async def test_too_many_posts_are_told_when_to_come_back(browser_of: BrowserOf, server: Context, town: Town) -> None:
    browser = await browser_of(town.artyom)
    answers = await asyncio.gather(*(browser.post(f"/api/lessons/{town.lesson}/ticket") for _ in range(200)))
    assert {status for status, _ in answers} == {403, 429}
    other = await browser_of(town.polina)
    assert (await other.post(f"/api/lessons/{town.lesson}/ticket"))[0] == 403, "a school is one address"


async def test_a_fault_tells_the_client_nothing(browser_of: BrowserOf, server: Context, town: Town) -> None:
    browser = await browser_of(town.artyom)
    async with server.store.write() as tx:
        await tx.structure._connection.exec_driver_sql("DROP TABLE sessions")
    async with browser.http.get("/api/me") as response:
        body = await response.text()
        assert response.status == 503
    assert msgspec.json.decode(body, type=documents.Refusal).message == "try again"
    async with browser.http.get("/healthz") as response:
        assert response.status == 200


# ── the web client ──


async def test_pages_of_the_client_come_with_a_strict_policy(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(None)
    etag = ""
    for path in ("/", f"/lessons/{town.lesson}", f"/lessons/{town.lesson}/"):
        async with browser.http.get(path) as response:
            assert response.status == 200
            assert "Звонок" in await response.text()
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", ""), "WebAssembly, and no other code from text"
            assert browser.url.replace("http://", "ws://") in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Permissions-Policy"].startswith("camera=(self)")
            assert response.headers["Cache-Control"] == "no-cache"
            etag = response.headers["ETag"]
    async with browser.http.get("/", headers={"If-None-Match": etag}) as response:
        assert response.status == 304


async def test_hashed_files_never_change(browser_of: BrowserOf) -> None:
    browser = await browser_of(None)
    async with browser.http.get("/assets/index-C0ffee.js") as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.content_type in ("text/javascript", "application/javascript")


async def test_whoever_reads_brotli_gets_what_the_build_packed(browser_of: BrowserOf) -> None:
    browser = await browser_of(None)
    path = f"{browser.url}/assets/index-C0ffee.js"
    async with aiohttp.ClientSession(auto_decompress=False) as raw:
        for asked, coding in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)):
            async with raw.get(path, headers={"Accept-Encoding": asked}) as response:
                assert response.headers.get("Content-Encoding") == coding
        async with raw.get(f"{path}.br") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    "path", ["/assets/../school.db", "/..%2fschool.db", "/assets/%2e%2e/%2e%2e/etc/passwd", "/.git/config", "/api/none"]
)
async def test_no_path_names_a_file_that_is_not_the_clients(browser_of: BrowserOf, path: str) -> None:
    assert await status_of(await browser_of(None), path) == 404


async def test_a_dead_link_shows_a_page(browser_of: BrowserOf) -> None:
    browser = await browser_of(None)
    async with browser.http.get("/nowhere", headers={"Accept": "text/html"}) as response:
        assert response.status == 404
        assert "Звонок" in await response.text()


async def test_metrics_hold_numbers_and_no_names(
    browser_of: BrowserOf, town: Town, settings: SignalingSettings
) -> None:
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    await teacher.enter(town.lesson)
    url = f"http://{settings.metrics_host}:{settings.metrics_port}/metrics"
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        text = await response.text()
    assert "zvonok_participants 1.0" in text
    assert "zvonok_media_node_up 1.0" in text
    for personal in ("Орлова", town.orlova.id, town.lesson, "127.0.0.1"):
        assert personal not in text
