"""Browsers and the demo school for the end-to-end tests. At most two browser processes live at once."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e.chromium import Chromium
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firefox import Firefox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    browser = await Chromium.start()
    yield browser
    await browser.close()


@pytest.fixture(scope="module")
async def firefox() -> AsyncIterator[Firefox]:
    browser = await Firefox.start()
    yield browser
    await browser.close()


@pytest.fixture
async def school() -> AsyncIterator[DemoSchool]:
    demo = await DemoSchool.start()
    yield demo
    await demo.stop()
