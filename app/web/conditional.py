"""`If-Match` as an endpoint parameter."""

from typing import Annotated

from app.kit.preconditions import Precondition
from app.web.markers import Provided

IfMatch = Annotated[
    Precondition,
    Provided(
        provide=lambda request, _: Precondition.parse(request.headers.get("if-match")),
        header="If-Match",
    ),
]
"""The revision the caller read, from the `ETag` of the record; missing is 428, stale is 412."""
