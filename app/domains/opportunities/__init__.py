"""The search goes on: a pipeline of opportunities with their history, and goals.

Invariants:
- Every change of an opportunity's status stands in its stage history, whose last line is the
  status; each line begins where the one before it led to.
- A rejection that names an opportunity ends it (rejected, withdrawn or closed, by who decided), and
  has one line in its history; without that rejection, the history reads as if it had never been.
- An opportunity's company is found or made by its name, unless another was named.
- A reapplication is an opportunity of its own that names the one before, never in a circle.
- Goals count learning and effort, never rejections avoided; no goal ends before it starts.

Events: `OpportunityCreated|Updated|StatusChanged|Deleted`,
`GoalRecorded|Updated|Completed|Deleted`.
"""
