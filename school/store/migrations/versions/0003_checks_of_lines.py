"""Results of checks of line and devices, for the administrator of a school."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_STEPS = ("camera", "microphone", "speaker", "server", "udp", "tcp", "delay", "loss", "rate")


def upgrade() -> None:
    op.create_table(
        "check_results",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("school_id", sa.String, sa.ForeignKey("schools.id"), nullable=False),
        sa.Column("member_id", sa.String, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        *(sa.Column(f"step_{step}", sa.String, nullable=False) for step in _STEPS),
        sa.Column("way", sa.String, nullable=True),
        sa.Column("delay_ms", sa.Integer, nullable=True),
        sa.Column("loss_up_percent", sa.Float, nullable=True),
        sa.Column("loss_down_percent", sa.Float, nullable=True),
        sa.Column("up_kbps", sa.Integer, nullable=True),
        sa.Column("down_kbps", sa.Integer, nullable=True),
        sa.Column("browser", sa.String, nullable=False),
        sa.Column("system", sa.String, nullable=False),
    )
    op.create_index("ix_check_results_school_at", "check_results", ["school_id", "at"])
    op.create_index("ix_check_results_member", "check_results", ["member_id"])
