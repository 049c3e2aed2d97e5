"""Every route of the process in one list, and the application that serves them."""

from pathlib import Path

from aiohttp import web

from signaling.api.assets import add_assets
from signaling.api.attendance import get_attendance, get_attendance_csv, get_attendance_xlsx
from signaling.api.connection_checks import (
    begin_connection_check,
    end_connection_check,
    get_check_results,
    post_check_result,
)
from signaling.api.context import CONTEXT, Context
from signaling.api.demo import demo_sign_in, get_people
from signaling.api.guards import MAX_BODY_BYTES, by_its_name, posts_of_this_site, safe_headers, within_limits
from signaling.api.health import get_health
from signaling.api.lessons import get_lesson, get_today, issue_ticket, start_lesson
from signaling.api.people import end_session, get_me
from signaling.api.refusing import refusals
from signaling.api.reports import ask_question, get_reports, mark_report_seen
from signaling.api.socket import open_socket


def http_app(context: Context, static: Path) -> web.Application:
    app = web.Application(
        middlewares=[refusals, by_its_name, within_limits, posts_of_this_site], client_max_size=MAX_BODY_BYTES
    )
    app[CONTEXT] = context
    app.on_response_prepare.append(safe_headers)
    app.add_routes([
        web.get("/healthz", get_health),
        web.get("/api/me", get_me),
        web.post("/api/sign-out", end_session),
        web.get("/api/today", get_today),
        web.get("/api/lessons/{lesson}", get_lesson),
        web.post("/api/lessons/{lesson}/start", start_lesson),
        web.post("/api/lessons/{lesson}/ticket", issue_ticket),
        web.post("/api/lessons/{lesson}/question", ask_question),
        web.get("/api/lessons/{lesson}/attendance", get_attendance),
        web.get("/api/lessons/{lesson}/attendance.csv", get_attendance_csv, allow_head=False),
        web.get("/api/lessons/{lesson}/attendance.xlsx", get_attendance_xlsx, allow_head=False),
        web.get("/api/reports", get_reports),
        web.post("/api/reports/{report}/seen", mark_report_seen),
        web.post("/api/connection-checks", begin_connection_check),
        web.post("/api/connection-checks/{check}/end", end_connection_check),
        web.get("/api/check-results", get_check_results),
        web.post("/api/check-results", post_check_result),
        web.get("/api/demo/people", get_people),
        web.get("/demo/sign-in/{person}", demo_sign_in, allow_head=False),
        web.get("/ws", open_socket),
    ])
    add_assets(app, static)
    return app
