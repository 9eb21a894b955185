"""organisations, API keys, consent and the access log; owners are people or organisations.

What every owner has (events, tombstones, stored answers) now refers to `heads`, which has one row
for each owner. Events of before are not told to anybody outside.
"""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SHARED = ("events", "idempotency_answers", "tombstones")


def refer(table: str, before: str, after: str) -> None:
    """Let the owner of a shared table be found somewhere else."""
    old, new = before.partition(".")[0], after.partition(".")
    with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"fk_{table}_owner_id_{old}"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f(f"fk_{table}_owner_id_{new[0]}"),
            new[0],
            ["owner_id"],
            [new[2]],
            ondelete="CASCADE",
        )


def key_of_answers(*columns: str) -> None:
    """Let a stored answer be found by these columns."""
    with op.batch_alter_table(
        "idempotency_answers", table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_idempotency_answers"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_idempotency_answers"), list(columns))


def upgrade() -> None:
    op.create_table(
        "heads",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_heads")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO heads (owner_id, revision) SELECT owner_id, revision FROM account_heads"
    )
    op.drop_table("account_heads")
    for table in SHARED:
        refer(table, "accounts.id", "heads.owner_id")
    with op.batch_alter_table("idempotency_answers") as batch_op:
        batch_op.add_column(sa.Column("actor_id", types.Id(), nullable=True))
    op.execute("UPDATE idempotency_answers SET actor_id = owner_id")
    with op.batch_alter_table(
        "idempotency_answers", table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.alter_column("actor_id", existing_type=types.Id(), nullable=False)
    key_of_answers("owner_id", "actor_id", "operation", "key")
    with op.batch_alter_table("events") as batch_op:
        batch_op.add_column(sa.Column("dispatched_at", types.UtcDateTime(), nullable=True))
    op.execute("UPDATE events SET dispatched_at = created_at")
    op.create_table(
        "organizations",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("default_grant_days", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_organizations_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access_log",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("occurred_at", types.UtcDateTime(), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "member",
                "organization_key",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", types.Id(), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("organization_id", types.Id(), nullable=False),
        sa.Column("organization_name", sa.String(length=200), nullable=False),
        sa.Column("client", sa.String(length=200), nullable=True),
        sa.Column("grant_id", types.Id(), nullable=False),
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
            nullable=False,
        ),
        sa.Column(
            "access",
            sa.Enum(
                "read", "write", name="access", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "length(actor_name) <= 200", name=op.f("ck_access_log_actor_name_length")
        ),
        sa.CheckConstraint("length(client) <= 200", name=op.f("ck_access_log_client_length")),
        sa.CheckConstraint("length(operation) <= 80", name=op.f("ck_access_log_operation_length")),
        sa.CheckConstraint(
            "length(organization_name) <= 200", name=op.f("ck_access_log_organization_name_length")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_access_log_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_access_log")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_log_owner_id_occurred_at_id"),
            ["owner_id", "occurred_at", "id"],
            unique=False,
        )

    op.create_table(
        "api_keys",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", types.json_type(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(name) <= 100", name=op.f("ck_api_keys_name_length")),
        sa.CheckConstraint("length(prefix) <= 20", name=op.f("ck_api_keys_prefix_length")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["heads.owner_id"],
            name=op.f("fk_api_keys_owner_id_heads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_api_keys")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_keys_key_hash"), ["key_hash"], unique=True)
        batch_op.create_index(
            batch_op.f("ix_api_keys_owner_id_revision"), ["owner_id", "revision"], unique=False
        )

    op.create_table(
        "grants",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("organization_id", types.Id(), nullable=False),
        sa.Column("membership_id", types.Id(), nullable=True),
        sa.Column("categories", types.json_type(), nullable=False),
        sa.Column(
            "access",
            sa.Enum(
                "read", "write", name="access", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "active",
                "declined",
                "revoked",
                "expired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("activated_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("expiry_noticed_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(purpose) <= 500", name=op.f("ck_grants_purpose_length")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_grants_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_grants_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_grants")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_grants_organization_id_status_owner_id"),
            ["organization_id", "status", "owner_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_grants_owner_id_revision"), ["owner_id", "revision"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_grants_status_expires_at"), ["status", "expires_at"], unique=False
        )

    op.create_table(
        "memberships",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("account_id", types.Id(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
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
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "deactivated",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(email) <= 254", name=op.f("ck_memberships_email_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_memberships_name_length")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_memberships_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organizations.id"],
            name=op.f("fk_memberships_owner_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "owner_id", "account_id", name=op.f("uq_memberships_owner_id_account_id")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_memberships_owner_id_revision"), ["owner_id", "revision"], unique=False
        )

    op.create_table(
        "clients",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("cohort", sa.String(length=100), nullable=True),
        sa.Column("coach_id", types.Id(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "ended",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(cohort) <= 100", name=op.f("ck_clients_cohort_length")),
        sa.CheckConstraint(
            "length(external_id) <= 100", name=op.f("ck_clients_external_id_length")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["accounts.id"], name=op.f("fk_clients_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "coach_id"],
            ["memberships.owner_id", "memberships.id"],
            name=op.f("fk_clients_owner_id_coach_id_memberships"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organizations.id"],
            name=op.f("fk_clients_owner_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_clients")),
        sa.UniqueConstraint(
            "owner_id", "external_id", name=op.f("uq_clients_owner_id_external_id")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clients_id"), ["id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_clients_owner_id_coach_id"), ["owner_id", "coach_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_clients_owner_id_cohort"), ["owner_id", "cohort"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_clients_owner_id_revision"), ["owner_id", "revision"], unique=False
        )

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            "ix_events_waiting",
            ["id"],
            unique=False,
            postgresql_where=sa.text("dispatched_at IS NULL"),
            sqlite_where=sa.text("dispatched_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_events_waiting",
            postgresql_where=sa.text("dispatched_at IS NULL"),
            sqlite_where=sa.text("dispatched_at IS NULL"),
        )

    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clients_owner_id_revision"))
        batch_op.drop_index(batch_op.f("ix_clients_owner_id_cohort"))
        batch_op.drop_index(batch_op.f("ix_clients_owner_id_coach_id"))
        batch_op.drop_index(batch_op.f("ix_clients_id"))

    op.drop_table("clients")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_owner_id_revision"))
        batch_op.drop_index(batch_op.f("ix_memberships_account_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grants_status_expires_at"))
        batch_op.drop_index(batch_op.f("ix_grants_owner_id_revision"))
        batch_op.drop_index(batch_op.f("ix_grants_organization_id_status_owner_id"))

    op.drop_table("grants")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_keys_owner_id_revision"))
        batch_op.drop_index(batch_op.f("ix_api_keys_key_hash"))

    op.drop_table("api_keys")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_owner_id_occurred_at_id"))

    op.drop_table("access_log")
    op.drop_table("organizations")
    with op.batch_alter_table("events") as batch_op:
        batch_op.drop_column("dispatched_at")
    for table in SHARED:
        op.execute(f"DELETE FROM {table} WHERE owner_id NOT IN (SELECT id FROM accounts)")  # noqa: S608 -- names of this file  # nosec B608
    # Answers to those who acted for somebody have no place in the older table.
    op.execute("DELETE FROM idempotency_answers WHERE actor_id <> owner_id")
    key_of_answers("owner_id", "operation", "key")
    with op.batch_alter_table(
        "idempotency_answers", table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_column("actor_id")
    for table in SHARED:
        refer(table, "heads.owner_id", "accounts.id")
    op.create_table(
        "account_heads",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_account_heads_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_account_heads")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO account_heads (owner_id, revision) SELECT owner_id, revision FROM heads"
        " WHERE owner_id IN (SELECT id FROM accounts)"
    )
    op.drop_table("heads")
