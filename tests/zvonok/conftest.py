"""One running demo school for all tests of abuse; each test finds empty rooms in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.demo_school import DemoSchool
from tests.zvonok.people_lab import School, running_school, visitors


@pytest.fixture(scope="session")
async def kept_demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[DemoSchool, Path]]:
    folder = tmp_path_factory.mktemp("school")
    async with running_school(folder) as demo:
        yield demo, folder


@pytest.fixture
async def school(kept_demo: tuple[DemoSchool, Path]) -> AsyncIterator[School]:
    demo, folder = kept_demo
    async with visitors(demo, folder) as visited:
        yield visited
