"""Rejections: the recorded "no", from which everything else starts.

A person records a rejection with two fields, company and stage, and adds what they learn later.

Invariants:
- `closed_on` is set exactly while the status is `closed`.
- `rejected_on` is a day of the person's own calendar and not more than one day ahead of it.
- A reason says whether it was `stated` by the employer or `inferred` by the person.

States: `RejectionRecorded`, `RejectionUpdated`, `RejectionClosed`, `RejectionReopened`,
`RejectionDeleted`.
"""
