"""The attendance of a lesson over HTTP: the list as it stands, and as a file for whoever leads or answers for it."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from school.usecases import attendance
from signaling.api import documents
from signaling.api.attendance_files import CONTENT_TYPES, csv_file, disposition, xlsx_file
from signaling.api.context import CONTEXT
from signaling.api.guards import signed_in
from signaling.api.refusing import json_answer
from signaling.api.views import lesson_document


async def get_attendance(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    sheet = await attendance.sheet(context.store, person.member, request.match_info["lesson"], context.wall_clock())
    held = sheet.view.occurrence
    present = len(context.rooms.present(held.lesson_id, held.starts_at))
    participants = context.rooms.participants(held.lesson_id, held.starts_at)
    return json_answer(_document(sheet, present, participants))


async def get_attendance_csv(request: web.Request) -> web.Response:
    return await _file(request, "csv")


async def get_attendance_xlsx(request: web.Request) -> web.Response:
    return await _file(request, "xlsx")


async def _file(request: web.Request, kind: attendance.FileKind) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    lesson, now = request.match_info["lesson"], context.wall_clock()
    sheet = await attendance.download(context.store, person.member, lesson, kind, now)
    body = await asyncio.to_thread(csv_file if kind == "csv" else xlsx_file, sheet)
    return web.Response(
        body=body,
        content_type=CONTENT_TYPES[kind],
        charset="utf-8" if kind == "csv" else None,
        headers={"Content-Disposition": disposition(sheet, kind), "Cache-Control": "no-store"},
    )


def _document(sheet: attendance.Sheet, present: int, participants: Mapping[str, str]) -> documents.AttendanceSheet:
    return documents.AttendanceSheet(
        now=sheet.now.timestamp(),
        zone=sheet.zone,
        lesson=lesson_document(sheet.view, present),
        rows=[_row(row, participants.get(row.member.id)) for row in sheet.rows],
    )


def _row(row: attendance.SheetRow, participant: str | None) -> documents.AttendanceRow:
    return documents.AttendanceRow(
        member=row.member.id,
        participant=participant,
        name=row.member.full_name,
        about=row.about,
        role=row.room_role,
        expected=row.expected,
        status=row.record.status,
        late_minutes=row.record.late_minutes,
        minutes=row.record.minutes,
        stays=[
            documents.Stay(
                came_at=stay.came_at.timestamp(),
                left_at=None if stay.left_at is None else stay.left_at.timestamp(),
            )
            for stay in row.record.stays
        ],
    )
