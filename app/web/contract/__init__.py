"""The OpenAPI contract: FastAPI's schema, brought to what strangers' tools accept without remark.

Everything in it follows from the routes themselves, so a new room gets it by using the Route:
security from its guard, refusals from what its operations can meet, headers from the Route's
manners, links from its paths, examples from its requests. Nothing is written per operation.
"""

from app.web.contract.document import build, contract_router, to_text
from app.web.contract.messages import Message

__all__ = ["Message", "build", "contract_router", "to_text"]
