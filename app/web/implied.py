"""Which problems follow from the form of an operation, whatever it does.

The contract tells of these and of what the operation adds by `@manners(problems=...)`; the Route
warns when an operation answers with any other.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.kit import problems
from app.kit.problems import Problem
from app.web.rates import is_limited

if TYPE_CHECKING:
    from app.web.routing import Route


class UndocumentedProblem(RuntimeWarning):
    """An operation answered with a problem that its contract does not name."""


IMPLIED: tuple[tuple[Callable[["Route"], bool], tuple[type[Problem], ...]], ...] = (
    (
        lambda _: True,
        (
            problems.HeadersTooLarge,
            problems.Invalid,
            problems.MethodNotAllowed,
            problems.ServerFault,
            problems.Unavailable,
        ),
    ),
    (lambda route: route.response_field is not None, (problems.NotAcceptable,)),
    (lambda route: is_limited(route.path_format), (problems.TooManyRequests,)),
    (lambda route: "{" in route.path_format, (problems.NotFound,)),
    (
        lambda route: any(one.header == "If-Match" for one in route.provided.values()),
        (problems.PreconditionFailed, problems.PreconditionMissing),
    ),
    (
        lambda route: route.body_model is not None,
        (
            problems.MalformedJson,
            problems.RequestTimeout,
            problems.TooLarge,
            problems.UnsupportedMedia,
        ),
    ),
    (lambda route: route.manners.csv is not None, (problems.MalformedCsv,)),
    (lambda route: route.writes, (problems.Conflict,)),
    (
        lambda route: route.honours_keys,
        (problems.IdTaken, problems.IdDeleted, problems.KeyInFlight, problems.KeyReused),
    ),
    (lambda route: "cursor" in route.query_names, (problems.InvalidCursor,)),
)
"""Which problems follow from the form of an operation."""


def implied_problems(route: "Route") -> set[type[Problem]]:
    """Every problem that follows from the form of an operation, and those of its guard."""
    guard = route.guard
    of_the_guard = guard.problems_of(route.operation) if guard is not None else ()
    return {kind for applies, kinds in IMPLIED if applies(route) for kind in kinds} | {
        *of_the_guard
    }
