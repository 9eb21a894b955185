"""jobs: work on many rows that goes on after the answer."""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation_batch",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "completed",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", types.Id(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "en", "de", name="language", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lease_id", types.Id(), nullable=True),
        sa.Column("leased_until", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["heads.owner_id"],
            name=op.f("fk_jobs_owner_id_heads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_jobs")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("jobs") as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_owner_id_revision"), ["owner_id", "revision"])
        batch_op.create_index(
            "ix_jobs_unfinished",
            ["id"],
            postgresql_where=sa.text("finished_at IS NULL"),
            sqlite_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "job_rows",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("job_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("input", types.json_type(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting",
                "succeeded",
                "failed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=True),
        sa.Column("record_id", types.Id(), nullable=True),
        sa.CheckConstraint("length(code) <= 60", name=op.f("ck_job_rows_code_length")),
        sa.CheckConstraint("length(message) <= 500", name=op.f("ck_job_rows_message_length")),
        sa.ForeignKeyConstraint(
            ["owner_id", "job_id"],
            ["jobs.owner_id", "jobs.id"],
            name=op.f("fk_job_rows_owner_id_job_id_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "job_id", "position", name=op.f("pk_job_rows")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("job_rows")
    with op.batch_alter_table("jobs") as batch_op:
        batch_op.drop_index(
            "ix_jobs_unfinished",
            postgresql_where=sa.text("finished_at IS NULL"),
            sqlite_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_jobs_owner_id_revision"))

    op.drop_table("jobs")
