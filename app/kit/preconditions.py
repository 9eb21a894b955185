"""`If-Match` as a value that services can ask (RFC 9110, section 13.1.1)."""

import re
from dataclasses import dataclass

from app.kit.problems import PreconditionFailed, PreconditionMissing

_TAG = re.compile(r'\s*"(\d{1,19})"\s*')


@dataclass(frozen=True)
class Precondition:
    """Which revisions the caller is ready to change; `None` stands for any (`*`)."""

    revisions: frozenset[int] | None

    @classmethod
    def parse(cls, header: str | None) -> "Precondition":
        """Read an `If-Match` header.

        Weak and foreign tags match nothing, as strong comparison demands.

        Raises:
            PreconditionMissing: there is no such header.
        """
        if header is None or not header.strip():
            raise PreconditionMissing
        if header.strip() == "*":
            return cls(None)
        tags = (_TAG.fullmatch(part) for part in header.split(","))
        return cls(frozenset(int(tag[1]) for tag in tags if tag))

    def check(self, revision: int) -> None:
        """Raise `PreconditionFailed` unless the stored `revision` is one the caller named."""
        if self.revisions is not None and revision not in self.revisions:
            raise PreconditionFailed


ANY = Precondition(None)


def entity_tag(revision: int) -> str:
    """The strong `ETag` of a record at a revision."""
    return f'"{revision}"'
