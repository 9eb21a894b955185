"""invitations to organisations, by mailed token."""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "client",
                "member",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=1000), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "coach",
                "analyst",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("cohort", sa.String(length=100), nullable=True),
        sa.Column("coach_id", types.Id(), nullable=True),
        sa.Column(
            "locale",
            sa.Enum(
                "en", "de", name="locale", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("ask", types.json_type(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "accepted",
                "expired",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("account_id", types.Id(), nullable=True),
        sa.Column("grant_id", types.Id(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(cohort) <= 100", name=op.f("ck_invitations_cohort_length")),
        sa.CheckConstraint("length(email) <= 254", name=op.f("ck_invitations_email_length")),
        sa.CheckConstraint(
            "length(email_key) <= 1000", name=op.f("ck_invitations_email_key_length")
        ),
        sa.CheckConstraint(
            "length(external_id) <= 100", name=op.f("ck_invitations_external_id_length")
        ),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_invitations_name_length")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_invitations_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "coach_id"],
            ["memberships.owner_id", "memberships.id"],
            name=op.f("fk_invitations_owner_id_coach_id_memberships"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organizations.id"],
            name=op.f("fk_invitations_owner_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invitations_owner_id_account_id"),
            ["owner_id", "account_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitations_owner_id_coach_id"), ["owner_id", "coach_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitations_owner_id_created_at_id"),
            ["owner_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitations_owner_id_email_key_created_at"),
            ["owner_id", "email_key", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitations_owner_id_external_id"),
            ["owner_id", "external_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitations_owner_id_revision"), ["owner_id", "revision"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_invitations_token_hash"), ["token_hash"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_token_hash"))
        batch_op.drop_index(batch_op.f("ix_invitations_owner_id_revision"))
        batch_op.drop_index(batch_op.f("ix_invitations_owner_id_external_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_owner_id_email_key_created_at"))
        batch_op.drop_index(batch_op.f("ix_invitations_owner_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_owner_id_coach_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_owner_id_account_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_expires_at"))
        batch_op.drop_index(batch_op.f("ix_invitations_account_id"))

    op.drop_table("invitations")
