"""the words of searched records; the day a skill gap was closed; where a request stood before.

The table starts empty: `rebound migrate` fills it from the records, because reading words is the
program's affair and no migration's. The two columns start empty as well: nobody noted it.
"""

import sqlalchemy as sa
from alembic import op

from app.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def exact(characters: int) -> sa.String:
    """Text in the order of its characters on both engines."""
    plain = sa.String(length=characters)
    return plain.with_variant(sa.String(length=characters, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("skill_gaps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))

    with op.batch_alter_table("feedback_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_from", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_feedback_requests_answered_from"),
            "answered_from IN"
            " ('draft', 'sent', 'received', 'declined', 'no_response', 'cancelled')",
        )

    op.create_table(
        "search_words",
        sa.Column("owner_id", types.Id(), nullable=False),
        sa.Column("word", exact(40), nullable=False),
        sa.Column("collection", exact(60), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("length(word) <= 40", name=op.f("ck_search_words_word_length")),
        sa.CheckConstraint(
            "length(collection) <= 60", name=op.f("ck_search_words_collection_length")
        ),
        sa.CheckConstraint("weight BETWEEN 0 AND 3", name=op.f("ck_search_words_weight")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_search_words_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "owner_id", "word", "collection", "id", name=op.f("pk_search_words")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_words", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_words_owner_id_collection_id"),
            ["owner_id", "collection", "id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("search_words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_words_owner_id_collection_id"))

    op.drop_table("search_words")

    with op.batch_alter_table("feedback_requests", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_feedback_requests_answered_from"), type_="check")
        batch_op.drop_column("answered_from")

    with op.batch_alter_table("skill_gaps", schema=None) as batch_op:
        batch_op.drop_column("closed_on")
