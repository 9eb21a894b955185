"""Stage B, ask for feedback: two good questions, a letter that is checked, an open mind."""

from uuid import uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.feedback import (
    check_message,
    draft_message,
    get_feedback_request,
    list_questions,
    record_feedback,
    record_feedback_request,
    update_feedback,
    update_feedback_request,
)
from rebound_client.models import (
    BankQuestions,
    CheckOutcome,
    Competency,
    Feedback,
    FeedbackCreate,
    FeedbackPatch,
    FeedbackPoint,
    FeedbackRequest,
    FeedbackRequestCreate,
    FeedbackRequestPatch,
    FeedbackRequestStatus,
    FeedbackSource,
    LetterRule,
    MessageCheckCreate,
    MessageChecks,
    MessageDraft,
    MessageDraftCreate,
    MessageKind,
    PointDirection,
    Rejection,
    RequestChannel,
)
from story import check, etag_of, expect, findings_of, refused


def choose_questions(client: AuthenticatedClient, rejection: Rejection) -> list[str]:
    """Take two questions for this stage from the bank, each answered in a sentence."""
    answer = list_questions.sync_detailed(client=client, stage=rejection.stage)
    bank = expect(answer, 200, BankQuestions).items
    wanted = (Competency.CRITICAL_THINKING, Competency.SPEAKING)
    return [
        next(question.text for question in bank if question.competency is competency)
        for competency in wanted
    ]


def write_letter(
    client: AuthenticatedClient, rejection: Rejection, questions: list[str]
) -> MessageDraft:
    """Have the letter drafted, change it, have it checked. Nothing is stored, nothing is sent."""
    wanted = MessageDraftCreate(
        kind=MessageKind.FEEDBACK_REQUEST,
        rejection_id=rejection.id,
        contact_name="Mara Winter",
        sender_name="Robin",
        questions=questions,
    )
    draft = expect(draft_message.sync_detailed(client=client, body=wanted), 200, MessageDraft)
    check(all(question in draft.body for question in questions), draft.body)

    angry = MessageCheckCreate(
        kind=draft.kind,
        subject=draft.subject,
        body=draft.body + "\n\nP.S. Your decision is wrong.",
    )
    checked = expect(check_message.sync_detailed(client=client, body=angry), 200, MessageChecks)
    failed = [one.rule for one in checked.items if one.outcome is CheckOutcome.FAILED]
    check(LetterRule.NO_ARGUING in failed, f"failed: {failed}")
    return draft


def ask(
    client: AuthenticatedClient, rejection: Rejection, questions: list[str], letter: MessageDraft
) -> FeedbackRequest:
    """Keep the request, send the letter from one's own mail program, and say so."""
    said = FeedbackRequestCreate(
        id=uuid4(),
        rejection_id=rejection.id,
        channel=RequestChannel.EMAIL,
        questions=questions,
        subject=letter.subject,
        message=letter.body,
    )
    kept = record_feedback_request.sync_detailed(client=client, body=said)
    request = expect(kept, 201, FeedbackRequest)
    check(request.id == said.id, "the id is the server's")
    check(request.status is FeedbackRequestStatus.DRAFT, "it is more than a draft")
    changed = update_feedback_request.sync_detailed(
        request.id,
        client=client,
        body=FeedbackRequestPatch(status=FeedbackRequestStatus.SENT),
        if_match=etag_of(request),
    )
    sent = expect(changed, 200, FeedbackRequest)
    check(sent.nudge_on is not None, "no day for a friendly reminder")
    check(sent.closes_on is not None, "it would wait for ever")
    return sent


def listen(
    client: AuthenticatedClient, request: FeedbackRequest
) -> tuple[FeedbackRequest, Feedback]:
    """Keep the answer word for word, say it in one's own words, and only then judge it."""
    said = FeedbackCreate(
        id=uuid4(),
        rejection_id=request.rejection_id,
        request_id=request.id,
        source=FeedbackSource.REPLY,
        verbatim="You were well prepared. In the case we missed how you got to your numbers.",
    )
    heard = expect(record_feedback.sync_detailed(client=client, body=said), 201, Feedback)
    hasty = update_feedback.sync_detailed(
        heard.id, client=client, body=FeedbackPatch(usefulness=1), if_match=etag_of(heard)
    )
    found = findings_of(refused(hasty, 422, "invalid"))
    check(found == ["/usefulness restate_first"], f"found {found}")

    worked_through = FeedbackPatch(
        restated="Prepared: yes. I should show the way to my numbers.",
        usefulness=4,
        points=[
            FeedbackPoint(
                competency=Competency.ANALYSIS,
                direction=PointDirection.IMPROVEMENT,
                statement="Show the steps between the data and the result.",
                quote="we missed how you got to your numbers",
                actionable=True,
            )
        ],
    )
    changed = update_feedback.sync_detailed(
        heard.id, client=client, body=worked_through, if_match=etag_of(heard)
    )
    feedback = expect(changed, 200, Feedback)
    check(feedback.verbatim == said.verbatim, "their words were changed")

    # The feedback has answered the request, which is a new revision: read it again.
    found_again = get_feedback_request.sync_detailed(request.id, client=client)
    answered = expect(found_again, 200, FeedbackRequest)
    check(answered.status is FeedbackRequestStatus.RECEIVED, f"it is {answered.status}")
    return answered, feedback
