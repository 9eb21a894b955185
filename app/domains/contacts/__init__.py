"""People and companies worth staying in touch with.

Invariants:
- A company's name is unique per person, whatever its case and spaces; typing a name anywhere finds
  or makes the company.
- An interaction is recorded with a contact, a company, or both. It has `occurred_at` exactly while
  it is done.
- `last_interaction_at` of a contact is the latest `occurred_at` of its done interactions. A later
  one moves the next follow-up on by the cadence, but no day that the person chose is brought
  forward; a company's next engagement likewise.
- `contact_name` of an interaction follows the name of its contact, and stays when that is deleted;
  deleting a company keeps its name in what referred to it.

States: `ContactRecorded|Updated|Deleted`, `CompanyRecorded|Updated|Deleted`,
`InteractionRecorded|Updated|Completed|Reopened|Deleted`,
`NetworkingEventRecorded|Updated|Deleted`.
"""
