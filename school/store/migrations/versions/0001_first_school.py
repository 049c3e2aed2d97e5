"""The first tables: school, classes, members and their roles, timetable, sessions, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _structure()
    _people()
    _timetable()
    _sessions()
    _audit()


def _school() -> "sa.Column[str]":
    return sa.Column("school_id", sa.String, sa.ForeignKey("schools.id"), nullable=False)


def _structure() -> None:
    op.create_table(
        "schools",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
    )
    op.create_table(
        "classes",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        sa.Column("parallel", sa.Integer, nullable=False),
        sa.Column("letter", sa.String, nullable=False),
        sa.UniqueConstraint("school_id", "parallel", "letter", name="uq_classes_name"),
    )


def _people() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        sa.Column("family_name", sa.String, nullable=False),
        sa.Column("given_name", sa.String, nullable=False),
        sa.Column("patronymic", sa.String, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("post", sa.String, nullable=False),
    )
    op.create_index("ix_members_school", "members", ["school_id"])
    op.create_table(
        "appointments",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        sa.Column("member_id", sa.String, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("class_id", sa.String, sa.ForeignKey("classes.id"), nullable=True),
        sa.UniqueConstraint("member_id", "role", "class_id", name="uq_appointments"),
    )
    op.create_index("ix_appointments_class", "appointments", ["class_id"])
    op.create_table(
        "guardianships",
        sa.Column("guardian_id", sa.String, sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("child_id", sa.String, sa.ForeignKey("members.id"), primary_key=True),
        _school(),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("child_genitive", sa.String, nullable=False),
    )
    op.create_index("ix_guardianships_child", "guardianships", ["child_id"])


def _timetable() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        sa.Column("class_id", sa.String, sa.ForeignKey("classes.id"), nullable=False),
        sa.Column("teacher_id", sa.String, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("starts", sa.Time, nullable=False),
        sa.Column("ends", sa.Time, nullable=False),
        sa.Column("repeats", sa.String, nullable=False),
        sa.Column("weekdays", sa.Integer, nullable=False),
    )
    op.create_index("ix_lessons_school", "lessons", ["school_id"])
    op.create_table(
        "courses",
        sa.Column("lesson_id", sa.String, sa.ForeignKey("lessons.id"), primary_key=True),
        sa.Column("starts_at", sa.BigInteger, primary_key=True),
        _school(),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
    )
    op.create_index("ix_courses_school_ends", "courses", ["school_id", "ends_at"])
    op.create_table(
        "removals",
        sa.Column("lesson_id", sa.String, sa.ForeignKey("lessons.id"), primary_key=True),
        sa.Column("starts_at", sa.BigInteger, primary_key=True),
        sa.Column("member_id", sa.String, sa.ForeignKey("members.id"), primary_key=True),
        _school(),
        sa.Column("removed_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_removals_school_starts", "removals", ["school_id", "starts_at"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String, primary_key=True),
        _school(),
        sa.Column("member_id", sa.String, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String, primary_key=True),
        _school(),
        sa.Column("actor_id", sa.String, nullable=False),
        sa.Column("deed", sa.String, nullable=False),
        sa.Column("lesson_id", sa.String, nullable=False),
        sa.Column("starts_at", sa.BigInteger, nullable=False),
        sa.Column("target_id", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_audit_school_at", "audit", ["school_id", "at"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_keeps_on_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'audit rows are only ever added'); END"
        )
