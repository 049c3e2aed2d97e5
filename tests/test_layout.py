"""The structure of the repository as checks: sizes, names, waivers, documents. Numbers here may only go down."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("school", "sfu", "signaling", "zvonok")
CODE = {".py", ".pyi", ".rs", ".ts", ".svelte", ".css", ".js"}

WARN_LINES, FAIL_LINES = 400, 600
ROOT_ENTRIES = {
    "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "PROTOCOL.md", "README.md", "LICENSE",
    "MANIFEST.in", "Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "setup.py",
    "benchmarks", "school", "sfu", "signaling", "tests", "web", "zvonok",
    ".ci", ".gitignore", ".pre-commit-config.yaml",
}  # fmt: skip
DOCUMENTS = {
    "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "PROTOCOL.md", "README.md", "benchmarks/README.md",
}  # fmt: skip
BANNED_STEMS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "services"}
BANNED_PARTS = re.compile(r"(^|_)(v2|old|new|legacy|improved|enhanced|simple|real)($|_)")
DIARY = re.compile(
    r"(#|//)\s.*(\bTODO\b|\bFIXME\b|\bXXX\b|\bpreviously\b|\brefactored\b|\bwas changed\b|\bstep \d)", re.IGNORECASE
)
WAIVER = re.compile(r"#\s*noqa|type:\s*ignore|#!?\[allow\(|pragma: no cover|eslint-disable|svelte-ignore")
REASONED = re.compile(
    r"noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* - \S|type: ignore\[[a-z-]+(, ?[a-z-]+)*\]\s+# \S"
    r"|reason = \"|eslint-disable\S* .* -- \S|svelte-ignore \S+ .*\("
)

# Waivers by kind of file. A new one has to take the place of an old one, or be argued for here.
WAIVER_BUDGET = {".py": 60, ".rs": 12, ".ts": 6, ".svelte": 6}
LONG_FILE_BUDGET = 12


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for line in names.splitlines() if (path := ROOT / line).is_file()]


def code_files() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix in CODE)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_its_one_responsibility() -> None:
    made = {"messages.ts", "documents.ts"}
    sizes = {relative(path): lines_of(path) for path in code_files() if path.name not in made}
    assert {name: size for name, size in sizes.items() if size > FAIL_LINES} == {}
    long = sorted(name for name, size in sizes.items() if size > WARN_LINES)
    assert len(long) <= LONG_FILE_BUDGET, long


def test_the_root_holds_what_the_readme_names_and_nothing_else() -> None:
    entries = {relative(path).split("/")[0] for path in tracked()}
    assert entries - ROOT_ENTRIES == set()


def test_documents_do_not_sprawl() -> None:
    documents = {relative(path) for path in tracked() if path.suffix == ".md"}
    assert documents - DOCUMENTS == set()


def test_files_are_named_for_the_problem() -> None:
    stems = {relative(path): path.stem for path in code_files()}
    assert [name for name, stem in stems.items() if stem in BANNED_STEMS or BANNED_PARTS.search(stem)] == []


def test_identifiers_name_no_second_version_of_anything() -> None:
    found = []
    for path in code_files():
        if path.suffix != ".py" or path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = (
                getattr(node, "name", None)
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                else None
            )
            if name and re.search(r"_v2$|_old$|^legacy_|_legacy$|^improved_|^enhanced_", name):
                found.append(f"{relative(path)}: {name}")
    assert found == []


def test_every_module_says_what_lives_in_it() -> None:
    silent = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if text.strip() and ast.get_docstring(ast.parse(text)) is None:
                silent.append(relative(path))
    assert silent == []


def test_no_function_is_written_in_two_modules_of_the_program() -> None:
    places: Counter[str] = Counter()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                    places[node.name] += 1
    # Each process and use case has its own entry point of these names; migrations are Alembic's.
    shared = {"run", "main", "encode", "decode", "upgrade", "downgrade"}
    assert [name for name, count in places.items() if count > 1 and name not in shared] == []


def test_comments_are_no_diary() -> None:
    found = []
    for path in code_files():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if DIARY.search(line):
                found.append(f"{relative(path)}:{number}: {line.strip()}")
    assert found == []


def waivers() -> Iterator[tuple[str, str, str]]:
    for path in code_files():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if WAIVER.search(line):
                yield path.suffix, f"{relative(path)}:{number}", line.strip()


def test_every_waiver_has_a_code_and_a_reason_on_its_line() -> None:
    # In Rust the lint `allow_attributes_without_reason` asks for it, over several lines too.
    unreasoned = [f"{place}: {line}" for kind, place, line in waivers() if kind != ".rs" and not REASONED.search(line)]
    assert unreasoned == []


@pytest.mark.parametrize("suffix", sorted(WAIVER_BUDGET))
def test_waivers_stay_within_their_budget(suffix: str) -> None:
    found = [place for kind, place, _ in waivers() if kind == suffix]
    assert len(found) <= WAIVER_BUDGET[suffix], found


def test_json_is_read_and_written_at_borders_only() -> None:
    allowed = re.compile(
        r"(messages|messages/__init__|documents|schema|cli|demo|config|kept)\.py$|/api/|/store/|^tests/|^benchmarks/"
    )
    found = [
        relative(path)
        for path in code_files()
        if path.suffix == ".py"
        and not allowed.search(relative(path))
        and re.search(r"\bjson\.(loads|dumps)\(", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_sleeping_is_for_end_to_end_tests_only() -> None:
    found = [
        relative(path)
        for path in (ROOT / "tests").rglob("*.py")
        if "e2e" not in path.parts
        and path != Path(__file__)
        and re.search(r"\bsleep\((?!0\))", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_tests_mirror_the_packages() -> None:
    folders = {
        path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith((".", "__"))
    }
    assert folders - {*PACKAGES, "e2e", "vectors"} == set()
