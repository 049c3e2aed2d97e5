"""What a room of thirty leaves in the books: meetings, co-hosts, live rooms, chat, attendance, reports."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("lessons", sa.Column("kind", sa.String, nullable=False, server_default="lesson"))
    _cohosts()
    _live_rooms()
    _chat()
    _attendance()
    _reports()


def _school() -> "sa.Column[str]":
    return sa.Column("school_id", sa.String, sa.ForeignKey("schools.id"), nullable=False)


def _lesson(*, key: bool = False) -> "sa.Column[str]":
    return sa.Column("lesson_id", sa.String, sa.ForeignKey("lessons.id"), nullable=False, primary_key=key)


def _member(name: str, *, key: bool = False, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String, sa.ForeignKey("members.id"), nullable=nullable, primary_key=key)


def _moment(name: str, *, key: bool = False, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=nullable, primary_key=key)


def _cohosts() -> None:
    op.create_table(
        "cohosts",
        _lesson(key=True),
        _moment("starts_at", key=True),
        _member("member_id", key=True),
        _school(),
        _moment("named_at"),
    )
    op.create_index("ix_cohosts_school_starts", "cohosts", ["school_id", "starts_at"])


def _live_rooms() -> None:
    op.create_table(
        "live_rooms",
        _lesson(key=True),
        _moment("starts_at", key=True),
        _school(),
        sa.Column("state", sa.Text, nullable=False),
        _moment("kept_at"),
    )
    op.create_index("ix_live_rooms_school", "live_rooms", ["school_id"])


def _chat() -> None:
    op.create_table(
        "chat_messages",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        _lesson(),
        _moment("starts_at"),
        _member("author_id"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("audience", sa.String, nullable=False),
        _moment("at"),
        sa.Column("removed", sa.String, nullable=True),
    )
    op.create_index("ix_chat_messages_room", "chat_messages", ["lesson_id", "starts_at", "at"])
    op.create_index("ix_chat_messages_school", "chat_messages", ["school_id"])


def _attendance() -> None:
    op.create_table(
        "stays",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        _lesson(),
        _moment("starts_at"),
        _member("member_id"),
        _moment("came_at"),
        _moment("left_at", nullable=True),
    )
    op.create_index("ix_stays_room", "stays", ["lesson_id", "starts_at", "member_id"])
    op.create_index("ix_stays_school", "stays", ["school_id"])


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        _lesson(),
        _moment("starts_at"),
        _member("author_id"),
        _member("about_id", nullable=True),
        sa.Column("category", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _moment("at"),
        _moment("seen_at", nullable=True),
    )
    op.create_index("ix_reports_school_at", "reports", ["school_id", "at"])
