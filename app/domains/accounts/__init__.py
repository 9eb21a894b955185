"""Accounts: people, their profile, how they sign in, and the mails that prove an address.

Invariants:
- One account per e-mail address, compared by its canonical form (`rules.emails`); a unique
  constraint decides, never a look beforehand.
- A password is stored as argon2id only; it stands in no answer, log line, mail or error.
- Signing in, resetting a password and (with `REBOUND_SIGN_UP=verified`) signing up answer alike
  for known and unknown addresses.
- A new password ends every session, and every mailed token is good once.
- Who tried to sign in from where is kept as keyed digests only.

States: `ProfileUpdated`, `WellbeingTrackingSwitchedOff`, `AccountDeleted`.
"""
