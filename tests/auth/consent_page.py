"""The page that tells what somebody sees who acts for a person, made from the tables of consent.

`python -m tests.auth.consent_page` writes it anew.
"""

from collections.abc import Iterator
from pathlib import Path

from app.auth.consent import COLLECTIONS, MIXED_COLLECTIONS, OPERATIONS
from app.auth.terms import ConsentCategory
from app.kit.terms import Language
from app.main import ROUTERS
from app.web.routing import Route

PAGE = Path(__file__).parents[2] / "docs" / "consent.md"

HEAD = """\
# What others see

A coach, or a program of an organisation, acts for a person by the header `Rebound-Account` and sees
what that person has agreed to, category by category, until it is revoked or expires. This page is
made from `app/auth/consent.py`; a test keeps it so (`python -m tests.auth.consent_page`).

- Without any grant in force the person does not exist for the caller: 404. With a grant that lacks
  a category or the right to change, the answer is 403 `consent-missing`, which names the category.
- **Mixed** operations hold records of several categories. What is not granted is left out before
  pages are cut and results are ranked, so that neither gaps nor counts tell of it. Figures and the
  preparation brief name in `left_out` what is missing in them.
- A reference to a record of a category that is not granted is null, or missing in a list of ids;
  writing one is refused like an unknown id, and filtering by one finds nothing. Only where no
  record can be without it (feedback is always about a rejection), the bare id stays.
- Steps that the guard against dwelling has offered (`refocus`), and when it mutes a rejection, tell
  how the person was: they belong to `wellbeing`, as do comments on them. A step of a plan that a
  check-in has ticked is done for everybody who sees the plan; what ticked it is told only with
  `wellbeing`.
- A contact's e-mail address, phone number and LinkedIn address are for the person alone, to see, to
  search by and to write.
- What a request sets in motion elsewhere happens as if the person had sent it, whoever sees it: a
  recorded rejection starts its plan and finds or makes its company.
- Every such request stands in the person's access log (`GET /v1/access-log`).
"""


def page() -> str:
    """The page as it has to be."""
    return "\n".join([HEAD, *_categories(), "", *_operations(), ""])


def _categories() -> Iterator[str]:
    yield "## Categories"
    yield ""
    yield "| category | English | German | records |"
    yield "|---|---|---|---|"
    for category in ConsentCategory:
        tables = ", ".join(f"`{name}`" for name, of in COLLECTIONS.items() if of is category)
        labels = (category.label(language) for language in (Language.EN, Language.DE))
        yield f"| `{category}` | {' | '.join(labels)} | {tables or 'none of its own'} |"
    yield ""
    mixed = ", ".join(f"`{name}`" for name in sorted(MIXED_COLLECTIONS))
    yield f"Records of {mixed} belong to the category of what they are about, each to its own."


def _operations() -> Iterator[str]:
    yield "## Operations"
    yield ""
    yield "Writing needs a grant with write access; *only the person*: no consent covers it."
    yield ""
    yield "| operation | request | access | categories |"
    yield "|---|---|---|---|"
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
    for route in routes:
        if route.operation not in OPERATIONS or route.guard is None:
            continue
        needs = OPERATIONS[route.operation]
        access, categories = "", "*only the person*"
        if needs is not None:
            access = "read" if route.guard.scope_name.endswith(":read") else "write"
            told = [f"`{one}`" for one in needs.categories]
            if needs.is_mixed:
                told.append("mixed" if told else "mixed: any one")
            categories = ", ".join(told)
        request = f"`{route.method} {route.path_format}`"
        yield f"| `{route.operation}` | {request} | {access} | {categories} |"


if __name__ == "__main__":
    PAGE.write_text(page())
