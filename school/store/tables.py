"""The tables as SQLAlchemy sees them. Every row names its school; ids are random text.

Used by the repositories beside it. The migrations say the same in their own words, and a test compares them.
"""

from datetime import UTC, datetime, timedelta
from typing import get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
)
from typing_extensions import override

from school.check_results import CheckStep

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 UTC, so that it compares and sorts in SQL."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    @override
    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData()


def _school() -> Column[str]:
    return Column("school_id", String, ForeignKey("schools.id"), nullable=False)


schools = Table(
    "schools",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("zone", String, nullable=False),
)

classes = Table(
    "classes",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("parallel", Integer, nullable=False),
    Column("letter", String, nullable=False),
    UniqueConstraint("school_id", "parallel", "letter", name="uq_classes_name"),
)

members = Table(
    "members",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("family_name", String, nullable=False),
    Column("given_name", String, nullable=False),
    Column("patronymic", String, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("post", String, nullable=False),
    Index("ix_members_school", "school_id"),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("member_id", String, ForeignKey("members.id"), nullable=False),
    Column("role", String, nullable=False),
    Column("class_id", String, ForeignKey("classes.id"), nullable=True),
    UniqueConstraint("member_id", "role", "class_id", name="uq_appointments"),
    Index("ix_appointments_class", "class_id"),
)

guardianships = Table(
    "guardianships",
    metadata,
    Column("guardian_id", String, ForeignKey("members.id"), primary_key=True),
    Column("child_id", String, ForeignKey("members.id"), primary_key=True),
    _school(),
    Column("kind", String, nullable=False),
    Column("child_genitive", String, nullable=False),
    Index("ix_guardianships_child", "child_id"),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("class_id", String, ForeignKey("classes.id"), nullable=False),
    Column("teacher_id", String, ForeignKey("members.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("subject", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("repeats", String, nullable=False),
    Column("weekdays", Integer, nullable=False),  # bit n is ISO weekday n; all of them for an hourly lesson
    Column("kind", String, nullable=False, server_default="lesson"),
    Index("ix_lessons_school", "school_id"),
)

courses = Table(
    "courses",
    metadata,
    Column("lesson_id", String, ForeignKey("lessons.id"), primary_key=True),
    Column("starts_at", Moment, primary_key=True),
    _school(),
    Column("ends_at", Moment, nullable=False),
    Column("started_at", Moment, nullable=True),
    Column("ended_at", Moment, nullable=True),
    Index("ix_courses_school_ends", "school_id", "ends_at"),
)

removals = Table(
    "removals",
    metadata,
    Column("lesson_id", String, ForeignKey("lessons.id"), primary_key=True),
    Column("starts_at", Moment, primary_key=True),
    Column("member_id", String, ForeignKey("members.id"), primary_key=True),
    _school(),
    Column("removed_at", Moment, nullable=False),
    Index("ix_removals_school_starts", "school_id", "starts_at"),
)

cohosts = Table(
    "cohosts",
    metadata,
    Column("lesson_id", String, ForeignKey("lessons.id"), primary_key=True),
    Column("starts_at", Moment, primary_key=True),
    Column("member_id", String, ForeignKey("members.id"), primary_key=True),
    _school(),
    Column("named_at", Moment, nullable=False),
    Index("ix_cohosts_school_starts", "school_id", "starts_at"),
)

live_rooms = Table(
    "live_rooms",
    metadata,
    Column("lesson_id", String, ForeignKey("lessons.id"), primary_key=True),
    Column("starts_at", Moment, primary_key=True),
    _school(),
    Column("state", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Index("ix_live_rooms_school", "school_id"),
)

chat_messages = Table(
    "chat_messages",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("lesson_id", String, ForeignKey("lessons.id"), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("author_id", String, ForeignKey("members.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("removed", String, nullable=True),
    Index("ix_chat_messages_room", "lesson_id", "starts_at", "at"),
    Index("ix_chat_messages_school", "school_id"),
)

stays = Table(
    "stays",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("lesson_id", String, ForeignKey("lessons.id"), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("member_id", String, ForeignKey("members.id"), nullable=False),
    Column("came_at", Moment, nullable=False),
    Column("left_at", Moment, nullable=True),
    Index("ix_stays_room", "lesson_id", "starts_at", "member_id"),
    Index("ix_stays_school", "school_id"),
)

reports = Table(
    "reports",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("lesson_id", String, ForeignKey("lessons.id"), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("author_id", String, ForeignKey("members.id"), nullable=False),
    Column("about_id", String, ForeignKey("members.id"), nullable=True),
    Column("category", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),
    Index("ix_reports_school_at", "school_id", "at"),
)

check_results = Table(
    "check_results",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("member_id", String, ForeignKey("members.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("verdict", String, nullable=False),
    *(Column(f"step_{step}", String, nullable=False) for step in get_args(CheckStep)),
    Column("way", String, nullable=True),
    Column("delay_ms", Integer, nullable=True),
    Column("loss_up_percent", Float, nullable=True),
    Column("loss_down_percent", Float, nullable=True),
    Column("up_kbps", Integer, nullable=True),
    Column("down_kbps", Integer, nullable=True),
    Column("browser", String, nullable=False),
    Column("system", String, nullable=False),
    Index("ix_check_results_school_at", "school_id", "at"),
    Index("ix_check_results_member", "member_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    _school(),
    Column("member_id", String, ForeignKey("members.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_sessions_expires", "expires_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String, primary_key=True),
    _school(),
    Column("actor_id", String, nullable=False),
    Column("deed", String, nullable=False),
    Column("lesson_id", String, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("target_id", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_audit_school_at", "school_id", "at"),
)
