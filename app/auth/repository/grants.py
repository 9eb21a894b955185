"""The statements of grants."""

from app.auth.models import Grant
from app.db.base import table_of
from app.db.repository import Repository


class GrantRepository(Repository):
    """The grants of one person."""

    table = table_of(Grant)
