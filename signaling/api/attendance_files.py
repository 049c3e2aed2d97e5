"""The attendance of one room as a file that a Russian Excel opens by a double click: csv and xlsx.

Pure. Called by attendance.py with the sheet that the school made. Names come from a roster that people type, so a text
that a spreadsheet would take for a formula is made harmless.
"""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from school.attendance import Status, Stay
from school.parts import RoomRole
from school.usecases.attendance import FileKind, Sheet, SheetRow

Value = str | int | datetime | timedelta | None

CONTENT_TYPES: Final[dict[FileKind, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_COLUMNS: Final = (
    ("Фамилия, имя", 32),
    ("Кто", 30),
    ("В списке", 10),
    ("Отметка", 14),
    ("Опоздание, мин", 16),
    ("Вход", 20),
    ("Выход", 20),
    ("Всего", 10),
    ("Все входы и выходы", 44),
)
_STATUS: Final[dict[Status, str]] = {
    "here": "присутствие",
    "late": "опоздание",
    "gone": "ранний уход",
    "never": "отсутствие",
}
_IS_IN: Final[dict[Status, str]] = {
    "here": "здесь",
    "late": "здесь, опоздание",
    "gone": "уже нет",
    "never": "отсутствие",
}
_ROLES: Final[dict[RoomRole, str]] = {
    "teacher": "учитель",
    "pupil": "ученик",
    "parent": "родитель",
    "staff": "сотрудник",
    "observer": "наблюдатель",
}
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_NOT_IN_A_NAME: Final = re.compile(r'[\\/:*?"<>|\[\]\']')
_TIME: Final = "dd.mm.yyyy hh:mm:ss"
_LENGTH: Final = "[h]:mm:ss"
_LONGEST_TITLE: Final = 31
_LONGEST_NAME: Final = 80


def csv_file(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark and semicolons: what Excel takes for a table by itself."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(title for title, _ in _COLUMNS)
    writer.writerows([_as_text(value) for value in row] for row in _rows(sheet))
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(sheet: Sheet) -> bytes:
    """Times and lengths are such, so that they sort and add up."""
    book = Workbook()
    page = book.active
    if not isinstance(page, Worksheet):
        raise TypeError("a new workbook has its first sheet")
    page.title = _NOT_IN_A_NAME.sub(" ", _clean(f"{sheet.view.class_name} {_day(sheet):%d.%m.%Y}"))[:_LONGEST_TITLE]
    for column, (_, width) in enumerate(_COLUMNS, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    header = [_cell(page, title) for title, _ in _COLUMNS]
    for cell in header:
        cell.font = Font(bold=True)
    page.append(header)
    for row in _rows(sheet):
        page.append([_cell(page, value) for value in row])
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def disposition(sheet: Sheet, kind: FileKind) -> str:
    """A Russian file name by RFC 5987 (and RFC 6266), with one in ASCII for whoever does not read it."""
    name = _NOT_IN_A_NAME.sub(" ", _clean(f"Посещаемость {sheet.view.class_name} {sheet.view.lesson.subject}"))
    name = " ".join(name[:_LONGEST_NAME].split())
    russian = quote(f"{name} {_day(sheet):%Y-%m-%d}.{kind}", safe="")
    return f"attachment; filename=\"attendance-{_day(sheet):%Y-%m-%d}.{kind}\"; filename*=UTF-8''{russian}"


def _rows(sheet: Sheet) -> list[list[Value]]:
    zone = ZoneInfo(sheet.zone)
    words = _IS_IN if sheet.view.room == "open" else _STATUS
    return [_row(row, zone, words) for row in sheet.rows]


def _row(row: SheetRow, zone: ZoneInfo, words: dict[Status, str]) -> list[Value]:
    stays = row.record.stays
    return [
        " ".join(part for part in (row.member.family_name, row.member.given_name, row.member.patronymic) if part),
        row.about or row.member.post or _ROLES[row.room_role],
        "да" if row.expected else "нет",
        words[row.record.status],
        row.record.late_minutes or None,
        _local(stays[0].came_at, zone) if stays else None,
        _local(stays[-1].left_at, zone) if stays and stays[-1].left_at is not None else None,
        timedelta(seconds=row.record.present // timedelta(seconds=1)),
        ", ".join(_interval(stay, zone) for stay in stays),
    ]


def _interval(stay: Stay, zone: ZoneInfo) -> str:
    came = _local(stay.came_at, zone)
    left = None if stay.left_at is None else _local(stay.left_at, zone)
    return f"{came:%H:%M:%S}–{'' if left is None else f'{left:%H:%M:%S}'}"


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """As the school's clock showed it; a spreadsheet knows no zones."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def _day(sheet: Sheet) -> datetime:
    return _local(sheet.view.occurrence.starts_at, ZoneInfo(sheet.zone))


def _cell(page: Worksheet, value: Value) -> Cell:
    """A text stays a text, whatever it begins with, also when somebody edits it."""
    if isinstance(value, str):
        cell = Cell(page, row=1, column=1)
        cell.value = _clean(value)
        cell.data_type = "s"
        cell.quotePrefix = _starts_a_formula(value)
        return cell
    cell = Cell(page, row=1, column=1, value=value)
    if isinstance(value, datetime):
        cell.number_format = _TIME
    elif isinstance(value, timedelta):
        cell.number_format = _LENGTH
    return cell


def _as_text(value: Value) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%d.%m.%Y %H:%M:%S}"
        case timedelta() | int():
            return str(value)
        case str():
            text = _clean(value)
            return f"'{text}" if _starts_a_formula(text) else text


def _starts_a_formula(text: str) -> bool:
    return _clean(text).lstrip().startswith(_STARTS_A_FORMULA)


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)
