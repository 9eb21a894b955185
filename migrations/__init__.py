"""Schema migrations, run by Alembic (`rebound migrate`)."""
