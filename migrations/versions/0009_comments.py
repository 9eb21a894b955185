"""comments; words that only the person finds a contact by.

Which words of a contact are those is not known here: until they are read anew
(`rebound search-index`), nobody but the person finds contacts by any word.
"""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ABOUT = {
    "rejection_id": "rejections",
    "plan_id": "recovery_plans",
    "step_id": "recovery_steps",
    "check_in_id": "check_ins",
    "feedback_request_id": "feedback_requests",
    "feedback_id": "feedback",
    "reflection_id": "reflections",
    "lesson_id": "lessons",
    "skill_gap_id": "skill_gaps",
    "culture_fit_assessment_id": "culture_fit_assessments",
    "company_id": "companies",
    "contact_id": "contacts",
    "interaction_id": "interactions",
    "networking_event_id": "networking_events",
    "opportunity_id": "opportunities",
    "goal_id": "goals",
}


def weigh(most: int) -> None:
    """Let the weight of a word go from 0 to `most`."""
    name = op.f("ck_search_words_weight")
    with op.batch_alter_table(
        "search_words", table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"weight BETWEEN 0 AND {most}")


def upgrade() -> None:
    counted = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in ABOUT)
    op.create_table(
        "comments",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        *(sa.Column(name, types.Id(), nullable=True) for name in ABOUT),
        sa.Column("text", sa.String(length=5000), nullable=False),
        sa.Column("author_id", types.Id(), nullable=False),
        sa.Column(
            "author_kind",
            sa.Enum(
                "member",
                "organization_key",
                name="author_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("author_name", sa.String(length=200), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"{counted} <= 1", name=op.f("ck_comments_about")),
        sa.CheckConstraint(
            "length(author_name) <= 200", name=op.f("ck_comments_author_name_length")
        ),
        sa.CheckConstraint("length(text) <= 5000", name=op.f("ck_comments_text_length")),
        *(
            sa.ForeignKeyConstraint(
                ["owner_id", name],
                [f"{table}.owner_id", f"{table}.id"],
                name=f"fk_comments_{name}",
                initially="DEFERRED",
                deferrable=True,
            )
            for name, table in ABOUT.items()
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_comments_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_comments")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_comments_owner_id_created_at_id"), "comments", ["owner_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_comments_owner_id_revision"), "comments", ["owner_id", "revision"])
    for name in ABOUT:
        about = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_comments_{name}",
            "comments",
            ["owner_id", name],
            sqlite_where=about,
            postgresql_where=about,
        )
    weigh(7)
    op.execute("UPDATE search_words SET weight = weight + 4 WHERE collection = 'contacts'")


def downgrade() -> None:
    op.execute("UPDATE search_words SET weight = weight - 4 WHERE weight >= 4")
    op.execute("DELETE FROM search_words WHERE collection = 'comments'")
    weigh(3)
    op.drop_table("comments")
