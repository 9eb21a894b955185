"""Asking the employer for feedback, and what came back.

Invariants: what came back is kept verbatim, apart from the coded points. A request is answered by
the feedback that names it, and closes unanswered 21 days after it was sent (by the worker, never on
read). Its days stand on it exactly while it counts as sent, and it is nudged once at most. Feedback
is rated only after the person has restated it. Letters are computed, never stored and never sent.

Events: `FeedbackRequestRecorded|Updated|Sent|Withdrawn|Nudged`, `FeedbackRequestReceived|Declined`,
`FeedbackRequestNoResponse|Deleted`, `FeedbackRecorded|Updated|Deleted`.
"""
