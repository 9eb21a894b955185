"""Webhooks: telling the programs of people and organisations what has happened.

What rooms state is dispatched by the worker to whom it concerns, and delivered by the worker as
Standard Webhooks 1.0 say (https://www.standardwebhooks.com). Messages are thin: ids, a type and a
category, never a word of what a person wrote.

Invariants:
- A fact reaches an organisation only while the person is its client, and with a grant in force for
  the category; that is asked when the fact is dispatched, again when it is sent, and again when the
  feed is read.
- A delivery is one fact for one endpoint, and its id is the fact's: repeats carry the same id.
- No transaction is open while a message is under way; what a killed worker held is sent again.

States: `WebhookEndpointDisabled`.
"""
