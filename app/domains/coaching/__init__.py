"""Organisations that accompany people: members, invitations, and the caseload.

Invariants: only the operator makes an organisation; its last active admin stays one, short of
deleting the account; belonging to an organisation gives it no right to any of a person's data:
only a grant of that person does.

States: `ClientAccountDeleted`.
"""
