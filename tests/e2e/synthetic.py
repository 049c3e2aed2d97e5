"""People without browsers, who fill a class: the load generator holds a lesson with as many as a test needs."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.large_class import found
from tests.e2e.acts import until_in
from tests.e2e.browsers import Camera, Tab, press, until
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.demo_school import DemoSchool
from tests.e2e.processes import output_of

GENERATOR = Path(__file__).parent.parent.parent / "benchmarks" / "load"
ALL_IN_S = 60.0
PICTURES = "zvonokTest.tiles().filter((tile) => tile.pixel !== null).length"


async def built() -> Path:
    """The generator as the checks build it: without the long optimisation of a benchmark."""
    await output_of("cargo", "build", "--locked", "--quiet", "--manifest-path", str(GENERATOR / "Cargo.toml"))
    return GENERATOR / "target" / "debug" / "zvonok-load"


@asynccontextmanager
async def full_class(people: int) -> AsyncIterator[DemoSchool]:
    """A demo school in whose lesson of 5А a teacher and pupils sit already, `people` of them; the last pupil of the
    list is not among them."""
    program = await built()
    with tempfile.TemporaryDirectory(prefix="zvonok-class-") as folder:
        await asyncio.to_thread(found, Path(folder), people)
        school = await DemoSchool.start("--data", folder)
        try:
            async with _lesson(program, school, "--people", str(people)):
                yield school
        finally:
            await school.stop()


async def last_pupil_joins(chromium: Chromium, school: DemoSchool) -> ChromiumTab:
    person = [one for one in school.people if one.role == "pupil" and one.class_name == "5А"][-1]
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.goto(person.login_url)
    await tab.goto(school.lesson_url)
    await press(tab, "Войти")
    await until_in(tab)
    await until(tab, f"{PICTURES} >= 9", "a page of nine pictures")
    return tab


async def names_of_tiles(tab: Tab) -> list[str]:
    found: list[str] = await tab.evaluate("zvonokTest.tiles().map((tile) => tile.name)")
    return found


@asynccontextmanager
async def pupils_with_cameras(school: DemoSchool, pupils: int, inside: Sequence[str] = ()) -> AsyncIterator[None]:
    """In a lesson that somebody else holds: they are seen, and their microphones are off."""
    program = await built()
    async with _lesson(program, school, "--people", str(pupils), "--class", "--muted", inside=inside):
        yield


@asynccontextmanager
async def _lesson(program: Path, school: DemoSchool, *words: str, inside: Sequence[str] = ()) -> AsyncIterator[None]:
    line = program.parent / f"demo-{school.media_port}.json"
    line.write_text(school.line, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *inside, str(program), "lesson", "--demo", str(line), *words, "--quiet-ms", "0", "--warm-up", "0",
        "--seconds", "1", "--hold",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await asyncio.wait_for(_until_in(process), ALL_IN_S)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        line.unlink()


async def _until_in(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    said = []
    while text := (await process.stderr.readline()).decode().strip():
        if text == "measuring":
            return
        said.append(text)
    raise RuntimeError(f"the class did not come: {said}")
