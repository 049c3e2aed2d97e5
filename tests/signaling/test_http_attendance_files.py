"""The files of an attendance sheet as a spreadsheet program finds them. The lesson is 12:00–12:40 in Moscow."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from school.attendance import Hours, Stay, record_of
from school.lesson_view import LessonView
from school.parts import RoomRole
from school.people import Member
from school.schedule import Lesson, Occurrence, Weekly
from school.usecases.attendance import Sheet, SheetRow
from signaling.api.attendance_files import csv_file, disposition, xlsx_file

STARTS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BELL = STARTS + timedelta(minutes=40)
HOURS = Hours(STARTS, BELL, BELL, BELL)
LESSON = Lesson("1", "s", "5a", "t", 4, "Математика", "", time(12), time(12, 40), Weekly(frozenset({1})))


def member(family: str, given: str) -> Member:
    return Member(family, "s", family, given, "", frozenset(), True, "")


def row(family: str, given: str, *stays: tuple[int, int | None], role: RoomRole = "pupil", about: str = "") -> SheetRow:
    noted = [
        Stay(STARTS + timedelta(minutes=came), None if left is None else STARTS + timedelta(minutes=left))
        for came, left in stays
    ]
    return SheetRow(member(family, given), about, role, role == "pupil", record_of(noted, HOURS))


def sheet(*rows: SheetRow, class_name: str = "5А", subject: str = "Математика") -> Sheet:
    view = LessonView(
        lesson=replace(LESSON, subject=subject),
        occurrence=Occurrence("1", STARTS, BELL),
        number=4,
        class_name=class_name,
        teacher=member("Орлова", "Марина"),
        room="ended",
        when="done",
        action=None,
        room_role="teacher",
    )
    return Sheet(view, "Europe/Moscow", BELL, list(rows))


BELOV = row("Белов", "Артём", (0, 10), (15, 40))
DROZDOVA = row("Дроздова", "Полина", (12, 40))
ZAITSEV = row("Зайцев", "Егор")
RYABOV = row("Рябов", "Сергей", (5, 10), role="observer", about="директор")


def read_csv(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(file: bytes) -> Worksheet:
    page = load_workbook(io.BytesIO(file)).active
    assert isinstance(page, Worksheet)
    return page


class TestTheCsv:
    def test_opens_as_a_table_in_a_russian_spreadsheet(self) -> None:
        file = csv_file(sheet(BELOV))
        assert file.startswith(b"\xef\xbb\xbf")
        header, line = file.decode("utf-8-sig").splitlines()
        assert header.startswith("Фамилия, имя;Кто;")
        assert line.startswith("Белов Артём;ученик;")

    def test_says_who_was_there_when(self) -> None:
        rows = read_csv(csv_file(sheet(BELOV, DROZDOVA, ZAITSEV, RYABOV)))
        day = "23.11.2026"
        assert rows[1:] == [
            ["Белов Артём", "ученик", "да", "присутствие", "", f"{day} 12:00:00", f"{day} 12:40:00", "0:35:00",
             "12:00:00–12:10:00, 12:15:00–12:40:00"],
            ["Дроздова Полина", "ученик", "да", "опоздание", "12", f"{day} 12:12:00", f"{day} 12:40:00", "0:28:00",
             "12:12:00–12:40:00"],
            ["Зайцев Егор", "ученик", "да", "отсутствие", "", "", "", "0:00:00", ""],
            ["Рябов Сергей", "директор", "нет", "ранний уход", "", f"{day} 12:05:00", f"{day} 12:10:00", "0:05:00",
             "12:05:00–12:10:00"],
        ]  # fmt: skip


FORMULAS = ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", " =1", "\t=1", "\r\n=1", "=cmd|' /C calc'!A0"]


class TestNamesThatWouldBeFormulas:
    @pytest.mark.parametrize("name", FORMULAS)
    def test_are_texts_in_the_csv(self, name: str) -> None:
        (_, line) = read_csv(csv_file(sheet(row(name, "Пётр", about=name))))
        assert all(cell.startswith("'") for cell in line[:2])

    @pytest.mark.parametrize("name", FORMULAS)
    def test_are_texts_in_the_xlsx(self, name: str) -> None:
        page = read_xlsx(xlsx_file(sheet(row(name, "Пётр", about=name))))
        for column in (1, 2):
            cell = page.cell(2, column)
            assert cell.data_type == "s"
            assert cell.quotePrefix

    @pytest.mark.parametrize(
        "name", ["Смирнова-Белова", "О'Нил", "Ли; Ван", 'Кличка "Ёж"', "Иванов\nПётр", "\x00\x0b\ufffe"]
    )
    def test_other_names_stay_one_cell_of_one_line(self, name: str) -> None:
        rows = read_csv(csv_file(sheet(row(name, "Анна"))))
        assert [len(line) for line in rows] == [9, 9]
        assert rows[1][0] == "".join(char if char.isprintable() else " " for char in name) + " Анна"
        assert read_xlsx(xlsx_file(sheet(row(name, "Анна")))).max_row == 2


class TestTheXlsx:
    def test_is_named_after_class_and_date(self) -> None:
        assert read_xlsx(xlsx_file(sheet())).title == "5А 23.11.2026"

    @pytest.mark.parametrize("class_name", ["5[А]", "5/А:*?", "Х" * 100, "5А'"])
    def test_has_a_name_that_a_spreadsheet_takes(self, class_name: str) -> None:
        title = read_xlsx(xlsx_file(sheet(class_name=class_name))).title
        assert 0 < len(title) <= 31
        assert not set(title) & set("[]:*?/\\'")

    def test_has_a_bold_frozen_header_and_columns_wide_enough(self) -> None:
        page = read_xlsx(xlsx_file(sheet(BELOV)))
        assert page.freeze_panes == "A2"
        assert all(cell.font.bold for cell in page[1])
        assert [cell.value for cell in page[1]][:2] == ["Фамилия, имя", "Кто"]
        assert page.column_dimensions["A"].width > 20

    def test_holds_times_and_lengths_that_can_be_counted_with(self) -> None:
        page = read_xlsx(xlsx_file(sheet(DROZDOVA, ZAITSEV)))
        came, left, total = (page.cell(2, column).value for column in (6, 7, 8))
        noon = (STARTS + timedelta(hours=3)).replace(tzinfo=None)
        assert (came, left) == (noon + timedelta(minutes=12), noon + timedelta(minutes=40)), "of the school's clock"
        assert total == timedelta(minutes=28)
        assert page.cell(2, 8).number_format == "[h]:mm:ss"
        assert page.cell(2, 5).value == 12
        assert [page.cell(3, column).value for column in (5, 6, 7)] == [None, None, None]


class TestTheName:
    def test_is_russian_with_an_ascii_one_beside_it(self) -> None:
        header = disposition(sheet(), "xlsx")
        assert header.startswith("attachment; filename=\"attendance-2026-11-23.xlsx\"; filename*=UTF-8''")
        assert unquote(header.rpartition("''")[2]) == "Посещаемость 5А Математика 2026-11-23.xlsx"

    @pytest.mark.parametrize("subject", ['"; evil="1', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "C:\\x", "ы" * 300])
    def test_cannot_break_out_of_its_header_or_folder(self, subject: str) -> None:
        header = disposition(sheet(subject=subject), "csv")
        assert header.isascii()
        assert header.isprintable()
        name = unquote(header.rpartition("''")[2])
        assert header.count('"') == 2
        assert not set(name) & set('/\\"\r\n:')
        assert len(name.encode()) < 255, "as long as a file system takes"
