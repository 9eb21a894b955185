"""webhook endpoints, their deliveries, the feed of organisations; what steps and contacts tell of."""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organization_events",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "profile",
                "rejections",
                "plans",
                "wellbeing",
                "feedback",
                "reflections",
                "network",
                "opportunities",
                "insights",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("collection", sa.String(length=60), nullable=False),
        sa.Column("record_id", types.Id(), nullable=False),
        sa.Column("account_id", types.Id(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(collection) <= 60", name=op.f("ck_organization_events_collection_length")
        ),
        sa.CheckConstraint("length(type) <= 60", name=op.f("ck_organization_events_type_length")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_organization_events_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organizations.id"],
            name=op.f("fk_organization_events_owner_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_organization_events")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("organization_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_events_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organization_events_occurred_at"), ["occurred_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organization_events_owner_id_revision_id"),
            ["owner_id", "revision", "id"],
            unique=False,
        )

    op.create_table(
        "webhook_endpoints",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.Column("event_types", types.json_type(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "disabled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "disabled_reason",
            sa.Enum(
                "by_owner",
                "gone",
                name="disabled_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("secret", sa.LargeBinary(length=128), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(length=128), nullable=True),
        sa.Column("previous_secret_until", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "length(description) <= 200", name=op.f("ck_webhook_endpoints_description_length")
        ),
        sa.CheckConstraint("length(url) <= 2000", name=op.f("ck_webhook_endpoints_url_length")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["heads.owner_id"],
            name=op.f("fk_webhook_endpoints_owner_id_heads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_webhook_endpoints")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("webhook_endpoints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_endpoints_owner_id_revision"),
            ["owner_id", "revision"],
            unique=False,
        )

    op.create_table(
        "webhook_deliveries",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("endpoint_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "profile",
                "rejections",
                "plans",
                "wellbeing",
                "feedback",
                "reflections",
                "network",
                "opportunities",
                "insights",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("collection", sa.String(length=60), nullable=False),
        sa.Column("record_id", types.Id(), nullable=False),
        sa.Column("account_id", types.Id(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", types.UtcDateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "delivered",
                "failed",
                "skipped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_attempt_at", types.UtcDateTime(), nullable=True),
        sa.Column("leased_until", types.UtcDateTime(), nullable=True),
        sa.Column("lease_id", types.Id(), nullable=True),
        sa.Column("last_status_code", sa.SmallInteger(), nullable=True),
        sa.Column(
            "last_failure",
            sa.Enum(
                "malformed_url",
                "not_https",
                "port_refused",
                "address_inside",
                "not_resolved",
                "not_connected",
                "tls_failed",
                "timed_out",
                "broken_answer",
                name="last_failure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "length(collection) <= 60", name=op.f("ck_webhook_deliveries_collection_length")
        ),
        sa.CheckConstraint("length(type) <= 60", name=op.f("ck_webhook_deliveries_type_length")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_webhook_deliveries_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "endpoint_id"],
            ["webhook_endpoints.owner_id", "webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_owner_id_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["heads.owner_id"],
            name=op.f("fk_webhook_deliveries_owner_id_heads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "owner_id", "endpoint_id", "id", name=op.f("pk_webhook_deliveries")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_deliveries_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_webhook_deliveries_finished_at"), ["finished_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_webhook_deliveries_owner_id_endpoint_id_created_at_id"),
            ["owner_id", "endpoint_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_webhook_deliveries_due",
            ["owner_id", "endpoint_id", "status", "next_attempt_at"],
            unique=False,
        )

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follow_up_told_for", sa.Date(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_contacts_next_follow_up_on"), ["next_follow_up_on"], unique=False
        )

    with op.batch_alter_table("recovery_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("overdue_told_for", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_recovery_steps_due_on"), ["due_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table(
        "recovery_steps", table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_steps_due_on"))
        batch_op.drop_column("overdue_told_for")

    with op.batch_alter_table("contacts", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_next_follow_up_on"))
        batch_op.drop_column("follow_up_told_for")

    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_webhook_deliveries_due")
        batch_op.drop_index(batch_op.f("ix_webhook_deliveries_owner_id_endpoint_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_webhook_deliveries_finished_at"))
        batch_op.drop_index(batch_op.f("ix_webhook_deliveries_account_id"))

    op.drop_table("webhook_deliveries")
    with op.batch_alter_table("webhook_endpoints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_endpoints_owner_id_revision"))

    op.drop_table("webhook_endpoints")
    with op.batch_alter_table("organization_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_events_owner_id_revision_id"))
        batch_op.drop_index(batch_op.f("ix_organization_events_occurred_at"))
        batch_op.drop_index(batch_op.f("ix_organization_events_account_id"))

    op.drop_table("organization_events")
