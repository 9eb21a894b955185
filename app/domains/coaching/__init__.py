"""Organisations that accompany people: members, invitations, and the caseload.

Invariants: only the operator makes an organisation; it always has an active admin; belonging to
one gives it no right to any of a person's data, which only a grant of that person does.
"""
