"""The problems of comments."""

from typing import ClassVar

from app.kit.problems import Problem


class NotTheAuthor(Problem):
    """A comment would be changed by somebody who did not write it."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "not-the-author"
    title: ClassVar[str] = "Somebody else wrote this comment"
    explanation: ClassVar[str] = (
        "A comment is changed by its author alone, and deleted by its author or by the person "
        "whose record it is about."
    )
