"""Pure decisions of organisations: whom a test organisation takes, and how an invitation goes on.

`mails` writes the invitations.
"""
