"""The operations on feedback requests and feedback."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.feedback.errors import AlreadyNudged
from app.domains.feedback.schemas.feedback import (
    Feedback,
    FeedbackCreate,
    FeedbackPage,
    FeedbackPatch,
    FeedbackQuery,
)
from app.domains.feedback.schemas.letters import (
    BankQuestions,
    MessageCheckCreate,
    MessageChecks,
    MessageDraft,
    MessageDraftCreate,
    QuestionQuery,
)
from app.domains.feedback.schemas.requests import (
    FeedbackRequest,
    FeedbackRequestCreate,
    FeedbackRequestPage,
    FeedbackRequestPatch,
    FeedbackRequestQuery,
)
from app.domains.feedback.service.feedback import FeedbackService
from app.domains.feedback.service.letters import LetterService
from app.domains.feedback.service.requests import FeedbackRequestService
from app.kit.fields import Id
from app.kit.problems import InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

RequestReader = Annotated[
    FeedbackRequestService, Guard(FeedbackRequestService, Scope.FEEDBACK_READ)
]
RequestWriter = Annotated[
    FeedbackRequestService, Guard(FeedbackRequestService, Scope.FEEDBACK_WRITE)
]
FeedbackReader = Annotated[FeedbackService, Guard(FeedbackService, Scope.FEEDBACK_READ)]
FeedbackWriter = Annotated[FeedbackService, Guard(FeedbackService, Scope.FEEDBACK_WRITE)]
LetterReader = Annotated[LetterService, Guard(LetterService, Scope.FEEDBACK_READ)]

router = Router(prefix="/v1", tags=["Feedback"])


@router.get("/feedback-requests", summary="List feedback requests")
async def list_feedback_requests(
    query: Annotated[FeedbackRequestQuery, Query()], feedback_requests: RequestReader
) -> FeedbackRequestPage:
    """Your feedback requests, the latest first unless you choose another order."""
    return await feedback_requests.list(query)


@router.post("/feedback-requests", status_code=201, summary="Draft or note a feedback request")
async def record_feedback_request(
    body: FeedbackRequestCreate, feedback_requests: RequestWriter
) -> FeedbackRequest:
    """Draft a request for feedback with one to three questions, or note one as it stands.

    You send it yourself, from your own mail program; then set `status` to `sent`.
    """
    return await feedback_requests.record(body)


@router.get("/feedback-requests/{feedback_request_id}", summary="Get a feedback request")
async def get_feedback_request(
    feedback_request_id: Id, feedback_requests: RequestReader
) -> FeedbackRequest:
    """One feedback request with its questions and its days."""
    return await feedback_requests.get(feedback_request_id)


@router.patch(
    "/feedback-requests/{feedback_request_id}", summary="Change, send or nudge a feedback request"
)
@manners(problems=(InvalidTransition, AlreadyNudged))
async def update_feedback_request(
    feedback_request_id: Id,
    body: FeedbackRequestPatch,
    if_match: IfMatch,
    feedback_requests: RequestWriter,
) -> FeedbackRequest:
    """Change a request, say that you sent it, note the one nudge, or how it ended.

    A request that counts as sent can be taken back to a draft until something came back. Feedback
    that is recorded for it makes it `received` by itself.
    """
    return await feedback_requests.update(feedback_request_id, body, if_match)


@router.delete(
    "/feedback-requests/{feedback_request_id}",
    status_code=204,
    summary="Delete a feedback request",
)
async def delete_feedback_request(
    feedback_request_id: Id, if_match: IfMatch, feedback_requests: RequestWriter
) -> None:
    """Delete a request; feedback that answered it stays with you."""
    await feedback_requests.delete(feedback_request_id, if_match)


@router.get("/feedback", summary="List feedback")
async def list_feedback(
    query: Annotated[FeedbackQuery, Query()], feedback: FeedbackReader
) -> FeedbackPage:
    """What came back, the latest first unless you choose another order."""
    return await feedback.list(query)


@router.post("/feedback", status_code=201, summary="Record feedback")
@manners(problems=(InvalidTransition,))
async def record_feedback(body: FeedbackCreate, feedback: FeedbackWriter) -> Feedback:
    """Keep what an employer said word for word, whether you asked for it or not.

    With `request_id` that request becomes `received`; a draft or a cancelled one cannot be
    answered. A rating waits until you have restated what you were told.
    """
    return await feedback.record(body)


@router.get("/feedback/{feedback_id}", summary="Get feedback")
async def get_feedback(feedback_id: Id, feedback: FeedbackReader) -> Feedback:
    """One piece of feedback: their words, your words, and the points you take from it."""
    return await feedback.get(feedback_id)


@router.patch("/feedback/{feedback_id}", summary="Restate, rate or correct feedback")
@manners(problems=(InvalidTransition,))
async def update_feedback(
    feedback_id: Id, body: FeedbackPatch, if_match: IfMatch, feedback: FeedbackWriter
) -> Feedback:
    """Say it in your own words, then rate it and take points from it; or correct what you noted.

    If you name another request or none, the one before stands where it stood before it was
    answered, unless other feedback answers it.
    """
    return await feedback.update(feedback_id, body, if_match)


@router.delete("/feedback/{feedback_id}", status_code=204, summary="Delete feedback")
async def delete_feedback(feedback_id: Id, if_match: IfMatch, feedback: FeedbackWriter) -> None:
    """Delete feedback.

    The request it answered stands where it stood before that, unless other feedback answers it.
    """
    await feedback.delete(feedback_id, if_match)


@router.post("/message-drafts", status_code=200, summary="Draft a letter")
async def draft_message(body: MessageDraftCreate, letters: LetterReader) -> MessageDraft:
    """Build a letter from what is known, in a tone and a language, and check it.

    Nothing is stored and nothing is sent: the draft is yours to change. What is unknown is left
    out rather than left to fill in, and `checks` says what would make the letter better.
    """
    return await letters.draft(body)


@router.post("/message-checks", status_code=200, summary="Check a letter")
async def check_message(body: MessageCheckCreate, letters: LetterReader) -> MessageChecks:
    """Hold a letter against the rules for its kind, before you send it.

    An `error` is certain: a name, a count, a length, something left to fill in. A `hint` on tone
    or content comes from a list of phrases and can be mistaken. Nothing is stored.
    """
    return await letters.check(body)


@router.get("/question-bank", summary="List questions to ask")
async def list_questions(
    query: Annotated[QuestionQuery, Query()], letters: LetterReader
) -> BankQuestions:
    """Questions that employers can answer in a sentence, by stage and competency.

    One to three of them make a good request for feedback.
    """
    return letters.questions(query)
