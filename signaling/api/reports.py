"""What reaches the administrator over HTTP: reports from inside rooms, and questions of parents at a closed door."""

from aiohttp import web

from school.usecases import conduct
from signaling.api import documents
from signaling.api.context import CONTEXT
from signaling.api.guards import signed_in
from signaling.api.refusing import json_answer


async def ask_question(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    await conduct.question(context.store, person.member, request.match_info["lesson"], context.wall_clock())
    return web.Response(status=204)


async def get_reports(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    views = await conduct.reports(context.store, person.member)
    return json_answer([_card(view) for view in views])


async def mark_report_seen(request: web.Request) -> web.Response:
    context, person = request.app[CONTEXT], await signed_in(request)
    await conduct.mark_seen(context.store, person.member, request.match_info["report"], context.wall_clock())
    return web.Response(status=204)


def _card(view: conduct.ReportView) -> documents.ReportCard:
    report = view.report
    return documents.ReportCard(
        id=report.id,
        at=report.at.timestamp(),
        category=report.category,
        text=report.text,
        author_name=view.author.full_name,
        about_name=None if view.about is None else view.about.full_name,
        lesson=report.lesson_id,
        title=view.lesson.subject,
        class_name=view.class_name,
        seen=report.seen_at is not None,
    )
