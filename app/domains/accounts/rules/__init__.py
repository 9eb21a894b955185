"""Pure decisions about accounts: addresses, attempts to sign in, and what the mails say."""
