"""caseload: plan templates of organisations, plans of coaches, and names to be found by.

Names that people have already are folded once; a client is folded from now on.
"""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


accounts = sa.table(
    "accounts",
    sa.column("id", types.Id()),
    sa.column("display_name", sa.String),
    sa.column("name_folded", sa.String),
)


def add_folded(table: str, name: str, most: int) -> None:
    """Add a text by which rows are found, bounded as all texts are."""
    with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.add_column(sa.Column(name, sa.String(length=most), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f(f"ck_{table}_{name}_length"), f"length({name}) <= {most}"
        )


def drop_folded(table: str, name: str) -> None:
    with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}_length"), type_="check")
        batch_op.drop_column(name)


def fold_names() -> None:
    """Fold in Python, where it means the same for both engines."""
    connection = op.get_bind()
    named = sa.select(accounts.c.id, accounts.c.display_name).where(
        accounts.c.display_name.is_not(None)
    )
    for row in connection.execute(named).all():
        folded = row.display_name.casefold()
        change = sa.update(accounts).where(accounts.c.id == row.id).values(name_folded=folded)
        connection.execute(change)


def upgrade() -> None:
    op.create_table(
        "plan_templates",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=True),
        sa.Column("steps", types.json_type(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "length(description) <= 2000", name=op.f("ck_plan_templates_description_length")
        ),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_plan_templates_name_length")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organizations.id"],
            name=op.f("fk_plan_templates_owner_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_plan_templates")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("plan_templates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_templates_owner_id_created_at"),
            ["owner_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_plan_templates_owner_id_revision"),
            ["owner_id", "revision"],
            unique=False,
        )

    add_folded("accounts", "name_folded", 300)
    fold_names()

    add_folded("clients", "folded", 601)
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clients_owner_id_created_at"), ["owner_id", "created_at"], unique=False
        )

    with op.batch_alter_table("recovery_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organization_id", types.Id(), nullable=True))
        batch_op.create_index(
            "ix_recovery_plans_organization_id",
            ["owner_id", "organization_id"],
            unique=False,
            sqlite_where=sa.text("organization_id IS NOT NULL"),
            postgresql_where=sa.text("organization_id IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("recovery_plans", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_recovery_plans_organization_id",
            sqlite_where=sa.text("organization_id IS NOT NULL"),
            postgresql_where=sa.text("organization_id IS NOT NULL"),
        )
        batch_op.drop_column("organization_id")

    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clients_owner_id_created_at"))

    drop_folded("clients", "folded")
    drop_folded("accounts", "name_folded")

    with op.batch_alter_table("plan_templates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_templates_owner_id_revision"))
        batch_op.drop_index(batch_op.f("ix_plan_templates_owner_id_created_at"))

    op.drop_table("plan_templates")
