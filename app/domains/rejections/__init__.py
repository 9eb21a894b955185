"""Rejections: the recorded "no", from which everything else starts.

A person records a rejection with two fields, company and stage, and adds what they learn later.

Invariants:
- `closed_on` is set exactly while the status is `closed`.
- `rejected_on` is a day of the person's own calendar and not more than one day ahead of it.
- `company_id` is the company of `company_name`, found or made by it, unless another was named.
- A reason says whether it was `stated` by the employer or `inferred` by the person.

States: `RejectionRecorded`, `RejectionUpdated`, `RejectionClosed`, `RejectionReopened`,
`RejectionDeleted`.
"""
