"""What a request has to be before a handler sees it: for this site by its name, and not too often; and what every
answer says of the server. Bodies and origins of POSTs are in test_http.py.
"""

import asyncio

import aiohttp
import msgspec
import pytest

from signaling.api import documents
from signaling.api.context import Context
from signaling.api.guards import hosts_of
from signaling.app import PER_ADDRESS, PER_SESSION, SignalingSettings, hosts_of_site
from signaling.buckets import Allowance, BucketTable
from signaling.live import messages as wire
from tests.signaling.browser import Browser
from tests.signaling.conftest import BrowserOf
from tests.signaling.town import Town

# More than a session's bucket holds and gets back while they are answered.
MANY = 200
PUPILS = 30
LESSON_SECONDS = 60
POLL_SECONDS = 2


async def answer_of(browser: Browser, path: str, **headers: str) -> tuple[int, bytes]:
    async with browser.http.get(path, headers=headers, allow_redirects=False) as response:
        return response.status, await response.read()


# ── how often ──


async def test_a_browser_that_reads_too_often_is_told_when_to_come_back(browser_of: BrowserOf, town: Town) -> None:
    browser, other = await browser_of(town.artyom), await browser_of(town.polina)
    for path in ("/api/me", "/api/today", f"/api/lessons/{town.lesson}"):
        answers = await asyncio.gather(*(answer_of(browser, path) for _ in range(MANY)))
        refused = [body for status, body in answers if status == 429]
        assert {msgspec.json.decode(body, type=documents.Refusal).code for body in refused} == {"too_many"}
        assert {status for status, _ in answers} <= {200, 429}
        assert (await answer_of(other, path))[0] == 200, "a school is one address"


async def test_who_is_not_signed_in_is_limited_by_address(browser_of: BrowserOf, server: Context) -> None:
    server.limits.by_address._allowance = Allowance(rate=0.001, burst=1)
    browser = await browser_of(None)
    async with browser.http.get("/api/demo/people") as response:
        assert response.status == 200
    async with browser.http.get("/api/demo/people") as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 1
    assert (await answer_of(browser, "/"))[0] == 200, "what is in memory costs nothing"


async def test_what_one_browser_asks_in_vain_is_not_taken_from_its_school(
    browser_of: BrowserOf, server: Context, town: Town
) -> None:
    server.limits.by_address._allowance = Allowance(rate=0.001, burst=MANY // 2 + PER_SESSION.burst)
    browser, other = await browser_of(town.artyom), await browser_of(town.polina)
    await asyncio.gather(*(answer_of(browser, "/api/me") for _ in range(MANY)))
    assert (await answer_of(other, "/api/me"))[0] == 200


def test_a_class_that_asks_every_two_seconds_from_one_address_is_within_the_limits() -> None:
    by_session, by_address = BucketTable(PER_SESSION), BucketTable(PER_ADDRESS)
    for second in range(0, LESSON_SECONDS, POLL_SECONDS):
        for pupil in range(PUPILS):
            for _ in ("/api/me", "/api/today", "/api/lessons/…"):
                assert by_session.take(str(pupil), second) == 0.0
                assert by_address.take("school", second) == 0.0


# ── by its name ──


@pytest.mark.parametrize("path", ["/", "/api/demo/people", "/api/me", "/demo/sign-in/anybody", "/ws", "/nowhere"])
@pytest.mark.parametrize("name", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}"])
async def test_another_sites_name_for_this_machine_opens_nothing(
    browser_of: BrowserOf, settings: SignalingSettings, path: str, name: str
) -> None:
    browser = await browser_of(None)
    status, body = await answer_of(browser, path, Host=name.format(port=settings.port))
    assert (status, msgspec.json.decode(body, type=documents.Refusal).code) == (421, "bad_request")


async def test_a_request_that_names_nobody_is_refused(browser_of: BrowserOf, settings: SignalingSettings) -> None:
    await browser_of(None)
    reader, writer = await asyncio.open_connection(settings.host, settings.port)
    writer.write(b"GET /api/demo/people HTTP/1.0\r\n\r\n")
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert b" 421 " in answer.split(b"\r\n", 1)[0]


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
async def test_loopback_has_three_names(browser_of: BrowserOf, settings: SignalingSettings, name: str) -> None:
    status, _ = await answer_of(await browser_of(None), "/api/demo/people", Host=f"{name}:{settings.port}")
    assert status == 200


async def test_a_probe_of_health_comes_by_any_name(browser_of: BrowserOf) -> None:
    assert (await answer_of(await browser_of(None), "/healthz", Host="10.1.2.3"))[0] == 200


def test_the_names_are_those_of_the_origins_with_and_without_a_default_port() -> None:
    assert hosts_of(["https://School.example"]) == {"school.example", "school.example:443"}
    assert hosts_of(["http://localhost:80"]) == {"localhost", "localhost:80"}
    assert hosts_of(["https://school.example:8443"]) == {"school.example:8443"}


def test_a_proxy_on_this_machine_may_call_it_by_the_loopback_address(settings: SignalingSettings) -> None:
    behind = msgspec.structs.replace(settings, public_url="https://school.example", port=8080)
    loopback = {"localhost:8080", "127.0.0.1:8080", "[::1]:8080"}
    assert hosts_of_site(behind) == {"school.example", "school.example:443"} | loopback
    open_to_all = msgspec.structs.replace(behind, host="192.0.2.1")
    assert hosts_of_site(open_to_all) == {"school.example", "school.example:443"}


# ── what answers say, and what HEAD does ──


async def test_no_answer_says_what_the_server_is_made_of(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.artyom)
    for path, headers in (("/", {}), ("/api/me", {}), ("/api/none", {}), ("/api/me", {"X-Long": "x" * 70_000})):
        async with browser.http.get(path, headers=headers) as response:
            assert response.headers["Server"] == "Zvonok"
    async with browser.http.ws_connect("/ws", protocols=(wire.SUBPROTOCOL,), headers={"Origin": browser.url}) as socket:
        upgrade: aiohttp.ClientResponse = socket._response
        assert upgrade.headers["Server"] == "Zvonok"
        assert upgrade.headers["X-Content-Type-Options"] == "nosniff"


async def test_asking_for_the_head_of_a_sign_in_link_signs_nobody_in(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(None)
    async with browser.http.head(f"/demo/sign-in/{town.artyom.id}", allow_redirects=False) as response:
        assert response.status == 404
        assert "Set-Cookie" not in response.headers


# ── pages ──


@pytest.mark.parametrize(
    "path", ["/sign-in", "/checks", "/lessons", "/lessons/1/board", "/lessons/a%20b", "/lessons/" + "x" * 65]
)
async def test_a_path_that_the_client_does_not_know_is_drawn_as_a_dead_link(browser_of: BrowserOf, path: str) -> None:
    browser = await browser_of(None)
    status, page = await answer_of(browser, path, Accept="text/html,*/*;q=0.8")
    assert (status, "Звонок" in page.decode()) == (404, True)
    assert (await answer_of(browser, path, Accept="application/json"))[0] == 404
