"""Operations about the service itself: alive, ready, and the words it uses."""

from typing import Annotated

from sqlalchemy.exc import SQLAlchemyError

from app.db.jobs import worker_is_alive
from app.db.row_security import is_as_told
from app.db.schema_version import at_head
from app.db.transaction import Transaction
from app.kit.problems import Unavailable
from app.kit.terms import vocabularies
from app.settings import Settings
from app.web.markers import OPEN_TRANSACTION, Caching, RequestLanguage, manners, public
from app.web.routing import Router
from app.web.schemas import Health, Readiness, Vocabularies

router = Router(tags=["Service"])

RETRY_AFTER_S = "5"


@router.get("/healthz", summary="Whether the process is alive")
@public("a load balancer has no account; it learns nothing but that the process answers")
@manners(caching=Caching.SECRET)
async def get_health() -> Health:
    """Answer 200 as long as the process runs; it asks nothing of the database."""
    return Health(status="ok")


@router.get("/readyz", summary="Whether the server can do its work")
@public("a load balancer has no account; it learns nothing but ready or not")
@manners(caching=Caching.SECRET)
async def get_readiness(transaction: Annotated[Transaction, OPEN_TRANSACTION]) -> Readiness:
    """Answer 200 when the database is reachable and migrated, else 503.

    With `REBOUND_WORKER=external` a worker must also have run within the last minute.
    """
    obstacle = await _obstacle(transaction)
    if obstacle:
        raise Unavailable(obstacle, headers={"Retry-After": RETRY_AFTER_S})
    return Readiness(status="ready")


async def _obstacle(transaction: Transaction) -> str | None:
    wants_worker = transaction.shared(Settings).worker == "external"
    try:
        if not await at_head(transaction):
            return "The database is not migrated to this version."
        if not await is_as_told(transaction):
            return "The database does not hold this server to row security as its settings say."
        if wants_worker and not await worker_is_alive(transaction):
            return "No worker has run within the last minute."
    except (SQLAlchemyError, OSError):
        return "The database is out of reach."
    return None


@router.get("/v1/vocabularies", summary="Every controlled word with its label")
@public("labels are the same for everyone")
@manners(caching=Caching.PUBLIC)
async def list_vocabularies(language: RequestLanguage) -> Vocabularies:
    """Every enum of the API as words with labels in the requested language.

    Labels are in the language of `Accept-Language` (English or German). Lists may grow: treat a
    word you do not know as `other`.
    """
    return {
        "language": language,
        "items": [
            {
                "name": name,
                "terms": [{"code": term, "label": term.label(language)} for term in kind],
            }
            for name, kind in vocabularies().items()
        ],
    }
