"""The problems of this room: they stand in the results of rows."""

from app.kit.problems import Problem


class AccessEnded(Problem):
    status, code, title = 403, "access-ended", "Whoever started this may not do it any more"
    explanation = (
        "Work that goes on after its answer is checked again for every row. The membership, the "
        "role or the key with which it was started is gone, so this row was not worked on. "
        "Somebody who may do it can send the remaining rows again."
    )
