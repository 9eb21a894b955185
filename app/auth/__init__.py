"""Who calls: callers, scopes, guards, sessions and their tokens.

Invariants: tokens are stored as hashes only; what is revoked is refused from the next request on;
no password is hashed while a connection is held. Rooms manage sessions through `auth.service`.
"""
