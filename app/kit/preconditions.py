"""`If-Match` as a value that services can ask (RFC 9110, section 13.1.1)."""

import re
from dataclasses import dataclass

from app.kit.problems import PreconditionFailed, PreconditionMissing, invalid

IF_MATCH_PATTERN = r'^(\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$'
"""The form of `If-Match`: any, or a list of entity tags."""

_FORM = re.compile(IF_MATCH_PATTERN)
_TAG = re.compile(r'(?<!W/)"(\d{1,19})"')


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
            Invalid: it is no list of entity tags, for instance a revision without its quotes.
        """
        if header is None or not header.strip():
            raise PreconditionMissing
        tags = header.strip()
        if tags == "*":
            return cls(None)
        if not _FORM.fullmatch(tags):
            raise invalid("header.If-Match", "entity_tag", 'must be * or an ETag like "42"')
        return cls(frozenset(int(tag) for tag in _TAG.findall(tags)))

    def check(self, revision: int) -> None:
        """Raise `PreconditionFailed` unless the stored `revision` is one the caller named."""
        if self.revisions is not None and revision not in self.revisions:
            raise PreconditionFailed


ANY = Precondition(None)


def entity_tag(revision: int) -> str:
    """The strong `ETag` of a record at a revision."""
    return f'"{revision}"'
